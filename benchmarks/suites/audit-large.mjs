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
    return [
      {
        name: '1,000,000 x 15, 50 rounds, 200 replicates',
        things: 1,
        contenders: [['genloss', () => usageOf([...args, '--out', join(folder, 'run')])]],
        readings: [
          { name: 'time, all threads', unit: seconds, measure: 'wall', targets: { genloss: 60 } },
          { name: 'work of all threads', unit: seconds, measure: 'cpu' },
          { name: 'peak memory', unit: mebibytes, measure: 'bytes', targets: { genloss: 3072 } },
        ],
      },
    ]
  },
  end: () => rmSync(folder, { recursive: true, force: true }),
}
