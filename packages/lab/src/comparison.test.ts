import { describe, expect, it } from 'vitest'
import { run } from './api.js'
import { compareCells } from './comparison.js'

const settings = { origin: 'gaussian', generations: 40, replicates: 150, seed: 3 }

describe('independent cells', () => {
  it('differ in dates, shares and measures, with the signs of first less second', async () => {
    const { cells } = await run({ ...settings, n: [10, 40] })
    const { paired, events, measures } = compareCells(cells[1]!, cells[0]!)
    expect(paired).toBe(false)
    expect(events.early).toMatchObject({ test: 'log-rank' })
    expect(events.early!.p).toBeLessThan(1e-6)
    expect(events.early!.median.low).toBeGreaterThan(0)
    expect(events.late!.share.high).toBeLessThan(0)
    expect(events).not.toHaveProperty('touched')
    const { median, mean, reliable } = measures.variance_ratio!
    expect(median.low).toBeGreaterThan(0)
    expect([median.a, mean.b]).toEqual([
      cells[1]!.summary('variance_ratio').median[40],
      expect.closeTo(cells[0]!.summary('variance_ratio').mean[40]!, 12),
    ])
    // n = 10 is far beyond g = n/2.
    expect(reliable).toBe(false)
    const back = compareCells(cells[0]!, cells[1]!)
    expect(back.measures.variance_ratio!.median.low).toBeCloseTo(-median.high, 12)
    expect(back.events.early!.p).toBeCloseTo(events.early!.p, 12)
  })

  it('of one law are told apart as often as the test allows', async () => {
    const seeds = Array.from({ length: 41 }, (_, seed) => seed)
    const { cells } = await run({
      ...settings,
      n: 20,
      seed: seeds as never,
      replicates: 60,
      record: 'log',
      columns: 'mean' as never,
    })
    const found = cells.slice(1).map((cell) => compareCells(cell, cells[0]!).events.early!.p)
    // All share the first cell, so they go together: far from all may be below.
    expect(found.filter((p) => p < 0.05).length).toBeLessThan(15)
    expect(Math.min(...found)).toBeGreaterThan(1e-5)
  })

  it('with horizons that differ have dates in common, but no last generation', async () => {
    const { cells } = await run({ ...settings, n: 10, generations: [20, 40] as never, sustain: 3 })
    const { events, measures } = compareCells(cells[1]!, cells[0]!)
    expect(measures).toEqual({})
    // The same chains: the longer run has the dates of the shorter one, and shares are taken at its horizon.
    expect(events.early!.p).toBeGreaterThan(0.5)
    expect(events.early!.share.a).toBeCloseTo(events.early!.share.b, 1)
  })

  it('without dates are compared by their measures alone', async () => {
    const { cells } = await run({ ...settings, n: [10, 40], events: false })
    expect(compareCells(cells[1]!, cells[0]!).events).toEqual({})
    expect(compareCells(cells[1]!, cells[0]!).measures).toHaveProperty('mean')
  })
})

describe('cells with common random numbers', () => {
  const shared = {
    ...settings,
    n: 30,
    commonRandomNumbers: true,
    model: ['gaussian', 'gaussian:estimator=mle'] as never,
  }

  it('are compared pair by pair: a difference that is no chance has no spread', async () => {
    const { cells } = await run(shared)
    const { paired, events, measures } = compareCells(cells[1]!, cells[0]!)
    expect(paired).toBe(true)
    expect(events.early!.test).toBe('paired bootstrap')
    // The divisor n instead of n - 1, 41 times, whatever was drawn.
    const exact = 41 * Math.log(29 / 30)
    for (const end of ['difference', 'low', 'high'] as const)
      expect(measures.fit_log_variance!.mean[end]).toBeCloseTo(exact, 9)
    expect(events.early!.median.low).toBeGreaterThanOrEqual(-20)
    expect(events.early!.median.high).toBeLessThanOrEqual(0)
    expect(events.early!.p).toBeLessThan(0.01)
    expect(events.early!.share.low).toBeGreaterThanOrEqual(0)
  })

  it('see what independent chains do not', async () => {
    const apart = (await run({ ...shared, commonRandomNumbers: false })).cells
    const independent = compareCells(apart[1]!, apart[0]!).measures.fit_log_variance!.mean
    expect(independent.high - independent.low).toBeGreaterThan(0.1)
  })

  it('of two seeds are independent', async () => {
    const { cells } = await run({ ...settings, n: 30, commonRandomNumbers: true, seed: [1, 2] as never })
    expect(compareCells(cells[1]!, cells[0]!).paired).toBe(false)
  })

  it('leave undefined values out, pair by pair', async () => {
    const filter = { truePositiveRate: 0.9, falsePositiveRate: 0.5 }
    const origin = 'categorical:probabilities=0.5/0.5'
    const { cells } = await run({
      origin,
      n: [20, 30],
      generations: 20,
      replicates: 80,
      filter,
      commonRandomNumbers: true,
    })
    const { measures, events } = compareCells(cells[1]!, cells[0]!, { resamples: 200 })
    expect(events.stopped!.share.difference).toBeLessThan(0)
    expect(Number.isFinite(measures.entropy!.mean.difference)).toBe(true)
  })
})

it('a run of a few cells compares each with the first, in memory and in its document', async () => {
  const result = await run({ ...settings, n: [10, 20, 40], record: 'log' })
  const { comparisons, cells } = result.toJSON()
  expect(comparisons.map((found) => found.cells)).toEqual([
    [cells[1]!.cell, cells[0]!.cell],
    [cells[2]!.cell, cells[0]!.cell],
  ])
  expect((await result.document()).comparisons).toEqual(comparisons)
  // A median beyond the horizon has no difference that JSON could hold.
  expect(JSON.parse(JSON.stringify(comparisons[1])).events.diverged.median.difference).toBeNull()
  const many = await run({
    ...settings,
    n: Array.from({ length: 51 }, (_, i) => 10 + i),
    generations: 2,
    replicates: 3,
  })
  expect(many.toJSON().comparisons).toEqual([])
})
