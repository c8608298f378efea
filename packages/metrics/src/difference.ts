/** Differences between two groups of chains with intervals: of means, of medians, of shares. */
import { dates } from './dates.js'
import { normalFactor, wilsonWith } from './proportion.js'
import { medianRank } from './ranks.js'
import { checkConfidence, checkWhole, refuse } from './shape.js'
import { tQuantile } from './student.js'

/** A quantity of two groups and its difference a - b; NaN where undefined, infinite ends where there is no bound. */
export interface Difference {
  a: number
  b: number
  difference: number
  low: number
  high: number
}

/** A quantity's estimate with its interval. */
export interface Estimate {
  value: number
  low: number
  high: number
}

/**
 * The difference of two independent estimates from their own intervals: low = d - sqrt((a - la)^2 + (ub - b)^2), high =
 * d + sqrt((ua - a)^2 + (b - lb)^2).
 *
 * Source: G. Y. Zou & A. Donner, Statistics in Medicine 27 (2008) 1693-1702 (MOVER); for Wilson's intervals of shares it
 * is method 10 of R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890. `correlation` of the estimates, 0 for
 * independent ones, takes 2 rho times the product off each sum.
 */
export function differenceOf(a: Estimate, b: Estimate, correlation = 0): Difference {
  const reach = (own: number, other: number): number =>
    own === Number.POSITIVE_INFINITY || other === Number.POSITIVE_INFINITY
      ? Number.POSITIVE_INFINITY
      : Math.sqrt(Math.max(0, own * own + other * other - 2 * correlation * own * other))
  const difference = a.value - b.value
  if (!Number.isFinite(difference)) {
    // Only the ends are known: a.low - b.high is a bound of the difference, if not the closest one.
    const [low, high] = [a.low - b.high, a.high - b.low]
    const known = {
      low: Number.isNaN(low) ? Number.NEGATIVE_INFINITY : low,
      high: Number.isNaN(high) ? Number.POSITIVE_INFINITY : high,
    }
    return { a: a.value, b: b.value, difference, ...known }
  }
  return {
    ...{ a: a.value, b: b.value, difference },
    low: difference - reach(a.value - a.low, b.high - b.value),
    high: difference + reach(a.high - a.value, b.value - b.low),
  }
}

function checkCounts(path: string, successes: number, trials: number): void {
  checkWhole(`${path}.trials`, trials, 0)
  checkWhole(`${path}.successes`, successes, 0)
  if (successes > trials) refuse(`${path}.successes`, `at most ${trials} (the trials)`, successes)
}

/** How many of how many. */
export interface Count {
  successes: number
  trials: number
}

/**
 * The difference of the shares of two independent groups, by Wilson's intervals (`differenceOf`).
 *
 * Throws RangeError for counts that are none and a confidence outside (0, 1).
 */
export function shareDifference(a: Count, b: Count, confidence = 0.95): Difference {
  checkCounts('a', a.successes, a.trials)
  checkCounts('b', b.successes, b.trials)
  checkConfidence(confidence)
  const z = normalFactor(confidence)
  const estimate = ({ successes, trials }: Count): Estimate => {
    const { share, low, high } = wilsonWith(z, successes, trials)
    return { value: share, low, high }
  }
  return differenceOf(estimate(a), estimate(b))
}

/** Pairs by what their two chains do. */
export interface PairCounts {
  both: number
  /** Only the first of the pair. */
  onlyA: number
  onlyB: number
  neither: number
}

/**
 * The difference of the shares of two groups whose chains go in pairs: Wilson's intervals with the correlation of the
 * two, whose numerator is less by n/2 where it is positive.
 *
 * Source: method 10 of R. G. Newcombe, Statistics in Medicine 17 (1998) 2635-2650. Errors as for `shareDifference`.
 */
export function pairedShareDifference(pairs: PairCounts, confidence = 0.95): Difference {
  for (const [name, count] of Object.entries(pairs)) checkWhole(`pairs.${name}`, count, 0)
  checkConfidence(confidence)
  const { both, onlyA, onlyB, neither } = pairs
  const n = both + onlyA + onlyB + neither
  const z = normalFactor(confidence)
  const estimate = (successes: number): Estimate => {
    const { share, low, high } = wilsonWith(z, successes, n)
    return { value: share, low, high }
  }
  const margins = Math.sqrt((both + onlyA) * (onlyB + neither) * (both + onlyB) * (onlyA + neither))
  const product = both * neither - onlyA * onlyB
  const correlation = margins === 0 ? 0 : (product > 0 ? Math.max(0, product - n / 2) : product) / margins
  return differenceOf(estimate(both + onlyA), estimate(both + onlyB), correlation)
}

interface Moments {
  mean: number
  /** Variance of the mean. */
  variance: number
  count: number
}

function momentsOf(values: ArrayLike<number>): Moments {
  const count = values.length
  let sum = 0
  for (let i = 0; i < count; i++) sum += values[i]!
  const mean = sum / count
  let squares = 0
  for (let i = 0; i < count; i++) squares += (values[i]! - mean) ** 2
  return { mean, variance: squares / (count - 1) / count, count }
}

/**
 * The difference of the means of two independent groups, with Welch's interval (Biometrika 34 (1947) 28-35).
 *
 * Values must not be NaN; with an infinity, or fewer than two values in a group, the interval is NaN. Throws RangeError
 * for a confidence outside (0, 1).
 */
export function meanDifference(a: ArrayLike<number>, b: ArrayLike<number>, confidence = 0.95): Difference {
  checkConfidence(confidence)
  const [first, second] = [momentsOf(a), momentsOf(b)]
  const variance = first.variance + second.variance
  const difference = first.mean - second.mean
  const means = { a: first.mean, b: second.mean, difference }
  if (Number.isNaN(variance)) return { ...means, low: Number.NaN, high: Number.NaN }
  if (variance === 0) return { ...means, low: difference, high: difference }
  const parts = first.variance ** 2 / (first.count - 1) + second.variance ** 2 / (second.count - 1)
  const reach = tQuantile((1 + confidence) / 2, variance ** 2 / parts) * Math.sqrt(variance)
  return { ...means, low: difference - reach, high: difference + reach }
}

/** The median date with its interval; Infinity for beyond the horizon, where nothing bounds it either. */
export function medianDate(events: Int32Array, horizon: number, confidence = 0.95): Estimate {
  const { median, low, high } = dates(events, horizon, confidence)
  const end = (date: number | null): number => date ?? Number.POSITIVE_INFINITY
  return { value: end(median), low: end(low), high: end(high) }
}

/** The median of values (type 7, no NaN) with the interval that `medianRank` gives; infinite ends below 5 values. */
export function medianEstimate(values: ArrayLike<number>, confidence = 0.95): Estimate {
  const sorted = Float64Array.from(values).sort()
  const n = sorted.length
  if (n === 0) return { value: Number.NaN, low: Number.NaN, high: Number.NaN }
  const rank = medianRank(n, confidence)
  const [below, above] = [sorted[Math.floor((n - 1) / 2)]!, sorted[Math.ceil((n - 1) / 2)]!]
  const value = below === above ? below : below / 2 + above / 2
  if (rank === 0) return { value, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }
  return { value, low: sorted[rank - 1]!, high: sorted[n - rank]! }
}
