// How a table of a file is read, where a person overrules the guess: the settings of a table origin beside its columns.

import { boolean, broken, type Check, names, text } from './check.js'
import type { Field } from './shape.js'

/** What a file's table is read with; whatever is left out is guessed, or its default. */
export interface TableReading {
  delimiter?: string
  decimal?: string
  thousands?: string
  encoding?: string
  missing?: string[]
  header?: number | 'none'
  skipBroken?: boolean
  strict?: boolean
  table?: string
  query?: string
}

const header: Check<number | 'none'> = {
  rule: "the number of a line from 1 to 1000, or 'none'",
  read(value, path) {
    if (value === 'none') return value
    const line = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
    if (Number.isSafeInteger(line) && (line as number) >= 1 && (line as number) <= 1000) return line as number
    throw broken(path, value, this.rule)
  },
}

/** The settings, in the order in which they are shown. */
export const readingFields: Readonly<Record<keyof TableReading, Field>> = {
  delimiter: { check: text, doc: "what separates fields: a character, or 'tab', 'semicolon', ...", optional: true },
  decimal: { check: text, doc: "the decimal mark: '.' or ','", optional: true },
  thousands: { check: text, doc: "the mark between thousands, or 'none'", optional: true },
  encoding: { check: text, doc: "the encoding of the text, such as 'latin1'", optional: true },
  missing: { check: names, doc: 'words that mean missing, in every column', optional: true },
  header: { check: header, doc: "the line of the columns' names, or 'none'", optional: true },
  skipBroken: { check: boolean, doc: 'leave out rows that do not fit', optional: true },
  strict: { check: boolean, doc: 'odd values and cut-off ends are errors', optional: true },
  table: { check: text, doc: 'the table of a DuckDB file', optional: true },
  query: { check: text, doc: 'SQL whose result is the table (DuckDB, Parquet); must be allowed', optional: true },
}
