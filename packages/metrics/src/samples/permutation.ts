/** What chance alone gives: rows of two samples dealt out anew, again and again. */
import { normalQuantile } from '../normal.js'
import { quantile } from '../quantile.js'
import { uniforms } from '../random.js'
import { checkWhole } from '../shape.js'
import { lnChoose } from './exceedances.js'
import { placesBelow, type Sample } from './sample.js'

/** Rows of both samples, bin by bin. */
export interface Bins {
  a: Float64Array
  b: Float64Array
  /** Ways from each bin's value to the next; the last is 0. For classes without an order there are none. */
  ways?: Float64Array
  /** Whether each bin is one value, so that what is tested is the very statistic. */
  isExact: boolean
}

export interface PermutationOptions {
  /** How often rows are dealt out anew; 999 by default. */
  permutations?: number
  /** A whole number; the same seed gives the same numbers. */
  seed?: number
}

/** How a statistic compares with what chance alone gives. */
export interface ChanceOf {
  /** The statistic of the bins. */
  value: number
  /** Median and 95 % quantile of the statistic where both samples are of one law. */
  median: number
  high: number
  /** (1 + permutations that give as much or more) / (1 + permutations): Davison & Hinkley, Bootstrap Methods (1997), 4.2. */
  p: number
}

/** At most so many different values are tested one by one. */
export const mostExact = 2048
/** Else so many bins, of as equal numbers of pooled rows as ties allow. */
export const coarseBins = 256

/**
 * The pooled values of two samples without weights as bins: each different value one, or, where there are more than
 * `mostExact`, at most `coarseBins` stretches between quantiles of all rows together. Ways to infinite values are left out.
 */
export function binsOf(a: Sample, b: Sample): Bins {
  const different = distinctUpTo(a.values, b.values, mostExact + 1)
  const isExact = different.length <= mostExact
  const ends = isExact ? different : coarseEnds(a.values, b.values)
  const ways = Float64Array.from(ends, (end, k) => {
    const way = k + 1 < ends.length ? ends[k + 1]! / 2 - end / 2 : 0
    return Number.isFinite(way) ? way : 0
  })
  return { a: countsUpTo(a, ends), b: countsUpTo(b, ends), ways, isExact }
}

/** The least different values of both samples, ascending, no more than `most`. */
function distinctUpTo(inA: Float64Array, inB: Float64Array, most: number): number[] {
  const different: number[] = []
  let [i, j] = [0, 0]
  while ((i < inA.length || j < inB.length) && different.length < most) {
    const x = Math.min(inA[i] ?? Number.POSITIVE_INFINITY, inB[j] ?? Number.POSITIVE_INFINITY)
    while (i < inA.length && inA[i] === x) i++
    while (j < inB.length && inB[j] === x) j++
    different.push(x)
  }
  return different
}

/** Order statistics of the pooled values at equal steps: which sample a value is of must not matter. */
function coarseEnds(inA: Float64Array, inB: Float64Array): number[] {
  const rows = inA.length + inB.length
  const ends = Array.from({ length: coarseBins }, (_, k) =>
    pooledAt(inA, inB, Math.ceil(((k + 1) * rows) / coarseBins)),
  )
  return [...new Set(ends)]
}

/** The value of rank `rank` (from 1) of two ascending arrays together. */
function pooledAt(inA: Float64Array, inB: Float64Array, rank: number): number {
  // How many of the `rank` least values are of the first array.
  let [least, most] = [Math.max(0, rank - inB.length), Math.min(rank, inA.length)]
  while (least < most) {
    const taken = (least + most) >>> 1
    if (inA[taken]! < inB[rank - taken - 1]!) least = taken + 1
    else most = taken
  }
  return Math.max(inA[least - 1] ?? Number.NEGATIVE_INFINITY, inB[rank - least - 1] ?? Number.NEGATIVE_INFINITY)
}

/** Rows above one end and up to the next. */
function countsUpTo(sample: Sample, ends: readonly number[]): Float64Array {
  const counts = new Float64Array(ends.length)
  let before = 0
  ends.forEach((end, k) => {
    const upTo = placesBelow(sample, end, true)
    counts[k] = upTo - before
    before = upTo
  })
  return counts
}

/** Statistics of bins: W1, KS, energy, total variation, and Pearson's chi-square, to which small bins add like large ones. */
export type Statistic = 'w1' | 'ks' | 'energy' | 'tv' | 'chi_square'

/**
 * Statistics of two binned samples beside what chance alone gives: all rows of both are dealt out anew, as many to each
 * sample as it has, and the statistic is taken again. Exact for samples of one law and independent rows.
 *
 * Rows of a bin are dealt from what is left of both samples, bin after bin (the multivariate hypergeometric law): row by
 * row up to 32, by inversion beyond, and rounded from a normal law where the variance of the count is 9 or more.
 */
