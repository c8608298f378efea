import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { partHashes } from '../../lab/src/test/part-hashes.js'

const program = fileURLToPath(new URL('../../genloss/bin/genloss.js', import.meta.url))
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'genloss-shards-'))
  writeFileSync(
    join(folder, 'sweep.yaml'),
    'origin: gaussian\nn: [10, 20]\ngenerations: 5\nsweep: { replicates: [9, 10] }\n',
  )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function genloss(args: readonly string[], env: Record<string, string> = {}) {
  return spawnSync(process.execPath, [program, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  })
}

const parts = (out: string) => partHashes(join(folder, out))

describe('genloss run --shard and genloss collect', () => {
  it('make the bytes of the whole run, and code 3 says that something is missing', () => {
    genloss(['run', 'sweep.yaml', '--out', 'whole'])
    const first = genloss(['run', 'sweep.yaml', '--shard', '2/2', '--out', 'a'])
    expect(first.status).toBe(0)
    expect(first.stdout).toMatch(/^sweep: shard 2 of 2 is done: 2 of its 2 parts made, 0 were there; the plan has 4\n/)
    const half = genloss(['collect', 'all', 'a', '--json'])
    expect([half.status, JSON.parse(half.stdout)]).toMatchObject([3, { blocks: 4, taken: 2, missing: { length: 2 } }])
    const slurm = { SLURM_ARRAY_TASK_ID: '5', SLURM_ARRAY_TASK_MIN: '5', SLURM_ARRAY_TASK_MAX: '6' }
    const other = genloss(['run', 'sweep.yaml', '--shard', 'auto', '--out', 'b', '--json'], slurm)
    expect(JSON.parse(other.stdout)).toMatchObject({ shard: { index: 1, count: 2 }, blocks: { made: 2, kept: 0 } })
    const { status, stdout } = genloss(['collect', 'all', 'a', 'b'])
    expect(status).toBe(0)
    expect(stdout).toMatch(
      /^4 of 4 parts in all: 2 taken, 2 were there, 2 came twice, the same bytes\nnext {3}genloss query/,
    )
    expect(parts('all')).toEqual(parts('whole'))
  })

  it('say what is wrong with a shard', () => {
    const { status, stderr } = genloss(['run', 'sweep.yaml', '--shard', '3/2'])
    expect(status).toBe(2)
    expect(stderr).toMatch(/^error: shard: expected i\/n with i from 1 to n, or auto, got '3\/2'\nhint: /)
  })
})

describe('genloss submit slurm --print', () => {
  it('writes a job file that a shell accepts and whose command is the same run', () => {
    const flags = ['--set', 'seed=7', '--n', '10,30', '--name', "tails' end", '--cpus', '2', '--time', '10:00']
    const asked = ['submit', 'slurm', 'sweep.yaml', ...flags, '--shards', '3', '--sbatch', 'account=x', '--print']
    const { status, stdout, stderr } = genloss(asked)
    expect([status, stderr]).toEqual([0, ''])
    for (const line of ['--array=0-2', '--cpus-per-task=2', '--time=10:00', '--account=x', '--signal=B:USR1@120'])
      expect(stdout).toContain(`\n#SBATCH ${line}\n`)
    // The script as it is, by a shell of this machine, for the three tasks in another order.
    for (const id of ['2', '0', '1']) {
      const env = { ...process.env, SLURM_ARRAY_TASK_ID: id }
      const done = spawnSync('bash', ['-c', stdout], { cwd: folder, encoding: 'utf8', env })
      expect([done.status, done.stderr]).toEqual([0, ''])
    }
    genloss(['run', 'sweep.yaml', ...flags.slice(0, 6), '--out', 'same'])
    expect(parts('runs/tails-end')).toEqual(parts('same'))
  })
})
