/** Resampling of pairs of chains: intervals of differences where the two of a pair share their random numbers. */
import type { Difference } from './difference.js'
import { uniforms } from './random.js'
import { checkConfidence, checkWhole, refuse } from './shape.js'
import { tQuantile } from './student.js'

export interface BootstrapOptions {
  /** Default 0.95. */
  confidence?: number
  /** Number of resamples. Default 2000, fewer where pairs and quantities are many, at least 200. */
  resamples?: number
  /** Default 0. The same seed gives the same interval. */
  seed?: number
}

/** One quantity of both chains of each pair, chain by chain; Infinity for a date beyond the horizon, never NaN. */
export interface Pairs {
  a: ArrayLike<number>
  b: ArrayLike<number>
  /** Whole numbers such as dates: of two middle values the median is the lower one. */
  whole?: boolean
}

/** A difference of means with its test. */
export interface ResampledMean extends Difference {
  /** The difference over its standard error. */
  statistic: number
  /** Share of resamples whose statistic lies as far out around the difference found, (1 + k) / (1 + resamples). */
  p: number
}

/** What resampling finds of one quantity. */
export interface PairedDifference {
  median: Difference
  /** NaN with an infinite value or fewer than two pairs. */
  mean: ResampledMean
}

/** Values that are looked at in all, about a fifth of a second's work. */
const WORK = 2e7

function settle(pairs: number, lists: number, options: BootstrapOptions): Required<BootstrapOptions> {
  const { confidence = 0.95, seed = 0 } = options
  const affordable = Math.floor(WORK / Math.max(1, pairs * (1 + lists)))
  const resamples = options.resamples ?? Math.min(2000, Math.max(200, affordable))
  checkConfidence(confidence)
  checkWhole('resamples', resamples, 1)
  checkWhole('seed', seed, 0)
  return { confidence, resamples, seed }
}

/** The ends of the middle `confidence` of sorted values. */
function ends(sorted: Float64Array, confidence: number): [number, number] {
  const k = Math.floor(((1 - confidence) / 2) * (sorted.length + 1))
  if (k < 1) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  return [sorted[k - 1]!, sorted.at(-k)!]
}

/** Values in ascending order, and the median of any resample of them. */
class Ordered {
  readonly #values: Float64Array
  readonly #order: Int32Array
  readonly #whole: boolean

  constructor(values: ArrayLike<number>, whole: boolean) {
    const order = Int32Array.from({ length: values.length }, (_, i) => i)
    order.sort((i, j) => (values[i]! < values[j]! ? -1 : values[i]! > values[j]! ? 1 : i - j))
    this.#order = order
    this.#values = Float64Array.from(order, (i) => values[i]!)
    this.#whole = whole
  }

