import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { blocksOfShard, prepare, runShard } from '@genloss/lab'
import { describe, expect, it, onTestFinished } from 'vitest'
import { account } from './account.mjs'
import { realOf } from './measure-queue.mjs'
import { randomFrom, simulate } from './simulation.mjs'
import { blocksOf, sweeps } from './workload.mjs'

const quiet = { threads: 1, inHand: 1, start: 0, ask: 0, restart: 10, lock: 30, patience: 60 }
const queue = { ...quiet, deal: 'queue' as const }
const shards = { ...quiet, deal: 'shards' as const }
const costing = (costs: readonly number[], chains = 1e6) => costs.map((cost) => ({ cost, chains }))
const equal = (count: number, cost: number) => costing(new Array<number>(count).fill(cost))

describe('simulated workers that nothing disturbs', () => {
  it.each([
    [queue, 1486, 1000, 1],
    [shards, 1486, 1000, 1],
    [queue, 1486, 31, 32],
    [{ ...queue, inHand: 2 }, 1500, 1000, 1],
    [shards, 7, 7, 4],
  ])(
    'take ceil(blocks / workers) times what equal ones cost (%j, %i blocks, %i x %i)',
    (base, count, workers, threads) => {
      const { makespan, useful, taken, waiting } = simulate(equal(count, 3), { ...base, workers, threads })
      expect(makespan).toBeCloseTo((Math.ceil(count / workers) * 3) / threads, 9)
      expect(useful).toBeCloseTo(3 * count, 6)
      expect(taken).toBe(count)
      // Each has a block until it waits for the last.
      expect(waiting).toBeCloseTo(workers * makespan - (3 * count) / threads, 6)
    },
  )

  it.each([2, 4, 10])(
    'deal the worst case of longest-first as Graham says: 4w - 1 where 3w can be reached',
    (workers) => {
      const sizes = Array.from({ length: workers - 1 }, (_, i) => 2 * workers - 1 - i).flatMap((size) => [size, size])
      const costs = [...sizes, workers, workers, workers]
      expect(costs.reduce((sum, cost) => sum + cost, 0)).toBe(3 * workers * workers)
      for (const base of [queue, shards]) {
        const { makespan, ideal } = simulate(costing(costs), { ...base, workers })
        expect([makespan, ideal]).toEqual([4 * workers - 1, 3 * workers])
      }
    },
  )

  it('keep within the bounds of any list: the share of each, the longest, and their sum', () => {
    const random = randomFrom(7)
    for (let trial = 0; trial < 50; trial++) {
      const costs = Array.from({ length: 1 + Math.floor(random() * 60) }, () => random() ** 3)
      const workers = 1 + Math.floor(random() * 12)
      const [sum, most] = [costs.reduce((all, cost) => all + cost, 0), Math.max(...costs)]
      for (const base of [queue, shards]) {
        const { makespan } = simulate(costing(costs), { ...base, workers })
        expect(makespan).toBeGreaterThanOrEqual(Math.max(sum / workers, most) - 1e-9)
        expect(makespan).toBeLessThanOrEqual(sum / workers + (1 - 1 / workers) * most + 1e-9)
      }
    }
  })

  it('wait for a block that another holds behind a long one', () => {
    const blocks = costing([10, 8, 1])
    expect(simulate(blocks, { ...queue, workers: 2 }).makespan).toBe(10)
    expect(simulate(blocks, { ...queue, workers: 2, inHand: 2 }).makespan).toBe(11)
  })

  it('spread no block over more threads than it has chains', () => {
    expect(simulate(costing([12], 3), { ...queue, workers: 1, threads: 8 }).makespan).toBe(4)
  })

  it('are as slow as Redis where blocks are nothing, and start late where they do', () => {
    expect(simulate(equal(1000, 0), { ...queue, workers: 10, ask: 0.25 }).makespan).toBe(250)
    expect(simulate(equal(10, 1), { ...shards, workers: 10, start: 5 }).makespan).toBe(6)
  })
})

describe('simulated workers without Redis for a while', () => {
  const outage = { at: 9, seconds: 5 }
  it('wait for it with nothing in hand, and notice nothing with something', () => {
    expect(simulate(equal(20, 10), { ...queue, workers: 10, outage }).makespan).toBe(24)
    expect(simulate(equal(20, 10), { ...queue, workers: 10, inHand: 2, outage }).makespan).toBe(20)
    expect(simulate(equal(20, 10), { ...shards, workers: 10, outage }).makespan).toBe(20)
  })
  it('end when it takes longer than their patience, and begin again after it', () => {
    const long = { at: 1, seconds: 100 }
    const { makespan, deaths, wasted, taken } = simulate(equal(4, 80), { ...queue, workers: 4, outage: long })
    // They end at 61 with 61 seconds of work each, and are back at 111; their blocks by then.
    expect([deaths, wasted, taken]).toEqual([4, 244, 8])
    expect(makespan).toBeGreaterThanOrEqual(191)
    expect(makespan).toBeLessThanOrEqual(61 + 60 + 80)
  })
})

