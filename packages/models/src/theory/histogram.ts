// Histograms with fixed edges: uniform within bins, resampled between them.

import type { Fit } from './fit.js'

/**
 * A histogram of bins of one width: records enter as the centres of their bins, so that the set's variance (divisor N)
 * is that of centres and only the model adds width^2 / 12. Inflation happens once, and then the bins drift like classes.
 *
 * Moments are in units of the variance of the centres under the origin.
 *
 * @param within width^2 / 12 in these units
 */
export function binned(within: number): Fit {
  return { variance: (set) => set.within + within, drawn: (set) => set.within }
}

/** Mean and variance of the bins' centres under given masses of the bins. */
export function centreMoments(
  masses: readonly number[],
  centres: readonly number[],
): { mean: number; variance: number } {
  const total = masses.reduce((a, b) => a + b, 0)
  const mean = masses.reduce((sum, mass, i) => sum + mass * centres[i]!, 0) / total
  const variance = masses.reduce((sum, mass, i) => sum + mass * (centres[i]! - mean) ** 2, 0) / total
  return { mean, variance }
}
