import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { GenlossError } from '@genloss/models'
import { afterAll, describe, expect, it } from 'vitest'
import { readTable } from './read.js'
import type { ReadOptions, TableColumn, TableData } from './types.js'

const folder = mkdtempSync(join(tmpdir(), 'genloss-read-'))
afterAll(() => rmSync(folder, { recursive: true }))

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const read = (content: string | Uint8Array, options?: ReadOptions, name = 'table.csv'): Promise<TableData> =>
  readTable(write(name, content), options)

async function refusal(content: string | Uint8Array, options?: ReadOptions, name?: string): Promise<GenlossError> {
  const error = await read(content, options, name).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(GenlossError)
  expect((error as GenlossError).code).toBe('input')
  return error as GenlossError
}

/** The values as a person would list them: numbers, labels, null for missing. */
function valuesOf(column: TableColumn): (number | string | null)[] {
  if (column.kind === 'number') return [...column.values].map((value) => (Number.isNaN(value) ? null : value))
  const missing = column.missing > 0 ? column.labels.length - 1 : -1
  return [...column.codes].map((code) => (code === missing ? null : column.labels[code]!))
}

const asObject = (table: TableData): Record<string, (number | string | null)[]> =>
  Object.fromEntries(table.columns.map((column) => [column.name, valuesOf(column)]))

