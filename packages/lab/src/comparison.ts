// One cell against another: dates of their events, and their measures at the last generation.

import {
  type BootstrapOptions,
  type Difference,
  differenceOf,
  logRank,
  meanDifference,
  medianDate,
  medianEstimate,
  type PairCounts,
  pairedDifferences,
  pairedShareDifference,
  shareDifference,
} from '@genloss/metrics'
import type { CellResult } from './cell-result.js'

/** An event in two cells; dates are generations, infinite beyond the horizon. */
export interface EventComparison {
  /** Of the median dates. */
  median: Difference
  /** Of the shares of chains that the event came to by the shorter of the two horizons. */
  share: Difference
  /** Which test `p` is of: that dates follow one law, or that pairs have them, on average, at the same time. */
  test: 'log-rank' | 'paired bootstrap'
  p: number
}

/** A measure of two cells at their last recorded generation; undefined values are left out. */
export interface MeasureComparison {
  median: Difference
  mean: Difference
  /** False where one of the means is not to be trusted. */
  reliable: boolean
}

/** Differences are of the first cell less the second one, with 95 % intervals. */
export interface CellComparison {
  /** Hashes of the cells. */
  cells: [string, string]
  /** Whether chains go in pairs, by common random numbers. */
  paired: boolean
  /** Every event but `touched`. */
  events: Record<string, EventComparison>
  /** Empty where the cells' last generations differ. */
  measures: Record<string, MeasureComparison>
}

/**
 * Compares two cells. Chains of cells with common random numbers and one seed go in pairs, replicate by replicate, and
 * are resampled in pairs (`pairedDifferences`); other chains are independent: medians by their intervals (`differenceOf`),
 * means by Welch's, shares by Wilson's, dates by the log-rank test.
 */
export function compareCells(cell: CellResult, other: CellResult, options: BootstrapOptions = {}): CellComparison {
  const isShared = ({ settings }: CellResult) => settings.commonRandomNumbers
  const paired = isShared(cell) && isShared(other) && cell.settings.seed === other.settings.seed
  const names = cell.eventNames.filter((name) => name !== 'touched' && other.eventNames.includes(name))
  const isAligned = cell.generations.at(-1) === other.generations.at(-1)
  const measures = isAligned ? cell.measures.filter((name) => other.names.includes(name)) : []
  const compared = paired ? pairs(cell, other, names, measures, options) : groups(cell, other, names, measures, options)
  return { cells: [cell.cell, other.cell], paired, ...compared }
}

type Compared = Pick<CellComparison, 'events' | 'measures'>

const isReliable = (cell: CellResult, name: string): boolean => cell.summary(name).reliable.at(-1) === true

/** How many chains of a cell had an event by a horizon. */
function come(dates: Int32Array, horizon: number): number {
  return dates.reduce((sum, date) => sum + (date >= 0 && date <= horizon ? 1 : 0), 0)
}

/** Independent groups of chains. */
function groups(
  cell: CellResult,
  other: CellResult,
  names: readonly string[],
  measures: readonly string[],
  { confidence }: BootstrapOptions,
): Compared {
  const [own, its] = [cell.settings.generations, other.settings.generations]
  const horizon = Math.min(own, its)
  const event = (name: string): EventComparison => {
    const [a, b] = [cell.dated(name), other.dated(name)]
    const count = (dates: Int32Array) => ({ successes: come(dates, horizon), trials: dates.length })
    return {
      median: differenceOf(medianDate(a, own, confidence), medianDate(b, its, confidence)),
      share: shareDifference(count(a), count(b), confidence),
      test: 'log-rank',
      p: logRank([
        { events: a, horizons: own },
        { events: b, horizons: its },
      ]).p,
    }
  }
  const measure = (name: string): MeasureComparison => {
    const [a, b] = [cell, other].map((one) => one.last(name).filter((value) => !Number.isNaN(value)))
    return {
      median: differenceOf(medianEstimate(a!, confidence), medianEstimate(b!, confidence)),
      mean: meanDifference(a!, b!, confidence),
      reliable: isReliable(cell, name) && isReliable(other, name),
    }
  }
  return { events: listed(names, event), measures: listed(measures, measure) }
}

function listed<T>(names: readonly string[], make: (name: string) => T): Record<string, T> {
  return Object.fromEntries(names.map((name) => [name, make(name)]))
}

/** Pairs of chains, one of each cell with the same replicate number. */
function pairs(
  cell: CellResult,
  other: CellResult,
  names: readonly string[],
  measures: readonly string[],
  options: BootstrapOptions,
): Compared {
  const horizon = Math.min(cell.settings.generations, other.settings.generations)
  const count = Math.min(cell.shape.replicates, other.shape.replicates)
  const dates = (one: CellResult, name: string, never: number) =>
    Float64Array.from(one.dated(name).subarray(0, count), (date) => (date < 0 || date > horizon ? never : date))
  const dated = names.flatMap((name) =>
    // Medians with no date as the latest of all; means with the generation after the horizon in its place.
    [Number.POSITIVE_INFINITY, horizon + 1].map((never) => ({
      ...{ a: dates(cell, name, never), b: dates(other, name, never), whole: true },
    })),
  )
  const resampled = pairedDifferences(dated, options)
  const event = (name: string): EventComparison => {
    const i = 2 * names.indexOf(name)
    const { a, b } = dated[i]!
    return {
      median: resampled[i]!.median,
      share: pairedShareDifference(pairCounts(a, b), options.confidence),
      test: 'paired bootstrap',
      p: resampled[i + 1]!.mean.p,
    }
  }
  // Quantities of all pairs are resampled together; one that some pair lacks has pairs of its own.
  const sampled = measures.map((name) => definedPairs(cell.last(name).subarray(0, count), other.last(name)))
  const whole = sampled.filter(({ a }) => a.length === count)
  const together = pairedDifferences(whole, options)
  const measure = (name: string): MeasureComparison => {
    const own = sampled[measures.indexOf(name)]!
    const place = whole.indexOf(own)
    const { median, mean } = place < 0 ? pairedDifferences([own], options)[0]! : together[place]!
    return { median, mean, reliable: isReliable(cell, name) && isReliable(other, name) }
  }
  return { events: listed(names, event), measures: listed(measures, measure) }
}

/** The pairs of which both values are defined. */
function definedPairs(x: Float64Array, y: Float64Array): { a: Float64Array; b: Float64Array } {
  const isDefined = (i: number) => !(Number.isNaN(x[i]) || Number.isNaN(y[i]))
  return { a: x.filter((_, i) => isDefined(i)), b: y.subarray(0, x.length).filter((_, i) => isDefined(i)) }
}

/** Pairs by which of their chains had the event. */
function pairCounts(a: Float64Array, b: Float64Array): PairCounts {
  const counts = { both: 0, onlyA: 0, onlyB: 0, neither: 0 }
  for (const [i, date] of a.entries()) {
    const [own, its] = [Number.isFinite(date), Number.isFinite(b[i])]
    counts[own ? (its ? 'both' : 'onlyA') : its ? 'onlyB' : 'neither']++
  }
  return counts
}