export function permutationTest(
  bins: Bins,
  statistics: readonly Statistic[],
  { permutations = 999, seed = 0 }: PermutationOptions = {},
): Record<string, ChanceOf> {
  checkWhole('permutations', permutations, 1)
  const [n, m] = [sumOf(bins.a), sumOf(bins.b)]
  const seen = statisticsOf(bins.a, bins.b, n, m, bins.ways)
  const found = statistics.map(() => new Float64Array(permutations))
  if (n > 0 && m > 0) {
    const uniform = uniforms(seed)
    const pooled = bins.a.map((rows, k) => rows + bins.b[k]!)
    const [a, b] = [new Float64Array(pooled.length), new Float64Array(pooled.length)]
    for (let r = 0; r < permutations; r++) {
      deal(pooled, n, n + m, uniform, a, b)
      const drawn = statisticsOf(a, b, n, m, bins.ways)
      for (let k = 0; k < statistics.length; k++) found[k]![r] = drawn[statistics[k]!]
    }
  } else for (const values of found) values.fill(Number.NaN)
  return Object.fromEntries(statistics.map((name, k) => [name, chanceOf(seen[name], found[k]!)]))
}

/** A statistic beside those of permutations. */
export function chanceOf(value: number, drawn: Float64Array): ChanceOf {
  // Sums taken in another order differ in their last digits.
  const least = value * (1 - 1e-12)
  let asMuch = 0
  for (const other of drawn) if (other >= least) asMuch++
  const p = Number.isNaN(value) ? Number.NaN : (1 + asMuch) / (1 + drawn.length)
  return { value, median: quantile(drawn, 0.5), high: quantile(drawn, 0.95), p }
}

function sumOf(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}

function statisticsOf(a: Float64Array, b: Float64Array, n: number, m: number, ways?: Float64Array) {
  let [gap, ks, w1, squares, tv, chi] = [0, 0, 0, 0, 0, 0]
  for (let k = 0; k < a.length; k++) {
    const step = a[k]! * m - b[k]! * n
    tv += Math.abs(step)
    const rows = a[k]! + b[k]!
    if (rows > 0) chi += (step * step) / rows
    gap += step
    const size = Math.abs(gap)
    if (size > ks) ks = size
    const way = ways === undefined ? 0 : ways[k]!
    w1 += size * way
    squares += size * size * way
  }
  const whole = n * m
  return {
    ks: ks / whole,
    w1: (2 * w1) / whole,
    energy: (2 * Math.sqrt(squares)) / whole,
    tv: tv / whole / 2,
    chi_square: chi / whole,
  }
}

/** Deals `n` of all pooled rows to `a`, the others to `b`. */
function deal(
  pooled: Float64Array,
  n: number,
  all: number,
  uniform: () => number,
  a: Float64Array,
  b: Float64Array,
): void {
  let [left, of] = [n, all]
  for (let k = 0; k < pooled.length; k++) {
    const rows = pooled[k]!
    const drawn = hypergeometric(rows, left, of, uniform)
    a[k] = drawn
    b[k] = rows - drawn
    left -= drawn
    of -= rows
  }
}

/** How many of `draws` rows, taken from `all` of which `good` are good, are good. */
export function hypergeometric(draws: number, good: number, all: number, uniform: () => number): number {
  if (good === 0 || draws === 0) return 0
  if (good === all) return draws
  if (draws === all) return good
  if (draws <= 32) {
    let left = good
    for (let k = 0; k < draws; k++) if (uniform() * (all - k) < left) left--
    return good - left
  }
  const share = good / all
  const mean = draws * share
  const variance = (mean * (1 - share) * (all - draws)) / (all - 1)
  const [least, most] = [Math.max(0, draws - (all - good)), Math.min(draws, good)]
  if (variance >= 9) {
    return Math.min(most, Math.max(least, Math.round(mean + Math.sqrt(variance) * normalQuantile(uniform()))))
  }
  // From the end that is nearer, upwards; its mass can't underflow with so small a variance.
  const isFlipped = mean - least > most - mean
  const [kind, from] = isFlipped ? [all - good, Math.max(0, draws - good)] : [good, least]
  let count = from
  let mass = Math.exp(lnChoose(kind, from) + lnChoose(all - kind, draws - from) - lnChoose(all, draws))
  let rest = uniform() - mass
  while (rest > 0 && count < most - least + from) {
    mass *= ((kind - count) * (draws - count)) / ((count + 1) * (all - kind - draws + count + 1))
    count++
    rest -= mass
  }
  return isFlipped ? draws - count : count
}
