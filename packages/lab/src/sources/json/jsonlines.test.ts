import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GenlossError } from '@genloss/models'
import { afterAll, expect, it } from 'vitest'
import { readTable } from '../read.js'
import type { ReadOptions, TableData } from '../types.js'

const folder = mkdtempSync(join(tmpdir(), 'genloss-json-'))
afterAll(() => rmSync(folder, { recursive: true }))

function read(content: string, options?: ReadOptions, name = 'rows.jsonl'): Promise<TableData> {
  const path = join(folder, name)
  writeFileSync(path, content)
  return readTable(path, options)
}

const messageOf = (content: string, options?: ReadOptions): Promise<string> =>
  read(content, options).then(
    () => 'no error',
    (error: GenlossError) => error.message,
  )

it('keeps the rows before a broken last line, unless strict', async () => {
  const text = '{"x":1,"g":"a"}\n{"x":2,"g":"b"}\n{"x":3,"g":'
  const { rows, columns, report } = await read(text)
  expect(rows).toBe(2)
  expect(columns[0]).toMatchObject({ kind: 'number', values: Float64Array.of(1, 2) })
  expect(columns[1]).toMatchObject({ kind: 'text', labels: ['a', 'b'] })
  expect(report.notes).toEqual(['line 3 incomplete: left out, the file seems to be cut off'])
  expect(await messageOf(text, { strict: true })).toContain('line 3 incomplete')
  expect(await messageOf('{"x":1\n{"x":2}\n')).toContain('line 1 incomplete')
  expect(await messageOf('{"x":1')).toContain('line 1 incomplete')
})

it('joins keys that come and go, in any order', async () => {
  const { columns } = await read('{"a":1,"b":"x"}\n\n{"b":"y","c":true}\n{"a":null,"c":false,"b":""}\n')
  expect(columns).toMatchObject([
    { name: 'a', kind: 'number', values: Float64Array.of(1, Number.NaN, Number.NaN), missing: 2 },
    { name: 'b', labels: ['x', 'y', 'missing'], codes: Uint32Array.of(0, 1, 2), missing: 1 },
    { name: 'c', labels: ['true', 'false', 'missing'], codes: Uint32Array.of(2, 0, 1), missing: 1 },
  ])
})

it('keeps every digit of large whole numbers', async () => {
  const { columns } = await read('{"id":9007199254740993}\n{"id":9007199254740992}\n')
  expect(columns[0]).toMatchObject({ labels: ['9007199254740993', '9007199254740992'], exact: expect.any(String) })
})

it('leaves numbers text that are written as text, and says so', async () => {
  const { columns, report } = await read('{"zip":"12345","v":"NA"}\n{"zip":"23456","v":2}\n')
  expect(columns).toMatchObject([
    { kind: 'text', labels: ['12345', '23456'] },
    { kind: 'number', missing: 1 },
  ])
  expect(report.notes).toContain('zip: holds numbers that the file marks as text; they are read as text')
})

it('passes over nested values by name', async () => {
  const { columns, report } = await read('{"a":1,"n":{"x":"}"}}\n{"a":2,"l":["]",[1]],"n":null}\n')
  expect(columns.map((column) => column.name)).toEqual(['a'])
  expect(report.skipped).toEqual([
    { column: 'n', why: 'nested values (first in line 1)' },
    { column: 'l', why: 'nested values (first in line 2)' },
  ])
})

it('decodes escapes in keys and values', async () => {
  const { columns } = await read('{"a\\"b":"x\\n\\u00e9","\\u006b":"plain"}\n{"a\\"b":"\\\\","k":"é"}\n')
  expect(columns.map((column) => column.name)).toEqual(['a"b', 'k'])
  expect(columns).toMatchObject([{ labels: ['x\né', '\\'] }, { labels: ['plain', 'é'] }])
})

it('refuses lines that are no objects, doubled keys and unknown columns', async () => {
  expect(await messageOf('{"a":1}\n[1]\n')).toContain('line 2 with a list')
  expect(await messageOf('{"a":1}\n3\n')).toContain('line 2 with a number')
  expect(await messageOf('{"a":1,"a":2}\n')).toContain("line 1 with 'a' twice")
  expect(await messageOf('{"age":1}\n', { group: 'agee' })).toContain("did you mean 'age'?")
})

it('knows JSON Lines by content where the name says nothing', async () => {
  expect((await read('\ufeff{"a": 1}\r\n{"a": 2}\r\n', {}, 'data')).report.format).toBe('jsonl')
})

it('takes NaN and Infinity, which JSON does not have, for what they are', async () => {
  const text = '{"x":1,"g":"NaN, Infinity"}\n{"x":NaN,"g":"b\\"NaN"}\n{"x":-Infinity,"g":"c"}\n{"x":2.5,"g":"d"}\n'
  const { columns, report } = await read(text)
  expect(columns[0]).toMatchObject({ values: Float64Array.of(1, Number.NaN, Number.NaN, 2.5), missing: 2 })
  expect(columns[1]).toMatchObject({ labels: ['NaN, Infinity', 'b"NaN', 'c', 'd'] })
  expect(report.notes).toEqual([
    "x: 1 word counts as missing: 'NaN' (line 2)",
    "x: 1 infinite value counts as missing: '-Infinity' (line 3)",
  ])
  expect(await messageOf('{"x":NaNN}\n{"x":1}\n')).toContain('line 1 incomplete')
})

it('leaves broken lines out only where it is told to', async () => {
  const text = '{"x":1}\n{"x":\n{"x":3}\n{x}\n{"x":5}\n'
  expect(await messageOf(text)).toContain('line 2 incomplete')
  const { rows, columns, report } = await read(text, { skipBroken: true })
  expect(rows).toBe(3)
  expect(columns[0]).toMatchObject({ values: Float64Array.of(1, 3, 5) })
  expect(report.notes).toEqual(['2 broken lines left out (line 2, 4)'])
})
