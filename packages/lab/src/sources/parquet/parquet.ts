// Parquet, read by DuckDB in chunks: numbers as doubles where a double holds them, everything else as written.

import type { DuckDBConnection } from '@duckdb/node-api'
import { GenlossError } from '@genloss/models'
import { numberColumn } from '../columns/builder.js'
import { growingCodes, growingNumbers } from '../columns/growing.js'
import { type MissingWords, missingLabel } from '../columns/missing.js'
import { plural } from '../columns/words.js'
import { distinctNames } from '../delimited/headers.js'
import { checkNames, fileError, messageOf, optionError } from '../problem.js'
import type { Found, ReadOptions, ReadReport, TableColumn } from '../types.js'
import { sqlName, sqlPath, withFile } from './duckdb.js'

/** How a type is read. */
type Way = 'number' | 'whole' | 'decimal' | 'text' | 'nested' | 'binary'

/** A column as it stands in what is read: its name for people, its name in SQL, its type. */
interface Place {
  name: string
  sql: string
  type: string
  /** Why the type is not the one of the file, where values would be wrong. */
  refused?: string
  note?: string
}

/**
 * Reads a Parquet file, or the result of a query of it, in which it is named `data`.
 *
 * @param path a path on disk; `shown` is the name for errors
 */
export function readParquet(path: string, shown: string, missing: MissingWords, options: ReadOptions): Promise<Found> {
  return readWith(path, false, shown, 'a whole Parquet file', async (connection) => {
    const file = `read_parquet(${sqlPath(path)}, hive_partitioning = false, union_by_name = false)`
    if (options.query !== undefined) {
      await connection.run(`CREATE TEMP VIEW data AS SELECT * FROM ${file}`)
      const source = await queried(connection, options.query)
      return new Reader(connection, source, await described(connection, source), shown, missing, options).read()
    }
    const { places, notes } = await parquetPlaces(connection, path, file)
    const source = `${file} AS t(${places.map(({ sql }) => sql).join(', ')})`
    const found = await new Reader(connection, source, places, shown, missing, options).read()
    return { ...found, notes: [...notes, ...found.notes] }
  })
}

/** Reads a table of a DuckDB file, or the result of a query of it. */
export function readDatabase(path: string, shown: string, missing: MissingWords, options: ReadOptions): Promise<Found> {
  return readWith(path, true, shown, 'a DuckDB file', async (connection) => {
    const source =
      options.query === undefined ? await tableOf(connection, shown, options) : await queried(connection, options.query)
    return new Reader(connection, source, await described(connection, source), shown, missing, options).read()
  })
}

async function readWith(
  path: string,
  open: boolean,
  shown: string,
  rule: string,
  work: (connection: DuckDBConnection) => Promise<Found>,
): Promise<Found> {
  try {
    return await withFile(path, open, work)
  } catch (error) {
    if (error instanceof GenlossError) throw error
    throw fileError(shown, 'one that can not be read', rule, `${messageOf(error).split('\n')[0]}`, error)
  }
}

/** The result of a query as a table of its own, so that every column comes from the same rows. */
async function queried(connection: DuckDBConnection, query: string): Promise<string> {
  try {
    // One thread: rows without an order come in the same one every time.
    await connection.run(`CREATE TEMP TABLE genloss_result AS SELECT * FROM (${query.replace(/;\s*$/, '')}\n)`)
  } catch (error) {
    const hint = messageOf(error).split('\n')[0]!
    throw new GenlossError(
      { code: 'input', path: 'query', value: query, rule: 'a SQL query that runs', hint },
      { cause: error },
    )
  }
  return 'genloss_result'
}

/** The only table of a database, or the one asked for. Views are SQL of the file: they need `allowCode`. */
async function tableOf(connection: DuckDBConnection, path: string, { table, allowCode }: ReadOptions): Promise<string> {
  const found = await connection.runAndReadAll(
    `SELECT schema_name, table_name, false FROM duckdb_tables() WHERE NOT internal AND NOT temporary
     UNION ALL SELECT schema_name, view_name, true FROM duckdb_views() WHERE NOT internal AND NOT temporary ORDER BY ALL`,
  )
  const all = found.getRowsJS().map(([schema, name, view]) => ({
    view: view === true,
    name: schema === 'main' ? String(name) : `${schema}.${name}`,
    sql: `${sqlName(String(schema))}.${sqlName(String(name))}`,
  }))
  const tables = all.filter(({ view }) => !view)
  if (table === undefined && tables.length === 1) return tables[0]!.sql
  const names = all.map(({ name, view }) => (view ? `${name} (a view)` : name)).join(', ')
  if (table === undefined) {
    const value = all.length === 0 ? 'no table' : `${tables.length} tables`
    throw fileError(
      path,
      value,
      'a database with one table',
      names === '' ? undefined : `set table to one of: ${names}`,
    )
  }
  const chosen = all.find(({ name }) => name === table)
  if (!chosen) throw optionError('table', table, `a table of ${path}`, `there are ${names}`)
  if (chosen.view && allowCode !== true) throw refusedCode('table', `the view '${table}', which is SQL of the file`)
  return chosen.sql
}

