// Amounts and percentages: which columns are numbers, what is said of them, and what stays words.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { readTable } from '../read.js'
import type { ReadOptions, TableData } from '../types.js'

const folder = mkdtempSync(join(tmpdir(), 'genloss-signs-'))
afterAll(() => rmSync(folder, { recursive: true }))

function read(columns: Record<string, string[]>, options?: ReadOptions): Promise<TableData> {
  const names = Object.keys(columns)
  const rows = columns[names[0]!]!.map((_, k) => names.map((name) => `"${columns[name]![k]}"`).join(';'))
  const path = join(folder, 'signs.csv')
  writeFileSync(path, `${names.join(';')}\n${rows.join('\n')}\n`)
  return readTable(path, options)
}

function valuesOf(table: TableData, name = 'v'): (number | null)[] | 'text' {
  const column = table.columns.find((each) => each.name === name)!
  return column.kind === 'text' ? 'text' : [...column.values].map((value) => (Number.isNaN(value) ? null : value))
}

it.each<[string[], number[] | 'text']>([
  [
    ['$1,234.50', '-$5', '$ 7.25', '($5.00)', '$-3', '+$2'],
    [1234.5, -5, 7.25, -5, -3, 2],
  ],
  [
    ['1.234,50 EUR', '-12,00 EUR', '7 EUR'],
    [1234.5, -12, 7],
  ],
  [['1.234,50 €', '(2,50 €)', '\u22122\u00a0000,25\u00a0€'].slice(0, 2), [1234.5, -2.5]],
  [
    ['12 345,50 zł', '7,10 zł', '\u22121,25 zł'],
    [12345.5, 7.1, -1.25],
  ],
  [
    ['US$5', 'US$6.5', 'US$7'],
    [5, 6.5, 7],
  ],
  [
    ['12.5 %', '3%', '-0.25 %'],
    [12.5, 3, -0.25],
  ],
  [
    ['12,5 %', '3,25%', '(1,5 %)'],
    [12.5, 3.25, -1.5],
  ],
  // In whole thousands: told by the currency, or by nothing.
  [
    ['$45,000', '$950', '$120,500'],
    [45000, 950, 120500],
  ],
  [['45.000 €', '950 €', '12.500 €'], 'text'],
  [['€45,000', '€950'], 'text'],
  [['$45.000', '$950'], 'text'],
  // Different signs, or only some with one.
  [['$5', '5 €', '$7'], 'text'],
  [['$5', '12', '$7'], 'text'],
  [['5 %', '0.5'], 'text'],
  // Phone numbers, codes, versions, references, dates.
  [['+1 555 1234', '+44 20 7946', '(555) 1234'], 'text'],
  [['CAD101', 'CAD205', 'CAD300'], 'text'],
  [['PHP 7', 'PHP 8.1', 'PHP 8.2'], 'text'],
  [['$007', '$012', '$113'], 'text'],
  [['$1.2.3', '$1.2.4', '$2.0.0'], 'text'],
  [['rs7412', 'rs429358'], 'text'],
  [['$5k', '$6k'], 'text'],
  [['$5-7', '$8-9'], 'text'],
  [['5--5 $', '--5 $'], 'text'],
  [['(1)', '(2)', '(3)'], 'text'],
  [['$5 €', '$6 €'], 'text'],
])('%j', async (written, wanted) => {
  expect(valuesOf(await read({ v: written }))).toEqual(wanted)
})

it('says what was taken off, and what a percentage is', async () => {
  const table = await read({
    price: ['$1,234.50', '($5.00)', 'n/a'],
    rate: ['12.5 %', '', '3 %'],
    due: ['1.234,50 EUR', '2 EUR', '-3,5 EUR'],
  })
  expect(valuesOf(table, 'price')).toEqual([1234.5, -5, null])
  expect(valuesOf(table, 'rate')).toEqual([12.5, null, 3])
  expect(table.report.missing).toEqual({ price: 1, rate: 1, due: 0 })
  expect(table.report.notes).toEqual([
    "price: amounts in $ read as numbers: '$1,234.50'; a value in parentheses, as in '($5.00)', is negative",
    "price: read with ',' between thousands, as in '1,234.50'; where that is wrong, set decimal or thousands",
    "rate: percentages read as they are written, not divided by 100: '12.5 %'",
    "due: amounts in EUR read as numbers: '1.234,50 EUR'",
    "due: read with ',' as the decimal point and '.' between thousands, as in '1.234,50'; where that is wrong, set decimal or thousands",
  ])
})

it('says why amounts are words, and takes what it is told', async () => {
  const mixed = await read({ v: ['$5', '5 €', '7'] })
  expect(mixed.report.notes).toEqual([
    "v: read as text, because only some of its numbers have a sign: '$5', '5 €', '7'; write all in one currency or unit, or without a sign",
  ])
  const two = await read({ v: ['$5', '5 €'] })
  expect(two.report.notes.join()).toContain('because its numbers have different signs')
  const open = { v: ['45.000 €', '12.500 €'] }
  expect((await read(open)).report.notes.join()).toContain('set decimal or thousands')
  expect(valuesOf(await read(open, { thousands: '.', decimal: ',' }))).toEqual([45000, 12500])
  expect(valuesOf(await read(open, { decimal: '.' }))).toEqual([45, 12.5])
  expect(valuesOf(await read({ ...open, w: ['1,5', '2,25'] }))).toEqual([45000, 12500])
  const grouped = await read({ v: ['$5', '$6'], w: ['1', '2'] }, { group: 'v' })
  expect(grouped.columns.find(({ name }) => name === 'v')).toMatchObject({ kind: 'text', labels: ['$5', '$6'] })
})

it('looks at all values of a long column', async () => {
  const amounts = Array.from({ length: 5000 }, (_, k) => `$${k}.25`)
  expect((valuesOf(await read({ v: amounts })) as number[])[4999]).toBe(4999.25)
  expect(valuesOf(await read({ v: [...amounts, '17'] }))).toBe('text')
  const plain = Array.from({ length: 5000 }, (_, k) => `${k}`)
  expect(valuesOf(await read({ v: [...plain, ...amounts] }))).toBe('text')
})

it('is not slowed down by long runs of blanks, marks and parentheses', async () => {
  const long = [`$${' '.repeat(1e5)}x`, `1${' '.repeat(1e5)}x`, '('.repeat(1e5), `$${'1,'.repeat(1e5)}x`]
  for (const text of long) expect(valuesOf(await read({ v: [text] }))).toBe('text')
})
