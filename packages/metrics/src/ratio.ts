/** The ratio of two independent shares, with Koopman's score interval. */
import type { Count } from './difference.js'
import { normalFactor } from './proportion.js'
import { checkConfidence, checkWhole, refuse } from './shape.js'

/** A ratio of shares a/b: NaN where it is 0/0, Infinity where only b is 0; the interval then still has its finite end. */
export interface Ratio {
  ratio: number
  low: number
  high: number
}

function check(path: string, { successes, trials }: Count): void {
  checkWhole(`${path}.trials`, trials, 1)
  checkWhole(`${path}.successes`, successes, 0)
  if (successes > trials) refuse(`${path}.successes`, `at most ${trials} (the trials)`, successes)
}

/** (count - n p)^2 over its variance n p (1 - p); 0 where the law leaves no room for another count. */
function score(count: number, n: number, p: number): number {
  const variance = n * p * (1 - p)
  const distance = count - n * p
  return variance > 0 ? (distance * distance) / variance : Math.abs(distance) < 1e-9 * n ? 0 : Number.POSITIVE_INFINITY
}

/** The score statistic of "a's probability is k times b's": chi-square with one degree of freedom if that is so. */
function statistic(a: Count, b: Count, k: number): number {
  const [y, m, x, n] = [a.successes, a.trials, b.successes, b.trials]
  // The likeliest p of b, given k, is the smaller root of A p^2 - B p + (x + y).
  const A = k * (m + n)
  const B = y + n + k * (x + m)
  const p = (2 * (x + y)) / (B + Math.sqrt(Math.max(0, B * B - 4 * A * (x + y))))
  return score(y, m, Math.min(1, k * p)) + score(x, n, Math.min(1, p))
}

/** Where the statistic passes `limit` between two logarithms of k, `inside` below it and `outside` above. */
function crossing(a: Count, b: Count, limit: number, inside: number, outside: number): number {
  let [near, far] = [inside, outside]
  for (let step = 0; step < 200; step++) {
    const middle = (near + far) / 2
    if (middle === near || middle === far) break
    if (statistic(a, b, Math.exp(middle)) <= limit) near = middle
    else far = middle
  }
  return Math.exp((near + far) / 2)
}

/** Logarithms beyond any ratio of counts up to 2^53. */
const farthest = 80

/**
 * The share of `a` over the share of `b`, two independent samples, with an interval that holds both samples' errors. No
 * success in `a` leaves an upper bound, none in `b` a lower one, none in either nothing.
 *
 * Source: P. A. R. Koopman, Biometrics 40 (1984) 513-517: the ratios that the score test does not reject. Its coverage is
 * near `confidence` for small counts and zeros too, where the interval of the log ratio (Katz) fails. Throws RangeError for
 * samples without trials, counts that are none, and a confidence outside (0, 1).
 *
 * @example
 * shareRatio({ successes: 36, trials: 40 }, { successes: 16, trials: 80 }) // 4.5 (2.94 to 7.15)
 */
export function shareRatio(a: Count, b: Count, confidence = 0.95): Ratio {
  check('a', a)
  check('b', b)
  checkConfidence(confidence)
  const limit = normalFactor(confidence) ** 2
  const ratio = a.successes / a.trials / (b.successes / b.trials)
  if (a.successes === 0 && b.successes === 0) return { ratio, low: 0, high: Number.POSITIVE_INFINITY }
  const middle = a.successes === 0 ? -farthest : b.successes === 0 ? farthest : Math.log(ratio)
  return {
    ratio,
    low: a.successes === 0 ? 0 : crossing(a, b, limit, middle, -farthest),
    high: b.successes === 0 ? Number.POSITIVE_INFINITY : crossing(a, b, limit, middle, farthest),
  }
}
