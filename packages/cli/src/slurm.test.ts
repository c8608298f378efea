import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { partHashes, partNames } from '../../lab/src/test/part-hashes.js'
import { Slurm, withoutSlurm } from './test/slurm.js'

const program = fileURLToPath(new URL('../../genloss/bin/genloss.js', import.meta.url))

/** 60 parts, each of about a tenth of a second: cells that follow each other differ in replicates. */
const sweep = `origin: gaussian
method: draws
generations: 300
seed: 7
sweep:
  n: { from: 1000, to: 3000, steps: 10, scale: linear }
  replicates: [20, 40, 21, 41, 22, 42]
`

describe.skipIf(withoutSlurm)(`a Slurm array${withoutSlurm ? ` (${withoutSlurm})` : ''}`, () => {
  let folder: string
  let slurm: Slurm
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'genloss-slurm-'))
    writeFileSync(join(folder, 'sweep.yaml'), sweep)
    slurm = await Slurm.start(folder)
  })
  afterAll(async () => {
    await slurm.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  function genloss(words: readonly string[]) {
    const env = { ...process.env, ...slurm.env }
    const done = spawnSync(process.execPath, [program, ...words, '--json'], { cwd: folder, encoding: 'utf8', env })
    return { status: done.status, ...JSON.parse(done.stdout) }
  }
  const parts = (out: string) => partHashes(join(folder, out))

  it('of three shards, one told to stop before its limit and put into the queue again, has the bytes of the whole run', async () => {
    const { job, shards } = genloss(['submit', 'slurm', 'sweep.yaml', '--shards', '3', '--out', 'array'])
    expect(shards).toBe(3)
    const states = () => slurm.tell('squeue', ['-h', '-r', '-j', job, '-o', '%K %T']).trim().split('\n')
    // Two run beside each other on two processors, the third waits.
    await slurm.until(() => partNames(join(folder, 'array')).length >= 6)
    expect(states()).toContain('1 RUNNING')
    slurm.tell('scancel', ['--signal=USR1', '--batch', `${job}_1`])
    // Slurm lets a job that is queued again wait for two minutes; its owner may say otherwise.
    const restarts = () => /Restarts=(\d+)/.exec(slurm.tell('scontrol', ['show', 'job', `${job}_1`]))?.[1]
    await slurm.until(() => restarts() === '1')
    await slurm.until(() => {
      slurm.tell('scontrol', ['update', `JobId=${job}_1`, 'StartTime=now'])
      return states().every((state) => state === '')
    })
    const log = readFileSync(join(folder, `sweep-${job}_1.log`), 'utf8')
    expect(log).toMatch(/interrupted: stopped after \d+ of 20 blocks/)
    expect(log).toMatch(/shard 2 of 3 is done: \d+ of its 20 parts made, [1-9]\d* were there/)
    expect(genloss(['collect', 'array'])).toMatchObject({ status: 0, blocks: 60, kept: 60, missing: [], faulty: [] })
    genloss(['run', 'sweep.yaml', '--shard', '1/1', '--out', 'whole'])
    expect(parts('array')).toEqual(parts('whole'))
  })
})
