import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { betaQuantile, incompleteBeta, lnGamma, normalQuantile, tQuantile } from './index.js'

const oracles: Record<string, number[][]> = JSON.parse(readFileSync(new URL('./oracles.json', import.meta.url), 'utf8'))

function relativeError(found: number, expected: number): number {
  return found === expected ? 0 : Math.abs(found - expected) / Math.abs(expected)
}

/** The worst relative error; every row is the arguments, then the value. */
function worstError(name: string, f: (...args: number[]) => number): number {
  const rows = oracles[name]!
  return Math.max(...rows.map((row) => relativeError(f(...row.slice(0, -1)), row.at(-1)!)))
}

describe('against scipy and mpmath', () => {
  it('lnGamma', () => {
    for (const [x, expected] of oracles.lnGamma as [number, number][]) {
      expect(Math.abs(lnGamma(x) - expected)).toBeLessThan(2e-15 * Math.max(1, Math.abs(expected)))
    }
  })
  it('incompleteBeta', () => expect(worstError('incompleteBeta', incompleteBeta)).toBeLessThan(1e-12))
  it('betaQuantile', () => expect(worstError('betaQuantile', betaQuantile)).toBeLessThan(1e-12))
  it('normalQuantile', () => expect(worstError('normalQuantile', normalQuantile)).toBeLessThan(1e-14))
  it('tQuantile', () => expect(worstError('tQuantile', tQuantile)).toBeLessThan(5e-12))
})

describe('closed forms', () => {
  it('lnGamma of whole numbers is the logarithm of a factorial', () => {
    for (let n = 1, factorial = 1; n < 20; n++, factorial *= n - 1) {
      expect(lnGamma(n)).toBeCloseTo(Math.log(factorial), 13)
    }
    expect(lnGamma(0)).toBeNaN()
    expect(lnGamma(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY)
  })

  it('Beta(a, 1) has the quantile p^(1/a), down to where it leaves the doubles', () => {
    for (const a of [0.002, 0.5, 1, 7, 1e5]) {
      for (const p of [1e-290, 1e-9, 0.5, 0.99]) {
        const exact = p ** (1 / a)
        expect(Math.abs(betaQuantile(p, a, 1) - exact)).toBeLessThanOrEqual(1e-12 * exact)
      }
    }
  })

  it('t has those of Cauchy at 1 and of p at 2 degrees of freedom, and the normal as its limit', () => {
    for (const p of [1e-280, 1e-10, 0.01, 0.3, 0.7]) {
      expect(relativeError(tQuantile(p, 1), -1 / Math.tan(Math.PI * p))).toBeLessThan(1e-12)
      expect(relativeError(tQuantile(p, 2), (2 * p - 1) / Math.sqrt(2 * p * (1 - p)))).toBeLessThan(1e-12)
    }
    expect(tQuantile(0.5, 3)).toBe(0)
    expect(tQuantile(0, 3)).toBe(Number.NEGATIVE_INFINITY)
    expect(tQuantile(1, 3)).toBe(Number.POSITIVE_INFINITY)
    expect(tQuantile(0.975, Number.POSITIVE_INFINITY)).toBe(normalQuantile(0.975))
    expect(tQuantile(0.975, 1e9)).toBeCloseTo(normalQuantile(0.975), 8)
  })

  it('ends', () => {
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY)
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY)
    expect([betaQuantile(0, 2, 3), betaQuantile(1, 2, 3)]).toEqual([0, 1])
    expect([incompleteBeta(0, 2, 3), incompleteBeta(1, 2, 3)]).toEqual([0, 1])
  })
})

describe('properties', () => {
  const parameter = fc.double({ min: 0.5, max: 2000, noNaN: true })
  const probability = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true })

  it('the beta quantile inverts the distribution function', () => {
    fc.assert(
      fc.property(probability, parameter, parameter, (p, a, b) => {
        const x = betaQuantile(p, a, b)
        // Where x is next to 1 its own rounding moves the distribution function.
        fc.pre(x < 1 - 1e-4)
        expect(Math.abs(incompleteBeta(x, a, b) - p)).toBeLessThan(1e-9 * p)
      }),
    )
  })

  it('I_x(a, b) + I_(1-x)(b, a) = 1', () => {
    fc.assert(
      fc.property(probability, parameter, parameter, (x, a, b) => {
        expect(incompleteBeta(x, a, b) + incompleteBeta(1 - x, b, a)).toBeCloseTo(1, 9)
      }),
    )
  })

  it('t is symmetric and monotone', () => {
    // Multiples of a power of two, so that 1 - p is not rounded.
    const dyadic = fc.integer({ min: 1, max: 2 ** 20 - 1 }).map((k) => k / 2 ** 20)
    fc.assert(
      fc.property(dyadic, dyadic, parameter, (p, q, freedom) => {
        const [least, most] = [tQuantile(Math.min(p, q), freedom), tQuantile(Math.max(p, q), freedom)]
        expect(least).toBeLessThanOrEqual(most)
        expect(tQuantile(1 - p, freedom) + tQuantile(p, freedom)).toBe(0)
      }),
    )
  })
})

it('refuses arguments with path, rule and value', () => {
  expect(() => normalQuantile(1.5)).toThrow(new RangeError('p: expected a number from 0 to 1, got 1.5'))
  expect(() => normalQuantile(Number.NaN)).toThrow(RangeError)
  expect(() => tQuantile(-0.1, 3)).toThrow(RangeError)
  expect(() => tQuantile(0.5, 0)).toThrow('freedom: expected a number above 0, got 0')
  expect(() => betaQuantile(0.5, 0, 1)).toThrow('a: expected a finite number above 0, got 0')
  expect(() => betaQuantile(2, 1, 1)).toThrow(RangeError)
  expect(() => incompleteBeta(0.5, 1, Number.POSITIVE_INFINITY)).toThrow(RangeError)
  expect(() => incompleteBeta(-1, 1, 1)).toThrow(RangeError)
})
