/** A sample as every measure of this folder reads it: sorted once, checked once, and what is no number counted. */
import { refuse } from '../shape.js'
import { ascending } from './radix.js'

/**
 * A sorted sample, made by `sortedSample`.
 *
 * Weights are counts: a weight of 2 is the row twice. Distances, tails and coverage depend only on their proportions;
 * quantiles and the standard deviation depend on their sum, the number of rows that they stand for.
 */
export interface Sample {
  /** Ascending, without NaN; infinities stand at the ends. */
  readonly values: Float64Array
  /** The weight of each value, above 0 and finite; absent where every row counts once. */
  readonly weights?: Float64Array
  /** The sum of the weights; without them the number of values. */
  readonly total: number
  /** NaNs that were left out. */
  readonly missing: number
}

export interface SampleOptions {
  /** One weight a value, finite and at least 0; a value of weight 0 is as if it were not there. */
  weights?: ArrayLike<number>
  /** `refuse` (the default): NaN is an error that says where and how many. `omit`: it is left out and counted. */
  nan?: 'refuse' | 'omit'
}

/** What a measure takes: a sample that is sorted once and used often, or plain numbers, which are sorted for it. */
export type Values = Sample | ArrayLike<number>

/** A sample as it is; plain numbers sorted, without NaN among them. */
export function sampleOf(values: Values): Sample {
  return 'total' in values ? values : sortedSample(values)
}

/**
 * Sorts a sample for the measures of this folder; the input is not changed. An empty sample is allowed, and every measure
 * of it is NaN.
 *
 * NaN is no value: it is refused, or with `nan: 'omit'` left out and counted in `missing`. Infinities are values and each
 * measure says what it makes of them. What is ascending already is not sorted.
 *
 * @throws RangeError for NaN (unless omitted) and for weights that are negative, infinite, NaN or of another number
 *
 * @example
 * const [before, after] = [sortedSample([3, 1, 2]), sortedSample([2, 2, Number.NaN], { nan: 'omit' })]
 */
export function sortedSample(values: ArrayLike<number>, { weights, nan = 'refuse' }: SampleOptions = {}): Sample {
  if (weights !== undefined) return weighted(values, weights, nan)
  const kept = new Float64Array(values.length)
  let count = 0
  let isAscending = true
  let last = Number.NEGATIVE_INFINITY
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    kept[count] = value
    if (Number.isNaN(value)) continue
    isAscending = isAscending && value >= last
    last = value
    count++
  }
  const missing = values.length - count
  if (nan === 'refuse') refuseMissing(values, missing)
  const own = kept.subarray(0, count)
  return { values: isAscending ? own : ascending(own), total: count, missing }
}

function refuseMissing(values: ArrayLike<number>, missing: number): void {
  if (missing === 0) return
  const first = Array.prototype.findIndex.call(values, Number.isNaN)
  refuse(`values[${first}]`, 'a number', `NaN (${missing} of ${values.length})`)
}

function weighted(values: ArrayLike<number>, weights: ArrayLike<number>, nan: 'refuse' | 'omit'): Sample {
  if (weights.length !== values.length) refuse('weights.length', `${values.length} (one a value)`, weights.length)
  const rows: number[] = []
  let [total, missing] = [0, 0]
  for (let i = 0; i < values.length; i++) {
    const weight = weights[i]!
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY))
      refuse(`weights[${i}]`, 'a finite number of at least 0', weight)
    if (Number.isNaN(values[i]!)) missing++
    else if (weight > 0) {
      rows.push(i)
      total += weight
    }
  }
  if (nan === 'refuse') refuseMissing(values, missing)
  if (total === Number.POSITIVE_INFINITY) refuse('weights', 'a finite sum', total)
  const order = Uint32Array.from(rows).sort((i, j) =>
    values[i]! < values[j]! ? -1 : values[i]! > values[j]! ? 1 : i - j,
  )
  return { values: gathered(values, order), weights: gathered(weights, order), total, missing }
}

function gathered(values: ArrayLike<number>, order: Uint32Array): Float64Array {
  return Float64Array.from(order, (i) => values[i]!)
}

/** The weight of the value at a place. */
export function weightAt({ weights }: Sample, place: number): number {
  return weights === undefined ? 1 : weights[place]!
}

/** How many values are below `edge`, or at or below it where `included`. */
export function placesBelow({ values }: Sample, edge: number, included: boolean): number {
  let [from, to] = [0, values.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    const value = values[middle]!
    if (value < edge || (included && value === edge)) from = middle + 1
    else to = middle
  }
  return from
}

/** The weight of the values at places from..to (to not included). */
export function weightBetween({ weights }: Sample, from: number, to: number): number {
  if (weights === undefined) return to - from
  let sum = 0
  for (let i = from; i < to; i++) sum += weights[i]!
  return sum
}

/** A sum that keeps the digits that plain addition loses: Neumaier, ZAMM 54 (1974) 39-51, in its two-sum form. */
export class Sum {
  #high = 0
  #low = 0

  add(term: number): void {
    const sum = this.#high + term
    const part = sum - this.#high
    this.#low += this.#high - (sum - part) + (term - part)
    this.#high = sum
  }

  get value(): number {
    // With an infinity the corrections are NaN and the sum itself is the answer.
    return Number.isFinite(this.#high) ? this.#high + this.#low : this.#high
  }
}

/** A power of two by which differences of finite values may be multiplied so that their squares stay in range; nearly always 1. */
export function squareScale(least: number, most: number): number {
  const size = most / 4 - least / 4
  if (size === 0 || (size < 1e120 && size > 1e-120)) return 1
  return 2 ** Math.max(-1000, Math.min(1000, -Math.floor(Math.log2(size))))
}
