// @ts-check
// Is an audit of a large table a matter of a minute, and does it fit a laptop?
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { genloss, usageOf } from '../kit/child.mjs'
import { group, writeLargeTable } from '../kit/large-table.mjs'
import { mebibytes, seconds } from '../kit/units.mjs'

/** Made when the suite runs. */
let folder = ''
const rows = 1_000_000

/** @type {import('../kit/suite.mjs').Suite} */
export const auditLarge = {
  name: 'audit-large',
  question: 'What does an audit of 1,000,000 x 15 take, 50 rounds, 200 replicates?',
  unit: seconds,
  measure: 'wall',
  rounds: 1,
  cases: async () => {
    folder = mkdtempSync(join(tmpdir(), 'genloss-bench-'))
    const file = join(folder, 'large.csv')
    await writeLargeTable(file, rows)
    const args = [genloss, 'audit', file, '--group', group, '--rounds', '50', '--replicates', '200', '--json']
    const once = usageOf([...args, '--out', join(folder, 'run')])
    /** @type {(name: string, unit: import('../kit/units.mjs').Unit, measure: 'wall' | 'cpu' | 'bytes', target?: number) => import('../kit/suite.mjs').Case} */
    const read = (name, unit, measure, target) => ({
      name,
      things: 1,
      unit,
      measure,
      contenders: [['genloss', () => once]],
      ...(target && { targets: { genloss: target } }),
    })
    return [
      read('time, all threads', seconds, 'wall', 60),
      read('work of all threads', seconds, 'cpu'),
      read('peak memory', mebibytes, 'bytes', 3072),
    ]
  },
  end: () => rmSync(folder, { recursive: true, force: true }),
}
