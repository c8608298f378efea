// @ts-check
// How long does a person wait for the program to begin?
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { genloss, wallOf } from '../kit/child.mjs'
import { environment, python } from '../kit/peers.mjs'
import { milliseconds } from '../kit/units.mjs'

/** Made when the suite runs. */
let folder = ''
let runs = 0

/** A run of ten chains in a folder of its own: a folder that was there would be resumed. */
function tinyRun() {
  const settings = ['--n', '100', '--generations', '10', '--replicates', '10', '--quiet']
  const out = join(folder, String(runs++))
  return wallOf([
    process.execPath,
    genloss,
    'run',
    '--origin',
    'gaussian',
    '--model',
    'gaussian',
    ...settings,
    '--out',
    out,
  ])
}

/** @type {(code: string) => [string, import('../kit/measure.mjs').Run][]} */
const pythonAlone = (code) => (python ? [['numpy', () => wallOf([python ?? '', '-c', code], environment())]] : [])

/** @type {import('../kit/suite.mjs').Suite} */
export const startUp = {
  name: 'start-up',
  question: 'How long until the program has answered?',
  unit: milliseconds,
  measure: 'wall',
  rounds: 21,
  cases: () => {
    folder = mkdtempSync(join(tmpdir(), 'genloss-bench-'))
    return [
      {
        name: 'an empty script (the floor)',
        things: 1,
        contenders: [['node', () => wallOf([process.execPath, '-e', '0'])]],
      },
      {
        name: '--help (beside: import numpy)',
        things: 1,
        contenders: [['genloss', () => wallOf([process.execPath, genloss, '--help'])], ...pythonAlone('import numpy')],
      },
      { name: 'run, 10 chains of 10 generations', things: 1, contenders: [['genloss', tinyRun]] },
    ]
  },
  end: () => rmSync(folder, { recursive: true, force: true }),
}