/** The refusal to run what nobody allowed. */
export function refusedCode(option: string, what: string): GenlossError {
  return optionError(option, what, 'no code, unless it is allowed', 'allow it with --allow-code (allowCode: true)')
}

async function described(connection: DuckDBConnection, source: string): Promise<Place[]> {
  const found = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`)
  return found.getRowsJS().map((row) => ({ name: String(row[0]), sql: sqlName(String(row[0])), type: String(row[1]) }))
}

/**
 * The columns of a Parquet file under the names that the file has: SQL does not tell `A` from `a`, and would rename one.
 * They are called by their place there.
 */
async function parquetPlaces(
  connection: DuckDBConnection,
  path: string,
  file: string,
): Promise<{ places: Place[]; notes: string[] }> {
  const types = await described(connection, file)
  const schema = await connection.runAndReadAll(
    `SELECT name, type, coalesce(num_children, 0)::INTEGER, coalesce(precision, 0)::INTEGER FROM parquet_schema(${sqlPath(path)})`,
  )
  const fields = topFields(schema.getRowsJS() as [string, string | null, number, number][])
  if (fields.length !== types.length) return { places: types, notes: [] }
  const { names, notes } = distinctNames(fields.map(({ name }) => name))
  const places = types.map(({ type }, k) => ({ name: names[k]!, sql: `c${k}`, type, ...oddity(fields[k]!) }))
  return { places, notes }
}

/** The fields right below the root of a schema, which is listed depth first. */
function topFields(
  rows: [string, string | null, number, number][],
): { name: string; type: string; precision: number }[] {
  const fields: { name: string; type: string; precision: number }[] = []
  let at = 1
  const skip = (): void => {
    const children = rows[at++]?.[2] ?? 0
    for (let k = 0; k < children; k++) skip()
  }
  while (at < rows.length) {
    const [name, type, , precision] = rows[at]!
    fields.push({ name, type: type ?? '', precision })
    skip()
  }
  return fields
}

function oddity({ type, precision }: { type: string; precision: number }): Pick<Place, 'refused' | 'note'> {
  if (precision > 38) return { refused: `decimals of ${precision} digits, of which 38 can be read: write it as text` }
  if (type === 'INT96') return { note: 'times of an old kind (INT96), read to the microsecond' }
  return {}
}

class Reader {
  readonly #connection: DuckDBConnection
  readonly #source: string
  readonly #places: readonly Place[]
  readonly #shown: string
  readonly #missing: MissingWords
  readonly #options: ReadOptions
  readonly #notes: string[] = []

  constructor(
    connection: DuckDBConnection,
    source: string,
    places: readonly Place[],
    shown: string,
    missing: MissingWords,
    options: ReadOptions,
  ) {
    this.#connection = connection
    this.#source = source
    this.#places = places
    this.#shown = shown
    this.#missing = missing
    this.#options = options
  }

  async read(): Promise<Found> {
    const { columns: wanted, group } = this.#options
    const names = this.#places.map((each) => each.name)
    if (wanted) checkNames(wanted, names, this.#shown, 'columns')
    if (group !== undefined) checkNames([group], names, this.#shown, 'group')
    const chosen = wanted && new Set([...wanted, ...(group === undefined ? [] : [group])])
    const skipped: ReadReport['skipped'] = []
    const columns: TableColumn[] = []
    for (const place of this.#places) {
      const { name, type, refused, note } = place
      if (chosen && !chosen.has(name)) continue
      const way = wayOf(type)
      if (note !== undefined) this.#notes.push(`${name}: ${note}`)
      if (refused !== undefined) skipped.push({ column: name, why: refused })
      else if (way === 'nested' || way === 'binary') skipped.push({ column: name, why: `${way} values (${type})` })
      else columns.push(await this.#column(place, name === group ? 'text' : way))
    }
    const rows = await this.#count()
    return { rows, columns, skipped, notes: this.#notes }
  }

  async #count(): Promise<number> {
    const counted = await this.#connection.runAndReadAll(`SELECT count(*)::DOUBLE FROM ${this.#source}`)
    return Number(counted.getRowsJS()[0]![0])
  }

  async #column({ name, sql, type }: Place, way: Way): Promise<TableColumn> {
    const exact = way === 'whole' || way === 'decimal' ? await this.#losesDigits(sql, type, way) : false
    if (way !== 'text' && !exact) return this.#numbers(name, sql)
    const column = await this.#text(name, sql)
    if (!exact) return column
    this.#notes.push(`${name}: read as text, because doubles would round its values (${type})`)
    const kept = way === 'whole' ? 'integer beyond 2^53 kept as text' : 'decimal beyond double precision kept as text'
    return { ...column, exact: kept }
  }

  async #losesDigits(column: string, type: string, way: Way): Promise<boolean> {
    // A decimal survives if it comes back from its double; 15 digits always do.
    const test =
      way === 'whole'
        ? `${column} NOT BETWEEN -9007199254740992 AND 9007199254740992`
        : `TRY_CAST(${column}::DOUBLE AS ${type}) IS DISTINCT FROM ${column}`
    const found = await this.#connection.runAndReadAll(`SELECT 1 FROM ${this.#source} WHERE ${test} LIMIT 1`)
    return found.currentRowCount > 0
  }

  async #numbers(name: string, sql: string): Promise<TableColumn> {
    const values = growingNumbers()
    const odd = { count: 0, row: 0 }
    const result = await this.#connection.stream(`SELECT ifnull(${sql}::DOUBLE, 'nan'::DOUBLE) FROM ${this.#source}`)
    for await (const chunk of result) {
      const vector = chunk.getColumnVector(0)
      for (let row = 0; row < chunk.rowCount; row++) {
        const value = vector.getItem(row) as number
        const infinite = Math.abs(value) === Number.POSITIVE_INFINITY
        if (infinite && odd.count++ === 0) odd.row = values.length + 1
        values.push(infinite || this.#missing.numbers.has(value) ? Number.NaN : value + 0)
      }
    }
    if (odd.count > 0) this.#refuseInfinite(name, odd)
    return numberColumn(name, values.done())
  }

  #refuseInfinite(name: string, odd: { count: number; row: number }): void {
    const found = `${plural(odd.count, 'infinite value', 'infinite values')}, first in row ${odd.row}`
    if (this.#options.strict) throw fileError(`${this.#shown}: ${name}`, found, 'finite numbers')
    this.#notes.push(`${name}: ${found}: counted as missing`)
  }

  async #text(name: string, sql: string): Promise<TableColumn & { kind: 'text' }> {
    const known = new Map<string, number>()
    const codes = growingCodes()
    const result = await this.#connection.stream(`SELECT ${sql}::VARCHAR FROM ${this.#source}`)
    for await (const chunk of result) {
      const vector = chunk.getColumnVector(0)
      for (let row = 0; row < chunk.rowCount; row++) {
        const text = vector.getItem(row) as string | null
        codes.push(text === null || text === '' ? 0 : this.#code(text, known))
      }
    }
    return this.#finishText(name, codes.done(), [...known.keys()])
  }

  #code(text: string, known: Map<string, number>): number {
    const found = known.get(text)
    if (found !== undefined) return found
    const code = this.#missing.everywhere && this.#missing.has(text) ? 0 : known.size + 1
    if (code > 0) known.set(text, code)
    return code
  }

  /** Codes count from 1 with 0 for missing; makes them count from 0 with the last for missing. */
  #finishText(name: string, codes: Uint32Array, labels: string[]): TableColumn & { kind: 'text' } {
    let missing = 0
    for (let row = 0; row < codes.length; row++) {
      const code = codes[row]!
      codes[row] = code === 0 ? labels.length : code - 1
      if (code === 0) missing++
    }
    if (missing > 0) labels.push(missingLabel(labels))
    return { name, kind: 'text', codes, labels, missing }
  }
}

/** How a DuckDB type is read. */
function wayOf(type: string): Way {
  if (/[[(].*[\])]$|\[\]$/.test(type) && !/^(DECIMAL|ENUM)\(/.test(type)) return 'nested'
  if (/^(STRUCT|MAP|UNION|LIST|ARRAY|VARIANT|GEOMETRY)/.test(type)) return 'nested'
  if (/^(BLOB|BIT)/.test(type)) return 'binary'
  if (/^(FLOAT|DOUBLE|U?TINYINT|U?SMALLINT|U?INTEGER)$/.test(type)) return 'number'
  if (/^U?(BIGINT|HUGEINT)$/.test(type)) return 'whole'
  if (type.startsWith('DECIMAL(')) return 'decimal'
  return 'text'
}
