// One column of numbers in two samples: moments, distances, quantiles and tails.

import { meanDifference, samples } from '@genloss/metrics'
import { fewestRows } from '../sources/index.js'
import type { CompareSettings } from './options.js'
import { type NumberPair, numbersAt } from './pairs.js'

/** What chance alone gives: median and 95 % quantile of the distance if both samples were of one law, and the p-value. */
export interface ChanceAnswer {
  median: number
  high: number
  p: number
}

/** How far a quantile moved; definition type 7. */
export interface QuantileComparison {
  p: number
  reference: number
  sample: number
  error: number
}

/** One tail of the reference, and what the sample has of it. */
export interface TailComparison {
  side: samples.Side
  p: number
  /** The largest number of a lower tail, the smallest of an upper one. */
  edge: number
  /** Rows at or beyond the edge, of the reference and of the sample, and their shares. */
  rows: [number, number]
  share: [number, number]
  /** The sample's share over the reference's, and what chance alone gives in 95 of 100 samples. */
  retention: number
  low: number
  high: number
  /** Exact for continuous numbers: of how many rows lie beyond an extreme of another sample. */
  p_value: number
  /** Expected shortfall: the mean of the outermost share p of each sample. */
  shortfall: [number, number]
}

/** A tail that is not compared. */
export interface RefusedTail {
  side: samples.Side
  p: number
  why: string
  /** Fewer than 10 rows of the reference; rows that share its outermost number; no rows. */
  reason: 'few' | 'shared' | 'undefined'
}

export interface NumberComparison {
  column: string
  kind: 'number'
  /** Rows with a number, of the reference and of the sample, and rows without. */
  rows: [number, number]
  missing: [number, number]
  /** Fisher's exact test, two-sided, of the shares that are missing. */
  missing_p: number
  mean: [number, number]
  sd: [number, number]
  min: [number, number]
  max: [number, number]
  /** Difference of means in standard deviations of the reference, with its 95 % interval (Welch). */
  mean_shift: number
  mean_shift_low: number
  mean_shift_high: number
  variance_ratio: number
  w1: number
  /** W1 in standard deviations of the reference. */
  w1_sd: number
  w2: number
  ks: number
  /** Where the largest gap between the distribution functions is. */
  ks_at: number
  energy: number
  /** Of W1, KS and energy; null where it was not asked for or one of the samples is empty. */
  chance: { w1: ChanceAnswer; ks: ChanceAnswer; energy: ChanceAnswer; exact: boolean } | null
  range_coverage: number
  /** Share of the sample's numbers outside the reference's range. */
  outside: number
  extremes: ExtremesComparison
  quantiles: QuantileComparison[]
  tails: TailComparison[]
  refused_tails: RefusedTail[]
  /** Measures that are infinite, which JSON writes as null. */
  infinite: string[]
}

/** Rows beyond the other sample's extremes. */
export interface ExtremesComparison {
  /** Rows of the sample below the reference's least number and above its greatest. */
  below: number
  above: number
  /** Rows of the reference below the sample's least number and above its greatest. */
  lost_below: number
  lost_above: number
  /** How often chance alone puts so many rows beyond one of the four ends: exact, times four; NaN for an empty sample. */
  p: number
}

/** Levels of the quantiles that are compared. */
export const quantileLevels = [0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999] as const
const sides = ['lower', 'upper'] as const

/** Compares a column of numbers, in all rows or in those given. */
export function compareNumbers(
  pair: NumberPair,
  settings: CompareSettings,
  rows?: readonly [Uint32Array, Uint32Array],
): NumberComparison {
  const [first, second] = numbersAt(pair, rows)
  const a = samples.sortedSample(first, { nan: 'omit' })
  const b = samples.sortedSample(second, { nan: 'omit' })
  const [before, after] = [samples.spread(a), samples.spread(b)]
  const distances = samples.distances(a, b)
  const difference = meanDifference(b.values, a.values)
  const sds = (way: number): number => (way === 0 ? 0 : way / before.sd)
  const extremes = extremesOf(a, b)
  const found: Omit<NumberComparison, 'infinite'> = {
    column: pair.column,
    kind: 'number',
    rows: [a.total, b.total],
    missing: [a.missing, b.missing],
    missing_p: samples.fisher(a.missing, a.total + a.missing, b.missing, b.total + b.missing).p,
    mean: [before.mean, after.mean],
    sd: [before.sd, after.sd],
    min: [a.values[0] ?? Number.NaN, b.values[0] ?? Number.NaN],
    max: [a.values.at(-1) ?? Number.NaN, b.values.at(-1) ?? Number.NaN],
    mean_shift: samples.meanShiftOf(before, after),
    mean_shift_low: sds(difference.low),
    mean_shift_high: sds(difference.high),
    variance_ratio: samples.varianceRatioOf(before, after),
    w1: distances.w1,
    w1_sd: sds(distances.w1),
    w2: distances.w2,
    ks: distances.ks,
    ks_at: distances.ks_at,
    energy: distances.energy,
    chance: chanceOfNumbers(a, b, settings),
    range_coverage: samples.rangeCoverage(a, b),
    outside: (extremes.below + extremes.above) / b.total,
    extremes,
    quantiles: quantileLevels.map((p) => {
      const [reference, sample] = [samples.sampleQuantile(a, p), samples.sampleQuantile(b, p)]
      return { p, reference, sample, error: samples.quantileError(a, b, p) }
    }),
    ...tailsOf(a, b, settings.tails),
  }
  return { ...found, infinite: infiniteOf(found) }
}

