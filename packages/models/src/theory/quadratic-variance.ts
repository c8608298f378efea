// Families whose variance is a quadratic function of their mean, fitted by the mean: Morris's natural exponential families.

import { mixCounts } from '../policies.js'
import type { Policy } from '../settings.js'
import type { Sizes } from './schedule.js'

/** Moments over chains, in units of the origin's variance V0, at generations 0..G. */
export interface QuadraticVariance {
  /** E[V(mean)] / V0. */
  variance: Float64Array
  /** Var[mean] / V0. */
  meanVariance: Float64Array
}

/**
 * The recursion of D = Var[mean] / V0 where V(m) = v0 + v1 m + v2 m^2 and the fit is the sample mean: E[V] / V0 = 1 + v2 D.
 *
 * replace: D' = D + (1 + v2 D) / n; accumulate: D' = D + (1 + v2 D) n / N'^2; mix of r fresh real and s generated records:
 * D' = r / n^2 + (s / n)^2 (D + (1 + v2 D) / s). v2 is 1 for exponential, 0 for Poisson. Undefined for other policies.
 * Source: Morris, Ann. Statist. 10 (1982) for the families; the recursions follow from conditional expectations.
 */
export function quadraticVariance(policy: Policy, sizes: Sizes, v2: number): QuadraticVariance | undefined {
  const { initial, n, generations } = sizes
  const step = stepOf(policy, initial, n, v2)
  if (!step) return undefined
  const meanVariance = new Float64Array(generations + 1)
  meanVariance[0] = 1 / initial
  for (let g = 1; g <= generations; g++) meanVariance[g] = step(meanVariance[g - 1]!, g)
  return { variance: meanVariance.map((d) => 1 + v2 * d), meanVariance }
}

function stepOf(
  policy: Policy,
  initial: number,
  n: number,
  v2: number,
): ((d: number, g: number) => number) | undefined {
  if (policy.kind === 'replace') return (d) => d + (1 + v2 * d) / n
  if (policy.kind === 'accumulate') return (d, g) => d + ((1 + v2 * d) * n) / (initial + g * n) ** 2
  if (policy.kind !== 'mix' || policy.source !== 'fresh' || policy.composition !== 'stratified') return undefined
  const { real, synthetic } = mixCounts(policy, n)
  return (d) => real / n ** 2 + (synthetic / n) ** 2 * (d + (synthetic > 0 ? (1 + v2 * d) / synthetic : 0))
}
