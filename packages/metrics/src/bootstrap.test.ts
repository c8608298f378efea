import { describe, expect, it } from 'vitest'
import { normalQuantile, pairedDifferences } from './index.js'
import { uniforms } from './random.js'

const uniform = uniforms(23)
const normal = (): number => normalQuantile(uniform())
const sample = (size: number, draw: (i: number) => number) => Array.from({ length: size }, (_, i) => draw(i))

describe('over 400 simulated runs of pairs', () => {
  /** Two quantities that share most of what is random: means 0.3 apart, medians too. */
  function pairs(size: number, skew: boolean) {
    const common = sample(size, () => 3 * normal())
    const noise = () => (skew ? -Math.log(uniform()) - 1 : normal())
    return { a: common.map((c) => c + 0.3 + noise()), b: common.map((c) => c + noise()) }
  }

  it.each([
    [20, false],
    [60, false],
    [40, true],
  ])('of %i, skewed: %s, 95 %% intervals of means and medians cover about 95 %%', (size, skew) => {
    const runs = 400
    const covered = { mean: 0, median: 0, p: 0 }
    for (let run = 0; run < runs; run++) {
      const [found] = pairedDifferences([pairs(size, skew)], { seed: run, resamples: 400 })
      const { mean, median } = found!
      if (mean.low <= 0.3 && 0.3 <= mean.high) covered.mean++
      if (median.low <= 0.3 && 0.3 <= median.high) covered.median++
      const own = sample(size, normal)
      if (
        pairedDifferences([{ a: own, b: own.map((x) => x + normal()) }], { seed: run, resamples: 200 })[0]!.mean.p <
        0.05
      )
        covered.p++
    }
    const tolerance = 4 * Math.sqrt((0.05 * 0.95) / runs)
    expect(Math.abs(covered.mean / runs - 0.95)).toBeLessThan(tolerance)
    // The percentile interval of a difference of medians is on the safe side with few pairs.
    expect(covered.median / runs).toBeGreaterThan(0.95 - tolerance)
    expect(Math.abs(covered.p / runs - 0.05)).toBeLessThan(tolerance)
  })
})

it('sees a difference that chains alone would drown', () => {
  const common = sample(50, () => 10 * normal())
  const [found] = pairedDifferences([{ a: common.map((c) => c + 0.1 * normal() + 0.1), b: common }])
  expect(found!.mean.low).toBeGreaterThan(0)
  expect(found!.mean.p).toBeLessThan(0.01)
})

it('has no spread where pairs do not differ', () => {
  const a = sample(30, normal)
  const [same, apart] = pairedDifferences([
    { a, b: a },
    { a: a.map(() => 3), b: a.map(() => 1) },
  ])
  expect(same!.mean).toMatchObject({ difference: 0, low: 0, high: 0, statistic: 0, p: 1 })
  expect(same!.median).toMatchObject({ difference: 0, low: 0, high: 0 })
  expect(apart!.mean).toMatchObject({ difference: 2, low: 2, high: 2 })
  expect(apart!.mean.p).toBeLessThan(0.001)
})

it('gives the same of the same seed, and resamples the pairs of all quantities together', () => {
  const one = { a: sample(25, normal), b: sample(25, normal) }
  const [first, second] = pairedDifferences([one, one], { seed: 4 })
  expect(second).toEqual(first)
  expect(pairedDifferences([one], { seed: 4 })[0]).toEqual(first)
  expect(pairedDifferences([one], { seed: 5 })[0]).not.toEqual(first)
})

it('dates beyond the horizon are later than all', () => {
  const never = Number.POSITIVE_INFINITY
  const a = [4, 5, 6, never, 5, 4, 6, 5, never, 5]
  const [found] = pairedDifferences([{ a, b: a.map((date) => date - 3), whole: true }])
  expect(found!.median).toEqual({ a: 5, b: 2, difference: 3, low: 3, high: 3 })
  expect(found!.mean.low).toBeNaN()
  const lost = pairedDifferences([{ a: a.map(() => never), b: a, whole: true }])[0]!.median
  expect(lost.difference).toBe(never)
})

it('a median of whole numbers is one of them, the lower of two', () => {
  const [found] = pairedDifferences([{ a: [1, 2, 3, 4], b: [0, 0, 0, 0], whole: true }], { resamples: 50 })
  expect(found!.median.difference).toBe(2)
  expect(pairedDifferences([{ a: [1, 2, 3, 4], b: [0, 0, 0, 0] }], { resamples: 50 })[0]!.median.difference).toBe(2.5)
})

it('says nothing without pairs, and refuses what is none', () => {
  expect(pairedDifferences([{ a: [], b: [] }])[0]!.median.difference).toBeNaN()
  expect(pairedDifferences([])).toEqual([])
  expect(() => pairedDifferences([{ a: [1], b: [] }])).toThrow(RangeError)
  expect(() => pairedDifferences([{ a: [1], b: [Number.NaN] }])).toThrow(RangeError)
  expect(() => pairedDifferences([{ a: [1], b: [1] }], { resamples: 0 })).toThrow(RangeError)
  expect(() => pairedDifferences([{ a: [1], b: [1] }], { confidence: 1 })).toThrow(RangeError)
})
