import { gaussianReplace, lostClass } from '@genloss/models'
import { describe, expect, it } from 'vitest'
import { run } from './api.js'
import type { CellResult } from './cell-result.js'
import type { ExperimentInput } from './experiment.js'

const cellOf = async (experiment: ExperimentInput): Promise<CellResult> => (await run(experiment)).cells[0]!

describe('verdicts', () => {
  it('a chain with fresh real data has not collapsed, however long it runs', async () => {
    const policy = 'mix:real=0.5,source=fresh'
    const cell = await cellOf({ origin: 'gaussian', policy, n: 100, generations: 1000, replicates: 200, record: 'log' })
    const { early, late, touched } = cell.events
    expect([early!.share, late!.share]).toEqual([0, 0])
    expect(early!.share_high).toBeLessThan(0.02)
    for (const which of ['early', 'late'] as const) expect(Math.max(...cell.state(which)!.high)).toBeLessThan(0.1)
    // A stationary chain touches any threshold in the end: no verdict hangs on that.
    expect(touched!.share).toBeGreaterThan(0.9)
  })

  it('a chain parked in a tail with sd 0.01 has lost the other tail and the spread', async () => {
    const poison = { share: 0.999996, from: 1, record: 5 }
    const cell = await cellOf({ origin: 'gaussian', n: 1e6, generations: 12, replicates: 20, poison })
    expect(cell.summary('mean').median[1]).toBeCloseTo(5, 3)
    expect(Math.sqrt(cell.summary('variance').median[1]!)).toBeCloseTo(0.01, 3)
    expect(cell.summary('tail_upper_p01').median[1]).toBeCloseTo(200, 6)
    for (const event of ['early', 'late'])
      expect(cell.events[event]).toMatchObject({ median: 1, low: 1, high: 1, share: 1 })
    expect(cell.state('early')!.share.slice(0, 2)).toEqual(Float64Array.of(0, 1))
  })
})

describe('classes that are lost', () => {
  it('2 of 20 under replace: lost as early and as often as the exact chain says', async () => {
    const sizes = { n: 20, initial: 20, generations: 49 }
    const origin = 'categorical:probabilities=0.9/0.1'
    const cell = await cellOf({ origin, ...sizes, replicates: 20_000, shares: ['1'] })
    expect(cell.eventNames).toContain('lost_1')
    const { share, low, high } = cell.incidence('lost_1')
    const exact = lostClass(0.1, sizes)!
    // Generation g is after g + 1 draws of 20.
    for (const [draws, lost] of [
      [1, 0.121577],
      [2, 0.261613],
      [10, 0.675792],
      [50, 0.88048],
    ] as const) {
      expect(exact[draws - 1]).toBeCloseTo(lost, 5)
      expect(Math.abs(share[draws - 1]! - lost)).toBeLessThan(0.015)
      expect(low[draws - 1]).toBeLessThan(lost)
      expect(high[draws - 1]).toBeGreaterThan(lost)
    }
    expect(cell.events.lost_1!.median).toBe(exact.findIndex((lost) => lost >= 0.5))
    expect(() => cell.dated('lost_0')).toThrow(expect.objectContaining({ code: 'usage', path: 'event' }))
  })

  it('chains that stopped before an event never have it, and the document says how many', async () => {
    // A filter that marks nearly all leaves some training sets empty.
    const filter = { truePositiveRate: 0.9, falsePositiveRate: 0.5 }
    const cell = await cellOf({
      origin: 'categorical:probabilities=0.5/0.5',
      n: 20,
      generations: 20,
      replicates: 200,
      filter,
    })
    const { events } = cell.toJSON()
    expect(events.stopped!.share).toBeGreaterThan(0.1)
    for (const { share, share_stopped } of Object.values(events)) expect(share! + share_stopped!).toBeLessThanOrEqual(1)
    expect(events.late!.share_stopped).toBeGreaterThan(0)
    expect(cell.incidence('late').share[20]).toBe(cell.events.late!.share)
  })
})

