/** How much of the range of a reference a sample still covers. */
import { placesBelow, sampleOf, type Values, weightBetween } from './sample.js'

/**
 * Range coverage: the part of the reference's range that the sample's range covers.
 *
 * length of [min F, max F] met with [min G, max G] / (max F - min F). `definitions.range_coverage`.
 */
export function rangeCoverage(reference: Values, sample: Values): number {
  const [a, b] = [sampleOf(reference), sampleOf(sample)]
  if (a.values.length === 0) return Number.NaN
  if (b.values.length === 0) return 0
  const [leastA, mostA] = [a.values[0]!, a.values.at(-1)!]
  const low = Math.max(leastA, b.values[0]!)
  const high = Math.min(mostA, b.values.at(-1)!)
  if (low > high) return 0
  if (low === leastA && high === mostA) return 1
  // Halves, so that the width of a range can't overflow.
  const whole = mostA / 2 - leastA / 2
  return whole === Number.POSITIVE_INFINITY ? 0 : (high / 2 - low / 2) / whole
}

/** Weight of the reference's rows below the least and above the greatest value of a sample. */
export function beyondRange(reference: Values, sample: Values): { lower: number; upper: number } {
  const [a, b] = [sampleOf(reference), sampleOf(sample)]
  if (b.values.length === 0) return { lower: a.total, upper: a.total }
  return {
    lower: weightBetween(a, 0, placesBelow(a, b.values[0]!, false)),
    upper: weightBetween(a, placesBelow(a, b.values.at(-1)!, true), a.values.length),
  }
}