describe('simulated workers that die', () => {
  it('need on average what a renewal argument says: (lifetime + restart) (e^(cost / lifetime) - 1)', () => {
    const [lifetime, cost, trials] = [20, 30, 4000]
    const spans = Array.from({ length: trials }, (_, seed) =>
      simulate(equal(1, cost), { ...shards, workers: 1, lifetime }, seed),
    ).map(({ makespan }) => makespan)
    const mean = spans.reduce((sum, span) => sum + span, 0) / trials
    const variance = spans.reduce((sum, span) => sum + (span - mean) ** 2, 0) / (trials - 1)
    const expected = (lifetime + quiet.restart) * (Math.exp(cost / lifetime) - 1)
    expect(Math.abs(mean - expected)).toBeLessThan(4 * Math.sqrt(variance / trials))
  })
  it('lose work but no block, the same ones from one seed', () => {
    const costs = Array.from({ length: 400 }, (_, i) => 1 + (i % 17))
    const base = { ...queue, workers: 20, lifetime: 60, inHand: 2 }
    const [one, same, other] = [3, 3, 4].map((seed) => simulate(costing(costs), base, seed))
    expect(one).toEqual(same)
    expect(other!.makespan).not.toBe(one!.makespan)
    expect(one!.useful).toBe(costs.reduce((sum, cost) => sum + cost, 0))
    expect(one!.deaths).toBeGreaterThan(20)
    expect(one!.wasted).toBeGreaterThan(0)
    expect(one!.taken).toBeGreaterThan(costs.length)
    expect(one!.makespan).toBeGreaterThan(simulate(costing(costs), { ...queue, workers: 20 }).makespan)
  })
})

describe('a sweep that is foretold', () => {
  it('has the blocks, costs and bytes of the plan', async () => {
    const n = Array.from({ length: 3000 }, (_, i) => 100 + i)
    const prepared = await prepare({ ...sweeps.tiny.experiment, sweep: { n } })
    const blocks = await blocksOf(sweeps.tiny.experiment, n.length)
    expect(blocks.length).toBe(prepared.plan.blocks.length)
    for (const [index, { cost, bytes }] of blocks.entries()) {
      expect(bytes).toBe(prepared.bytesOf(index))
      expect(cost * 1e9).toBeCloseTo(prepared.costOf(index), -2)
    }
  })

  it('leaves the files of real shards', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'genloss-scale-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const out = join(folder, 'run')
    const experiment = { origin: 'gaussian', n: 10, generations: 12, sweep: { replicates: [30, 31, 32, 33, 34, 35] } }
    const prepared = await prepare(experiment)
    const blocks = await blocksOf(experiment, 6)
    const told = account(blocks, { ...shards, workers: 4 }, 6, (full) => simulate(blocks, full))
    let made = 0
    for (const index of [1, 2, 3, 4]) made += (await runShard(prepared, { index, count: 4 }, out)).blocks.made
    const files = async (name: string, end: string) =>
      (await readdir(join(out, name))).filter((file) => file.endsWith(end)).length
    expect(told.files).toMatchObject({ parts: made, logs: 4 })
    expect([await files('parts', '.parquet'), await files('log', '.jsonl')]).toEqual([made, 4])
    // The busiest shard decides when all is done.
    const work = [1, 2, 3, 4].map((index) =>
      blocksOfShard(prepared, { index, count: 4 }).reduce((sum, block) => sum + prepared.costOf(block), 0),
    )
    expect(told.run.makespan - told.plan.start).toBeCloseTo(Math.max(...work) / 1e9, 9)
  })

  it.skipIf(spawnSync('redis-server', ['--version']).status !== 0)(
    'is held against real workers on a real queue',
    async () => {
      const { blocks, seconds, real, foretold } = await realOf(2, 20_000)
      const sum = seconds.reduce((all, one) => all + one, 0)
      expect(seconds).toHaveLength(blocks)
      // What was done can't be shorter than the work; no list takes (2 - 1/w) times as long as what can be done.
      expect(real).toBeGreaterThanOrEqual(sum / 2 - 0.01)
      expect(foretold).toBeGreaterThanOrEqual(sum / 2 - 1e-9)
      expect(foretold).toBeLessThanOrEqual(1.5 * real + 0.01)
    },
  )
})
