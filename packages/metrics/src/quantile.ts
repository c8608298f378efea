/** Quantiles of a sample, in one named definition. */
import { bringSmallest, select } from './select.js'
import { refuse } from './shape.js'

/**
 * The definition that every quantile of this package follows: type 7 of Hyndman & Fan, The American Statistician 50
 * (1996) 361-365. With x(0) <= ... <= x(n-1) and h = (n-1) p it is x(floor h) + (h - floor h) (x(floor h + 1) - x(floor h)):
 * numpy's default `linear`, R's default, and the median at p = 1/2.
 */
export const quantileDefinition = 'type 7' as const

/**
 * The point that lies the share t in [0, 1) of the way from `below` to `above`, below <= above.
 *
 * Between a finite and an infinite value it is the infinite one (any share of an infinite way is infinite); between
 * opposite infinities it is undefined, NaN. Never beyond `above`, so that quantiles are monotone to the last bit.
 */
function between(below: number, above: number, t: number): number {
  // Adding 0 turns -0 into 0, so that the answer can't depend on the order of equal values.
  if (t === 0 || below === above) return below + 0
  const way = above - below
  if (way === Number.POSITIVE_INFINITY) return below * (1 - t) + above * t
  return Math.min(above, below + way * t) + 0
}

/**
 * The p-quantile of `values[0..count)`, which holds no NaN and is rearranged; the search is confined to sorted
 * positions from..to (both included), which must hold their sorted content among themselves.
 */
export function quantileWithin(values: Float64Array, count: number, p: number, from: number, to: number): number {
  const position = (count - 1) * p
  const k = Math.min(count - 1, Math.floor(position))
  const t = position - k
  if (k >= from && k <= to) select(values, from, to, k)
  if (t === 0) return values[k]! + 0
  if (k + 1 >= from && k + 1 <= to) bringSmallest(values, Math.max(from, k + 1), to)
  return between(values[k]!, values[k + 1]!, t)
}

function defined(values: ArrayLike<number>): Float64Array {
  const kept = new Float64Array(values.length)
  let count = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (!Number.isNaN(value)) kept[count++] = value
  }
  return kept.subarray(0, count)
}

/**
 * The p-quantile of the values, definition `quantileDefinition` (type 7); NaN = undefined is left out, infinities
 * take part, and no value at all gives NaN. `quantile(values, 0.5)` is the median. The input is not changed.
 *
 * Throws RangeError for p outside [0, 1].
 */
export function quantile(values: ArrayLike<number>, p: number): number {
  if (!(p >= 0 && p <= 1)) refuse('p', 'a number from 0 to 1', p)
  const kept = defined(values)
  return kept.length === 0 ? Number.NaN : quantileWithin(kept, kept.length, p, 0, kept.length - 1)
}
