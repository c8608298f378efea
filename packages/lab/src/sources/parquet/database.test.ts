// DuckDB files and SQL: what is read, and what is refused.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { GenlossError } from '@genloss/models'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readTable } from '../read.js'
import type { ReadOptions } from '../types.js'

const folder = mkdtempSync(join(tmpdir(), 'genloss-database-'))
const one = join(folder, 'one.duckdb')
const several = join(folder, 'several.duckdb')
const parquet = join(folder, 'odd names.parquet')
const secret = join(folder, 'secret.txt')

async function make(file: string, statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(file)
  const connection = await instance.connect()
  for (const statement of statements) await connection.run(statement)
  connection.closeSync()
  instance.closeSync()
}

beforeAll(async () => {
  writeFileSync(secret, 'nobody reads this')
  await make(one, [
    `CREATE TABLE people AS SELECT i AS id, i % 4 + 0.5 AS v, CASE WHEN i < 7 THEN 'a' END AS g FROM range(10) t(i)`,
  ])
  await make(several, [
    'CREATE TABLE a AS SELECT 1 AS x',
    'CREATE SCHEMA s',
    'CREATE TABLE s.b AS SELECT i AS y FROM range(5) t(i)',
    'CREATE VIEW half AS SELECT y / 2 AS h FROM s.b',
    `CREATE VIEW spy AS SELECT * FROM read_text('${secret}')`,
    `COPY (SELECT i AS "x""; DROP", i % 2 AS "select", 7 AS filename FROM range(6) t(i)) TO '${parquet}' (FORMAT parquet)`,
  ])
})
afterAll(() => rmSync(folder, { recursive: true }))

const messageOf = (path: string, options?: ReadOptions): Promise<string> =>
  readTable(path, options).then(
    () => 'no error',
    (error: GenlossError) => `${error.code} ${error.message}`,
  )

it('reads the one table of a database, or the one asked for', async () => {
  const { rows, columns, report, name } = await readTable(one)
  expect([name, rows, report.format]).toEqual(['one', 10, 'duckdb'])
  expect(columns).toMatchObject([
    { name: 'id', kind: 'number', integer: true },
    { name: 'v', kind: 'number' },
    { name: 'g', kind: 'text', missing: 3 },
  ])
  expect(await messageOf(several)).toContain(
    "got '2 tables' (set table to one of: a, half (a view), spy (a view), s.b)",
  )
  expect((await readTable(several, { table: 's.b' })).rows).toBe(5)
  expect(await messageOf(several, { table: 'c' })).toContain('input table: expected a table of')
  writeFileSync(`${one}.wal`, 'x')
  expect(await messageOf(one)).toContain('changes beside it')
  rmSync(`${one}.wal`)
})

it('runs SQL only if that is allowed, and then lets it read this file alone', async () => {
  expect(await messageOf(several, { table: 'half' })).toContain('expected no code, unless it is allowed')
  expect((await readTable(several, { table: 'half', allowCode: true })).columns[0]).toMatchObject({
    values: Float64Array.of(0, 0.5, 1, 1.5, 2),
  })
  const query = 'SELECT g, avg(v) AS mean FROM people GROUP BY g ORDER BY g;'
  expect(await messageOf(one, { query })).toContain("expected no code, unless it is allowed, got 'the SQL")
  expect((await readTable(one, { query, allowCode: true })).columns).toMatchObject([
    { name: 'g', labels: ['a', 'missing'] },
    { name: 'mean', kind: 'number' },
  ])
  for (const spying of [
    `SELECT * FROM read_text('${secret}')`,
    `SELECT 1) ; ATTACH '${several}' AS o; SELECT (1`,
    `FROM '${parquet}'`,
  ])
    expect(await messageOf(one, { query: spying, allowCode: true })).toContain('Permission Error')
  expect(await messageOf(several, { table: 'spy', allowCode: true })).toContain('Permission Error')
  expect(await messageOf(one, { query: 'SELEC', allowCode: true })).toContain(
    'input query: expected a SQL query that runs',
  )
  expect(await messageOf(one, { query, table: 'people', allowCode: true })).toContain("either 'table' or 'query'")
})

it('queries a Parquet file as data, and no text', async () => {
  expect((await readTable(parquet)).columns.map(({ name }) => name)).toEqual(['x"; DROP', 'select', 'filename'])
  const table = await readTable(parquet, {
    query: 'SELECT "select" AS s FROM data WHERE "x""; DROP" > 2',
    allowCode: true,
  })
  expect(table.columns[0]).toMatchObject({ name: 's', values: Float64Array.of(1, 0, 1) })
  expect(await messageOf(secret, { query: 'SELECT 1', allowCode: true })).toContain('only DuckDB and Parquet files')
  expect(await messageOf(secret, { table: 'x' })).toContain('is no DuckDB file')
})
