/** Mean and standard deviation of one generation, and whether the mean can be trusted. */

import { type MeanMoments, sampleSkewness } from './mean-interval.js'

/**
 * What `moments` finds of one generation: the mean, +-Infinity with infinities of one sign, NaN with both signs or
 * without a value; sd (divisor count - 1), NaN with an infinity or below two values; the skewness.
 */
export interface Moments extends MeanMoments {
  /** Number of infinite values. */
  infinite: number
  /**
   * Effective number of values that carry the mean: (sum |x|)^2 / sum x^2, from 1 (one does) to the count (all alike do);
   * with infinities, how many there are.
   */
  effective: number
  /** False where the values themselves show that their mean can't be estimated. */
  reliable: boolean
}

/** The asymmetry, skewness / sqrt(count), beyond which a mean is distrusted; below 17 values it is 5/count. */
const LARGEST_ASYMMETRY = 0.3
/** The share of all deviations that one observation may have; below 25 values it is 5/count. */
const LARGEST_SHARE = 0.2
/** A mean whose standard error is within this share of it is taken as it is. */
const NEGLIGIBLE_ERROR = 0.01

function smallest(values: Float64Array, count: number): number {
  let least = values[0]!
  for (let i = 1; i < count; i++) if (values[i]! < least) least = values[i]!
  return least
}

function largest(values: Float64Array, count: number): number {
  let most = values[0]!
  for (let i = 1; i < count; i++) if (values[i]! > most) most = values[i]!
  return most
}

/** With an infinity its number is known; sd is not, and the mean only where all infinities have one sign. */
function infiniteMoments(values: Float64Array, count: number): Moments {
  let infinite = 0
  let mean = 0
  for (let i = 0; i < count; i++) {
    const value = values[i]!
    if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) {
      infinite++
      mean += value
    }
  }
  return { mean, sd: Number.NaN, skewness: 0, infinite, effective: infinite, reliable: false }
}

/** A power of two that brings values to where squares and cubes neither overflow nor vanish; nearly always 1. */
function scaleFor(least: number, most: number): number {
  const size = Math.max(-least, most)
  const spread = most - least
  if (size < 1e90 && spread > 1e-90) return 1
  const exponent = Math.floor(Math.log2(size < 1e90 ? spread : size))
  return 2 ** Math.max(-1000, Math.min(1000, -exponent))
}

/** The mean of the scaled values but for rounding, from differences to the first. */
function roughMean(values: Float64Array, count: number, scale: number): number {
  const shift = values[0]! * scale
  let sum = 0
  for (let i = 0; i < count; i++) sum += values[i]! * scale - shift
  return shift + sum / count
}

/**
 * The moments of finite values that are not all equal.
 *
 * Sums of deviations d from the rough mean; the sum of d itself, zero but for rounding, corrects mean and variance
 * (Chan, Golub & LeVeque, The American Statistician 37 (1983) 242-247, "corrected two-pass").
 */
function finiteMoments(values: Float64Array, count: number, least: number, most: number): Moments {
  const scale = scaleFor(least, most)
  const centre = roughMean(values, count, scale)
  let left = 0
  let absolute = 0
  let squares = 0
  let cubes = 0
  let sizes = 0
  for (let i = 0; i < count; i++) {
    const value = values[i]! * scale
    const d = value - centre
    sizes += Math.abs(value)
    left += d
    absolute += Math.abs(d)
    squares += d * d
    cubes += d * d * d
  }
  const mean = centre + left / count
  const variance = Math.max(0, squares - (left * left) / count) / (count - 1)
  const few = 5 / count
  const farthest = Math.max(most * scale - mean, mean - least * scale)
  const isSkewed = Math.abs(cubes) > Math.max(LARGEST_ASYMMETRY, few) * squares * Math.sqrt(squares)
  const doubtful = isSkewed || farthest > Math.max(LARGEST_SHARE, few) * absolute
  return {
    mean: Math.min(most, Math.max(least, mean / scale)) + 0,
    sd: Math.sqrt(variance) / scale,
    skewness: sampleSkewness(squares, cubes, count),
    infinite: 0,
    // sum x^2 from the deviations; rounding can't take the number out of its range.
    effective: Math.min(count, Math.max(1, sizes ** 2 / (squares + 2 * centre * left + count * centre ** 2))),
    reliable: !(doubtful && Math.sqrt(variance / count) > NEGLIGIBLE_ERROR * Math.abs(mean)),
  }
}

/**
 * Moments of `values[0..count)`, which holds no NaN. A large mean loses nothing; equal values have sd exactly 0.
 *
 * `reliable` asks two things of n values. Asymmetry |sum d^3| / (sum d^2)^(3/2), which is skewness / sqrt(n), at most
 * 0.3, and no single |d| above 1/5 of their sum, which catches heavy tails on both sides; 5/n where that is more, since
 * few values always have a largest. A failure counts only where the standard error exceeds 1 % of the mean:
 * one odd chain that moves nothing is no reason for doubt. Fewer than two values are never reliable. With `meanIntervals`
 * an interval that is not flagged misses the mean in about 5 of 100 samples of any law: where tails grow, the flag takes
 * over from the interval.
 */
export function moments(values: Float64Array, count: number): Moments {
  if (count === 0) return { mean: Number.NaN, sd: Number.NaN, skewness: 0, infinite: 0, effective: 0, reliable: false }
  const least = smallest(values, count)
  const most = largest(values, count)
  if (least === Number.NEGATIVE_INFINITY || most === Number.POSITIVE_INFINITY) return infiniteMoments(values, count)
  if (count === 1) return { mean: least + 0, sd: Number.NaN, skewness: 0, infinite: 0, effective: 1, reliable: false }
  if (least === most) return { mean: least + 0, sd: 0, skewness: 0, infinite: 0, effective: count, reliable: true }
  return finiteMoments(values, count, least, most)
}
