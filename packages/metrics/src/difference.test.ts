import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  differenceOf,
  meanDifference,
  medianDate,
  medianEstimate,
  normalQuantile,
  pairedShareDifference,
  shareDifference,
} from './index.js'
import { uniforms } from './random.js'

interface Oracle {
  shareDifference: [number, number, number, number, number, number, number][]
  pairedShareDifference: [number, number, number, number, number, number, number][]
  meanDifference: { a: number[]; b: number[]; found: [number, number, number] }[]
  medianEstimate: { values: number[]; found: [number, number, number] }[]
}
const oracles: Oracle = JSON.parse(readFileSync(new URL('./comparisons.json', import.meta.url), 'utf8'))
const close = (found: readonly number[], expected: readonly number[], digits = 11) => {
  for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, digits)
}

it('shares: as scipy and statsmodels have it', () => {
  for (const [a, n, b, m, ...expected] of oracles.shareDifference) {
    const { difference, low, high } = shareDifference({ successes: a, trials: n }, { successes: b, trials: m })
    close([difference, low, high], expected)
  }
})

it('shares of pairs: as its formula written out', () => {
  for (const [both, onlyA, onlyB, neither, ...expected] of oracles.pairedShareDifference) {
    const { difference, low, high } = pairedShareDifference({ both, onlyA, onlyB, neither })
    close([difference, low, high], expected)
  }
})

it('means: as the Welch test of scipy', () => {
  for (const { a, b, found } of oracles.meanDifference) {
    const { difference, low, high } = meanDifference(a, b)
    close([difference, low, high], found, 9)
  }
  expect(meanDifference([1, 1], [3, 3])).toEqual({ a: 1, b: 3, difference: -2, low: -2, high: -2 })
  expect(meanDifference([1], [3, 4]).low).toBeNaN()
  expect(meanDifference([1, Number.POSITIVE_INFINITY], [3, 4]).low).toBeNaN()
})

it('medians: values of the sample', () => {
  for (const { values, found } of oracles.medianEstimate) {
    const { value, low, high } = medianEstimate(values)
    expect([value, low, high]).toEqual(found)
  }
  expect(medianEstimate([2, 1])).toEqual({ value: 1.5, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY })
  expect(medianEstimate([]).value).toBeNaN()
})

describe('beyond the horizon', () => {
  const [never, soon] = [new Int32Array(20).fill(-1), new Int32Array(20).fill(3)]

  it('a date that is not known has no difference, but a bound', () => {
    const found = differenceOf(medianDate(never, 10), medianDate(soon, 10))
    expect(found.difference).toBe(Number.POSITIVE_INFINITY)
    expect(found.low).toBe(Number.POSITIVE_INFINITY)
    expect(differenceOf(medianDate(never, 10), medianDate(never, 10))).toMatchObject({
      difference: Number.NaN,
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
    })
  })

  it('an open end opens the difference', () => {
    const open = { value: 8, low: 5, high: Number.POSITIVE_INFINITY }
    const { low, high } = differenceOf(open, { value: 3, low: 2, high: 4 })
    expect(low).toBeCloseTo(5 - Math.hypot(3, 1), 12)
    expect(high).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('over 1000 simulated runs of independent groups 95 % intervals cover 93 to 97 %', () => {
  const uniform = uniforms(17)
  const normal = () => normalQuantile(uniform())
  /** Share of the runs whose interval holds the difference of the laws. */
  const coverage = (truth: number, run: () => { low: number; high: number }): number => {
    let covered = 0
    for (let i = 0; i < 1000; i++) {
      const { low, high } = run()
      if (low <= truth && truth <= high) covered++
    }
    return covered / 1000
  }
  const inside = (share: number): void => {
    expect(share).toBeGreaterThan(0.93)
    expect(share).toBeLessThan(0.97)
  }
  const sample = (size: number, draw: () => number) => Float64Array.from({ length: size }, draw)
  const count = (trials: number, p: number) => ({
    successes: sample(trials, uniform).filter((u) => u < p).length,
    trials,
  })

  it('of means', () => {
    inside(
      coverage(1, () =>
        meanDifference(
          sample(15, () => 1 + normal()),
          sample(40, () => 3 * normal()),
        ),
      ),
    )
  })

  it('of shares', () => {
    inside(coverage(0.2, () => shareDifference(count(60, 0.3), count(100, 0.1))))
  })

  it('of medians', () => {
    const medians = () => [sample(41, () => Math.exp(normal())), sample(80, () => 2 * Math.exp(normal()))] as const
    inside(
      coverage(-1, () => {
        const [a, b] = medians()
        return differenceOf(medianEstimate(a), medianEstimate(b))
      }),
    )
  })

  it('of median dates', () => {
    // P(date <= g) = 1 - q^(g + 1): the smallest g with at least a half is 34 for 0.98, 22 for 0.97.
    const dated = (q: number) => Int32Array.from({ length: 100 }, () => Math.floor(Math.log(uniform()) / Math.log(q)))
    const found = coverage(12, () => differenceOf(medianDate(dated(0.98), 500), medianDate(dated(0.97), 500)))
    expect(found).toBeGreaterThan(0.93)
    expect(found).toBeLessThan(0.98)
  })
})

it('refuses counts that are none', () => {
  const one = { successes: 1, trials: 2 }
  expect(() => shareDifference({ successes: 3, trials: 2 }, one)).toThrow(
    new RangeError('a.successes: expected at most 2 (the trials), got 3'),
  )
  expect(() => shareDifference(one, one, 1)).toThrow(RangeError)
  expect(() => pairedShareDifference({ both: -1, onlyA: 0, onlyB: 0, neither: 0 })).toThrow(RangeError)
})
