// Correlations between columns of numbers, real and in the tables beside the real one: what a generator makes of pairs.

import { differenceOf, type Estimate, normalQuantile } from '@genloss/metrics'
import type { NumberColumn, TableData } from '../sources/index.js'
import { columnOf } from './matching.js'
import type { Numbers } from './profile.js'

/** Pearson's correlation over rows in which both columns have a number, with Fisher's 95 % interval. */
export interface Correlation {
  rows: number
  r: number
  low: number
  high: number
}

/** The same in another table, and how far it is from the real one, with the interval of both samples' errors (MOVER). */
export interface MeasuredCorrelation extends Correlation {
  difference: number
  difference_low: number
  difference_high: number
}

export interface CorrelationAnswer extends Correlation {
  columns: [string, string]
  made: MeasuredCorrelation | null
  holdout: MeasuredCorrelation | null
}

export interface Correlations {
  pairs: CorrelationAnswer[]
  leftOut: number
}

/** Pairs of so many columns are looked at; each pair passes over all rows. */
const mostColumns = 12
/** How many are told: those that the generator changes most clearly. */
export const mostCorrelations = 12
/** Pairs of fewer rows have no correlation worth comparing. */
const fewestPairs = 10

/** The correlations that differ most clearly from the real ones; none where there is no table beside. */
export function correlationsOf(
  numbers: readonly Numbers[],
  real: TableData,
  synthetic: TableData | undefined,
  holdout: TableData | undefined,
): Correlations {
  const first = synthetic ?? holdout
  if (!first) return { pairs: [], leftOut: 0 }
  const names = numbers.slice(0, mostColumns).map(({ column }) => column.name)
  const pairs = names.flatMap((a, i) => names.slice(i + 1).map((b): [string, string] => [a, b]))
  const found = pairs.flatMap((columns): (CorrelationAnswer & { clear: number })[] => {
    const own = correlation(real, columns)
    if (!own) return []
    const [made, aside] = [synthetic, holdout].map((table) => table && measured(correlation(table, columns), own))
    const looked = synthetic ? made : aside
    return [{ columns, ...own, made: made ?? null, holdout: aside ?? null, clear: looked ? clearness(looked) : 0 }]
  })
  found.sort((a, b) => b.clear - a.clear)
  const told = found.slice(0, mostCorrelations).map(({ clear: _, ...pair }) => pair)
  return { pairs: told, leftOut: found.length - told.length + pairsOf(numbers.length) - pairs.length }
}

function pairsOf(columns: number): number {
  return (columns * (columns - 1)) / 2
}

/** How far the difference is from 0 in half widths of its interval. */
function clearness({ difference, difference_low: low, difference_high: high }: MeasuredCorrelation): number {
  return Math.abs(difference) / Math.max((high - low) / 2, 1e-12)
}

function measured(there: Correlation | undefined, own: Correlation): MeasuredCorrelation | null {
  if (!there) return null
  const estimate = ({ r, low, high }: Correlation): Estimate => ({ value: r, low, high })
  const { difference, low, high } = differenceOf(estimate(there), estimate(own))
  return { ...there, difference, difference_low: low, difference_high: high }
}

/** Undefined with fewer than 10 pairs, or where a column does not vary. */
export function correlation(table: TableData, [a, b]: readonly [string, string]): Correlation | undefined {
  const [x, y] = [a, b].map((name) => columnOf(table, name)) as [NumberColumn, NumberColumn]
  if (x?.kind !== 'number' || y?.kind !== 'number') return undefined
  let [rows, meanX, meanY, xx, yy, xy] = [0, 0, 0, 0, 0, 0]
  for (let row = 0; row < table.rows; row++) {
    const [u, v] = [x.values[row]!, y.values[row]!]
    if (Number.isNaN(u) || Number.isNaN(v)) continue
    rows++
    const [du, dv] = [u - meanX, v - meanY]
    meanX += du / rows
    meanY += dv / rows
    xx += du * (u - meanX)
    yy += dv * (v - meanY)
    xy += du * (v - meanY)
  }
  if (rows < fewestPairs || !(xx > 0 && yy > 0)) return undefined
  const r = Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)))
  const reach = normalQuantile(0.975) / Math.sqrt(rows - 3)
  return { rows, r, low: Math.tanh(Math.atanh(r) - reach), high: Math.tanh(Math.atanh(r) + reach) }
}
