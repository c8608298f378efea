// How a file that was read is written: what was told or found out, for documents and for people.

import type { ReadReport, TableColumn } from './types.js'

/** What a file is and how it is written; what does not apply is absent. */
export type Written = Pick<ReadReport, 'format' | 'compression' | 'delimiter' | 'encoding' | 'decimal' | 'thousands'>

/** How many columns hold numbers, and how many words. */
export interface Kinds {
  numbers: number
  words: number
}

/** The columns by kind. */
export function kindsOf(columns: readonly TableColumn[]): Kinds {
  const numbers = columns.filter(({ kind }) => kind === 'number').length
  return { numbers, words: columns.length - numbers }
}

/** The part of a report that says how the file is written. */
export function writtenOf({ format, compression, delimiter, encoding, decimal, thousands }: ReadReport): Written {
  const optional = { compression, delimiter, encoding, decimal, thousands }
  return { format, ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) }
}

/** What was read of a file, as documents say it. */
export interface FileAnswer {
  /** The path as it was given. */
  file: string
  rows: number
  columns: number
  /** Missing values by column, where there are any. */
  missing: Record<string, number>
  /** Rows that equal an earlier one. */
  duplicates: number
  /** Columns that are not worth following, and why. */
  skipped: { column: string; why: string }[]
  notes: string[]
  /** How many columns hold numbers, and how many words. */
  kinds: Kinds
  /** What the file is, and what was found or told about how it is written. */
  written: Written
}

/** The report of a reading for a document. */
export function fileAnswer(file: string, kinds: Kinds, report: ReadReport): FileAnswer {
  const { rows, columns, duplicates, skipped, notes } = report
  const missing = Object.fromEntries(Object.entries(report.missing).filter(([, count]) => count > 0))
  return { file, rows, columns, missing, duplicates, skipped, notes, kinds, written: writtenOf(report) }
}

const formats: Readonly<Record<Written['format'], string>> = {
  csv: 'CSV',
  tsv: 'TSV',
  parquet: 'Parquet',
  jsonl: 'JSON Lines',
  duckdb: 'DuckDB',
}

/** In words: `CSV (gzip), ';' between fields, windows-1252, decimal comma`; what is usual is left out. */
export function writtenText({ format, compression, delimiter, encoding, decimal, thousands }: Written): string {
  const name = compression ? `${formats[format]} (${compression})` : formats[format]
  const between = delimiter === '\t' ? 'tabs' : `'${delimiter}'`
  const parts = [
    name,
    ...(delimiter === undefined || (format === 'csv' && delimiter === ',') || format === 'tsv'
      ? []
      : [`${between} between fields`]),
    ...(encoding === undefined || encoding === 'utf-8' ? [] : [encoding]),
    ...(decimal === ',' ? ['decimal comma'] : []),
    ...(thousands === undefined ? [] : [`'${thousands}' between thousands`]),
  ]
  return parts.join(', ')
}