  /** @param times how often each value is in the resample, as many in all as there are values */
  median(times: Int32Array): number {
    const n = this.#order.length
    const half = Math.floor((n - 1) / 2)
    let place = 0
    let sum = times[this.#order[0]!]!
    while (sum <= half) sum += times[this.#order[++place]!]!
    const value = this.#values[place]!
    if (this.#whole || n % 2 === 1 || sum > half + 1) return value
    let next = place + 1
    while (times[this.#order[next]!]! === 0) next++
    const above = this.#values[next]!
    return value === above ? value : value / 2 + above / 2
  }
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return sum / values.length
}

/** The percentile bootstrap of a difference of medians. */
class Medians {
  readonly #a: Ordered
  readonly #b: Ordered
  readonly #lows: Float64Array
  readonly #highs: Float64Array
  readonly #options: Required<BootstrapOptions>

  constructor({ a, b, whole = false }: Pairs, options: Required<BootstrapOptions>) {
    this.#a = new Ordered(a, whole)
    this.#b = new Ordered(b, whole)
    this.#lows = new Float64Array(options.resamples)
    this.#highs = new Float64Array(options.resamples)
    this.#options = options
  }

  /** Two medians beyond the horizon leave nothing known: such a resample counts to both tails. */
  take(times: Int32Array, at: number): void {
    const difference = this.#a.median(times) - this.#b.median(times)
    this.#lows[at] = Number.isNaN(difference) ? Number.NEGATIVE_INFINITY : difference
    this.#highs[at] = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference
  }

  result(once: Int32Array): Difference {
    const { confidence } = this.#options
    const [a, b] = [this.#a.median(once), this.#b.median(once)]
    const [low] = ends(this.#lows.sort(), confidence)
    const [, high] = ends(this.#highs.sort(), confidence)
    return { a, b, difference: a - b, low, high }
  }
}

/** The bootstrap-t of a mean of differences: each resample's mean is measured in its own standard error. */
class Means {
  readonly #differences: Float64Array
  readonly #own: Pick<Difference, 'a' | 'b'>
  readonly #options: Required<BootstrapOptions>
  readonly #ratios: Float64Array
  readonly #mean: number
  readonly #error: number
  #asFar = 0

  constructor({ a, b }: Pairs, once: Int32Array, options: Required<BootstrapOptions>) {
    this.#own = { a: meanOf(a), b: meanOf(b) }
    this.#differences = Float64Array.from({ length: a.length }, (_, i) => a[i]! - b[i]!)
    this.#options = options
    this.#ratios = new Float64Array(options.resamples)
    const [mean, error] = this.#moments(once)
    this.#mean = mean
    this.#error = error
  }

  /** Mean and its standard error. */
  #moments(times: Int32Array): [number, number] {
    const values = this.#differences
    const n = values.length
    let sum = 0
    for (let i = 0; i < n; i++) sum += values[i]! * times[i]!
    const mean = sum / n
    let squares = 0
    for (let i = 0; i < n; i++) squares += (values[i]! - mean) ** 2 * times[i]!
    return [mean, Math.sqrt(squares / (n - 1) / n)]
  }

  take(times: Int32Array, at: number): void {
    if (!(this.#error > 0)) return
    const [mean, error] = this.#moments(times)
    const ratio = mean === this.#mean ? 0 : (mean - this.#mean) / error
    this.#ratios[at] = ratio
    if (Math.abs(ratio) >= Math.abs(this.#mean / this.#error)) this.#asFar++
  }

  result(): ResampledMean {
    const [mean, error] = [this.#mean, this.#error]
    const { resamples, confidence } = this.#options
    const found = { ...this.#own, difference: mean }
    if (Number.isNaN(error)) return { ...found, low: error, high: error, statistic: error, p: error }
    if (error === 0) {
      const [statistic, p] = mean === 0 ? [0, 1] : [mean / error, 1 / (resamples + 1)]
      return { ...found, low: mean, high: mean, statistic, p }
    }
    let [low, high] = ends(this.#ratios.sort(), confidence)
    if (!(Number.isFinite(low) && Number.isFinite(high))) {
      // Too few pairs differ for resamples to show their spread: Student's interval.
      high = tQuantile((1 + confidence) / 2, this.#differences.length - 1)
      low = -high
    }
    const interval = { low: mean - high * error, high: mean - low * error }
    return { ...found, ...interval, statistic: mean / error, p: (1 + this.#asFar) / (1 + resamples) }
  }
}

/**
 * The differences a - b of medians and of means of one or more quantities over the same pairs of chains, with intervals
 * of the paired bootstrap: whole pairs are drawn with replacement, the same ones for all quantities.
 *
 * Medians have the percentile interval, means the bootstrap-t interval and test: B. Efron & R. J. Tibshirani, An
 * Introduction to the Bootstrap (1993), sections 12.5, 13.3 and 16.4. Pairs that share their random numbers are not
 * independent chains; their difference has far less spread than that of independent ones, which this makes use of.
 * Equal differences have no spread: the interval is a point, p is 1 where they are 0.
 *
 * NaN without pairs. Throws RangeError for lists that differ in length, NaN in them, and options that are none.
 */
export function pairedDifferences(quantities: readonly Pairs[], options: BootstrapOptions = {}): PairedDifference[] {
  const pairs = quantities[0]?.a.length ?? 0
  for (const [i, { a, b }] of quantities.entries()) {
    for (const [name, list] of Object.entries({ a, b })) {
      if (list.length !== pairs) refuse(`quantities[${i}].${name}.length`, `${pairs} (the pairs)`, list.length)
      for (let k = 0; k < pairs; k++)
        if (Number.isNaN(list[k])) refuse(`quantities[${i}].${name}[${k}]`, 'a number', list[k])
    }
  }
  const settled = settle(pairs, quantities.length, options)
  const none = { a: Number.NaN, b: Number.NaN, difference: Number.NaN, low: Number.NaN, high: Number.NaN }
  if (pairs === 0) {
    return quantities.map(() => ({ median: none, mean: { ...none, statistic: Number.NaN, p: Number.NaN } }))
  }
  const times = new Int32Array(pairs).fill(1)
  const medians = quantities.map((quantity) => new Medians(quantity, settled))
  const means = quantities.map((quantity) => new Means(quantity, times, settled))
  const next = uniforms(settled.seed)
  for (let at = 0; at < settled.resamples; at++) {
    times.fill(0)
    for (let i = 0; i < pairs; i++) times[Math.floor(next() * pairs)]!++
    for (const median of medians) median.take(times, at)
    for (const mean of means) mean.take(times, at)
  }
  times.fill(1)
  return medians.map((median, i) => ({ median: median.result(times), mean: means[i]!.result() }))
}
