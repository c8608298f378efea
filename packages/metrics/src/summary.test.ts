import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quantile, type Shape, type Summary, summary, toJson } from './index.js'

const CURVES = [
  ...['count', 'mean', 'sd', 'low', 'high', 'median', 'q05', 'q95', 'median_low', 'median_high', 'effective'],
] as (
  | 'count'
  | 'mean'
  | 'sd'
  | 'low'
  | 'high'
  | 'median'
  | 'q05'
  | 'q95'
  | 'median_low'
  | 'median_high'
  | 'effective'
)[]
type Curve = (typeof CURVES)[number]
type Oracle = { summary: Record<Curve, number[]> & { shape: [number, number]; values: (number | 'NaN')[][] } }
const oracle: Oracle['summary'] = (
  JSON.parse(readFileSync(new URL('./oracles.json', import.meta.url), 'utf8')) as Oracle
).summary

/** One generation, as many replicates as values. */
function one(values: number[]): Summary {
  return summary(Float64Array.from(values), { replicates: values.length, generations: 1 })
}

describe('values', () => {
  it('agrees with numpy, scipy and exact rationals: heavy tails, large means, tiny and huge scales, gaps, ties', () => {
    const [replicates, generations] = oracle.shape
    const found = summary(Float64Array.from(oracle.values.flat(), Number), { replicates, generations })
    for (const curve of CURVES) {
      for (let g = 0; g < generations; g++) {
        const expected = oracle[curve][g]!
        expect(Math.abs(found[curve][g]! - expected), `${curve} ${g}`).toBeLessThanOrEqual(1e-12 * Math.abs(expected))
      }
    }
    expect(found.share_infinite).toBeUndefined()
  })

  it('a large mean loses nothing', () => {
    const { mean, sd } = one([1000000004, 1000000007, 1000000013, 1000000016])
    expect(mean[0]).toBe(1000000010)
    expect(sd[0]).toBe(Math.sqrt(30))
  })

  it('one huge first value does not spoil the mean', () => {
    const values = [1e16, ...new Array(1000).fill(1)]
    expect(one(values).mean[0]! / ((1e16 + 1000) / 1001)).toBeCloseTo(1, 13)
  })

  it('equal values have sd exactly 0 and an interval without width', () => {
    for (const value of [0.1, 1e300, 5e-324, -3]) {
      const { mean, sd, low, high, reliable } = one(new Array(10).fill(value))
      expect([mean[0], sd[0], low[0], high[0], reliable[0]]).toEqual([value, 0, value, value, true])
    }
  })

  it('spread at the ends of the doubles neither vanishes nor overflows', () => {
    expect(one([1e-310, 3e-310]).sd[0]! / 1e-310).toBeCloseTo(Math.SQRT2, 12)
    expect(one([-1.7e308, 1.7e308, 0]).sd[0]).toBe(1.7e308)
    expect(one([-1.7e308, 1.7e308, 0]).mean[0]).toBe(0)
    expect(one([1.7e308, 1.7e308, 1.6e308]).mean[0]! / 1e308).toBeCloseTo(5 / 3, 14)
  })

  it('leaves NaN out and says how many values are left', () => {
    const found = summary(Float64Array.of(Number.NaN, 1, Number.NaN, 3, Number.NaN, Number.NaN), {
      replicates: 3,
      generations: 2,
    })
    expect([...found.count]).toEqual([0, 2])
    expect([...found.mean]).toEqual([Number.NaN, 2])
    expect([...found.median]).toEqual([Number.NaN, 2])
    expect([...found.q95]).toEqual([Number.NaN, 2.9])
    expect(found.reliable).toEqual([false, true])
  })

  it('one value has a mean and quantiles but no interval', () => {
    const { mean, sd, low, high, median, q05, q95, reliable } = one([4])
    expect([mean[0], median[0], q05[0], q95[0]]).toEqual([4, 4, 4, 4])
    expect([sd[0], low[0], high[0]]).toEqual([Number.NaN, Number.NaN, Number.NaN])
    expect(reliable).toEqual([false])
  })

  it('no replicates and no generations', () => {
    expect([...summary(new Float64Array(0), { replicates: 0, generations: 2 }).mean]).toEqual([Number.NaN, Number.NaN])
    expect(summary(new Float64Array(0), { replicates: 3, generations: 0 }).reliable).toEqual([])
  })
})

describe('infinities', () => {
  const infinity = Number.POSITIVE_INFINITY

  it('take part in quantiles, make the mean infinite and are counted', () => {
    const values = Float64Array.of(1, 1, 2, 2, 3, infinity, 4, infinity)
    const found = summary(values, { replicates: 4, generations: 2 })
    expect([...found.mean]).toEqual([2.5, infinity])
    expect([...found.median]).toEqual([2.5, infinity])
    expect(found.q05[1]).toBeCloseTo(1.15, 14)
    expect([...found.share_infinite!]).toEqual([0, 0.5])
    expect([found.sd[1], found.low[1], found.high[1]]).toEqual([Number.NaN, Number.NaN, Number.NaN])
    expect(found.reliable).toEqual([true, false])
  })

  it('of both signs leave no mean; a single one is its own mean', () => {
    expect(one([infinity, -infinity, 0]).mean[0]).toBeNaN()
    expect(one([infinity, -infinity, 0]).median[0]).toBe(0)
    expect([one([-infinity]).mean[0], one([-infinity]).share_infinite![0]]).toEqual([-infinity, 1])
  })

  it('are null in JSON, as is NaN', () => {
    expect(toJson(Float64Array.of(1, infinity, Number.NaN))).toEqual([1, null, null])
    const plain = toJson({ ...one([1, infinity]), more: { share: Number.NaN, name: 'w1', none: null } })
    expect(plain).toMatchObject({ mean: [null], count: [2], reliable: [false], share_infinite: [0.5] })
    expect(plain.more).toEqual({ share: null, name: 'w1', none: null })
  })
})

