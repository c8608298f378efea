// CSV and TSV: a header, then records; every field goes to the builder of its column.

import type { ColumnBuilder, Cursor } from '../columns/builder.js'
import { plural, shown } from '../columns/words.js'
import { fileError } from '../problem.js'
import { type DialectHints, delimiterByte, findDelimiter } from './dialect.js'
import { distinctNames } from './headers.js'
import { type Fields, isBlankRecord, type LostLines, lostText, RecordScanner, textOf, unquoted } from './records.js'

const sampleSize = 1 << 16
/** A name that is a number. */
const number = /^\s*[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?\s*$/

/** What a reader of text needs: the text, and builders once the names are known. */
export interface TextInput {
  path: string
  blocks: AsyncIterable<Buffer>
  cursor: Cursor
  strict: boolean
  /** The line of the names, or `none` for a file of data alone. */
  header?: number | 'none' | undefined
  /** Leave rows that don't fit out. */
  skipBroken: boolean
  /** Builders by place of the column, undefined for one that is passed over; called once. */
  start: (names: string[]) => (ColumnBuilder | undefined)[]
}

/** What reading found besides the columns. */
export interface TextResult {
  rows: number
  delimiter: string
  notes: string[]
}

/** Reads delimited text. @throws GenlossError `input` for an empty file, rows that don't fit the header, open quotes. */
export async function readDelimited(input: TextInput, hints: DialectHints): Promise<TextResult> {
  let sample: Buffer = Buffer.alloc(0)
  let table: Table | undefined
  for await (const block of input.blocks) {
    if (table) {
      table.scanner.push(block, false)
      continue
    }
    sample = sample.length === 0 ? block : Buffer.concat([sample, block])
    if (sample.length < sampleSize) continue
    table = startTable(input, sample, false, hints)
    table.scanner.push(sample.subarray(table.skip), false)
  }
  if (!table) {
    table = startTable(input, sample, true, hints)
    table.scanner.push(sample.subarray(table.skip), true)
  } else table.scanner.push(new Uint8Array(0), true)
  return table.finish()
}

function startTable(input: TextInput, sample: Buffer, whole: boolean, hints: DialectHints): Table {
  // Spreadsheets may name the delimiter in a first line of its own.
  const named = /^sep=([^\r\n"])\r?\n/.exec(sample.subarray(0, 16).toString('latin1'))
  const mark = named ? named[0].length : 0
  const given = hints.delimiter ?? named?.[1]
  const line = typeof input.header === 'number' ? input.header : named ? 2 : 1
  const skip = line > (named ? 2 : 1) ? lineStart(input.path, sample, line) : mark
  const find = (from: number): number => {
    const start = sample.subarray(from, from + sampleSize)
    return given === undefined ? findDelimiter(input.path, start, whole, hints) : delimiterByte(given)
  }
  const remarks = typeof input.header === 'number' ? 0 : remarkLines(sample, skip)
  if (remarks === 0) return new Table(input, find(skip), skip, line)
  // Names may stand behind a hash as well: then the line has as many fields as those below.
  const after = lineStart(input.path, sample.subarray(skip), remarks + 1) + skip
  const delimiter = find(after)
  const last = sample.subarray(lineStart(input.path, sample.subarray(skip), remarks) + skip, after)
  const below = sample.subarray(after)
  const written = fieldsOf(last, delimiter)
  const same = written.length > 1 && written.length === fieldsOf(below, delimiter).length
  // A remark may have as many commas: names stand right behind the hash or above numbers.
  const isHeader = same && (last[1] !== 32 || fieldsOf(below, delimiter).some((field) => number.test(field)))
  if (isHeader && remarks === 1) return new Table(input, delimiter, skip, line)
  const first = isHeader ? remarks - 1 : remarks
  const from = lineStart(input.path, sample.subarray(skip), first + 1) + skip
  const table = new Table(input, delimiter, from, line + first)
  table.notes.push(`${plural(first, 'line', 'lines')} of remarks (#) before the table left out`)
  return table
}

/** Where a line starts, counted from 1. */
function lineStart(path: string, sample: Buffer, line: number): number {
  let at = 0
  for (let k = 1; k < line; k++) {
    const end = sample.indexOf(10, at)
    if (end < 0)
      throw fileError(path, `${k} lines in its first 64 KiB`, `the names of the columns in line ${line}`, 'set header')
    at = end + 1
  }
  return at
}

/** How many lines from `at` on start with a hash. */
function remarkLines(sample: Buffer, start: number): number {
  let count = 0
  for (let at = start; sample[at] === 35; count++) {
    at = sample.indexOf(10, at) + 1
    // A file of remarks alone has none.
    if (at === 0 || at >= sample.length) return 0
  }
  return count
}

/** The fields of the first record. */
function fieldsOf(bytes: Buffer, delimiter: number): string[] {
  let found: string[] | undefined
  const scanner = new RecordScanner('', delimiter, (fields) => {
    found ??= Array.from({ length: fields.count }, (_, k) => textOf(fields, k))
  })
  try {
    scanner.push(bytes.subarray(0, sampleSize), true)
  } catch {
    // Only the first record counts.
  }
  return found ?? []
}

/** Rows of records, checked against the header. */
class Table {
  readonly scanner: RecordScanner
  /** Bytes at the start of the file that are no record. */
  readonly skip: number
  readonly #input: TextInput
  readonly #delimiter: number
  #builders: (ColumnBuilder | undefined)[] | undefined
  #width = 0
  #rows = 0
  /** Empty lines of a table with one column: missing values, unless nothing follows them. */
  #blank: number[] = []
  #short: number[] = []
  #long = 0
  #incomplete = 0
  /** Lines left out since they don't fit. */
  #broken: number[] = []
  readonly #lost: LostLines[] = []
  readonly notes: string[] = []

  constructor(input: TextInput, delimiter: number, skip: number, line: number) {
    this.#input = input
    this.#delimiter = delimiter
    this.skip = skip
    this.scanner = new RecordScanner(input.path, delimiter, (fields) => this.#record(fields), line)
    if (input.skipBroken) this.scanner.lose = (lost) => this.#lost.push(lost)
  }

  #record(fields: Fields): void {
    this.#input.cursor.line = fields.line
    if (!this.#builders) this.#header(fields)
    else if (isBlankRecord(fields)) this.#blankLine()
    else this.#row(fields, this.#builders)
  }

  #header(fields: Fields): void {
    if (isBlankRecord(fields)) return
    const written = Array.from({ length: fields.count }, (_, k) => textOf(fields, k))
    if (this.#input.header === 'none') {
      this.#width = written.length
      this.#builders = this.#input.start(written.map((_, k) => `column_${k + 1}`))
      this.#row(fields, this.#builders)
      return
    }
    if (written.every((name) => number.test(name))) {
      this.notes.push(
        "the first line holds only numbers, but was taken as the names of the columns: set header to 'none' if it is data",
      )
    } else {
      const odd = written.find((name) => number.test(name) && /[.,]/.test(name))
      if (odd !== undefined)
        this.notes.push(
          `the first line was taken as the names of the columns, ${shown(odd)} among them: set header to 'none' if it is data`,
        )
    }
    if (written.length === 1 && /\S[\s:^~]+\S/.test(written[0]!)) {
      this.notes.push(
        `only one column was found, ${shown(written[0]!)}: if something else separates fields, set delimiter`,
      )
    }
    const { names, notes } = distinctNames(written)
    this.notes.push(...notes)
    this.#width = names.length
    this.scanner.header = names
    this.#builders = this.#input.start(names)
  }

  #blankLine(): void {
    if (this.#width === 1) this.#blank.push(this.#input.cursor.line)
  }

  #row(fields: Fields, builders: (ColumnBuilder | undefined)[]): void {
    if (this.#blank.length > 0) this.#fillBlank(builders)
    const { count } = fields
    if (this.#input.skipBroken && !this.#isWhole(fields)) {
      this.#broken.push(this.#input.cursor.line)
      return
    }
    if (count > this.#width) this.#checkLong(fields)
    else if (count < this.#width) {
      if (fields.open && !this.#input.strict && this.#rows > 0) {
        this.#incomplete = this.#input.cursor.line
        return
      }
      this.#checkShort(count)
    }
    this.#rows++
    const { bytes, starts, ends, doubled } = fields
    for (let k = 0; k < builders.length; k++) {
      const builder = builders[k]
      if (!builder) continue
      if (k >= count) builder.addMissing()
      else if (doubled[k] === 1) {
        const plain = unquoted(fields, k)
        builder.add(plain, 0, plain.length)
      } else builder.add(bytes, starts[k]!, ends[k]!)
    }
  }

  #fillBlank(builders: (ColumnBuilder | undefined)[]): void {
    this.notes.push(
      `${plural(this.#blank.length, 'empty line is', 'empty lines are')} a missing value (first line ${this.#blank[0]})`,
    )
    for (const _ of this.#blank) {
      this.#rows++
      builders[0]?.addMissing()
    }
    this.#blank = []
  }

  /** Whether a row has as many fields as there are names, empty ones at the end aside. */
  #isWhole({ count, starts, ends }: Fields): boolean {
    if (count < this.#width) return false
    for (let k = this.#width; k < count; k++) if (ends[k]! > starts[k]!) return false
    return true
  }

  /** More fields than names are an error, unless the extra ones are empty (a delimiter at the end of each line). */
  #checkLong(fields: Fields): void {
    for (let k = this.#width; k < fields.count; k++) {
      if (fields.ends[k]! > fields.starts[k]!) throw this.#misfit(fields.count)
    }
    this.#long++
  }

  #checkShort(count: number): void {
    if (this.#input.strict) throw this.#misfit(count)
    this.#short.push(this.#input.cursor.line)
  }

  #misfit(count: number): Error {
    const { path, cursor } = this.#input
    const found = `line ${cursor.line} with ${count}`
    const rule = `${plural(this.#width, 'field', 'fields')} in every row, as in the header`
    const early = this.#input.header === undefined && (this.#rows === 0 || (this.#width === 1 && this.#rows < 100))
    const advice = early
      ? `if the names of the columns stand further down, set header to their line (${cursor.line}?); otherwise set delimiter`
      : `put quotes around fields that hold ${name(this.#delimiter)}, set delimiter, or leave such rows out with skipBroken`
    return fileError(path, found, rule, advice)
  }

  /** The notes, once all records have passed. */
  finish(): TextResult {
    const { path } = this.#input
    if (!this.#builders) throw fileError(path, 'an empty file', 'a table with a header and rows')
    if (this.#short.length > 0) {
      const count = plural(this.#short.length, 'row has', 'rows have')
      const lines = this.#short.slice(0, 3).join(', ')
      this.notes.push(
        `${count} too few fields, the rest counts as missing (line ${lines}${this.#short.length > 3 ? ', ...' : ''})`,
      )
    }
    if (this.#broken.length > 0) {
      const left = plural(this.#broken.length, 'row left out, which has', 'rows left out, which have')
      const lines = this.#broken.slice(0, 3).join(', ')
      const more = this.#broken.length > 3 ? ', ...' : ''
      this.notes.push(`${left} more or fewer fields than the header (line ${lines}${more})`)
    }
    if (this.#lost.length > 0) this.notes.push(lostText(this.#lost))
    if (this.#long > 0)
      this.notes.push(`${plural(this.#long, 'row ends', 'rows end')} with empty fields beyond the header`)
    if (this.#incomplete > 0)
      this.notes.push(`line ${this.#incomplete} incomplete: left out, the file seems to be cut off`)
    return { rows: this.#rows, delimiter: String.fromCharCode(this.#delimiter), notes: this.notes }
  }
}

function name(delimiter: number): string {
  return delimiter === 9 ? 'a tabulator' : `'${String.fromCharCode(delimiter)}'`
}