describe('the means of a normal chain under replace, from its steps', () => {
  const settings = { origin: 'gaussian:mean=7,sd=3', n: 100, generations: 1000, replicates: 300 }

  it.each(['unbiased', 'mle'])('%s: hold E v and E W2^2 where plain means fail', async (estimator) => {
    const cell = await cellOf({ ...settings, model: `gaussian:estimator=${estimator}` })
    const exact = gaussianReplace(cell.settings as never, estimator === 'unbiased')
    const { variance_ratio, w2_squared } = cell.conditional()!
    for (const g of [0, 10, 100, 1000]) {
      expect(variance_ratio.low[g]).toBeLessThan(exact.variance[g]!)
      expect(variance_ratio.high[g]).toBeGreaterThan(exact.variance[g]!)
      expect(w2_squared.low[g]).toBeLessThan(9 * exact.w2Squared[g]!)
      expect(w2_squared.high[g]).toBeGreaterThan(9 * exact.w2Squared[g]!)
      expect(w2_squared.reliable[g]).toBe(true)
    }
    const plain = cell.summary('variance_ratio')
    expect(plain.reliable[1000]).toBe(false)
    if (estimator === 'unbiased') expect(plain.mean[1000]).toBeLessThan(0.5)
    const shown = cell.toJSON().conditional!.w2_squared!
    expect(Object.keys(shown)).toEqual(['mean', 'low', 'high', 'reliable'])
    expect(shown.mean![1000]).toBe(w2_squared.mean[1000])
  })

  it('are told of few recorded generations, and of sizes that grow', async () => {
    const few = await cellOf({ ...settings, record: { every: 40 } })
    const exact = gaussianReplace(few.settings as never, true).w2Squared
    const last = few.conditional()!.w2_squared
    expect(last.low.at(-1)).toBeLessThan(9 * exact.at(-1)!)
    expect(last.high.at(-1)).toBeGreaterThan(9 * exact.at(-1)!)
    expect(last.reliable.at(-1)).toBe(true)
    const tooFew = await cellOf({ ...settings, record: { every: 60 } })
    expect(tooFew.conditional()!.w2_squared.reliable.slice(0, 2)).toEqual([true, false])
    const growing = await cellOf({ ...settings, n: { start: 20, power: 1 }, generations: 50 })
    const theirs = gaussianReplace(growing.settings as never, true).w2Squared
    const found = growing.conditional()!.w2_squared
    expect(found.low[50]).toBeLessThan(9 * theirs[50]!)
    expect(found.high[50]).toBeGreaterThan(9 * theirs[50]!)
  })

  it.each([
    ['another policy', { policy: 'mix:real=0.1' }],
    ['another family', { origin: 'exponential' }],
    ['a learner that stops short', { model: 'gaussian:steps=3,rate=0.5,start=warm' }],
    ['a stage', { sampling: { temperature: 0.9 } }],
    ['no column to tell it', { columns: ['mean'] }],
    ['infinitely many records', { n: 'inf' as const }],
    ['sizes that grow, with generations left out', { n: { start: 20, power: 1 }, record: 'log' as const }],
  ])('are not told of %s', async (_, others) => {
    const cell = await cellOf({ ...settings, generations: 20, replicates: 5, ...others } as ExperimentInput)
    expect(cell.conditional()).toBeUndefined()
    expect(cell.toJSON()).not.toHaveProperty('conditional')
  })
})

it('a cell reduced to its end says the same of it', async () => {
  const settings = {
    origin: 'categorical:probabilities=0.9/0.1',
    n: 20,
    generations: 30,
    replicates: 50,
    shares: 'all' as const,
  }
  const cell = await cellOf({ ...settings, record: 'every:7' as never })
  const end = cell.ends(['share_1', 'late_state'])
  expect(end.names.sort()).toEqual(['late_state', 'share_1'])
  expect(end.generations).toEqual([28])
  expect(end.events).toEqual(cell.events)
  expect(end.summary('share_1').median[0]).toBe(cell.summary('share_1').median.at(-1))
  expect(end.state('late')!.share[0]).toBe(cell.state('late')!.share.at(-1))
  expect(end.ends().events).toEqual(cell.events)
})
