import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { GenlossError } from '@genloss/models'
import { afterAll, expect, it } from 'vitest'
import { readTable } from '../read.js'
import type { TableColumn, TableData } from '../types.js'
import { sqlText, withDuckDB } from './duckdb.js'

const folder = mkdtempSync(join(tmpdir(), 'genloss-parquet-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function write(name: string, query: string): Promise<string> {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  await withDuckDB((connection) => connection.run(`COPY (${query}) TO ${sqlText(path)} (FORMAT parquet)`))
  return path
}

const column = (table: TableData, name: string): TableColumn => table.columns.find((each) => each.name === name)!
const messageOf = (path: string, options?: object): Promise<string> =>
  readTable(path, options).then(
    () => 'no error',
    (error: GenlossError) => error.message,
  )

it('keeps every type as written or passes it over by name', async () => {
  const path = await write(
    'types.parquet',
    `SELECT * FROM (VALUES
      (12345678901234567890.123456789::DECIMAL(38,9), 1.25::DECIMAL(9,2), TIMESTAMP_NS '2023-11-14 22:13:20.123456789',
       TIMESTAMPTZ '2023-11-14 22:13:20.5+02', 18446744073709551615::UBIGINT, 9007199254740993, 42::BIGINT,
       0.1::FLOAT, true, DATE '2024-02-29', 'x', NULL::DOUBLE, {'a': 1, 'b': [1, 2]}, 'ab'::BLOB, [1]),
      (-0.000000001, NULL, NULL, NULL, 0, 1, -7, 'nan'::FLOAT, NULL, NULL, '', NULL, NULL, NULL, NULL))
      t(dec, price, ns, tz, u64, i64, small, f32, flag, day, word, nothing, nested, raw, list)`,
  )
  const table = await readTable(path)
  expect(column(table, 'dec')).toMatchObject({
    labels: ['12345678901234567890.123456789', '-0.000000001'],
    exact: 'decimal beyond double precision kept as text',
  })
  expect(column(table, 'price')).toMatchObject({
    kind: 'number',
    values: Float64Array.of(1.25, Number.NaN),
    missing: 1,
  })
  expect(column(table, 'ns')).toMatchObject({ labels: ['2023-11-14 22:13:20.123456789', 'missing'] })
  expect(column(table, 'tz')).toMatchObject({ labels: ['2023-11-14 20:13:20.5+00', 'missing'] })
  expect(column(table, 'u64')).toMatchObject({ labels: ['18446744073709551615', '0'], exact: expect.any(String) })
  expect(column(table, 'i64')).toMatchObject({ labels: ['9007199254740993', '1'] })
  expect(column(table, 'small')).toMatchObject({ kind: 'number', values: Float64Array.of(42, -7), integer: true })
  expect(column(table, 'f32')).toMatchObject({ values: Float64Array.of(Math.fround(0.1), Number.NaN), missing: 1 })
  expect(column(table, 'flag')).toMatchObject({ labels: ['true', 'missing'] })
  expect(column(table, 'day')).toMatchObject({ labels: ['2024-02-29', 'missing'] })
  expect(column(table, 'word')).toMatchObject({ labels: ['x', 'missing'], missing: 1 })
  expect(table.report.skipped.map((each) => [each.column, each.why.split(' ')[0]])).toEqual([
    ['nested', 'nested'],
    ['raw', 'binary'],
    ['list', 'nested'],
    ['nothing', 'every'],
  ])
})

it('reads millions of single-precision ones to a mean of exactly 1', async () => {
  const path = await write('ones.parquet', 'SELECT 1::FLOAT AS x FROM range(3000000)')
  const table = await readTable(path)
  const { values } = table.columns[0] as TableColumn & { kind: 'number' }
  expect(values).toHaveLength(3000000)
  expect(values.reduce((sum, value) => sum + value, 0)).toBe(3000000)
  expect(table.report).toMatchObject({ rows: 3000000, duplicates: 2999999 })
})

it('keeps the order of rows over many chunks and row groups', async () => {
  const path = await write('order.parquet', `SELECT i::DOUBLE AS x, 'k' || (i % 5) AS k FROM range(300000) r(i)`)
  const table = await readTable(path, { columns: ['k', 'x'] })
  const { values } = table.columns[1] as TableColumn & { kind: 'number' }
  const { codes } = table.columns[0] as TableColumn & { kind: 'text' }
  expect(values.every((value, row) => value === row)).toBe(true)
  expect(codes.every((code, row) => code === row % 5)).toBe(true)
})

it('takes numbers for a group, user words and infinities as they are meant', async () => {
  const path = await write(
    'group.parquet',
    `SELECT * FROM (VALUES (1, -999, 'inf'::DOUBLE, '7'), (2, 5, 2, '8')) t(g, v, d, s)`,
  )
  const table = await readTable(path, { group: 'g', missing: ['-999'] })
  expect(column(table, 'g')).toMatchObject({ labels: ['1', '2'] })
  expect(column(table, 'v')).toMatchObject({ values: Float64Array.of(Number.NaN, 5), missing: 1 })
  expect(column(table, 'd')).toMatchObject({ values: Float64Array.of(Number.NaN, 2) })
  expect(table.report.notes).toEqual([
    'd: 1 infinite value, first in row 1: counted as missing',
    's: holds numbers that the file marks as text; they are read as text',
  ])
  expect(await messageOf(path, { strict: true })).toContain('1 infinite value')
  expect(await messageOf(path, { columns: ['vv'] })).toContain("did you mean 'v'?")
})

it('names one file, whatever its path looks like to a pattern, and adds no column of folders', async () => {
  for (const name of ['a[1].parquet', 'b*c?.parquet', `o'q"x.parquet`, 'k=3/数据.parquet']) {
    const table = await readTable(await write(name, 'SELECT 1 AS x UNION ALL SELECT 2'))
    expect(table.columns.map((each) => each.name)).toEqual(['x'])
  }
})

it('reads it packed, and refuses it cut off, damaged or without rows', async () => {
  const path = await write('whole.parquet', 'SELECT i AS x FROM range(1000) r(i)')
  const bytes = readFileSync(path)
  const packed = join(folder, 'packed.parquet.gz')
  writeFileSync(packed, gzipSync(bytes))
  expect(await readTable(packed)).toMatchObject({
    rows: 1000,
    name: 'packed',
    report: { format: 'parquet', compression: 'gzip' },
  })
  const broken = join(folder, 'broken.parquet')
  writeFileSync(broken, bytes.subarray(0, bytes.length - 3))
  expect(await messageOf(broken)).toContain('cut off')
  writeFileSync(broken, Buffer.concat([bytes.subarray(0, 4), bytes.subarray(200)]))
  expect(await messageOf(broken)).toContain('expected a whole Parquet file')
  expect(await messageOf(await write('none.parquet', 'SELECT 1 AS x WHERE false'))).toContain('0 rows')
})