describe('reliable', () => {
  const many = (value: number): number[] => new Array(999).fill(value)

  it('is false where one of many values carries the mean, on either side', () => {
    expect(one([...many(0), 0.3]).reliable).toEqual([false])
    expect(one([...many(-1), 500]).reliable).toEqual([false])
    const alternating = many(0).map((_, i) => (i % 2 === 0 ? 1 : -1))
    expect(one([...alternating, 500, -500]).reliable).toEqual([false])
  })

  it('one odd chain that moves nothing is no reason for doubt', () => {
    expect(one([...many(5), 4]).reliable).toEqual([true])
  })

  it('follows the rule of the caller, by generation number', () => {
    const values = Float64Array.of(1, 2, 3, 4, 2, 3, 4, 5)
    const shape = { replicates: 2, generations: 4 }
    expect(summary(values, shape, { reliableUntil: 2 }).reliable).toEqual([true, true, true, false])
    const recorded = [0, 1, 10, 100]
    expect(summary(values, shape, { reliableUntil: 2, recorded }).reliable).toEqual([true, true, false, false])
  })
})

describe('properties', () => {
  const value = fc.oneof(
    { weight: 8, arbitrary: fc.double({ min: -1e3, max: 1e3, noNaN: true }) },
    fc.constantFrom(0, -0, 1, Number.NaN, Number.POSITIVE_INFINITY),
  )
  const column = fc
    .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 70 }))
    .chain(([replicates, generations]) =>
      fc.record({
        shape: fc.constant<Shape>({ replicates, generations }),
        values: fc.array(value, { minLength: replicates * generations, maxLength: replicates * generations }),
      }),
    )

  it('quantiles agree with quantile() to the last bit, means with the plain sum', () => {
    fc.assert(
      fc.property(column, ({ shape, values }) => {
        const found = summary(Float64Array.from(values), shape)
        for (let g = 0; g < shape.generations; g++) {
          const mine = values.filter((x, i) => i % shape.generations === g && !Number.isNaN(x))
          expect(found.count[g]).toBe(mine.length)
          expect(found.median[g]).toBe(quantile(mine, 0.5))
          expect(found.q05[g]).toBe(quantile(mine, 0.05))
          expect(found.q95[g]).toBe(quantile(mine, 0.95))
          const mean = mine.reduce((sum, x) => sum + x, 0) / mine.length
          if (Number.isFinite(mean)) expect(found.mean[g]).toBeCloseTo(mean, 10)
          else expect(found.mean[g]).toBe(mean)
        }
      }),
    )
  })

  it('the order of replicates is irrelevant', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 200 }), (values) => {
        const [a, b] = [one(values), one([...values].reverse())]
        for (const curve of ['count', 'median', 'q05', 'q95'] as const) expect(b[curve][0]).toBe(a[curve][0])
        for (const curve of ['mean', 'sd', 'low', 'high'] as const) {
          if (Number.isFinite(a[curve][0])) expect(b[curve][0]).toBeCloseTo(a[curve][0]!, 10)
          else expect(b[curve][0]).toBe(a[curve][0])
        }
      }),
    )
  })

  it('moves with a shift and a positive scale', () => {
    const finite = fc.double({ min: -1e3, max: 1e3, noNaN: true })
    const scales = fc.double({ min: 0.1, max: 10, noNaN: true })
    fc.assert(
      fc.property(fc.array(finite, { minLength: 2, maxLength: 50 }), finite, scales, (values, shift, scale) => {
        const [a, b] = [one(values), one(values.map((x) => shift + scale * x))]
        for (const curve of ['mean', 'low', 'high', 'median', 'q05', 'q95'] as const) {
          expect(b[curve][0]).toBeCloseTo(shift + scale * a[curve][0]!, 7)
        }
        expect(b.sd[0]).toBeCloseTo(scale * a.sd[0]!, 8)
      }),
    )
  })
})

it('takes the 1e7 observations of 1000 replicates x 10000 generations', () => {
  const [replicates, generations] = [1000, 10_000]
  const values = new Float64Array(replicates * generations)
  // 617 is prime to 1000, so each generation holds every whole number 0..999 once, plus its own number.
  for (let r = 0, i = 0; r < replicates; r++) {
    for (let g = 0; g < generations; g++, i++) values[i] = ((r * 617 + g * 31) % replicates) + g
  }
  const found = summary(values, { replicates, generations })
  for (const g of [0, 1, 63, 64, 5000, generations - 1]) {
    expect(found.count[g]).toBe(1000)
    expect(found.mean[g]).toBe(499.5 + g)
    expect(found.median[g]).toBe(499.5 + g)
    expect(found.q05[g]).toBeCloseTo(49.95 + g, 10)
    expect(found.q95[g]).toBeCloseTo(949.05 + g, 10)
    expect(found.sd[g]).toBeCloseTo(Math.sqrt((1000 * 1001) / 12), 9)
  }
})

it('refuses lengths that do not fit', () => {
  expect(() => summary(new Float64Array(5), { replicates: 2, generations: 3 })).toThrow(
    new RangeError('values.length: expected 6 (replicates x generations), got 5'),
  )
  expect(() => summary(new Float64Array(0), { replicates: -1, generations: 0 })).toThrow(RangeError)
  expect(() => summary(new Float64Array(2), { replicates: 1, generations: 2 }, { recorded: [0] })).toThrow(RangeError)
})
