// The result of the recursions of moments: mean and variance of the fitted model, generation by generation.

import type { SetMoments } from './fit.js'

/** Each at generations 0..G; means in units of the origin's sd from its mean, variances in units of its variance. */
export interface Drift {
  /** E of the fitted mean: 0 unless something pulls it away. */
  mean: Float64Array
  /** Var of the fitted mean. For a categorical fit that nothing pulls: 1 - E[heterozygosity] / origin's. */
  meanVariance: Float64Array
  /** E of the variance of the training set (divisor N). */
  within: Float64Array
  /** E of the variance of the fitted model. */
  variance: Float64Array
}

/** Room for generations 0..G. */
export function empty(generations: number): Drift {
  const column = () => new Float64Array(generations + 1)
  return { mean: column(), meanVariance: column(), within: column(), variance: column() }
}

/** Writes down a generation. */
export function record(drift: Drift, g: number, { mean, square, within }: SetMoments, variance: number): void {
  drift.mean[g] = mean
  drift.meanVariance[g] = square - mean * mean
  drift.within[g] = within
  drift.variance[g] = variance
}
