/** Mean and spread of a sample, and the ratios that say how much of them is left. */
import { Sum, sampleOf, squareScale, type Values, weightAt } from './sample.js'

/** Mean, standard deviation and kurtosis. */
export interface Spread {
  mean: number
  /** Divisor total - 1. */
  sd: number
  /** Fourth central moment over the squared second one, both with divisor total; 3 for a normal law. */
  kurtosis: number
}

/**
 * Mean and standard deviation (divisor: total weight less 1) of a sample; a large mean loses nothing. Infinities give an
 * infinite mean (NaN with both) and sd NaN; an empty sample NaN; below a total of 2 sd is NaN unless all values are equal.
 */
export function spread(given: Values): Spread {
  const sample = sampleOf(given)
  const { values, total } = sample
  const count = values.length
  if (count === 0) return { mean: Number.NaN, sd: Number.NaN, kurtosis: Number.NaN }
  const [least, most] = [values[0]!, values[count - 1]!]
  if (least === Number.NEGATIVE_INFINITY || most === Number.POSITIVE_INFINITY) {
    return {
      mean: least === Number.NEGATIVE_INFINITY ? (Number.isFinite(most) || most === least ? least : Number.NaN) : most,
      sd: Number.NaN,
      kurtosis: Number.NaN,
    }
  }
  if (least === most) return { mean: least, sd: total > 1 ? 0 : Number.NaN, kurtosis: Number.NaN }
  const scale = squareScale(least, most)
  const middle = values[count >>> 1]! * scale
  const first = new Sum()
  for (let i = 0; i < count; i++) first.add(weightAt(sample, i) * (values[i]! * scale - middle))
  const shift = first.value / total
  const [second, fourth] = [new Sum(), new Sum()]
  for (let i = 0; i < count; i++) {
    const square = (values[i]! * scale - middle - shift) ** 2
    second.add(weightAt(sample, i) * square)
    fourth.add(weightAt(sample, i) * square * square)
  }
  return {
    mean: (middle + shift) / scale,
    sd: total > 1 ? Math.sqrt(second.value / (total - 1)) / scale : Number.NaN,
    kurtosis: (fourth.value * total) / second.value ** 2,
  }
}

/**
 * Mean shift: how far the mean moved, in standard deviations of the reference.
 *
 * (mean of the sample - mean of the reference) / sd of the reference. `definitions.mean_shift`.
 */
export function meanShift(reference: Values, sample: Values): number {
  return meanShiftOf(spread(reference), spread(sample))
}

/** The same of spreads that are known. */
export function meanShiftOf(reference: Spread, sample: Spread): number {
  const way = sample.mean - reference.mean
  return way === 0 && reference.sd === 0 ? 0 : way / reference.sd
}

/** Variance ratio: variance of the sample / variance of the reference, divisors total - 1. `definitions.variance_ratio`. */
export function varianceRatio(reference: Values, sample: Values): number {
  return varianceRatioOf(spread(reference), spread(sample))
}

/** The same of spreads that are known. */
export function varianceRatioOf(reference: Spread, sample: Spread): number {
  return (sample.sd / reference.sd) ** 2
}
