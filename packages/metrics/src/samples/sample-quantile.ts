/** Quantiles of a sorted sample, and how far they moved. */
import { quantileWithin } from '../quantile.js'
import { refuse } from '../shape.js'
import { type Sample, sampleOf, type Values, weightAt } from './sample.js'

/**
 * Quantile of a sorted sample, definition `quantileDefinition` (type 7), so that the quantile at 1/2 is the median.
 *
 * With weights it is the quantile of the sample in which a row of weight w stands w times: with x(t) the least value whose
 * weights up to and with it sum to more than t, and h = (W - 1) p, it is x(floor h) + (h - floor h) (x(floor h + 1) - x(floor h)).
 */
export function sampleQuantile(given: Values, p: number): number {
  const sample = sampleOf(given)
  if (!(p >= 0 && p <= 1)) refuse('p', 'a number from 0 to 1', p)
  const { values, weights, total } = sample
  const count = values.length
  if (count === 0) return Number.NaN
  // An empty range to search in: the values are sorted.
  if (weights === undefined) return quantileWithin(values, count, p, 1, 0)
  const position = Math.max(0, (total - 1) * p)
  const rank = Math.floor(position)
  return quantileWithin(
    Float64Array.of(valueAbove(sample, rank), valueAbove(sample, rank + 1)),
    2,
    position - rank,
    1,
    0,
  )
}

/** The least value whose weights, up to and with it, sum to more than `rank`. */
function valueAbove(sample: Sample, rank: number): number {
  let sum = 0
  for (let i = 0; i < sample.values.length; i++) {
    sum += weightAt(sample, i)
    if (sum > rank) return sample.values[i]!
  }
  return sample.values.at(-1)!
}

/**
 * Quantile error: how far the p-quantile moved.
 *
 * G^-1(p) - F^-1(p), F the reference; quantiles by definition type 7. `definitions.quantile_error`.
 */
export function quantileError(a: Values, b: Values, p: number): number {
  const [before, after] = [sampleQuantile(a, p), sampleQuantile(b, p)]
  return before === after ? 0 : after - before
}
