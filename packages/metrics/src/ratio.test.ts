import { describe, expect, it } from 'vitest'
import { shareRatio } from './index.js'

const of = (y: number, m: number, x: number, n: number, confidence?: number) =>
  shareRatio({ successes: y, trials: m }, { successes: x, trials: n }, confidence)

describe('the ratio of two shares', () => {
  it("has Koopman's interval, with values of a numerical maximisation of the likelihood (scipy)", () => {
    const known: [Parameters<typeof of>, number, number][] = [
      [[36, 40, 16, 80], 2.9395691921544658, 7.152223437246521],
      [[17, 534, 27, 534], 0.3500058439167836, 1.1308881314258463],
      [[0, 534, 27, 534], 0, 0.14138091129124997],
      [[0, 200, 2, 534], 0, 5.094814568930869],
      [[300, 1000, 250, 500, 0.99], 0.5070169093872267, 0.7118429093202694],
      [[20, 20, 10, 15], 1.1789161268049073, 2.3973025968541473],
    ]
    for (const [counts, low, high] of known) {
      const found = of(...counts)
      expect(found.low).toBeCloseTo(low, 6)
      expect(found.high).toBeCloseTo(high, 6)
    }
  })

  it('turns over with the samples, and needs neither to have a success', () => {
    const [one, other] = [of(7, 90, 12, 40), of(12, 40, 7, 90)]
    expect(one.low * other.high).toBeCloseTo(1, 9)
    expect(one.high * other.low).toBeCloseTo(1, 9)
    expect(of(5, 100, 0, 80)).toMatchObject({ ratio: Number.POSITIVE_INFINITY, high: Number.POSITIVE_INFINITY })
    expect(of(5, 100, 0, 80).low).toBeGreaterThan(1)
    expect(of(0, 9, 0, 9)).toEqual({ ratio: Number.NaN, low: 0, high: Number.POSITIVE_INFINITY })
    expect(of(9, 9, 9, 9)).toMatchObject({ ratio: 1 })
  })

  it('is near its nominal coverage for rare shares, summed over all outcomes', () => {
    // Exact: P(truth inside) over the product of two binomials.
    const coverage = (m: number, p: number, n: number, q: number) => {
      const [rows, columns] = [binomial(m, p), binomial(n, q)]
      let inside = 0
      rows.forEach((chance, y) => {
        columns.forEach((other, x) => {
          if (chance * other < 1e-9) return
          const { low, high } = of(y, m, x, n)
          if (low <= p / q && p / q <= high) inside += chance * other
        })
      })
      return inside
    }
    for (const [m, p, n, q] of [
      [60, 0.05, 60, 0.05],
      [40, 0.03, 80, 0.06],
      [50, 0.3, 30, 0.2],
    ] as const) {
      expect(coverage(m, p, n, q)).toBeGreaterThan(0.93)
      expect(coverage(m, p, n, q)).toBeLessThan(0.995)
    }
  })

  it('refuses what are no counts', () => {
    expect(() => of(1, 0, 1, 2)).toThrow(/a.trials/)
    expect(() => of(3, 2, 1, 2)).toThrow(/a.successes/)
    expect(() => of(1, 2, 1, 2, 1)).toThrow(RangeError)
  })
})

function binomial(n: number, p: number): number[] {
  const law = [(1 - p) ** n]
  for (let k = 1; k <= n; k++) law.push((law[k - 1]! * (n - k + 1) * p) / (k * (1 - p)))
  return law
}
