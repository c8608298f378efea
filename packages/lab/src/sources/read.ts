// Reads a real table into typed columns: the one door for CSV, TSV, Parquet and JSON Lines, plain or packed.

import { createWriteStream, existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { countDuplicates } from './columns/duplicates.js'
import { damageHint, sentinelHint, styleHint, typedHint } from './columns/hints.js'
import { MissingWords } from './columns/missing.js'
import type { NumberStyle } from './columns/number.js'
import { shown } from './columns/words.js'
import { compressionOf, content, type Digest, openHead, sha256Of } from './files/bytes.js'
import { formatOf, tableName } from './files/format.js'
import { checkOptions, styleOf } from './options.js'
import { readDatabase, readParquet, refusedCode } from './parquet/parquet.js'
import { fileError, optionError } from './problem.js'
import { readText } from './reading.js'
import type { Compression, Format, Found, ReadOptions, ReadReport, TableColumn, TableData } from './types.js'

/**
 * Reads a table. Types are decided over all values, never over a sample (see `judge`); what is missing, odd or passed over
 * is in the report. The file is only read, nothing is fetched, and nothing in it is run unless `allowCode` says so.
 *
 * @param path a CSV, TSV, Parquet or JSON Lines file, plain, `.gz` or `.zst`, or a DuckDB file; told apart by content, then by name
 * @throws GenlossError `input` for a file that is missing, empty, cut off, damaged or of another kind, a column that does
 *   not exist, an option that makes no sense
 *
 * @example
 * const people = await readTable('people.csv.gz', { group: 'region' })
 * people.columns[0] // { name: 'age', kind: 'number', values: Float64Array, missing: 3, integer: true }
 */
export async function readTable(path: string, options: ReadOptions = {}): Promise<TableData> {
  const told = checkOptions(options)
  const { head, tail, size } = await openHead(path)
  if (size === 0) throw fileError(path, 'an empty file', 'a table with a header and rows')
  const compression = compressionOf(head)
  const start = compression ? await firstBytes(path, compression) : head
  const format = formatOf(path, start)
  const digest: Digest = { hex: '' }
  checkCode(path, format, options)
  const found =
    format === 'parquet' || format === 'duckdb'
      ? await fromDuckDB(path, format, compression, tail, options, digest)
      : await readText({ path, compression, format, options, told, digest })
  if (found.rows === 0) throw fileError(path, '0 rows', 'at least one row of data', 'there is nothing to fit')
  return finish(path, format, compression, digest.hex, found, options, styleOf(told))
}

/** The first bytes of the unpacked content. */
async function firstBytes(path: string, compression: Compression): Promise<Uint8Array> {
  for await (const chunk of content(path, compression)) if (chunk.length > 0) return chunk
  throw fileError(path, 'a packed empty file', 'a table with a header and rows')
}

/** SQL is run only of formats that can, and only if that is allowed. */
function checkCode(path: string, format: Format, { table, query, allowCode }: ReadOptions): void {
  if (table !== undefined && format !== 'duckdb')
    throw optionError('table', table, `left out, as ${path} is no DuckDB file`)
  if (query === undefined) return
  if (format !== 'duckdb' && format !== 'parquet')
    throw optionError('query', query, 'left out: only DuckDB and Parquet files can be queried', `${path} is neither`)
  if (allowCode !== true) throw refusedCode('query', `the SQL ${shown(query)}`)
}

async function fromDuckDB(
  path: string,
  format: Format,
  compression: Compression | undefined,
  tail: Uint8Array,
  options: ReadOptions,
  digest: Digest,
): Promise<Found> {
  const missing = new MissingWords(options.missing)
  digest.hex = await sha256Of(path)
  if (format === 'duckdb') {
    if (compression) throw fileError(path, 'a packed DuckDB file', 'a plain one', 'unpack it first')
    if (existsSync(`${path}.wal`))
      throw fileError(
        path,
        'changes beside it that are not in it yet',
        'a closed database',
        'close the program that writes it, or run CHECKPOINT',
      )
    return readDatabase(resolve(path), path, missing, options)
  }
  if (!compression) {
    const mark = Buffer.from(tail.subarray(4)).toString('latin1')
    if (mark !== 'PAR1')
      throw fileError(path, 'one that is cut off', 'a whole Parquet file', 'its end is missing: copy or write it again')
    return readParquet(resolve(path), path, missing, options)
  }
  const folder = await mkdtemp(join(tmpdir(), 'genloss-'))
  try {
    const plain = join(folder, 'table.parquet')
    await pipeline(content(path, compression), createWriteStream(plain))
    return await readParquet(plain, path, missing, options)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function finish(
  path: string,
  format: Format,
  compression: Compression | undefined,
  sha256: string,
  found: Found,
  options: ReadOptions,
  style: NumberStyle,
): TableData {
  const columns = options.columns ? inOrder(found.columns, options) : found.columns
  const notes = [...found.notes]
  const skipped = [...found.skipped]
  const missing: Record<string, number> = Object.create(null)
  for (const column of columns) {
    missing[column.name] = column.missing
    const why = idle(column, found.rows)
    if (why !== undefined) skipped.push({ column: column.name, why })
    if (column.kind === 'number') {
      const hint = options.missing ? undefined : sentinelHint(column)
      if (hint !== undefined) notes.push(`${column.name}: ${hint}`)
      continue
    }
    const typed = format !== 'csv' && format !== 'tsv'
    const hints = [damageHint(column)]
    if (column.name !== options.group) hints.push(typed ? typedHint(column) : styleHint(column, style))
    notes.push(...hints.filter((hint) => hint !== undefined).map((hint) => `${column.name}: ${hint}`))
  }
  if (columns.length === 0) {
    const all = skipped.map(({ column, why }) => `${column}: ${why}`).join('; ')
    throw fileError(path, 'no column that can be read', 'at least one column of numbers or words', all)
  }
  const report: ReadReport = {
    rows: found.rows,
    columns: columns.length,
    missing,
    duplicates: countDuplicates(columns, found.rows),
    skipped,
    notes,
    format,
    ...(compression ? { compression } : {}),
    ...(found.delimiter === undefined ? {} : { delimiter: found.delimiter }),
    ...(found.encoding === undefined ? {} : { encoding: found.encoding }),
    ...(found.decimal === undefined ? {} : { decimal: found.decimal }),
    ...(found.thousands === undefined ? {} : { thousands: found.thousands }),
  }
  return { name: tableName(path), path, sha256, rows: found.rows, columns, report }
}

/** Columns in the order asked for, the group at the end unless it was asked for as well. */
function inOrder(columns: TableColumn[], options: ReadOptions): TableColumn[] {
  const names = new Set([...options.columns!, ...(options.group === undefined ? [] : [options.group])])
  return [...names].flatMap((name) => columns.filter((column) => column.name === name))
}

/** Why a column has nothing to lose. */
function idle(column: TableColumn, rows: number): string | undefined {
  if (column.missing === rows) return 'every value is missing'
  if (column.missing > 0) return undefined
  if (column.kind === 'text') return column.labels.length === 1 ? `every value is '${column.labels[0]}'` : undefined
  const first = column.values[0]!
  return column.values.every((value) => value === first) ? `every value is ${first}` : undefined
}
