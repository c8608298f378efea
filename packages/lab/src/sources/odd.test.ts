// Inputs that real files are full of and that readers often get wrong.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { WrittenTables } from '../test/written-table.js'
import type { TableData } from './types.js'

const tables = new WrittenTables('odd.csv')
afterAll(() => tables.remove())
const { folder, read, messageOf } = tables

const labels = (table: TableData, name: string): string[] => {
  const column = table.columns.find((each) => each.name === name)!
  return column.kind === 'text' ? column.labels : [...column.values].map(String)
}

it('treats every line end alike, mixed ones too', async () => {
  for (const text of ['a,b\r\n1,2\n3,4\r5,6\n', 'a,b\r1,2\r3,4\r5,6', 'a,b\r\n1,2\r\n3,4\r\n5,6\r\n\r\n']) {
    expect(labels(await read(text), 'b')).toEqual(['2', '4', '6'])
  }
})

it('decodes UTF-16 by its mark, or by its zeros where it has none', async () => {
  const text = 'name,v\r\nZoë,1\r\n日本,2\r\n'
  const little = Buffer.from(`\ufeff${text}`, 'utf16le')
  const table = await read(little)
  expect(table.report.encoding).toBe('utf-16le')
  expect(labels(table, 'name')).toEqual(['Zoë', '日本'])
  expect(labels(await read(Buffer.from(little).swap16()), 'name')).toEqual(['Zoë', '日本'])
  const bare = Buffer.from(text.replaceAll('日本', 'Bob'), 'utf16le')
  expect((await read(bare)).report.notes.join()).toContain('read as utf-16le, since the bytes are not UTF-8')
  expect(labels(await read(bare, { encoding: 'utf-16le' }), 'name')).toEqual(['Zoë', 'Bob'])
  expect(await messageOf(text, { encoding: 'utf-99' })).toContain('input encoding: expected an encoding')
  expect(await messageOf(little, { encoding: 'latin1' })).toContain("'utf-16le'")
})

it('names the line of a row that does not fit the header', async () => {
  expect(await messageOf('a,b\n1,2\n3,4,5\n6,7\n')).toContain('line 3 with 3')
  const short = await read('a,b\n1,2\n3\n4,5\n')
  expect(labels(short, 'b')).toEqual(['2', 'NaN', '5'])
  expect(short.report.notes).toEqual(['1 row has too few fields, the rest counts as missing (line 3)'])
  expect(await messageOf('a,b\n1,2\n3\n4,5\n', { strict: true })).toContain('line 3 with 1')
  const trailing = await read('a,b\n1,2,\n3,4,\n')
  expect(trailing.report.notes).toEqual(['2 rows end with empty fields beyond the header'])
  expect(await messageOf('a,b\n1,"x\ny"\n3,4,5\n')).toContain('line 4 with 3')
})

it('leaves out a last line that was cut off', async () => {
  const { rows, report } = await read('a,b\n1,2\n3,4\n5')
  expect(rows).toBe(2)
  expect(report.notes).toEqual(['line 4 incomplete: left out, the file seems to be cut off'])
  expect(await messageOf('a,b\n1,2\n3,4\n5', { strict: true })).toContain('line 4 with 1')
})

it('refuses quotes that do not close and text after them', async () => {
  expect(await messageOf('a,b\n1,2\n3,"x\n4,5\n')).toContain('line 3, column b with a quote that is never closed')
  expect(await messageOf('a,b\n1,"x"y\n')).toContain('line 2, column b with "y" after a closing quote')
  expect(labels(await read('a,b\n1,5" pipe\n2, "x, y" \n'), 'b')).toEqual(['5" pipe', 'x, y'])
})

it('reads codes with leading zeros, dates and booleans as text', async () => {
  const table = await read('zip,day,ok,hex,under\n007,2024-01-02,true,1,1\n12345,2024-01-03,false,0x10,1_000\n')
  expect(table.columns.map((column) => column.kind)).toEqual(new Array(5).fill('text'))
  expect(labels(table, 'zip')).toEqual(['007', '12345'])
  expect(table.report.notes.join('\n')).toContain(
    "zip: read as text, because numbers with leading zeros are codes: '007' (line 2)",
  )
  expect(table.report.notes.join('\n')).toContain(
    "hex: read as text: 1 of 2 values are numbers, the others are not: '0x10' (line 3)",
  )
})

it('reads every usual way of writing a number, correctly rounded', async () => {
  const written = [
    '+5',
    '-0',
    '.5',
    '5.',
    '1e3',
    '-2.5E-3',
    ' 7 ',
    '0.1',
    '1234567890.123456789',
    '1.7976931348623157e308',
  ]
  const table = await read(`v\n${written.map((value) => `"${value}"`).join('\n')}\n`)
  expect(labels(table, 'v').map(Number)).toEqual(written.map((value) => Number(value) + 0))
})

