/** Values at sizes, and what of them a law can be fitted to. */
import { refuse } from '../shape.js'
import type { LogPoint } from './least-squares.js'

/** A value at a size, with what it would have been in other samples. */
export interface SizedValue {
  /** Records: finite and above 0. */
  size: number
  /** Infinity for a date beyond the horizon. */
  value: number
  /** The same number for every size of a law; resample i of one size goes with resample i of another. */
  resamples: Float64Array
  /** What an infinite value or resample is known to exceed. */
  bound?: number
}

/** Why a value takes no part. */
export type LeftOut = 'beyond' | 'undefined' | 'not positive' | 'infinite' | 'too uncertain' | 'off the law'

/** What a law was fitted to. */
export interface LawPoint {
  size: number
  value: number
  /** Standard deviation of ln value over resamples; NaN where that is none. */
  error: number
  leftOut: LeftOut | null
}

/** A value whose logarithm has a larger error is not known well enough to be fitted. */
const largestError = 1 / 3
/** Values of chains that are all alike have no error: they count as this exact, relative to the least exact ones. */
const smallestShare = 1e-3
/** Nor as more exact than numbers in a computer: any misfit beyond that is told. */
const smallestError = 1e-9

/** A value with what is known of its law taken off. */
export function above(value: SizedValue, level: number): SizedValue {
  if (level === 0) return value
  return { ...value, value: value.value - level, resamples: value.resamples.map((one) => one - level) }
}

/** What of a value can be fitted: the errors of logarithms come from its resamples. */
export function pointOf({ size, value, resamples, bound }: SizedValue): LawPoint {
  if (!(size > 0 && size < Number.POSITIVE_INFINITY)) refuse('size', 'a finite number above 0', size)
  const error = spread(resamples.map((one) => Math.log(Math.min(one, bound ?? one))))
  const leftOut = reasonFor(value, error, bound)
  return { size, value, error: leftOut === null || leftOut === 'too uncertain' ? error : Number.NaN, leftOut }
}

function reasonFor(value: number, error: number, bound: number | undefined): LeftOut | null {
  if (Number.isNaN(value)) return 'undefined'
  if (value === Number.POSITIVE_INFINITY) return bound === undefined ? 'infinite' : 'beyond'
  if (!(value > 0)) return 'not positive'
  return error <= largestError ? null : 'too uncertain'
}

function spread(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
}

/** Errors to weigh by. */
export function weightsOf(used: readonly LawPoint[]): number[] {
  const least = Math.max(smallestError, smallestShare * Math.max(...used.map(({ error }) => error)))
  return used.map(({ error }) => Math.max(error, least))
}

/** The point as resample k has it. */
export function resampled(point: LogPoint, { value, resamples, bound }: SizedValue, k: number): LogPoint {
  const found = resamples[k]!
  if (found === Number.POSITIVE_INFINITY && bound !== undefined) return { ...point, y: Math.log(bound), isBound: true }
  // A value whose error can be told is never this small; its logarithm must be.
  return { ...point, y: Math.log(Math.max(found, value * smallestShare)) }
}

/** A value, and its bound where it lies beyond. */
export const finite = (value: number, { bound }: SizedValue): number => Math.min(value, bound ?? value)
