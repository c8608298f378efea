/** Expected shortfall: the mean of the outermost part of a sample. */
import { refuse } from '../shape.js'
import { Sum, sampleOf, type Values, weightAt } from './sample.js'

export type Side = 'lower' | 'upper'

/** The outermost part of a sample: its mean, its inner edge, and its variance around the mean. */
export interface Outermost {
  mean: number
  edge: number
  variance: number
}

/**
 * Expected shortfall: the mean of the lowest (or highest) share p of a sample. Unlike a quantile it says how bad the bad
 * ones are.
 *
 * lower: (1/p) x integral over u in (0, p) of F^-1(u); upper: the same over (1 - p, 1). `definitions.expected_shortfall`.
 */
export function expectedShortfall(given: Values, p: number, side: Side): number {
  return outermost(given, p, side).mean
}

/** The outermost share p of a sample; NaN for an empty one. */
export function outermost(given: Values, p: number, side: Side): Outermost {
  if (!(p > 0 && p <= 1)) refuse('p', 'a number above 0 and at most 1', p)
  const sample = sampleOf(given)
  const { values, total } = sample
  const count = values.length
  if (count === 0) return { mean: Number.NaN, edge: Number.NaN, variance: Number.NaN }
  const place = (k: number): number => (side === 'lower' ? k : count - 1 - k)
  const mass = p * total
  // Around the first value, so that a large one costs no digits; an infinite one stays what it is.
  const first = values[place(0)]!
  if (!Number.isFinite(first)) return { mean: first, edge: first, variance: Number.NaN }
  const [sum, squares] = [new Sum(), new Sum()]
  let left = mass
  let edge = first
  for (let k = 0; k < count && left > 0; k++) {
    edge = values[place(k)]!
    const part = Math.min(left, weightAt(sample, place(k)))
    const way = edge - first
    sum.add(part * way)
    squares.add(part * way * way)
    left -= part
  }
  const shift = sum.value / mass
  return { mean: first + shift, edge, variance: Math.max(0, squares.value / mass - shift * shift) }
}
