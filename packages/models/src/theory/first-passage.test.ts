import { describe, expect, it } from 'vitest'
import { medianFirstPassage } from './first-passage.js'
import { halfLife, LogVarianceLaw } from './gaussian-law.js'
import { gaussianReplace } from './gaussian-replace.js'
import { growthLimit } from './growth.js'

describe('the median first passage to half of the variance', () => {
  it('is not the half-life of the median: ten records, five and seven fits, or three and four', () => {
    const fits = (unbiased: boolean) => [medianFirstPassage(10, unbiased) + 1, halfLife(10, unbiased) + 1]
    expect(fits(true)).toEqual([5, 7])
    expect(fits(false)).toEqual([3, 4])
  })
  it('goes over into its limit', () => {
    // 2000 records are walked fit by fit, 2001 are a Brownian motion.
    for (const unbiased of [true, false]) {
      const [walked, limit] = [medianFirstPassage(2000, unbiased), medianFirstPassage(2001, unbiased)]
      expect(Math.abs(limit - walked)).toBeLessThanOrEqual(1)
    }
  })
  it('is that of the first fit where one fit does it', () => {
    // ln v after one fit is below ln ratio in half of all chains for the ratio that is its median.
    const median = Math.exp(new LogVarianceLaw([5], true).quantile(0.5))
    expect(medianFirstPassage(5, true, median + 1e-6)).toBe(0)
    expect(medianFirstPassage(5, true, median - 1e-6)).toBe(1)
  })
})

describe('sizes that grow', () => {
  it('have a limit for a power above 1, zeta(p) / start', () => {
    const { sum, meanVariance, isBounded } = growthLimit({ start: 1_000_000, power: 2 }, true)
    expect(isBounded).toBe(true)
    expect((sum * 1_000_000) / (Math.PI ** 2 / 6)).toBeCloseTo(1, 6)
    expect(meanVariance).toBe(sum)
    // zeta(1.1) = 10.5844484649508 (DLMF 25.2): nearly all of it is in the tail.
    expect((growthLimit({ start: 1_000_000, power: 1.1 }, true).sum * 1_000_000) / 10.5844484649508).toBeCloseTo(1, 6)
  })
  it.each([true, false])('come to it generation after generation (unbiased: %s)', (unbiased) => {
    for (const n of [
      { start: 20, power: 2 },
      { start: 20, factor: 1.2 },
    ]) {
      const limit = growthLimit(n, unbiased)
      const g = 'power' in n ? 20_000 : 150
      const chain = gaussianReplace({ initial: 20, n, generations: g }, unbiased)
      // What a power leaves after g generations is 1 / (start g) of the sum.
      const left = 'power' in n ? 2 / (20 * g) : 1e-9
      expect(Math.abs(chain.meanVariance[g]! - limit.meanVariance)).toBeLessThan(left)
      expect(Math.abs(chain.variance[g]! - limit.variance)).toBeLessThan(left)
      expect(Math.abs(chain.logVariance[g]! - limit.logVariance)).toBeLessThan(2 * left)
      expect(Math.abs(chain.w2Squared[g]! - limit.w2Squared)).toBeLessThan(2 * left)
    }
  })
  it('have none for a power of 1, for shrinking sizes, for lists and for one size', () => {
    for (const n of [{ start: 50, power: 1 }, { start: 50, factor: 0.9 }, { list: [10, 1000] }, 100]) {
      expect(growthLimit(n, true)).toMatchObject({ isBounded: false, w2Squared: Number.POSITIVE_INFINITY, variance: 1 })
      expect(growthLimit(n, false)).toMatchObject({ isBounded: false, w2Squared: 2, variance: 0, meanVariance: 1 })
    }
    expect(growthLimit('inf', true)).toMatchObject({ isBounded: true, w2Squared: 0 })
  })
})
