// Histograms with fixed edges: uniform within bins, resampled between them.

import type { Origin } from '../settings.js'
import type { Fit } from './fit.js'
import { massesOf, placeOf } from './line-law.js'

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

/** Mass of an origin that is left out on each side, and bins at most. */
const negligible = 1e-17
const mostBins = 1e6

/** The same of an origin on the line, in the data's units; undefined where it takes more bins than can be added up. */
export function binMoments(
  origin: Origin,
  { width, start }: { width: number; start: number },
): { mean: number; variance: number } | undefined {
  const bin = (x: number) => Math.floor((x - start) / width)
  const first = bin(placeOf(origin, 'below', negligible))
  const count = bin(placeOf(origin, 'above', negligible)) - first + 1
  if (!(count <= mostBins)) return undefined
  const edges = Array.from({ length: count + 1 }, (_, i) => massesOf(origin, start + width * (first + i))!)
  const masses = edges.slice(1).map(([below, above], i) => {
    const [before, beyond] = edges[i]!
    return before < 0.5 ? below - before : beyond - above
  })
  const centres = masses.map((_, i) => start + width * (first + i + 0.5))
  return centreMoments(masses, centres)
}
