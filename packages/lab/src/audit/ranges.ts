// What the table itself leaves open: chances at the ends of the interval of a set's real share, and with ten times the rows.

import { type CellColumns, type Proportion, wilson } from '@genloss/metrics'
import type { EngineOptions } from '../engine.js'
import type { TableData } from '../sources/index.js'
import { type ClassColumn, runChains } from './chains.js'
import { fateOf, type States, statesOf } from './fates.js'
import type { AuditSettings } from './options.js'
import type { SetRows } from './partitions.js'
import type { Pipeline } from './pipelines.js'
import type { Questions } from './questions.js'
import { cellOf } from './stages.js'

/** Chances at the ends of the interval, by pipeline, and with more rows. */
export interface RangeChances {
  low?: States[]
  high?: States[]
  tenfold?: States
}

/** Times the rows a round of the line that says what more rows would do. */
export const moreRows = 10

/** The cell of ten times the rows, where rows are only generated ones. */
export function tenfoldOf(pipelines: readonly Pipeline[]): Pipeline | undefined {
  const plain = pipelines.find(({ name }) => name === 'replace')
  return plain && { ...plain, n: moreRows * plain.n, generatedRows: moreRows * plain.generatedRows }
}

/** A class of so many rows that stands for a set of another size. */
interface Item {
  set: SetRows
  end: 'low' | 'point' | 'high'
  rows: number
}

const mostItems = 48

/**
 * What becomes of sets whose real share is at an end of its 95 % interval: a class of that many rows in a table of the same
 * number. Many classes stand beside each other in one table: what becomes of one depends on its own size alone.
 */
export async function ofRealShares(
  table: TableData,
  pipelines: readonly Pipeline[],
  questions: Questions,
  settings: AuditSettings,
  engine: EngineOptions,
): Promise<Map<string, RangeChances>> {
  const sets: SetRows[] = [...questions.groups.groups, ...questions.crossings.crossings, ...questions.tails.tails]
  const tenfold = tenfoldOf(pipelines)
  const items = sets.flatMap((set): Item[] => {
    const ends = wilson(set.rows, table.rows)
    return [
      { set, end: 'low', rows: rowsAt(ends, 'low', table.rows) },
      { set, end: 'high', rows: rowsAt(ends, 'high', table.rows) },
      ...(tenfold ? [{ set, end: 'point' as const, rows: set.rows }] : []),
    ]
  })
  const all = tenfold ? [...pipelines, tenfold] : pipelines
  const cells = all.map((pipeline) => cellOf(pipeline, settings.stages, undefined))
  const found = new Map<string, RangeChances>()
  for (const packed of packs(items, table.rows)) {
    const columns = await runChains(columnOf(packed, table.rows, settings), cells, table, settings, engine)
    for (const item of packed) {
      const states = columns.map((cell) => statesAt(cell, item, table.rows, settings))
      const { watch } = item.set
      const one = item.end === 'point' ? { tenfold: states.at(-1)! } : { [item.end]: states.slice(0, pipelines.length) }
      found.set(watch, { ...found.get(watch), ...one })
    }
  }
  return found
}

function rowsAt(ends: Proportion, end: 'low' | 'high', rows: number): number {
  return Math.max(1, Math.min(rows, Math.round(ends[end] * rows)))
}

/** First fit, the largest first. */
function packs(items: readonly Item[], capacity: number): Item[][] {
  const made: { items: Item[]; left: number }[] = []
  for (const item of [...items].sort((a, b) => b.rows - a.rows)) {
    const place = made.find(({ items, left }) => left >= item.rows && items.length < mostItems)
    if (!place) made.push({ items: [item], left: capacity - item.rows })
    else {
      place.items.push(item)
      place.left -= item.rows
    }
  }
  return made.map(({ items }) => items)
}

function nameOf({ set, end }: Item): string {
  return `${end}_${set.watch}`
}

/** The items' rows one after another, and the rest; the first class is the rest or poison, so that the last has rows. */
function columnOf(items: readonly Item[], rows: number, { stages }: AuditSettings): ClassColumn {
  const rest = rows - items.reduce((sum, item) => sum + item.rows, 0)
  const first = (stages.poison ? 1 : 0) + (rest > 0 ? 1 : 0)
  const codes = new Uint32Array(rows).fill(first - 1)
  let from = 0
  items.forEach((item, i) => {
    codes.fill(first + i, from, from + item.rows)
    from += item.rows
  })
  const sets = items.map((item, i) => ({ watch: nameOf(item), classes: [first + i] }))
  return { codes, classes: first + items.length, sets }
}

function statesAt(cell: CellColumns, item: Item, rows: number, { keep, shown }: AuditSettings): States {
  return statesOf(fateOf(cell, nameOf(item), item.rows / rows, keep, shown))
}
