// What is guessed of the way a file is written, and that a guess gives way to what a person says.
import { gzipSync } from 'node:zlib'
import { afterAll, expect, it } from 'vitest'
import { WrittenTables } from '../test/written-table.js'
import type { TableData } from './types.js'
import { kindsOf, writtenOf, writtenText } from './written.js'

const tables = new WrittenTables('guess.csv')
afterAll(() => tables.remove())
const { read, messageOf } = tables

/** The values of a column: numbers (null for missing), or `text` for one of words. */
function numbersOf(table: TableData, name: string): (number | null)[] | 'text' {
  const column = table.columns.find((each) => each.name === name)!
  return column.kind === 'text' ? 'text' : [...column.values].map((value) => (Number.isNaN(value) ? null : value))
}

it.each([
  ['1,5 2,25 3', [1.5, 2.25, 3]],
  ['1.234,5 12 -1.000.000,25', [1234.5, 12, -1000000.25]],
  ['1,234,567 12 999,000', [1234567, 12, 999000]],
  ['12,34,567.50 1,00,000.00 7.25', [1234567.5, 100000, 7.25]],
  ["12'345.5 1'000 7", [12345.5, 1000, 7]],
  ['12\u202f345,5 1\u00a0000 7,25', [12345.5, 1000, 7.25]],
  ['0,123 0,5 NA', [0.123, 0.5, null]],
  // Nothing that can mean two things, no codes, dates, versions or lists.
  ['1,234 2,345 9,999', 'text'],
  ['01,5 02,5 03,5', 'text'],
  ['1.2.3 1.2.4 2.0.0', 'text'],
  ['01.02.2024 03.04.2024 05.06.2024', 'text'],
  ['1,5 2,5 word', 'text'],
  ['1,5 2.5 3,25', 'text'],
])('numbers written as %s', async (written, wanted) => {
  const rows = written.split(' ').map((value, k) => `${k};"${value}"`)
  expect(numbersOf(await read(`k;v\n${rows.join('\n')}\n`), 'v')).toEqual(wanted)
})

it('lets what one column proves decide for others: a point is no decimal point beside commas', async () => {
  const table = await read('a;b;c;d\n1,5;1.234;1,250;0.5\n2,25;12;3,125;1.25\n')
  expect(['a', 'b', 'c', 'd'].map((name) => numbersOf(table, name))).toEqual([
    [1.5, 2.25],
    [1234, 12],
    [1.25, 3.125],
    [0.5, 1.25],
  ])
  expect(table.report.notes.join()).toContain('b: read with')
  expect(numbersOf(await read('a;b\n1;1.234\n2;12\n'), 'b')).toEqual([1.234, 12])
  const told = await read('a;b\n1,5;1.234\n2,25;12\n', { decimal: '.' })
  expect([numbersOf(told, 'a'), numbersOf(told, 'b')]).toEqual(['text', [1.234, 12]])
})

it('decides over all values of a long column, whatever the first thousands were', async () => {
  const rows = (last: string): string => [...Array.from({ length: 5000 }, (_, k) => `${k},5`), last].join('\n')
  const long = await read(`v\n${rows('NA\n-inf')}\n`, { delimiter: ';' })
  expect(long.columns[0]).toMatchObject({ kind: 'number', missing: 2 })
  expect(long.report).toMatchObject({ decimal: ',' })
  expect(long.report.notes).toEqual([
    "v: read with ',' as the decimal point, as in '0,5'; where that is wrong, set decimal or thousands",
    "v: 1 word counts as missing: 'NA' (line 5002)",
    "v: 1 infinite value counts as missing: '-inf' (line 5003)",
  ])
  const grouped = numbersOf(await read(`v\n${rows('1.234,5')}\n`, { delimiter: ';' }), 'v')
  expect([grouped.length, grouped[4999], grouped[5000]]).toEqual([5001, 4999.5, 1234.5])
  for (const last of ['word', '1.5', '007'])
    expect([last, numbersOf(await read(`v\n${rows(last)}\n`, { delimiter: ';' }), 'v')]).toEqual([last, 'text'])
})

it('reads a group as it is written', async () => {
  const { columns } = await read('g;v\n1,5;1\n2,5;2\n', { group: 'g' })
  expect(columns[0]).toMatchObject({ kind: 'text', labels: ['1,5', '2,5'] })
})

it('names infinities among numbers and keeps the column one of numbers, however many there are', async () => {
  const rows = Array.from({ length: 3000 }, (_, k) => (k % 40 === 3 ? 'Inf' : String(k / 8)))
  const table = await read(`v\n${rows.join('\n')}\n`)
  expect(table.columns[0]).toMatchObject({ kind: 'number', missing: 75 })
  expect(table.report.notes).toEqual(["v: 75 infinite values count as missing: 'Inf' (75 rows, first line 5)"])
  expect(numbersOf(await read('v,w\n1,inf\n-inf,x\n1e400,y\n'), 'v')).toEqual([1, null, null])
  expect(numbersOf(await read('v,w\n1,inf\n-inf,x\n1e400,y\n'), 'w')).toBe('text')
  expect(await messageOf('v\n1\ninf\n', { strict: true })).toContain("'inf' (line 3)")
})