describe('CSV as it comes', () => {
  it('takes a byte order mark away, before quotes too', async () => {
    expect(asObject(await read('\ufeffid,value\r\n1,2.5\r\n2,3.5\r\n'))).toEqual({ id: [1, 2], value: [2.5, 3.5] })
    expect(asObject(await read('\ufeff"id",value\n1,2\n'))).toEqual({ id: [1], value: [2] })
    expect(asObject(await read('\ufeff\ufeff"\ufeffid",value\n1,2\n'))).toEqual({ id: [1], value: [2] })
  })

  it('finds semicolons, decimal commas and latin1, says so, and does as it is told instead', async () => {
    const bytes = Buffer.from('Datum;Größe;Café\r\n2024-01-02;1,5;3,25\r\n2024-01-03;2,5;4,75\r\n', 'latin1')
    const values = { Datum: ['2024-01-02', '2024-01-03'], Größe: [1.5, 2.5], Café: [3.25, 4.75] }
    const table = await read(bytes)
    expect(asObject(table)).toEqual(values)
    expect(table.report).toMatchObject({ delimiter: ';', encoding: 'windows-1252', decimal: ',' })
    expect(table.report.notes).toEqual([
      'read as windows-1252 (latin1), since the bytes are not UTF-8; where that is wrong, set encoding',
      "Größe: read with ',' as the decimal point, as in '1,5'; where that is wrong, set decimal or thousands",
      "Café: read with ',' as the decimal point, as in '3,25'; where that is wrong, set decimal or thousands",
    ])
    const told = await read(bytes, { encoding: 'latin1', decimal: 'comma', delimiter: 'semicolon' })
    expect(asObject(told)).toEqual(values)
    expect(told.report.notes).toEqual([])
    const text = await read(bytes, { decimal: '.' })
    expect(text.columns.map(({ kind }) => kind)).toEqual(['text', 'text', 'text'])
    expect(text.report.notes.join()).toContain("values such as '1,5' look like numbers: set decimal to ','")
  })

  it('reads thousands that can mean nothing else, or when told, and says what to set when not', async () => {
    const text = 'name,amount\nab,"100,000.00"\ncd,"1,234.50"\nef,-7\n'
    const { columns, report } = await read(text)
    expect(valuesOf(columns[1]!)).toEqual([100000, 1234.5, -7])
    expect(report.notes).toEqual([
      "amount: read with ',' between thousands, as in '100,000.00'; where that is wrong, set decimal or thousands",
    ])
    const kept = await read(text, { thousands: 'none' })
    expect(kept.columns[1]!.kind).toBe('text')
    expect(kept.report.notes.join()).toContain("'100,000.00' look like numbers: set thousands to ','")
    const open = await read('n\n"1,234"\n"2,345"\n')
    expect(open.columns[0]!.kind).toBe('text')
    expect(open.report.notes.join()).toContain("set thousands to ',', or decimal to ','")
    expect(asObject(await read(text, { thousands: ',' })).amount).toEqual([100000, 1234.5, -7])
    const german = 'a;b\n1.234,5;x\n-1.000.000;y\n12;z\n'
    expect(asObject(await read(german, { decimal: ',', thousands: '.' })).a).toEqual([1234.5, -1000000, 12])
    expect(asObject(await read('a\n1 234\n5\u00a0000,5\n', { decimal: ',', thousands: ' ' })).a).toEqual([1234, 5000.5])
  })

  it('keeps quoted line ends and doubled quotes', async () => {
    const table = await read('id,text,v\n1,"line one\nline two",5\n2,"say ""hi"", ok",6\n')
    expect(asObject(table)).toEqual({ id: [1, 2], text: ['line one\nline two', 'say "hi", ok'], v: [5, 6] })
  })

  it('gives doubled and empty headers names of their own and leaves true names alone', async () => {
    const { columns, report } = await read('a,a,a_1,, \n1,2,3,4,5\n')
    expect(columns.map((column) => column.name)).toEqual(['a', 'a_2', 'a_1', 'column_4', 'column_5'])
    expect(columns.map((column) => valuesOf(column)[0])).toEqual([1, 2, 3, 4, 5])
    expect(report.notes).toHaveLength(3)
    const table = await read('b,b,b_2,column_4,\n1,2,3,4,5\n')
    expect(table.columns.map((column) => column.name)).toEqual(['b', 'b_3', 'b_2', 'column_4', 'column_5'])
  })

  it('never lets an early sample decide: a late word is missing and named', async () => {
    const rows = Array.from({ length: 25000 }, (_, k) => `${k},${k % 7}`)
    const { rows: count, columns, report } = await read(`k,v\n${rows.join('\n')}\n25000,n.a.\n`)
    expect(count).toBe(25001)
    expect(columns[1]).toMatchObject({ kind: 'number', missing: 1, integer: true })
    expect(report.notes).toEqual(["v: 1 word counts as missing: 'n.a.' (line 25002)"])
    const odd = `k,v\n${rows.join('\n')}\n25000,broken\n`
    const noted = await read(odd)
    expect(noted.columns[1]!.missing).toBe(1)
    expect(noted.report.notes).toEqual(["v: 1 value that is no number counts as missing: 'broken' (line 25002)"])
    const error = await refusal(odd, { strict: true })
    expect(error.message).toContain("'broken' (line 25002)")
  })

  it('keeps NA a country and counts what is missing by column', async () => {
    const table = await read('element,country,score\nNa,NA,1\nK,NO,2\nNone,null,\n"",NaN,NA\n')
    expect(table.report.missing).toEqual({ element: 1, country: 0, score: 2 })
    expect(asObject(table)).toEqual({
      element: ['Na', 'K', 'None', null],
      country: ['NA', 'NO', 'null', 'NaN'],
      score: [1, 2, null, null],
    })
  })

  it('keeps whole numbers beyond 2^53 as text', async () => {
    const { columns, report } = await read('id,v\n9007199254740993,1\n9007199254740992,2\n18446744073709551615,3\n')
    expect(valuesOf(columns[0]!)).toEqual(['9007199254740993', '9007199254740992', '18446744073709551615'])
    expect(columns[0]).toMatchObject({ kind: 'text', exact: 'integer beyond 2^53 kept as text' })
    expect(report.notes.join()).toContain("'9007199254740993' (line 2)")
  })

  it('refuses files without rows', async () => {
    for (const text of ['a,b\n', 'a,b', 'a,b\n\n\n', '', '\n\n', '\ufeff', ' ']) await refusal(text)
    await refusal(gzipSync(''), {}, 'empty.csv.gz')
    const wrong = await readTable(join(folder, 'absent.csv')).catch((error: GenlossError) => error)
    expect(wrong).toMatchObject({ code: 'input', path: join(folder, 'absent.csv') })
    expect(await readTable(folder).catch((error: GenlossError) => error.message)).toContain('a folder')
  })

  it('reads all members of a gzip file and refuses one that is cut off or damaged', async () => {
    const whole = Buffer.concat([gzipSync('a,b\n1,2\n3,4\n'), gzipSync('5,6\n7,8\n')])
    const table = await read(whole, {}, 'two.csv.gz')
    expect(asObject(table)).toEqual({ a: [1, 3, 5, 7], b: [2, 4, 6, 8] })
    expect(table.name).toBe('two')
    expect(table.sha256).toBe(createHash('sha256').update(whole).digest('hex'))
    expect(table.report.compression).toBe('gzip')
    const padded = Buffer.concat([whole, Buffer.alloc(3 << 20)])
    expect((await read(padded, {}, 'padded.csv.gz')).sha256).toBe(createHash('sha256').update(padded).digest('hex'))
    for (const cut of [1, 5, 30]) {
      expect((await refusal(whole.subarray(0, whole.length - cut), {}, 'cut.csv.gz')).message).toContain('cut off')
    }
    const bent = Buffer.from(whole)
    bent[15]! ^= 8
    expect((await refusal(bent, {}, 'bent.csv.gz')).message).toMatch(/damaged|cut off/)
    await refusal(Buffer.concat([gzipSync('a\n1\n'), Buffer.from('2\n')]), {}, 'tail.csv.gz')
  })

  it('names columns that do not exist with the nearest ones', async () => {
    const path = write('near.csv', 'region,income\nN,1\nS,2\n')
    const group = await readTable(path, { group: 'regoin' }).catch((error: GenlossError) => error)
    expect(group).toMatchObject({ code: 'input', path: 'group' })
    expect((group as GenlossError).hint).toContain("did you mean 'region'?")
    const columns = await readTable(path, { columns: ['income', 'age'] }).catch((error: GenlossError) => error)
    expect(columns).toMatchObject({ path: 'columns', value: 'age' })
  })

  it('reads chosen columns in the order asked for, and a group as categories', async () => {
    const path = write('chosen.csv', 'a,b,g\n1,2,1\n3,4,2\n5,6,1\n')
    const table = await readTable(path, { columns: ['b', 'a'], group: 'g' })
    expect(table.columns.map((column) => [column.name, column.kind])).toEqual([
      ['b', 'number'],
      ['a', 'number'],
      ['g', 'text'],
    ])
    expect(asObject(table).g).toEqual(['1', '2', '1'])
  })

  it('takes words for missing that a user names, everywhere', async () => {
    const text = 'g,v\nunknown,1\na,-999\nb,2\n'
    expect(asObject(await read(text, { missing: ['unknown', '-999'] }))).toEqual({
      g: [null, 'a', 'b'],
      v: [1, null, 2],
    })
    const long = `v\n${Array.from({ length: 3000 }, (_, k) => (k % 100 === 99 ? -999 : k)).join('\n')}\n`
    expect((await read(long, { missing: ['-999'] })).columns[0]).toMatchObject({ kind: 'number', missing: 30 })
  })

  it('counts rows that equal an earlier one, missing values included', async () => {
    const { report } = await read('a,b\n1,x\n1,x\n,x\n,x\n1,y\n1,x\n')
    expect(report.duplicates).toBe(3)
  })

  it('names columns with nothing to lose', async () => {
    const { columns, report } = await read('a,b,c,d\n3.5,x,,1\n3.5,x,,2\n')
    expect(columns).toHaveLength(4)
    expect(report.skipped).toEqual([
      { column: 'a', why: 'every value is 3.5' },
      { column: 'b', why: "every value is 'x'" },
      { column: 'c', why: 'every value is missing' },
    ])
  })
})

