/** The summary of one column over replicates: a value a generation for mean, spread, interval and quantiles. */
import { eachGeneration } from './gather.js'
import { meanIntervals } from './mean-interval.js'
import { moments } from './moments.js'
import { quantileWithin } from './quantile.js'
import { rememberedRank } from './ranks.js'
import { insertionSort, select } from './select.js'
import { checkShape, refuse, type Shape } from './shape.js'

/** One value a recorded generation in every array. */
export interface Summary {
  /** Number of defined (not NaN) values. */
  count: Int32Array
  /** Mean of the defined values; +-Infinity where some are infinite (see `share_infinite`). */
  mean: Float64Array
  /** Sample standard deviation, divisor count - 1. */
  sd: Float64Array
  /** Lower end of the 95 % interval of the mean (`meanIntervals`). */
  low: Float64Array
  /** Upper end of the 95 % interval of the mean. */
  high: Float64Array
  median: Float64Array
  /** Ends of the 95 % interval of the median, values of the column (`medianRank`); NaN for fewer than 5 values. */
  median_low: Float64Array
  median_high: Float64Array
  q05: Float64Array
  q95: Float64Array
  /** Share of the defined values that are infinite; only where the column holds an infinity. */
  share_infinite?: Float64Array
  /** Effective number of chains that carry the mean: (sum |x|)^2 / sum x^2; with infinities, how many there are. */
  effective: Float64Array
  /** False where the mean and its interval are not to be trusted. */
  reliable: boolean[]
}

export interface SummaryOptions {
  /**
   * The last generation whose mean can be estimated by the caller's knowledge of the law; later ones are flagged
   * whatever the values look like. For variance-like columns of a Gaussian chain under `replace` that is n/2, where
   * sd(v_g) / E v_g = sqrt((1 + 2/(n-1))^g - 1) passes 1.3: far beyond, most samples show no sign of the rare chains
   * that carry the mean.
   */
  reliableUntil?: number
  /** Generation numbers of the recorded generations, for `reliableUntil`; left out: 0, 1, 2, ... */
  recorded?: ArrayLike<number>
}

function emptySummary(generations: number): Summary {
  const column = (): Float64Array => new Float64Array(generations)
  const curves = { mean: column(), sd: column(), low: column(), high: column(), effective: column() }
  const medians = { median: column(), median_low: column(), median_high: column() }
  const shares = { q05: column(), q95: column(), reliable: new Array<boolean>(generations).fill(false) }
  return { count: new Int32Array(generations), ...curves, ...medians, ...shares }
}

/** Up to this count values are sorted; above it the ranks of the median's interval lie between its quantiles. */
const MOST_SORTED = 48

/** Writes the quantiles and the median's interval: the median first, then each side among what is parted already. */
function quantilesInto(summary: Summary, g: number, values: Float64Array, count: number, rank: number): void {
  if (count <= MOST_SORTED) insertionSort(values, 0, count - 1)
  const sorted = count <= MOST_SORTED
  const last = count - 1
  const middle = Math.floor(last / 2)
  const [below, above] = [middle - 1, count % 2 === 0 ? middle + 2 : middle + 1]
  // A range that ends before it starts: nothing is left to be sorted.
  const at = (p: number, from: number, to: number): number =>
    count === 0 ? Number.NaN : quantileWithin(values, count, p, sorted ? count : from, sorted ? -1 : to)
  summary.median[g] = at(0.5, 0, last)
  if (!sorted) {
    select(values, 0, below, rank - 1)
    select(values, above, last, count - rank)
  }
  summary.median_low[g] = rank === 0 ? Number.NaN : values[rank - 1]! + 0
  summary.median_high[g] = rank === 0 ? Number.NaN : values[count - rank]! + 0
  summary.q05[g] = at(0.05, 0, rank - 2)
  summary.q95[g] = at(0.95, count - rank + 1, last)
}

function checkRecorded(recorded: ArrayLike<number> | undefined, { generations }: Shape): void {
  if (recorded !== undefined && recorded.length !== generations) {
    refuse('recorded.length', `${generations} (the generations of the shape)`, recorded.length)
  }
}

/**
 * Summarises one column of one cell, row-major `[replicate][generation]`.
 *
 * NaN means undefined and is left out; `count` says how many values are left. Quantiles follow `quantileDefinition`
 * (type 7; median = quantile(0.5)) and count infinities; the mean is then +-Infinity (NaN with both signs), sd and
 * interval are NaN, and `share_infinite` is present. `low` and `high` are Student's interval of the mean,
 * shifted towards the long tail of skewed values (`meanIntervals`); NaN for fewer than two values. Equal values have sd exactly 0; a large mean loses nothing. The median's interval is
 * made of two of the values, so it holds whatever their law; it may be infinite at an end.
 *
 * `reliable[g]` is false where the mean can't be estimated: fewer than two values, an infinity, asymmetry or a single
 * observation beyond what a normal interval bears (the rule stands at `moments`), or a generation after
 * `options.reliableUntil`. It is a warning that the values give, no proof: heavy tails that no chain has visited yet
 * can't be seen.
 *
 * Time is linear in the number of observations and memory beyond the result is one tile of generations. Throws
 * RangeError where the lengths do not fit the shape.
 */
export function summary(values: Float64Array, shape: Shape, options: SummaryOptions = {}): Summary {
  checkShape(values, shape)
  checkRecorded(options.recorded, shape)
  const result = emptySummary(shape.generations)
  const reliableUntil = options.reliableUntil ?? Number.POSITIVE_INFINITY
  const interval = meanIntervals()
  const rankOf = rememberedRank(0.95)
  eachGeneration(values, shape, (g, column, count) => {
    const found = moments(column, count)
    const { mean, sd, infinite, effective, reliable } = found
    const [low, high] = interval(found, count)
    result.count[g] = count
    result.mean[g] = mean
    result.sd[g] = sd
    result.low[g] = low
    result.high[g] = high
    result.effective[g] = effective
    result.reliable[g] = reliable && (options.recorded?.[g] ?? g) <= reliableUntil
    if (infinite > 0) {
      result.share_infinite ??= new Float64Array(shape.generations)
      result.share_infinite[g] = infinite / count
    }
    quantilesInto(result, g, column, count, rankOf(count))
  })
  return result
}
