// CSV, TSV and JSON Lines: bytes to text to fields to columns, with a second pass for columns whose fields are needed again.

import { ColumnBuilder, type Cursor, type Reading, type Wish } from './columns/builder.js'
import { MissingWords } from './columns/missing.js'
import { NumberReader, type NumberStyle } from './columns/number.js'
import { readDelimited } from './delimited/delimited.js'
import { content, type Digest } from './files/bytes.js'
import { toUtf8 } from './files/text.js'
import { readJsonLines } from './json/jsonlines.js'
import { checkNames, fileError } from './problem.js'
import type { Compression, Format, Found, ReadOptions, TableColumn } from './types.js'

/** A text file and how to read it. */
export interface TextFile {
  path: string
  compression: Compression | undefined
  format: Format
  options: ReadOptions
  style: NumberStyle
  digest: Digest
}

/** What one pass over the file gives. */
interface Pass {
  rows: number
  /** In the order of the file. */
  builders: ColumnBuilder[]
  skipped: Found['skipped']
  notes: string[]
  delimiter?: string
  encoding: string
}

/** Reads a text format. A column of which only numbers were kept although its words were needed is read once more. */
export async function readText(file: TextFile): Promise<Found> {
  const first = await pass(file, undefined, file.digest)
  const notes = [...first.notes]
  const done = new Map<string, TableColumn>()
  const again = new Set<string>()
  const settle = (builders: ColumnBuilder[]): void => {
    for (const builder of builders) {
      const finished = builder.finish()
      if (finished.again) {
        again.add(builder.name)
        continue
      }
      const { column, verdict } = finished
      if (verdict.kind === 'refuse')
        throw fileError(`${file.path}: ${column.name}`, verdict.found, verdict.rule, verdict.hint)
      done.set(column.name, column)
      notes.push(...verdict.notes.map((note) => `${column.name}: ${note}`))
    }
  }
  settle(first.builders)
  if (again.size > 0) {
    const digest: Digest = { hex: '' }
    settle((await pass(file, new Set(again), digest)).builders)
    if (digest.hex !== file.digest.hex) {
      throw fileError(file.path, 'other bytes at the second reading', 'a file that stays as it is', 'read it again')
    }
  }
  const columns = first.builders.map((builder) => done.get(builder.name)!)
  const { rows, skipped, encoding, delimiter } = first
  return { rows, columns, skipped, notes, encoding, ...(delimiter === undefined ? {} : { delimiter }) }
}

/** One pass; `again` names the only columns to read, as they are written. */
function pass(file: TextFile, again?: ReadonlySet<string>, digest?: Digest): Promise<Pass> {
  const { path, options, style } = file
  const cursor: Cursor = { line: 0 }
  const reading: Reading = {
    cursor,
    numbers: new NumberReader(style),
    missing: new MissingWords(options.missing),
    strict: options.strict === true,
    unit: 'line',
  }
  const text = toUtf8(path, content(path, file.compression, digest), options.encoding)
  const make = (name: string, bare: boolean): ColumnBuilder | undefined => {
    if (!isWanted(name, options, again)) return undefined
    const wish: Wish = name === options.group ? 'text' : again ? 'careful' : 'any'
    return new ColumnBuilder(name, reading, wish, bare)
  }
  const input = { path, blocks: text.blocks, cursor, strict: reading.strict }
  return file.format === 'jsonl' ? jsonPass() : delimitedPass()

  async function delimitedPass(): Promise<Pass> {
    let builders: (ColumnBuilder | undefined)[] = []
    const start = (names: string[]): (ColumnBuilder | undefined)[] => {
      checkWanted(names, file)
      builders = names.map((name) => make(name, true))
      return builders
    }
    const hints = { delimiter: options.delimiter, tabs: file.format === 'tsv', decimalComma: style.decimal === ',' }
    const { rows, notes, delimiter } = await readDelimited({ ...input, start }, hints)
    const kept = builders.filter((builder) => builder !== undefined)
    return { rows, builders: kept, skipped: [], notes, delimiter, encoding: text.encoding }
  }

  async function jsonPass(): Promise<Pass> {
    const builders: ColumnBuilder[] = []
    const column = (name: string): ColumnBuilder | undefined => {
      const builder = make(name, false)
      if (builder) builders.push(builder)
      return builder
    }
    const { rows, names, nested, notes } = await readJsonLines({ ...input, column })
    checkWanted(names, file)
    const skipped = [...nested].map(([name, line]) => ({ column: name, why: `nested values (first in line ${line})` }))
    const kept = builders.filter((builder) => !nested.has(builder.name))
    return { rows, builders: kept, skipped, notes, encoding: text.encoding }
  }
}

function isWanted(name: string, options: ReadOptions, again: ReadonlySet<string> | undefined): boolean {
  if (again) return again.has(name)
  return !options.columns || options.columns.includes(name) || name === options.group
}

function checkWanted(names: readonly string[], { path, options }: TextFile): void {
  checkNames(options.columns ?? [], names, path, 'columns')
  if (options.group !== undefined) checkNames([options.group], names, path, 'group')
}
