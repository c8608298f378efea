// What is read from the chains of a cell: a statistic of a function of columns, a date, or a mean that is estimated step by step.

import { type Estimate, medianEstimate, passage, summary, wilson } from '@genloss/metrics'
import type { CellSettings } from '@genloss/models'
import type { CellResult } from '../cell-result.js'

/** What a reading takes of a cell. */
export type Chains = Pick<CellResult, 'column' | 'conditional' | 'generations' | 'shape'>

interface OfChains {
  /** Columns, at the generation that is looked at or at one of their own. */
  columns: readonly (string | readonly [column: string, generation: number])[]
  /** The number of one chain; for a share 1 or 0. */
  of: (...values: number[]) => number
  statistic: 'mean' | 'median' | 'share'
  /** A rising function of the statistic. */
  as?: (statistic: number, at: number) => number
}

/** The mean number of fits until a column comes to a bound for the first time; the fit to real data counts. */
interface OfDates {
  until: { column: string; atMost: number }
}

/** E of a normal chain under `replace`, estimated step by step. */
interface OfSteps {
  steps: 'w2_squared' | 'variance_ratio'
}

export type Reading = OfChains | OfDates | OfSteps

/** What is read, and whether it hangs on few chains. */
export interface Read extends Estimate {
  reliable: boolean
  /** Chains that have the number. */
  chains: number
}

/** The mean of a column, or of a function of columns. */
export function mean(columns: OfChains['columns'] | string, of: OfChains['of'] = identity): OfChains {
  return { columns: typeof columns === 'string' ? [columns] : columns, of, statistic: 'mean' }
}

export function median(columns: OfChains['columns'] | string, of: OfChains['of'] = identity): OfChains {
  return { ...mean(columns, of), statistic: 'median' }
}

/** The share of chains of which something holds. */
export function share(columns: OfChains['columns'], holds: (...values: number[]) => boolean): OfChains {
  return { columns, of: (...values) => (holds(...values) ? 1 : 0), statistic: 'share' }
}

function identity(value: number): number {
  return value
}

export const square = (value: number): number => value * value
/** Standard deviation over the origin's, from variance_ratio. */
export const sd = (ratio: number): number => Math.sqrt(ratio)

/** Columns that a reading needs. */
export function columnsOf(reading: Reading): string[] {
  if ('steps' in reading) return ['variance_ratio']
  if ('until' in reading) return [reading.until.column]
  return reading.columns.map((column) => (typeof column === 'string' ? column : column[0]))
}

/** Generations that a reading at one of them needs, or that it needs all. */
export function recordOf(reading: Reading, at: number): readonly number[] | 'all' {
  if (!('columns' in reading)) return 'all'
  return [at, ...reading.columns.flatMap((column) => (typeof column === 'string' ? [] : [column[1]]))]
}

/** Reads a cell at a recorded generation. */
export function read(reading: Reading, cell: Chains, at: number): Read {
  if ('steps' in reading) return ofSteps(reading, cell, at)
  return 'until' in reading ? ofDates(reading, cell) : ofChains(reading, cell, at)
}

function ofChains({ columns, of, statistic, as = identity }: OfChains, cell: Chains, at: number): Read {
  const { replicates, generations } = cell.shape
  const taken = columns.map((column) => {
    const [name, generation] = typeof column === 'string' ? [column, at] : column
    return { values: cell.column(name), place: cell.generations.indexOf(generation) }
  })
  const numbers = Float64Array.from({ length: replicates }, (_, r) =>
    of(...taken.map(({ values, place }) => values[r * generations + place]!)),
  ).filter((value) => !Number.isNaN(value))
  const { value, low, high, ...rest } = estimate(statistic, numbers)
  return { value: as(value, at), low: as(low, at), high: as(high, at), ...rest }
}

function estimate(statistic: OfChains['statistic'], numbers: Float64Array): Read {
  const chains = numbers.length
  if (statistic === 'median') return { ...medianEstimate(numbers), reliable: true, chains }
  if (statistic === 'share') {
    const holding = numbers.reduce((sum, value) => sum + value, 0)
    const { share: value, low, high } = wilson(holding, chains)
    return { value, low, high, reliable: true, chains }
  }
  const found = summary(numbers, { replicates: chains, generations: 1 })
  return { value: found.mean[0]!, low: found.low[0]!, high: found.high[0]!, reliable: found.reliable[0]!, chains }
}

function ofDates({ until: { column, atMost } }: OfDates, cell: Chains): Read {
  const dates = passage(cell.column(column), cell.shape, { atMost }, cell.generations)
  // A chain that never came there makes the mean infinite, as it should be.
  return estimate(
    'mean',
    Float64Array.from(dates, (date) => (date < 0 ? Number.POSITIVE_INFINITY : date + 1)),
  )
}

function ofSteps({ steps }: OfSteps, cell: Chains, at: number): Read {
  const place = cell.generations.indexOf(at)
  const found = cell.conditional()?.[steps]
  const chains = cell.shape.replicates
  if (!found) return { value: Number.NaN, low: Number.NaN, high: Number.NaN, reliable: false, chains }
  return {
    value: found.mean[place]!,
    low: found.low[place]!,
    high: found.high[place]!,
    reliable: found.reliable[place]!,
    chains,
  }
}

/** A closed form of the settings of normal models of normal data; NaN for other cells. */
export function ofNormal(
  value: (settings: CellSettings, unbiased: boolean, at: number) => number,
): (settings: CellSettings, at: number) => number {
  return (settings, at) => {
    const { origin, model, n } = settings
    if (origin.kind !== 'gaussian' || model.kind !== 'gaussian' || model.steps !== undefined || n === 'inf') {
      return Number.NaN
    }
    return value(settings, model.estimator === 'unbiased', at)
  }
}
