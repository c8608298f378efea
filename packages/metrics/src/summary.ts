/** The summary of one column over replicates: a value a generation for mean, spread, interval and quantiles. */
import { eachGeneration } from './gather.js'
import { moments } from './moments.js'
import { quantileWithin } from './quantile.js'
import { checkShape, refuse, type Shape } from './shape.js'
import { tQuantile } from './student.js'

/** One value a recorded generation in every array. */
export interface Summary {
  /** Number of defined (not NaN) values. */
  count: Int32Array
  /** Mean of the defined values; +-Infinity where some are infinite (see `share_infinite`). */
  mean: Float64Array
  /** Sample standard deviation, divisor count - 1. */
  sd: Float64Array
  /** Lower end of the 95 % interval of the mean, Student's t. */
  low: Float64Array
  /** Upper end of the 95 % interval of the mean. */
  high: Float64Array
  median: Float64Array
  q05: Float64Array
  q95: Float64Array
  /** Share of the defined values that are infinite; only where the column holds an infinity. */
  share_infinite?: Float64Array
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
  const curves = { mean: column(), sd: column(), low: column(), high: column() }
  const quantiles = { median: column(), q05: column(), q95: column() }
  return { count: new Int32Array(generations), ...curves, ...quantiles, reliable: new Array(generations).fill(false) }
}

/** Writes the three quantiles: the median first, then each side among the values that it has already parted. */
function quantilesInto(summary: Summary, g: number, values: Float64Array, count: number): void {
  if (count === 0) {
    summary.median[g] = summary.q05[g] = summary.q95[g] = Number.NaN
    return
  }
  const middle = Math.floor((count - 1) / 2)
  summary.median[g] = quantileWithin(values, count, 0.5, 0, count - 1)
  summary.q05[g] = quantileWithin(values, count, 0.05, 0, middle - 1)
  summary.q95[g] = quantileWithin(values, count, 0.95, count % 2 === 0 ? middle + 2 : middle + 1, count - 1)
}

/** The t factor of a 95 % interval for a count, remembered while the count stays the same. */
function tFactors(): (count: number) => number {
  let lastCount = -1
  let factor = Number.NaN
  return (count) => {
    if (count !== lastCount) factor = count < 2 ? Number.NaN : tQuantile(0.975, count - 1)
    lastCount = count
    return factor
  }
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
 * interval are NaN, and `share_infinite` is present. `low` and `high` are mean -+ t(0.975, count - 1) sd / sqrt(count),
 * NaN for fewer than two values. Equal values have sd exactly 0; a large mean loses nothing.
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
  const tFactor = tFactors()
  eachGeneration(values, shape, (g, column, count) => {
    const { mean, sd, infinite, reliable } = moments(column, count)
    const reach = sd === 0 ? 0 : (tFactor(count) * sd) / Math.sqrt(count)
    result.count[g] = count
    result.mean[g] = mean
    result.sd[g] = sd
    result.low[g] = mean - reach
    result.high[g] = mean + reach
    result.reliable[g] = reliable && (options.recorded?.[g] ?? g) <= reliableUntil
    if (infinite > 0) {
      result.share_infinite ??= new Float64Array(shape.generations)
      result.share_infinite[g] = infinite / count
    }
    quantilesInto(result, g, column, count)
  })
  return result
}
