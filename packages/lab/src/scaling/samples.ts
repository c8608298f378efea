// What is taken from a cell: values of its chains at some generations, dates, and what only whole chains tell.

import { type Dates, dates, type Estimate, medianEstimate, passage, summary } from '@genloss/metrics'
import { type CellSettings, GenlossError, type Method, type SizeRule, sizeAt } from '@genloss/models'
import type { CellResult } from '../cell-result.js'
import { recorded } from '../settings.js'
import { isPlainNormal } from './plain-normal.js'
import type { MeasureQuantity, Quantity } from './quantities.js'

/** What is left of the origin's variance. */
const half = 0.5
/** Measures of a normal chain under replace whose means hang on few chains beyond generation n/2. */
const heavyTailed = new Set([
  'variance',
  'fit_variance',
  'variance_ratio',
  'mean_shift_squared',
  'w2_squared',
  'kl_forward',
  'kl_reverse',
])

/** A value of a cell with its interval, as far as it has one. */
export interface Told {
  value: number
  low: number
  high: number
  /** False where the value hangs on few chains. */
  isReliable: boolean
}

/** A measure's chains at a generation, with mean and median. */
export interface Chains {
  /** Defined values, one a chain. */
  values: Float64Array
  mean: Told
  median: Told
}

/** When the variance is halved: of the median over chains, and the median over chains of when. */
export interface Halved {
  /** The first recorded generation whose median variance is at most half of the origin's; null is beyond the last one. */
  marginal: Pick<Dates, 'median' | 'low' | 'high'>
  /** The median over chains of the first generation at which the chain's own is; of runs with every generation recorded. */
  firstPassage?: Dates
}

/** All that the laws need of a cell. */
export interface CellSample {
  cell: string
  settings: CellSettings
  /** How chains were obtained. */
  method: Method
  /** Swept settings by path. */
  swept: Record<string, unknown>
  /** n, the start of a schedule, or Infinity. */
  size: number
  last: number
  replicates: number
  /** By generation, by column. */
  chains: Map<number, Map<string, Chains>>
  /** E[W2^2] at generations, where the steps of chains tell it. */
  squaredDistance: Map<number, Told> | undefined
  /** By event; one date a chain, -1 = never. */
  dates: Map<string, Int32Array>
  halved: Halved | undefined
}

/** The number that a schedule of sizes is scaled by; NaN for a list. */
export function sizeOf(n: SizeRule): number {
  if (n === 'inf') return Number.POSITIVE_INFINITY
  if (typeof n === 'number') return n
  return 'list' in n ? Number.NaN : n.start
}

/** The generations to look at: those asked for, which every cell must have recorded, or each cell's last. */
export function checkGenerations(settings: CellSettings, asked: readonly number[]): void {
  const known = recorded(settings)
  for (const g of asked) {
    if (known.includes(g)) continue
    const hint = known.length > 20 ? `generations 0 to ${known.at(-1)}` : `there are ${known.join(', ')}`
    throw new GenlossError({ code: 'usage', path: 'at', value: g, rule: 'a recorded generation', hint })
  }
}

/** Takes from a cell what quantities need at generations. */
export function sampleOf(cell: CellResult, quantities: readonly Quantity[], at: readonly number[]): CellSample {
  const { settings } = cell
  const last = cell.generations.at(-1)!
  const wanted = at.length > 0 ? at : [last]
  const chains = new Map(wanted.map((g) => [g, new Map<string, Chains>()]))
  for (const quantity of quantities) {
    if (quantity.kind === 'date') continue
    for (const g of wanted) chains.get(g)!.set(quantity.name, chainsAt(cell, quantity, g))
  }
  const events = quantities.flatMap(({ kind, name }) => (kind === 'date' ? [name] : []))
  return {
    ...{ cell: cell.cell, settings, method: cell.method, swept: cell.swept, last, chains },
    size: sizeOf(settings.n),
    replicates: cell.shape.replicates,
    squaredDistance: quantities.some(({ name }) => name === 'w2_squared') ? squaredDistance(cell, wanted) : undefined,
    dates: new Map(events.map((name) => [name, cell.dated(name).slice()])),
    halved: halvedOf(cell),
  }
}

/** One column at a recorded generation, one value a chain. */
function columnAt(cell: CellResult, column: string, i: number): Float64Array {
  const values = cell.column(column)
  const { replicates, generations } = cell.shape
  return Float64Array.from({ length: replicates }, (_, r) => values[r * generations + i]!)
}

function chainsAt(cell: CellResult, { name, column }: MeasureQuantity, g: number): Chains {
  const isSquare = name !== column
  const own = columnAt(cell, column, cell.generations.indexOf(g)).filter((value) => !Number.isNaN(value))
  const values = isSquare ? own.map((value) => value * value) : own
  const shape = { replicates: values.length, generations: 1 }
  const { mean, low, high, reliable, median, median_low, median_high } = summary(values, shape)
  const isHeavy = isPlainNormal(cell.settings) && heavyTailed.has(name) && g > sizeAt(cell.settings.n, 0) / 2
  return {
    values,
    mean: { value: mean[0]!, low: low[0]!, high: high[0]!, isReliable: reliable[0]! && !isHeavy },
    median: { value: median[0]!, low: median_low[0]!, high: median_high[0]!, isReliable: true },
  }
}

/** E[W2^2] of a normal chain under replace, step by step. */
function squaredDistance(cell: CellResult, wanted: readonly number[]): Map<number, Told> | undefined {
  const found = cell.conditional()?.w2_squared
  if (!found) return undefined
  const at = (g: number): Told => {
    const i = cell.generations.indexOf(g)
    return { value: found.mean[i]!, low: found.low[i]!, high: found.high[i]!, isReliable: found.reliable[i]! }
  }
  return new Map(wanted.map((g) => [g, at(g)]))
}

/** When half of the variance is gone, of normal chains under plain replace. */
function halvedOf(cell: CellResult): Halved | undefined {
  const { settings, generations } = cell
  if (!isPlainNormal(settings) || !cell.names.includes('variance_ratio')) return undefined
  const known = new Map<number, Estimate>()
  const medianAt = (i: number): Estimate => {
    let found = known.get(i)
    if (!found) {
      found = medianEstimate(columnAt(cell, 'variance_ratio', i))
      known.set(i, found)
    }
    return found
  }
  // The median falls from generation to generation.
  const first = (read: (found: Estimate) => number): number | null => {
    let [low, high] = [0, generations.length]
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if (read(medianAt(middle)) <= half) high = middle
      else low = middle + 1
    }
    return generations[low] ?? null
  }
  const marginal = {
    median: first(({ value }) => value),
    low: first(({ low }) => low),
    high: first(({ high }) => high),
  }
  if (generations.length !== settings.generations + 1) return { marginal }
  const passed = passage(cell.column('variance_ratio'), cell.shape, { atMost: half })
  return { marginal, firstPassage: dates(passed, settings.generations) }
}
