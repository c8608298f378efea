import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quantile, quantileDefinition } from './index.js'
import { select } from './select.js'

interface Oracle {
  quantiles: { probabilities: number[]; cases: { sample: number[]; values: number[] }[] }
}
const { quantiles }: Oracle = JSON.parse(readFileSync(new URL('./oracles.json', import.meta.url), 'utf8'))

/** The plain twin: sort, then interpolate. */
function plainQuantile(values: number[], p: number): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b)
  const h = (sorted.length - 1) * p
  const below = sorted[Math.floor(h)]!
  const above = sorted[Math.ceil(h)]!
  return below === above ? below : below + (h - Math.floor(h)) * (above - below)
}

const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true })
const sample = fc.array(finite, { minLength: 1, maxLength: 60 })
const probability = fc.double({ min: 0, max: 1, noNaN: true })

describe('values', () => {
  it('is the definition of numpy', () => {
    expect(quantileDefinition).toBe('type 7')
    for (const { sample, values } of quantiles.cases) {
      quantiles.probabilities.forEach((p, i) => {
        expect(Math.abs(quantile(sample, p) - values[i]!)).toBeLessThanOrEqual(1e-14 * Math.abs(values[i]!))
      })
    }
  })

  it('the median of an even sample is the middle of the middle two', () => {
    expect(quantile([1, 2, 2.5, 3], 0.5)).toBe(2.25)
  })

  it('infinities take part', () => {
    const { NaN: undefinedValue, POSITIVE_INFINITY: infinity } = Number
    expect(quantile([1, infinity, 2], 0.5)).toBe(2)
    expect(quantile([1, infinity], 0.75)).toBe(infinity)
    expect(quantile([-infinity, 1], 0.25)).toBe(-infinity)
    expect(quantile([1, 2, infinity], 0.5)).toBe(2)
    expect(quantile([infinity, infinity], 0.3)).toBe(infinity)
    expect(quantile([-infinity, infinity], 0.5)).toBeNaN()
    expect(quantile([undefinedValue, 4, undefinedValue], 0.9)).toBe(4)
    expect(quantile([], 0.5)).toBeNaN()
  })

  it('a way longer than the greatest double is no infinity', () => {
    expect(quantile([-1.7e308, 1.7e308], 0.5)).toBe(0)
  })

  it('leaves its input as it was and refuses a probability outside [0, 1]', () => {
    const input = Float64Array.of(3, 1, 2)
    quantile(input, 0.3)
    expect([...input]).toEqual([3, 1, 2])
    expect(() => quantile(input, 1.01)).toThrow(RangeError)
    expect(() => quantile(input, Number.NaN)).toThrow(RangeError)
  })
})

describe('properties', () => {
  it('agrees with the plain twin', () => {
    fc.assert(
      fc.property(sample, probability, (values, p) => {
        const expected = plainQuantile(values, p)
        expect(Math.abs(quantile(values, p) - expected)).toBeLessThanOrEqual(1e-15 * Math.max(...values.map(Math.abs)))
      }),
    )
  })

  it('is monotone in p and stays inside the range', () => {
    fc.assert(
      fc.property(sample, probability, probability, (values, p, q) => {
        const low = quantile(values, Math.min(p, q))
        const high = quantile(values, Math.max(p, q))
        expect(low).toBeLessThanOrEqual(high)
        expect(low).toBeGreaterThanOrEqual(Math.min(...values))
        expect(high).toBeLessThanOrEqual(Math.max(...values))
      }),
      { numRuns: 500 },
    )
  })

  it('does not depend on the order', () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { maxLength: 60 }), probability, (values, p) => {
        const sorted = Float64Array.from(values).sort()
        expect(quantile([...values].reverse(), p)).toBe(quantile(values, p))
        expect(quantile(sorted, p)).toBe(quantile(values, p))
      }),
    )
  })

  it('moves with a shift and a positive scale', () => {
    fc.assert(
      fc.property(
        sample,
        probability,
        finite,
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        (values, p, shift, scale) => {
          const moved = values.map((value) => shift + scale * value)
          expect(quantile(moved, p)).toBeCloseTo(shift + scale * quantile(values, p), 7)
        },
      ),
    )
  })
})

describe('select', () => {
  it('puts the k-th of any range in its place, few values or many equal ones', () => {
    const array = fc.array(fc.oneof(fc.integer({ min: 0, max: 3 }), finite), { minLength: 1, maxLength: 400 })
    fc.assert(
      fc.property(array, fc.nat(), (values, seed) => {
        const k = seed % values.length
        // Selection tells -0 and 0 apart no more than the order of numbers does.
        const typed = Float64Array.from(values, (value) => value + 0)
        const sorted = Float64Array.from(typed).sort()
        select(typed, 0, typed.length - 1, k)
        expect(typed[k]).toBe(sorted[k])
        expect(Math.max(...typed.subarray(0, k + 1))).toBe(typed[k])
        expect(Math.min(...typed.subarray(k))).toBe(typed[k])
      }),
    )
  })

  it('holds on orders that are bad for simple pivots, and where only sorting is left', () => {
    const size = 200_000
    const orders: Record<string, (i: number) => number> = {
      ascending: (i) => i,
      descending: (i) => -i,
      // Medians of three shrink this one so slowly that `select` gives up and sorts.
      pipes: (i) => Math.min(i, size - i),
      equal: () => 1,
      alternating: (i) => (i % 2 === 0 ? i : size - i),
    }
    for (const order of Object.values(orders)) {
      const values = Float64Array.from({ length: size }, (_, i) => order(i))
      const sorted = values.slice().sort()
      for (const k of [0, 1, size / 20, size / 2, size - 1]) {
        select(values, 0, size - 1, k)
        expect(values[k]).toBe(sorted[k])
      }
    }
  })
})