it('goes back to text when a code, a big number or many words come late', async () => {
  const many = Array.from({ length: 5000 }, (_, k) => `${k},${k},${k}`)
  const tail = ['007,9007199254740993,x', ...Array.from({ length: 400 }, () => '1,2,word')]
  const table = await read(`zip,id,w\n${[...many, ...tail].join('\n')}\n`)
  expect(table.columns.map((column) => column.kind)).toEqual(['text', 'text', 'text'])
  expect(labels(table, 'zip').slice(-2)).toEqual(['4999', '007'])
  expect(table.columns[1]).toMatchObject({ exact: 'integer beyond 2^53 kept as text' })
  expect(labels(table, 'w').slice(-2)).toEqual(['x', 'word'])
  expect(table.rows).toBe(5401)
})

it('becomes numbers even if odd words stand first', async () => {
  const rows = ['oops', ...Array.from({ length: 9000 }, (_, k) => String(k / 8))]
  const { columns, report } = await read(`v\n${rows.join('\n')}\n`)
  expect(columns[0]).toMatchObject({ kind: 'number', missing: 1, integer: false })
  expect(report.notes).toEqual(["v: 1 value that is no number counts as missing: 'oops' (line 2)"])
})

it('keeps zero bytes and says so', async () => {
  const { report } = await read('a,b\n1,x\0y\n2,z\n')
  expect(report.notes).toEqual(["b: holds zero bytes, for example in 'x\\x00y': the file may be damaged"])
})

it('finds the delimiter and takes a given one', async () => {
  expect((await read('a;b\n1,5;2\n3;4\n')).report.delimiter).toBe(';')
  expect((await read('a|b\n1|2\n')).report.delimiter).toBe('|')
  expect((await read('a\tb\n1\t2\n')).report.delimiter).toBe('\t')
  expect((await read('a b\n1 2\n', { delimiter: ' ' })).columns).toHaveLength(2)
  expect((await read('a b\n1 2\n')).report.notes.join()).toContain("only one column was found, 'a b'")
  expect((await read('a,b\tc\n1,2\t3\n', {}, 'tabs.tsv')).columns.map((column) => column.name)).toEqual(['a,b', 'c'])
  expect((await read('sep=;\na;b\n1;2\n')).columns).toHaveLength(2)
  expect(await messageOf('sep=;\na;b\n1;2;3\n')).toContain('line 3 with 3')
  expect(await messageOf('a,b\n1,2\n', { delimiter: '::' })).toContain('delimiter')
})

it('keeps empty lines of a table with one column as missing', async () => {
  const { columns, report } = await read('v\n1\n\n3\n\n\n')
  expect(columns[0]).toMatchObject({ missing: 1 })
  expect(report.notes).toEqual(['1 empty line is a missing value (first line 3)'])
  expect((await read('v,w\n1,2\n\n3,4\n')).rows).toBe(2)
})

it('gives the label for missing values a name of its own', async () => {
  expect(labels(await read('g,v\nmissing,1\n,2\n(missing),3\n'), 'g')).toEqual(['missing', '(missing)', '((missing))'])
})

it('survives names that are special to JavaScript', async () => {
  const { report } = await read('__proto__,constructor\n1,x\n,y\n')
  expect(Object.entries(report.missing)).toEqual([
    ['__proto__', 1],
    ['constructor', 0],
  ])
  expect(JSON.stringify(report.missing)).toBe('{"__proto__":1,"constructor":0}')
})

it('reads paths with quotes, patterns and any script', async () => {
  mkdirSync(join(folder, 'k=3'), { recursive: true })
  for (const name of [`o'q"x.csv`, 'a[1]*?.csv', '数据 é.csv', 'k=3/x.csv', 'no-ending']) {
    expect((await read('a,b\n1,2\n', {}, name)).report.missing).toEqual({ a: 0, b: 0 })
  }
})

it('refuses other kinds of files with a way out', async () => {
  expect(await messageOf('PK\x03\x04zip', {}, 'x.xlsx')).toContain('save the sheet as CSV')
  expect(await messageOf('[{"a":1}]', {}, 'x.json')).toContain("jq -c '.[]'")
  expect(await messageOf('a,b\n1,2\n', {}, 'x.parquet')).toContain('a Parquet file, as its name says')
  expect(await messageOf('PAR1abcdefgh', {}, 'y.parquet')).toContain('cut off')
})

it('refuses options that make no sense', async () => {
  const text = 'a,b\n1,2\n'
  for (const options of [
    { decimal: ';' },
    { thousands: 'x' },
    { thousands: '.', decimal: '.' },
    { delimiter: '' },
    { columns: [] },
    { missing: 'NA' as never },
  ]) {
    expect(await messageOf(text, options)).toMatch(/^input (decimal|thousands|delimiter|columns|missing): expected/)
  }
})

it('says the same of several columns once, and of a word that counts as missing elsewhere', async () => {
  const rows = Array.from({ length: 40 }, (_, k) => (k === 3 ? 'NA,NA,NA,NA' : `${k},${k * 2},${'fm'[k % 2]},x`))
  const { report } = await read(`a,b,sex,kind\n${rows.join('\n')}\n`)
  expect(report.notes).toEqual([
    "a, b: 1 word counts as missing: 'NA' (line 5)",
    "sex, kind: 1 row holds the word 'NA', which counts as missing in columns of numbers: if it does here, set missing to it",
  ])
  const told = await read(`a,b,sex,kind\n${rows.join('\n')}\n`, { missing: ['NA'] })
  expect(told.report.missing).toEqual({ a: 1, b: 1, sex: 1, kind: 1 })
})
