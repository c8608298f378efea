// CSV, TSV and JSON Lines: bytes to text to fields to columns, with a second pass for columns whose fields are needed again.

import { ColumnBuilder, type Cursor, type Reading, type Wish } from './columns/builder.js'
import { guessLabels, guessNote } from './columns/guess.js'
import { missingHint } from './columns/hints.js'
import { MissingWords } from './columns/missing.js'
import { NumberReader } from './columns/number.js'
import { plural } from './columns/words.js'
import { readDelimited } from './delimited/delimited.js'
import { content, type Digest } from './files/bytes.js'
import { guessEncoding } from './files/guess.js'
import { toUtf8, type Utf8 } from './files/text.js'
import { readJsonLines } from './json/jsonlines.js'
import { styleOf, type ToldStyle } from './options.js'
import { checkNames, fileError } from './problem.js'
import { type Restyled, Restyling, type Settled } from './restyle.js'
import type { Compression, Format, Found, ReadOptions, TableColumn } from './types.js'

/** A text file and how to read it. */
export interface TextFile {
  path: string
  compression: Compression | undefined
  format: Format
  options: ReadOptions
  told: ToldStyle
  digest: Digest
}

/** More names than these are too many for a note. */
const mostNamed = 4

/** Why a pass failed, where the encoding is to blame. */
interface Failed {
  why?: Utf8['failed']
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
export async function readText(told: TextFile): Promise<Found> {
  const { first, file, notes } = await firstPass(told)
  const settled: Settled = { columns: new Map(), notes: new Map(), guesses: new Map(), words: new Set() }
  const again = settle(file, first.builders, settled)
  if (again.size > 0) {
    // What was given up is read once more as it is written, or its verdict is final.
    for (const name of settle(file, await rereadColumns(file, again), settled)) throw new Error(`${name} has no end`)
  }
  const written =
    file.format === 'jsonl' ? {} : { ...toldMarks(file.told), ...(await restyle(file, first.builders, settled)) }
  const columns = first.builders.map(({ name }) => settled.columns.get(name)!)
  notes.push(...first.notes)
  if (file.options.missing === undefined) hintMissing(columns, settled)
  notes.push(...joined(columns, settled.notes))
  const { rows, skipped, encoding, delimiter } = first
  return { rows, columns, skipped, notes, encoding, ...written, ...(delimiter === undefined ? {} : { delimiter }) }
}

/** The marks that a person told, as far as they are not the usual ones. */
function toldMarks({ decimal, thousands }: ToldStyle): Restyled {
  return { ...(decimal === ',' ? { decimal } : {}), ...(thousands ? { thousands } : {}) }
}

/** Columns of text with a word that counts as missing in others are told so. */
function hintMissing(columns: readonly TableColumn[], { notes, words }: Settled): void {
  for (const column of columns) {
    const hint = column.kind === 'text' ? missingHint(column, words) : undefined
    if (hint !== undefined) notes.set(column.name, [...(notes.get(column.name) ?? []), hint])
  }
}

/** Notes with the names of their columns; what holds for several is said once. */
function joined(columns: readonly TableColumn[], notes: ReadonlyMap<string, string[]>): string[] {
  const names = new Map<string, string[]>()
  for (const { name } of columns)
    for (const note of notes.get(name) ?? []) names.set(note, [...(names.get(note) ?? []), name])
  return [...names].map(([note, of]) => {
    const more = of.length > mostNamed ? ` and ${plural(of.length - mostNamed, 'more column', 'more columns')}` : ''
    return `${of.slice(0, mostNamed).join(', ')}${more}: ${note}`
  })
}

/** The first pass, once more in another encoding where the bytes are not UTF-8 and show which one they are. */
async function firstPass(file: TextFile): Promise<{ first: Pass; file: TextFile; notes: string[] }> {
  const failed: Failed = {}
  try {
    return { first: await pass(file, undefined, file.digest, failed), file, notes: [] }
  } catch (error) {
    const { why } = failed
    if (why === undefined) throw error
    const encoding = why === 'other' ? await guessEncoding(file.path, file.compression) : why
    if (encoding === undefined) throw error
    file.digest.hex = ''
    const recoded = { ...file, options: { ...file.options, encoding } }
    const first = await pass(recoded, undefined, file.digest)
    const name = why === 'other' ? `${encoding} (latin1)` : encoding
    return {
      first,
      file: recoded,
      notes: [`read as ${name}, since the bytes are not UTF-8; where that is wrong, set encoding`],
    }
  }
}

/** Numbers written another way than the usual one, where the columns of the file leave little doubt. */
function restyle(file: TextFile, builders: readonly ColumnBuilder[], settled: Settled): Promise<Restyled> {
  const asWritten = async (names: ReadonlySet<string>): Promise<Iterable<TableColumn>> => {
    const again: Settled = { columns: new Map(), notes: new Map(), guesses: new Map(), words: new Set() }
    settle(file, await rereadColumns(file, names, 'text'), again)
    return again.columns.values()
  }
  const names = builders.map(({ name }) => name)
  return new Restyling({ told: file.told, group: file.options.group, settled, asWritten }).run(names)
}

/** Takes what the builders have; the names of those that must be read once more. */
function settle(file: TextFile, builders: readonly ColumnBuilder[], settled: Settled): Set<string> {
  const again = new Set<string>()
  for (const builder of builders) {
    const finished = builder.finish()
    if (finished.again) {
      again.add(builder.name)
      continue
    }
    const { column, verdict, guess } = finished
    if (verdict.kind === 'refuse')
      throw fileError(`${file.path}: ${column.name}`, verdict.found, verdict.rule, verdict.hint)
    settled.columns.set(column.name, column)
    if (verdict.kind === 'number') for (const word of verdict.words) settled.words.add(word)
    settled.notes.set(column.name, [...(guess ? [guessNote(guess)] : []), ...verdict.notes])
    if (guess) settled.guesses.set(column.name, guess)
  }
  return again
}

async function rereadColumns(
  file: TextFile,
  names: ReadonlySet<string>,
  wish: Wish = 'careful',
): Promise<ColumnBuilder[]> {
  const digest: Digest = { hex: '' }
  const { builders } = await pass(file, names, digest, {}, wish)
  if (digest.hex !== file.digest.hex)
    throw fileError(file.path, 'other bytes at the second reading', 'a file that stays as it is', 'read it again')
  return builders
}

/** One pass; `again` names the only columns to read, as they are written. */
async function pass(
  file: TextFile,
  again?: ReadonlySet<string>,
  digest?: Digest,
  failed: Failed = {},
  reread: Wish = 'careful',
): Promise<Pass> {
  const { path, options } = file
  const style = styleOf(file.told)
  const cursor: Cursor = { line: 0 }
  const reading: Reading = {
    cursor,
    numbers: new NumberReader(style),
    missing: new MissingWords(options.missing),
    strict: options.strict === true,
    unit: 'line',
    ...(file.format === 'jsonl' ? {} : { guess: (labels: readonly string[]) => guessLabels(labels, file.told) }),
  }
  const text = toUtf8(path, content(path, file.compression, digest), options.encoding)
  const make = (name: string, bare: boolean): ColumnBuilder | undefined => {
    if (!isWanted(name, options, again)) return undefined
    const wish: Wish = name === options.group ? 'text' : again ? reread : 'any'
    return new ColumnBuilder(name, reading, wish, bare)
  }
  const skipBroken = options.skipBroken === true
  const input = { path, blocks: text.blocks, cursor, strict: reading.strict, header: options.header, skipBroken }
  try {
    return await (file.format === 'jsonl' ? jsonPass() : delimitedPass())
  } catch (error) {
    failed.why = text.failed
    throw error
  }

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