it('takes what programs write for missing in columns of numbers', async () => {
  for (const word of ['#N/A', '?', '\\N', '<NA>', '--', '#DIV/0!', 'NaT', '(null)', '1.#QNAN', '-nan(ind)', '..']) {
    const table = await read(`v,g\n1,${word}\n"${word}",b\n`)
    expect([word, numbersOf(table, 'v'), table.report.missing.g]).toEqual([word, [1, null], 0])
  }
})

it('points at numbers that may stand for a missing one, and leaves them', async () => {
  const ages = Array.from({ length: 100 }, (_, k) => (k % 20 === 7 ? -999 : 20 + (k % 60)))
  const table = await read(`age\n${ages.join('\n')}\n`)
  expect(table.columns[0]!.missing).toBe(0)
  expect(table.report.notes).toEqual([
    'age: 5 rows hold -999, far from all others: if it means missing, set missing to -999',
  ])
  expect((await read(`age\n${ages.join('\n')}\n`, { missing: ['-999'] })).columns[0]!.missing).toBe(5)
  const counts = Array.from({ length: 100 }, (_, k) => k - 1)
  expect((await read(`n\n${counts.join('\n')}\n`)).report.notes).toEqual([])
})

it('guesses Western European text alone, whole or packed', async () => {
  const western = Buffer.from('name;v\nGröße;1\nCafé €;2\n'.replace('€', '\x80'), 'latin1')
  const table = await read(western)
  expect(table.report.encoding).toBe('windows-1252')
  expect(table.columns[0]).toMatchObject({ labels: ['Größe', 'Café €'] })
  expect((await read(gzipSync(western), {}, 'western.csv.gz')).report.encoding).toBe('windows-1252')
  const cyrillic = Buffer.from([...'name;v\n'].map((c) => c.charCodeAt(0)).concat([0xc8, 0xe2, 0xe0, 0xed, 59, 49, 10]))
  expect(await messageOf(cyrillic)).toContain('line 2 with other bytes')
  expect((await read(cyrillic, { encoding: 'windows-1251' })).columns[0]).toMatchObject({ labels: ['Иван'] })
  const damaged = Buffer.concat([Buffer.from('name\nZürich\nGenève\nMálaga\n'), Buffer.from([0x5a, 0xfc, 0x0a])])
  expect(await messageOf(damaged)).toContain('line 5 with other bytes')
  expect(await messageOf(western, { encoding: 'utf-8' })).toContain('line 2 with other bytes')
})

it('finds the names below remarks, or where it is told that they stand', async () => {
  const remarks = await read('# made by hand\n# in May, 2024\na,b\n1,2\n')
  expect(remarks.columns.map(({ name }) => name)).toEqual(['a', 'b'])
  expect(remarks.report.notes).toEqual(['2 lines of remarks (#) before the table left out'])
  expect((await read('#a,b\n1,2\n')).columns.map(({ name }) => name)).toEqual(['#a', 'b'])
  const preamble = 'Report of May\nby hand\n\na,b\n1,2\n3,x,y\n'
  expect(await messageOf(preamble)).toContain('set header to their line (4?)')
  expect(await messageOf(preamble, { header: 4 })).toContain('line 6 with 3')
  const table = await read(preamble, { header: 4, skipBroken: true })
  expect([numbersOf(table, 'a'), numbersOf(table, 'b')]).toEqual([[1], [2]])
  expect(table.report.notes).toEqual(['1 row left out, which has more or fewer fields than the header (line 6)'])
  expect(await messageOf('a,b\n1,2\n', { header: 9 })).toContain('the names of the columns in line 9')
  expect(await messageOf('a,b\n1,2\n', { header: 0 })).toContain('input header: expected')
})

it('reads a file of data alone when told, and asks where the first line looks like data', async () => {
  const table = await read('1,2.5,x\n2,3.5,y\n', { header: 'none' })
  expect(table.columns.map(({ name }) => name)).toEqual(['column_1', 'column_2', 'column_3'])
  expect(numbersOf(table, 'column_2')).toEqual([2.5, 3.5])
  expect((await read('1,2.5,x\n2,3.5,y\n')).report.notes.join()).toContain("'2.5' among them: set header to 'none'")
  expect((await read('2019,2020\n1,2\n')).report.notes.join()).toContain('holds only numbers')
})

it('says how a file is written', async () => {
  const { report, columns } = await read(
    gzipSync(Buffer.from('Größe;g\n1.234,5;a\n2,25;b\n', 'latin1')),
    {},
    'w.csv.gz',
  )
  expect(writtenOf(report)).toEqual({
    format: 'csv',
    compression: 'gzip',
    delimiter: ';',
    encoding: 'windows-1252',
    decimal: ',',
    thousands: '.',
  })
  expect(writtenText(writtenOf(report))).toBe(
    "CSV (gzip), ';' between fields, windows-1252, decimal comma, '.' between thousands",
  )
  expect(kindsOf(columns)).toEqual({ numbers: 1, words: 1 })
  expect(writtenText(writtenOf((await read('a,b\n1,2\n')).report))).toBe('CSV')
})
