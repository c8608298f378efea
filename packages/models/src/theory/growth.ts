// Sizes that grow with the generations: whether what is lost stays bounded, and where it ends.

import type { SizeRule } from '../settings.js'
import { sizeAt } from '../sizes.js'
import { digammaExcess, halfStepExcess } from './special.js'

/** What a normal model under `replace` comes to, generation after generation without end; in units of the origin's. */
export interface GrowthLimit {
  /** Whether the sum of 1/n_j is finite: a power above 1, a factor above 1. */
  isBounded: boolean
  /** The sum of 1/n_j over all fits. */
  sum: number
  /** Var of the fitted mean. */
  meanVariance: number
  /** E of the variance; of classes with the maximum likelihood fit, what is left of their heterozygosity. */
  variance: number
  /** E of ln variance. */
  logVariance: number
  /** E of the squared 2-Wasserstein distance to the origin. */
  w2Squared: number
}

/** Terms that are summed one by one, and the size from which on a term is its first order in 1/n. */
const summed = 100_000
const large = 1e12

/**
 * The limit g -> infinity of the moments in `gaussianReplace` for sets of n_0, n_1, ... records.
 *
 * ln v, E v and E s are sums over fits of terms of order 1/n_j, so all of them converge if and only if the sum of 1/n_j
 * does: n_j = n_0 (1 + j)^p for p > 1, where the sum is zeta(p) / n_0. What is left after the first 100,000 terms is the
 * tail of that sum by Euler and Maclaurin's formula. Without convergence Var m is infinite for the unbiased variance and
 * that of the origin for the other, whose E v + Var m stays 1.
 *
 * Source: theorem 3.1 of Shumailov et al., Nature 631 (2024) 755-759, which asks for superlinear growth.
 */
export function growthLimit(rule: SizeRule, unbiased: boolean): GrowthLimit {
  if (rule === 'inf') return { isBounded: true, sum: 0, meanVariance: 0, variance: 1, logVariance: 0, w2Squared: 0 }
  if (!converges(rule)) {
    const infinite = Number.POSITIVE_INFINITY
    const ends = unbiased
      ? { variance: 1, meanVariance: infinite, w2Squared: infinite }
      : { variance: 0, meanVariance: 1, w2Squared: 2 }
    return { isBounded: false, sum: infinite, logVariance: -infinite, ...ends }
  }
  let [sum, logVariance, logSd, logMean, meanVariance] = [0, 0, 0, 0, 0]
  let j = 0
  for (; j < summed; j++) {
    const size = sizeAt(rule, j)
    if (size > large) break
    const half = (size - 1) / 2
    const bias = unbiased ? 0 : Math.log1p(-1 / size)
    meanVariance += Math.exp(logMean) / size
    sum += 1 / size
    logVariance += digammaExcess(half) + bias
    logSd += halfStepExcess(half) + bias / 2
    logMean += bias
  }
  const rest = tail(rule, j)
  sum += rest
  logVariance -= (unbiased ? 1 : 2) * rest
  logSd -= (unbiased ? 1 / 4 : 3 / 4) * rest
  meanVariance = unbiased ? sum : -Math.expm1(logMean - rest)
  const variance = unbiased ? 1 : Math.exp(logMean - rest)
  const w2Squared = meanVariance + variance - 1 - 2 * Math.expm1(logSd)
  return { isBounded: true, sum, meanVariance, variance, logVariance, w2Squared }
}

function converges(rule: SizeRule): rule is { start: number; power: number } | { start: number; factor: number } {
  if (typeof rule !== 'object' || 'list' in rule) return false
  return 'power' in rule ? rule.power > 1 : rule.factor > 1
}

/** The sum of 1/n_j from j on. */
function tail(rule: { start: number; power: number } | { start: number; factor: number }, j: number): number {
  if ('factor' in rule) return rule.factor ** -j / (rule.start * (1 - 1 / rule.factor))
  const [p, k] = [rule.power, j + 1]
  return (k ** (1 - p) / (p - 1) + k ** -p / 2 + (p / 12) * k ** (-p - 1)) / rule.start
}
