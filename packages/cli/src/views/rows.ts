// What is shown of each cell of a finished run: its dates, its last generation, and how it differs from the first cell.
import { type CellComparison, type CellResult, compareCells, type Prepared, type RunResult } from '@genloss/lab'
import type { Dates } from '@genloss/metrics'
import { cellLabels, labelHead } from './cells.js'
import { cellsOf } from './plan.js'

/** Measures shown at the last generation, as far as the models have them, with their short names. */
export const MEASURES = { variance_ratio: 'variance', heterozygosity_ratio: 'diversity', tail_p01: 'tail 1 %' } as const
export type Measure = keyof typeof MEASURES
const measures = Object.keys(MEASURES) as Measure[]

/** States shown at the last generation, with the columns that they are read from. */
const STATES = { early: 'early_state', late: 'late_state' } as const
export type StateName = keyof typeof STATES

/** A number with its 95 % interval. */
export interface Interval {
  value: number
  low: number
  high: number
}

export interface Row {
  labels: string[]
  replicates: number
  /** The last recorded generation. */
  last: number
  events: Record<string, Dates>
  /** Shares of chains below the thresholds at the last generation. */
  states: Partial<Record<StateName, Interval>>
  /** Medians over chains at the last generation. */
  medians: Partial<Record<Measure, Interval>>
  /** E[W2^2] at the last generation, of chains whose steps tell it. */
  squaredDistance?: Interval & { reliable: boolean }
  /** Against the first cell; not of the first one itself. */
  against?: CellComparison
}

/** The first cells of a run. */
export interface Rows {
  /** Titles of the labels. */
  head: string[]
  rows: Row[]
  /** How many more cells there are. */
  left: number
}

/** What is shown of the first `most` cells; where columns stay on the disk, their last generation alone is read. */
export async function rowsOf(result: RunResult, prepared: Prepared, most: number): Promise<Rows> {
  const names = [...measures, ...Object.values(STATES)]
  const rows: Row[] = []
  let first: CellResult | undefined
  for await (const cell of result.isLoaded ? result.each() : result.ends(names)) {
    const end = cell.ends(names)
    const squared = cell.conditional()?.w2_squared
    rows.push({
      ...rowOf(end),
      ...(squared ? { squaredDistance: { ...at(squared.mean, squared), reliable: squared.reliable.at(-1)! } } : {}),
      ...(first ? { against: compareCells(end, first) } : {}),
    })
    first ??= end
    if (rows.length === most) break
  }
  return { head: labelHead(prepared.cellAt(0).swept), rows, left: cellsOf(prepared) - rows.length }
}

function rowOf(end: CellResult): Row {
  const { settings, swept } = end
  const states: Row['states'] = {}
  for (const name of Object.keys(STATES) as StateName[]) {
    const found = end.state(name)
    if (found) states[name] = at(found.share, found)
  }
  const medians: Row['medians'] = {}
  for (const measure of measures.filter((name) => end.names.includes(name))) {
    const { median, median_low: low, median_high: high } = end.summary(measure)
    medians[measure] = at(median, { low, high })
  }
  const about = { labels: cellLabels(settings, swept), replicates: settings.replicates, last: end.generations[0]! }
  return { ...about, events: end.events, states, medians }
}

/** The last entries of a curve and of its interval. */
function at(curve: Float64Array, { low, high }: Record<'low' | 'high', Float64Array>): Interval {
  return { value: curve.at(-1)!, low: low.at(-1)!, high: high.at(-1)! }
}
