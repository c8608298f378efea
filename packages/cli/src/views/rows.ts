// What is shown of each cell of a finished run, from memory or, where columns are large, by SQL.
import type { CellResult, Prepared, QueryRow, RunResult } from '@genloss/lab'
import { type Dates, dates, quantile } from '@genloss/metrics'
import { cellLabels, labelHead } from './cells.js'
import { cellsOf } from './plan.js'

/** Measures shown at the last generation, as far as the models have them, with their short names. */
export const MEASURES = { variance_ratio: 'variance', heterozygosity_ratio: 'diversity', tail_p01: 'tail 1 %' } as const
export type Measure = keyof typeof MEASURES
const measures = Object.keys(MEASURES) as Measure[]

const EVENTS = ['early', 'late', 'stopped'] as const
type Event = (typeof EVENTS)[number]

export interface Row {
  labels: string[]
  replicates: number
  /** The last recorded generation. */
  last: number
  events: Partial<Record<Event, Dates>>
  /** Medians over chains at the last generation. */
  medians: Partial<Record<Measure, number>>
}

/** The first cells of a run. */
export interface Rows {
  /** Titles of the labels. */
  head: string[]
  rows: Row[]
  /** How many more cells there are. */
  left: number
}

/** Columns beyond this stay on the disk. */
const MOST_BYTES = 2 ** 30

/** What is shown of the first `most` cells; columns of more than `mostBytes` are not read, SQL looks at what it needs. */
export async function rowsOf(
  result: RunResult,
  prepared: Prepared,
  most: number,
  mostBytes: number = MOST_BYTES,
): Promise<Rows> {
  const cells = cellsOf(prepared)
  const large = result.run !== null && prepared.bytes > mostBytes
  const rows = large ? await bySql(result.run!, prepared, Math.min(cells, most)) : await inMemory(result, most)
  return { head: labelHead(prepared.cellAt(0).swept), rows, left: cells - rows.length }
}

async function inMemory(result: RunResult, most: number): Promise<Row[]> {
  const rows: Row[] = []
  for await (const cell of result.each()) {
    const medians: Row['medians'] = {}
    for (const measure of measures) if (cell.names.includes(measure)) medians[measure] = lastMedian(cell, measure)
    rows.push({ ...about(cell, cell.generations.at(-1)!), events: cell.events, medians })
    if (rows.length === most) break
  }
  return rows
}

function about({ settings, swept }: Pick<CellResult, 'settings' | 'swept'>, last: number) {
  return { labels: cellLabels(settings, swept), replicates: settings.replicates, last }
}

/** The median over chains at the last recorded generation; the summary of all generations would cost far more. */
function lastMedian(cell: CellResult, measure: Measure): number {
  const values = cell.column(measure)
  const { replicates, generations } = cell.shape
  const last = Float64Array.from({ length: replicates }, (_, i) => values[(i + 1) * generations - 1]!)
  return quantile(last, 0.5)
}

async function bySql(folder: string, prepared: Prepared, most: number): Promise<Row[]> {
  const { query, recorded } = await import('@genloss/lab')
  const shown = measures.filter((measure) => prepared.plan.columns.includes(measure))
  const cells = Array.from({ length: most }, (_, index) => {
    const cell = prepared.cellAt(index)
    return { ...cell, last: recorded(cell.settings).at(-1)! }
  })
  const lasts = [...new Set(cells.map(({ last }) => last))].join(', ')
  const medians = shown.map((measure) => `median(${measure}) AS ${measure}`)
  const values = await query(
    folder,
    `SELECT ${['cell', 'generation', ...medians].join(', ')} FROM observations WHERE generation IN (${lasts}) GROUP BY ALL`,
  )
  const counts = await query(folder, 'SELECT cell, event, generation, count(*) AS chains FROM events GROUP BY ALL')
  return cells.map((cell) => {
    const row = values.find((found) => found.cell === cell.hash && found.generation === cell.last)
    const mine = counts.filter((found) => found.cell === cell.hash)
    return {
      ...about(cell, cell.last),
      events: Object.fromEntries(EVENTS.flatMap((event) => eventDates(mine, event, cell.settings.generations))),
      medians: Object.fromEntries(shown.map((measure) => [measure, Number(row?.[measure] ?? Number.NaN)])),
    }
  })
}

/** Dates of one event from how many chains had it when. */
function eventDates(counts: readonly QueryRow[], event: Event, horizon: number): [Event, Dates][] {
  const own = counts.filter((row) => row.event === event)
  if (own.length === 0) return []
  const all = own.flatMap(({ generation, chains }) => new Array<number>(Number(chains)).fill(Number(generation ?? -1)))
  return [[event, dates(Int32Array.from(all), horizon)]]
}
