// Parquet, read by DuckDB in chunks: numbers as doubles where a double holds them, everything else as written.

import type { DuckDBConnection } from '@duckdb/node-api'
import { GenlossError } from '@genloss/models'
import { numberColumn } from '../columns/builder.js'
import { growingCodes, growingNumbers } from '../columns/growing.js'
import { type MissingWords, missingLabel } from '../columns/missing.js'
import { plural } from '../columns/words.js'
import { checkNames, fileError, messageOf } from '../problem.js'
import type { Found, ReadOptions, ReadReport, TableColumn } from '../types.js'
import { sqlName, sqlPath, withDuckDB } from './duckdb.js'

/** How a type is read. */
type Way = 'number' | 'whole' | 'decimal' | 'text' | 'nested' | 'binary'

/**
 * Reads a Parquet file.
 *
 * @param path a path on disk; `shown` is the name for errors
 */
export function readParquet(path: string, shown: string, missing: MissingWords, options: ReadOptions): Promise<Found> {
  return withDuckDB(async (connection) => {
    const source = `read_parquet(${sqlPath(path)}, hive_partitioning = false, union_by_name = false)`
    try {
      return await new Reader(connection, source, shown, missing, options).read()
    } catch (error) {
      if (error instanceof GenlossError) throw error
      const hint = `${messageOf(error).split('\n')[0]}`
      throw fileError(shown, 'one that can not be read', 'a whole Parquet file', hint, error)
    }
  })
}

class Reader {
  readonly #connection: DuckDBConnection
  readonly #source: string
  readonly #shown: string
  readonly #missing: MissingWords
  readonly #options: ReadOptions
  readonly #notes: string[] = []

  constructor(
    connection: DuckDBConnection,
    source: string,
    shown: string,
    missing: MissingWords,
    options: ReadOptions,
  ) {
    this.#connection = connection
    this.#source = source
    this.#shown = shown
    this.#missing = missing
    this.#options = options
  }

  async read(): Promise<Found> {
    const described = await this.#connection.runAndReadAll(`DESCRIBE SELECT * FROM ${this.#source}`)
    const all = described.getRowsJS().map((row) => ({ name: String(row[0]), type: String(row[1]) }))
    const { columns: wanted, group } = this.#options
    const names = all.map((each) => each.name)
    if (wanted) checkNames(wanted, names, this.#shown, 'columns')
    if (group !== undefined) checkNames([group], names, this.#shown, 'group')
    const chosen = wanted && new Set([...wanted, ...(group === undefined ? [] : [group])])
    const skipped: ReadReport['skipped'] = []
    const columns: TableColumn[] = []
    for (const { name, type } of all) {
      if (chosen && !chosen.has(name)) continue
      const way = wayOf(type)
      if (way === 'nested' || way === 'binary') skipped.push({ column: name, why: `${way} values (${type})` })
      else columns.push(await this.#column(name, type, name === group ? 'text' : way))
    }
    const rows = await this.#count()
    return { rows, columns, skipped, notes: this.#notes }
  }

  async #count(): Promise<number> {
    const counted = await this.#connection.runAndReadAll(`SELECT count(*)::DOUBLE FROM ${this.#source}`)
    return Number(counted.getRowsJS()[0]![0])
  }

  async #column(name: string, type: string, way: Way): Promise<TableColumn> {
    const exact = way === 'whole' || way === 'decimal' ? await this.#losesDigits(name, type, way) : false
    if (way !== 'text' && !exact) return this.#numbers(name)
    const column = await this.#text(name)
    if (!exact) return column
    this.#notes.push(`${name}: read as text, because doubles would round its values (${type})`)
    const kept = way === 'whole' ? 'integer beyond 2^53 kept as text' : 'decimal beyond double precision kept as text'
    return { ...column, exact: kept }
  }

  async #losesDigits(name: string, type: string, way: Way): Promise<boolean> {
    const column = sqlName(name)
    // A decimal survives if it comes back from its double; 15 digits always do.
    const test =
      way === 'whole'
        ? `${column} NOT BETWEEN -9007199254740992 AND 9007199254740992`
        : `TRY_CAST(${column}::DOUBLE AS ${type}) IS DISTINCT FROM ${column}`
    const found = await this.#connection.runAndReadAll(`SELECT 1 FROM ${this.#source} WHERE ${test} LIMIT 1`)
    return found.currentRowCount > 0
  }

  async #numbers(name: string): Promise<TableColumn> {
    const values = growingNumbers()
    const odd = { count: 0, row: 0 }
    const result = await this.#connection.stream(
      `SELECT ifnull(${sqlName(name)}::DOUBLE, 'nan'::DOUBLE) FROM ${this.#source}`,
    )
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

  async #text(name: string): Promise<TableColumn & { kind: 'text' }> {
    const known = new Map<string, number>()
    const codes = growingCodes()
    const result = await this.#connection.stream(`SELECT ${sqlName(name)}::VARCHAR FROM ${this.#source}`)
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
