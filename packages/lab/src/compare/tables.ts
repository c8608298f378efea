// Two samples as tables: read from files, or made of columns in memory.

import { missingLabel } from '../sources/columns/missing.js'
import { optionError } from '../sources/problem.js'
import { readTable } from '../sources/read.js'
import type { NumberColumn, ReadOptions, TableColumn, TextColumn } from '../sources/types.js'
import { type Written, writtenOf } from '../sources/written.js'
import type { ColumnData, CompareOptions, SampleInput } from './options.js'

/** A sample as the comparison sees it. */
export interface Sample {
  /** The file's path, or `reference` and `sample` for columns in memory. */
  name: string
  sha256: string | null
  rows: number
  columns: readonly TableColumn[]
  duplicates: number | null
  notes: readonly string[]
  /** How the file is written; null for columns in memory. */
  written: Written | null
  /** Columns that could not be read. */
  skipped: readonly { column: string; why: string }[]
}

/** Reads a sample. @throws GenlossError `input` for a file that can't be read and columns that make no table */
export async function readSample(input: SampleInput, name: string, options: CompareOptions): Promise<Sample> {
  if (typeof input === 'string') return ofTable(await readTable(input, readOptions(options)))
  if (isTable(input)) return ofTable(input)
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw optionError(name, input, 'a file, or columns by name')
  const columns = Object.entries(input).map(([column, values]) => columnOf(name, column, values))
  if (columns.length === 0) throw optionError(name, input, 'at least one column')
  const rows = rowsOf(columns[0]!)
  for (const column of columns) {
    if (rowsOf(column) === rows) continue
    throw optionError(`${name}.${column.name}`, rowsOf(column), `${rows} values, as in '${columns[0]!.name}'`)
  }
  return { name, sha256: null, rows, columns, duplicates: null, notes: [], written: null, skipped: [] }
}

function readOptions({ columns, group, text, tails, permutations, seed, ...read }: CompareOptions): ReadOptions {
  // A group is one column of the file, and is compared as well.
  return { ...read, ...(columns ? { columns } : {}), ...(group === undefined ? {} : { group }) }
}

type Table = Exclude<SampleInput, string | ColumnData>

function isTable(input: unknown): input is Table {
  return typeof input === 'object' && input !== null && Array.isArray((input as Table).columns) && 'report' in input
}

function ofTable({ path, sha256, rows, columns, report }: Table): Sample {
  const skipped = report.skipped.filter(({ column }) => !columns.some(({ name }) => name === column))
  return {
    name: path,
    sha256,
    rows,
    columns,
    duplicates: report.duplicates,
    notes: report.notes,
    written: writtenOf(report),
    skipped,
  }
}

function rowsOf(column: TableColumn): number {
  return column.kind === 'number' ? column.values.length : column.codes.length
}

function columnOf(table: string, name: string, values: ColumnData[string]): TableColumn {
  if (Array.isArray(values) && values.some((value) => typeof value !== 'number')) return textOf(table, name, values)
  if (typeof values?.length !== 'number' || typeof values === 'string')
    throw optionError(`${table}.${name}`, values, 'an array of numbers or words')
  return numbersOf(name, Float64Array.from(values as ArrayLike<number>))
}

function numbersOf(name: string, values: Float64Array): NumberColumn {
  const missing = values.reduce((sum, value) => sum + (Number.isNaN(value) ? 1 : 0), 0)
  return { name, kind: 'number', values, missing, integer: values.every((x) => Number.isNaN(x) || Number.isInteger(x)) }
}

function textOf(table: string, name: string, values: readonly (string | null)[]): TextColumn {
  const known = new Map<string, number>()
  let missing = 0
  const codes = Uint32Array.from(values, (value, row) => {
    if (value === null) {
      missing++
      return 0xffffffff
    }
    if (typeof value !== 'string')
      throw optionError(`${table}.${name}[${row}]`, value, 'a word or null, as the others (or numbers only)')
    const code = known.get(value) ?? known.size
    if (code === known.size) known.set(value, code)
    return code
  })
  return finished(name, codes, [...known.keys()], missing)
}

/** A column of numbers as one of categories, each number as it is written. */
export function asText(column: TableColumn): TextColumn {
  if (column.kind === 'text') return column
  const known = new Map<number, number>()
  const codes = Uint32Array.from(column.values, (value) => {
    if (Number.isNaN(value)) return 0xffffffff
    const code = known.get(value) ?? known.size
    if (code === known.size) known.set(value, code)
    return code
  })
  return finished(column.name, codes, [...known.keys()].map(String), column.missing)
}

/** Where rows are missing, the last label stands for them. */
function finished(name: string, codes: Uint32Array, labels: string[], missing: number): TextColumn {
  if (missing === 0) return { name, kind: 'text', codes, labels, missing }
  const last = labels.length
  for (let row = 0; row < codes.length; row++) if (codes[row] === 0xffffffff) codes[row] = last
  return { name, kind: 'text', codes, labels: [...labels, missingLabel(labels)], missing }
}

/** A column in which every value is missing, as one of numbers. */
export function asNumbers({ name, codes }: TextColumn): NumberColumn {
  return {
    name,
    kind: 'number',
    values: new Float64Array(codes.length).fill(Number.NaN),
    missing: codes.length,
    integer: false,
  }
}