/** The names of the measures that are infinite. */
export function infiniteOf(found: object): string[] {
  return Object.entries(found).flatMap(([name, value]) =>
    value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY ? [name] : [],
  )
}

function extremesOf(a: samples.Sample, b: samples.Sample): ExtremesComparison {
  const [outside, lost] = [samples.beyondRange(b, a), samples.beyondRange(a, b)]
  const found = { below: outside.lower, above: outside.upper, lost_below: lost.lower, lost_above: lost.upper }
  const [n, m] = [a.total, b.total]
  if (n === 0 || m === 0) return { ...found, p: Number.NaN }
  const beyond = [found.below, found.above].map((rows) => samples.exceedances(n, 1, m, rows).p)
  const before = [found.lost_below, found.lost_above].map((rows) => samples.exceedances(m, 1, n, rows).p)
  return { ...found, p: Math.min(1, 4 * Math.min(...beyond, ...before)) }
}

function chanceOfNumbers(a: samples.Sample, b: samples.Sample, settings: CompareSettings): NumberComparison['chance'] {
  const { permutations, seed } = settings
  if (permutations === 0 || a.total === 0 || b.total === 0) return null
  const bins = samples.binsOf(a, b)
  const found = samples.permutationTest(bins, ['w1', 'ks', 'energy'], { permutations, seed })
  return { w1: answer(found.w1!), ks: answer(found.ks!), energy: answer(found.energy!), exact: bins.isExact }
}

/** The part of a test that is told. */
export function answer({ median, high, p }: samples.ChanceOf): ChanceAnswer {
  return { median, high, p }
}

function tailsOf(a: samples.Sample, b: samples.Sample, levels: readonly number[]) {
  const [tails, refused_tails]: [TailComparison[], RefusedTail[]] = [[], []]
  for (const p of levels) {
    for (const side of sides) {
      const found = tailOf(a, b, p, side)
      if ('why' in found) refused_tails.push(found)
      else tails.push(found)
    }
  }
  return { tails, refused_tails }
}

function tailOf(a: samples.Sample, b: samples.Sample, p: number, side: samples.Side): TailComparison | RefusedTail {
  const tail = samples.tail(a, p, side)
  const refuse = (reason: RefusedTail['reason'], why: string): RefusedTail => ({ side, p, why, reason })
  if (tail === null) return refuse('undefined', 'no rows in the reference')
  if (b.total === 0) return refuse('undefined', 'no rows in the sample')
  const { edge, weight } = tail
  // The share of a few rows is not known well enough to speak of.
  if (weight < fewestRows)
    return refuse('few', `${weight} ${weight === 1 ? 'row' : 'rows'} of the reference, fewer than ${fewestRows}`)
  // A column of few different numbers has no tail of this size: half the rows may share its smallest number.
  if (weight > 2 * Math.ceil(p * a.total))
    return refuse('shared', `${weight} rows of the reference share its outermost numbers`)
  const seen = samples.tailWeight(b, edge, side)
  const share: [number, number] = [weight / a.total, seen / b.total]
  const { low, high, p: p_value } = samples.exceedances(a.total, weight, b.total, seen)
  const retention = (rows: number): number => rows / b.total / share[0]
  return {
    ...{ side, p, edge, rows: [weight, seen], share },
    ...{ retention: retention(seen), low: retention(low), high: retention(high), p_value },
    shortfall: [samples.expectedShortfall(a, p, side), samples.expectedShortfall(b, p, side)],
  }
}