describe('broken quotes', () => {
  const head = 'id,size,note\n'
  const row = (k: number): string => `${k},${k}.5,plain ${k}\n`
  const rows = (from: number, to: number): string =>
    Array.from({ length: to - from + 1 }, (_, k) => row(from + k)).join('')
  const idsOf = async (text: string): Promise<[number[], string[]]> => {
    const { columns, report } = await readTable(write('quotes.csv', text), { skipBroken: true })
    const [id] = columns
    return [id!.kind === 'number' ? [...id!.values] : [], report.notes]
  }
  const from1 = (to: number): number[] => Array.from({ length: to }, (_, k) => k + 1)

  it.each([
    ['text behind a quote', '5,5.5,"5" screen"\n', 'line 6'],
    ['a quote that opens and closes later', '5,5.5,"open\n', 'line 6'],
    ['text of several lines with a quote in it', '5,5.5,"one\ntwo "so" called\nthree"\n', 'lines 6 to 8'],
    ['two broken rows in a row', '5,5.5,"a" b\n5,5.5,"a" b\n', 'lines 6 to 7'],
  ])('%s costs its lines alone', async (_, broken, place) => {
    const text = `${head}${rows(1, 4)}${broken}${rows(5, 40)}41,1.5,"quoted, ""twice"""\n`
    expect(await idsOf(text)).toEqual([from1(41), [`1 row left out, whose quotes are broken (${place})`]])
    // At the end of the file as well.
    expect((await idsOf(`${head}${rows(1, 4)}${broken}`))[0]).toEqual(from1(4))
  })

  it('costs as little where several stand near each other, over the blocks of a large file', async () => {
    const text = `${head}${rows(1, 2)}9,"x" y,\n${rows(3, 3)}9,"x" y,\n${rows(4, 30000)}9,9,"open\n${rows(30001, 30010)}`
    const [ids, notes] = await idsOf(text)
    expect(ids).toEqual(from1(30010))
    expect(notes.join()).toContain('3 rows left out, whose quotes are broken (line 4, line 6, line 30004)')
  })

  it('is an error with line, column and advice otherwise', async () => {
    const behind = write('behind.csv', `${head}${rows(1, 4)}5,"5" wide,x\n${rows(6, 9)}`)
    await expect(readTable(behind)).rejects.toThrow(
      /behind.csv: expected a delimiter or a line end there, got 'line 6, column size with "wide,x" after a closing quote' .write a quote inside quotes as two, or leave such rows out with skipBroken/,
    )
    const open = write('open.csv', `${head}${rows(1, 4)}5,5,"open\n${rows(6, 9)}`)
    await expect(readTable(open)).rejects.toThrow(/line 6, column note with a quote that is never closed/)
    // One column: any line could be a row or a part of the text.
    const one = write('one.csv', 'v\n1\n"2" x\n3\n')
    await expect(readTable(one, { skipBroken: true })).rejects.toThrow(/not safe to tell/)
    // A text without end in sight.
    const long = write('long.csv', `${head}${rows(1, 4)}5,5,"one "two"\n${'words\n'.repeat(200)}"\n${rows(6, 9)}`)
    await expect(readTable(long, { skipBroken: true })).rejects.toThrow(/line 6, column note.*not safe to tell/)
  })
})
