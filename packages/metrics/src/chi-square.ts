/** The upper tail of the chi-square distribution: the p-value of a log-rank statistic. */
import { lnGamma } from './gamma.js'
import { refuse } from './shape.js'

/** The part of Gamma(a) below x by its series (DLMF 8.11.4), over Gamma(a); quick for x < a + 1. */
function lowerSeries(a: number, x: number): number {
  let term = 1 / a
  let sum = term
  for (let k = 1; term > sum * Number.EPSILON; k++) {
    term *= x / (a + k)
    sum += term
  }
  return sum
}

/** The part of Gamma(a) above x by its continued fraction (DLMF 8.9.2, even part); quick for x > a + 1. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a
  let c = Number.POSITIVE_INFINITY
  let d = 1 / b
  let result = d
  for (let k = 1; k < 10_000; k++) {
    const numerator = -k * (k - a)
    b += 2
    d = 1 / (numerator * d + b)
    c = b + numerator / c
    result *= c * d
    if (Math.abs(c * d - 1) < Number.EPSILON) break
  }
  return result
}

/**
 * P(X > x) for X chi-square with `freedom` degrees of freedom: Q(freedom/2, x/2), the regularised upper incomplete gamma
 * function. Relative error below 1e-12 for up to 1000 degrees of freedom; 1 for x = 0, 0 for x = Infinity.
 *
 * Throws RangeError for x below 0 and freedom not above 0.
 */
export function chiSquareTail(x: number, freedom: number): number {
  if (!(x >= 0)) refuse('x', 'a number of at least 0', x)
  if (!(freedom > 0 && freedom < Number.POSITIVE_INFINITY)) refuse('freedom', 'a finite number above 0', freedom)
  if (x === 0 || x === Number.POSITIVE_INFINITY) return x === 0 ? 1 : 0
  const [a, half] = [freedom / 2, x / 2]
  const scale = Math.exp(a * Math.log(half) - half - lnGamma(a))
  return half < a + 1 ? 1 - scale * lowerSeries(a, half) : scale * upperFraction(a, half)
}
