// The tables beside the real one, rows that a generator made or real rows kept aside: read, matched and counted.

import { asText } from '../compare/tables.js'
import { copiedRows } from '../sources/columns/duplicates.js'
import {
  looksLikeId,
  type NumberColumn,
  readTable,
  type TableColumn,
  type TableData,
  type TextColumn,
} from '../sources/index.js'
import type { Gap } from './gaps.js'
import { codesLike, columnOf, unseen } from './matching.js'
import { type AuditSettings, wrong } from './options.js'
import { countKeys, countSets, partitionsOf } from './partitions.js'
import type { Questions } from './questions.js'

/** Rows of another table that equal a real row in every column compared. */
export interface Copies {
  rows: number
  share: number
  /** The first of them, counted from 1. */
  first: number[]
  /** Columns that were compared: those of both tables but ids. */
  columns: string[]
}

/** Categories that the real table does not have. */
export interface UnseenCategories {
  column: string
  rows: number
  values: string[]
}

/** A difference of two means with the variance of it. */
export interface MeanGap {
  rows: [number, number]
  gap: number
  variance: number
}

/** What another table says of the followed sets. */
export interface Beside {
  table: TableData
  /** Rows of each set, by the column of the run that records it. */
  counts: ReadonlyMap<string, number>
  gaps: readonly MeanGap[]
  unseen: UnseenCategories[]
  copies: Copies
}

/** Reads a table beside the real one in the same way; what selects inside a DuckDB or Parquet file is the real one's alone. */
export async function readBeside(file: string, { group, reading }: AuditSettings): Promise<TableData> {
  const { table: _, query: __, ...same } = reading
  const table = await readTable(file, { ...same, ...(group === undefined ? {} : { group }) })
  if (table.rows === 0) throw wrong(file, '0 rows', 'a table with rows')
  return table
}

/** Counts the followed sets in another table, and the rows that it has in common with the real one. */
export function countBeside(questions: Questions, real: TableData, other: TableData): Beside {
  const counts = partitionsOf(questions, real).flatMap((partition) => [
    ...countSets(partition, countKeys(partition.keys(other))),
  ])
  const followed = new Set(questions.groups.groups.map(({ column }) => column))
  return {
    table: other,
    counts: new Map(counts),
    gaps: questions.gaps.gaps.map((gap) => gapOf(gap, real, other)),
    unseen: [...followed].flatMap((name) => unseenOf(columnOf(real, name) as TextColumn, columnOf(other, name)!)),
    copies: copiesOf(real, other),
  }
}

const mostNamed = 5

function unseenOf(own: TextColumn, other: TableColumn): UnseenCategories[] {
  const text = asText(other)
  const values = new Set<string>()
  let rows = 0
  codesLike(own, text).forEach((code, row) => {
    if (code !== unseen) return
    rows++
    if (values.size < mostNamed) values.add(text.labels[text.codes[row]!]!)
  })
  return rows === 0 ? [] : [{ column: own.name, rows, values: [...values] }]
}

/** The gap of the means, real or not, and its variance: that of two means of independent samples. */
export function gapOf({ column, group, reference }: Gap, real: TableData, table: TableData): MeanGap {
  const own = columnOf(real, group.column) as TextColumn
  const codes = codesLike(own, columnOf(table, group.column)!)
  const { values } = columnOf(table, column) as NumberColumn
  const [a, b] = [group.value, reference].map((value) => momentsOf(values, codes, own.labels.indexOf(value)))
  return { rows: [a!.rows, b!.rows], gap: a!.mean - b!.mean, variance: a!.variance / a!.rows + b!.variance / b!.rows }
}

/** Mean and variance (divisor n - 1) of the numbers of a code; NaN without rows. */
function momentsOf(values: Float64Array | undefined, codes: Uint32Array, code: number) {
  let [rows, mean, squares] = [0, 0, 0]
  for (let row = 0; row < codes.length; row++) {
    const value = values?.[row] ?? Number.NaN
    if (codes[row] !== code || Number.isNaN(value)) continue
    rows++
    const step = value - mean
    mean += step / rows
    squares += step * (value - mean)
  }
  return { rows, mean: rows > 0 ? mean : Number.NaN, variance: rows > 1 ? squares / (rows - 1) : Number.NaN }
}

/** Rows of another table that equal a real one; ids name rows and are not compared. */
export function copiesOf(real: TableData, other: TableData): Copies {
  const shared = real.columns.flatMap((own): [TableColumn, TableColumn][] => {
    const column = columnOf(other, own.name)
    const alike = column && (own.kind === 'text' || column.kind === 'number')
    return alike && !looksLikeId(own, real.rows) ? [[own, column]] : []
  })
  const columns = shared.map(([own, column]) => together(own, column))
  const found = copiedRows(columns, real.rows, real.rows + other.rows)
  return {
    rows: found.length,
    share: other.rows > 0 ? found.length / other.rows : 0,
    first: found.slice(0, mostNamed).map((row) => row - real.rows + 1),
    columns: shared.map(([{ name }]) => name),
  }
}

/** One column of the rows of both, in one coding. */
function together(own: TableColumn, other: TableColumn): TableColumn {
  if (own.kind === 'number') return { ...own, values: joined(Float64Array, own.values, (other as NumberColumn).values) }
  return { ...own, codes: joined(Uint32Array, own.codes, codesLike(own, other)) }
}

function joined<T extends Float64Array | Uint32Array>(kind: new (length: number) => T, a: T, b: T): T {
  const all = new kind(a.length + b.length)
  all.set(a)
  all.set(b, a.length)
  return all
}
