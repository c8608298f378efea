// Rare crossings: the few rows in which two columns of categories have a certain pair of values.

import type { Watch } from '@genloss/models'
import type { TextColumn } from '../sources/index.js'
import { isMissing } from './groups.js'
import type { Names } from './names.js'
import type { Categories } from './profile.js'

/** The rows in which `columns[0]` has `values[0]` and `columns[1]` has `values[1]`. */
export interface Crossing {
  columns: [string, string]
  values: [string, string]
  rows: number
  /** Whether one of the values is missing there. */
  missing: boolean
  watch: string
}

export interface Crossings {
  crossings: Crossing[]
  /** Rare crossings that are not followed, those of fewer than `fewRows` rows among them. */
  leftOut: number
  leftOutFew: number
}

/** A crossing is rare up to this share of the rows. */
export const rareShare = 0.05
/** How many are followed. */
export const mostCrossings = 12
/** Crossings below this many rows come last: they hang on single rows, whatever one does. */
export const fewRows = 5

/**
 * The rare crossings of a column with every other one; without `group`, of every pair. Those without missing values and with
 * at least `fewRows` rows come first, the rarest of them first. One that is all of a group's rows says nothing new and is not counted.
 */
export function findCrossings(columns: readonly Categories[], rows: number, names: Names, group?: string): Crossings {
  const all = pairs(columns, group).flatMap(([a, b]) => rarePairs(a, b, rows, group !== undefined))
  all.sort(
    (a, b) =>
      Number(a.missing) - Number(b.missing) ||
      Number(a.rows < fewRows) - Number(b.rows < fewRows) ||
      (a.rows < fewRows ? b.rows - a.rows : a.rows - b.rows),
  )
  const followed = all.slice(0, mostCrossings)
  const rest = all.slice(mostCrossings)
  return {
    crossings: followed.map((found) => ({ ...found, watch: names.of('share', ...interleaved(found)) })),
    leftOut: rest.length,
    leftOutFew: rest.filter((found) => found.rows < fewRows).length,
  }
}

type Found = Omit<Crossing, 'watch'>

function pairs(columns: readonly Categories[], group?: string): [Categories, Categories][] {
  const own = columns.find(({ column }) => column.name === group)
  if (own) return columns.filter((other) => other !== own).map((other) => [own, other])
  return columns.flatMap((a, i) => columns.slice(i + 1).map((b): [Categories, Categories] => [a, b]))
}

function rarePairs(a: Categories, b: Categories, rows: number, grouped: boolean): Found[] {
  const found: Found[] = []
  for (const [i, j, count] of countPairs(a.column, b.column)) {
    const known = count === a.counts[i] || (!grouped && count === b.counts[j])
    if (count > rareShare * rows || known) continue
    const values: [string, string] = [a.column.labels[i]!, b.column.labels[j]!]
    const missing = isMissing(a.column, i) || isMissing(b.column, j)
    found.push({ columns: [a.column.name, b.column.name], values, rows: count, missing })
  }
  return found
}

/** Above this many possible pairs they are counted one by one as they occur. */
const mostCells = 4_000_000

/** The pairs of codes that occur, with their rows. */
function* countPairs(a: TextColumn, b: TextColumn): Generator<[number, number, number]> {
  const width = b.labels.length
  const sparse = a.labels.length * width > mostCells
  const counts = sparse ? new Map<number, number>() : new Float64Array(a.labels.length * width)
  for (let row = 0; row < a.codes.length; row++) {
    const cell = a.codes[row]! * width + b.codes[row]!
    if (counts instanceof Map) counts.set(cell, (counts.get(cell) ?? 0) + 1)
    else counts[cell]!++
  }
  for (const [cell, count] of counts.entries()) if (count > 0) yield [Math.floor(cell / width), cell % width, count]
}

function interleaved({ columns, values }: Found): string[] {
  return [columns[0], values[0], columns[1], values[1]]
}

/** What the run has to record of a crossing. */
export function watchCrossing({ columns, values, watch }: Crossing): Watch {
  return { name: watch, where: [{ [columns[0]]: values[0], [columns[1]]: values[1] }] }
}
