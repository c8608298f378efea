import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isBlankRecord, RecordScanner, textOf } from './records.js'

interface Seen {
  line: number
  fields: string[]
  blank: boolean
}

function scan(text: string, size: number): Seen[] {
  const seen: Seen[] = []
  const scanner = new RecordScanner('t.csv', 44, (fields) => {
    const texts = Array.from({ length: fields.count }, (_, k) => textOf(fields, k))
    seen.push({ line: fields.line, fields: texts, blank: isBlankRecord(fields) })
  })
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) scanner.push(bytes.subarray(at, at + size), false)
  scanner.push(Buffer.alloc(0), true)
  return seen
}

const quoted = (field: string): string => `"${field.replaceAll('"', '""')}"`
const newlines = (text: string): number => text.split(/\r\n|\n|\r/).length - 1

it('gives back what was written, with the right lines, whatever the blocks', () => {
  const field = fc.string({ unit: fc.constantFrom('a', '7', ',', '"', '\n', '\r', ' ', 'é', '\t'), maxLength: 6 })
  const table = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(table, fc.constantFrom('\n', '\r\n', '\r'), fc.integer({ min: 1, max: 9 }), (rows, end, size) => {
      const written = rows.map((fields) => fields.map(quoted).join(','))
      const seen = scan(written.join(end) + end, size)
      expect(seen.map((each) => each.fields)).toEqual(rows)
      const lines = written.map((_, k) => 1 + k + newlines(written.slice(0, k).join('')))
      // Text that ends in a carriage return and text that starts with a line feed join to one line end.
      if (!rows.flat().some((each) => each.includes('\r'))) expect(seen.map((each) => each.line)).toEqual(lines)
    }),
    { numRuns: 300 },
  )
})

it('knows empty lines from pairs of quotes', () => {
  expect(scan('a\n\n  \n""\n', 3).map((each) => each.blank)).toEqual([false, true, true, false])
})

it('starts a record after any line end', () => {
  expect(scan('a,b\r\n\rc\n\nd', 1).map((each) => [each.line, ...each.fields])).toEqual([
    [1, 'a', 'b'],
    [2, ''],
    [3, 'c'],
    [4, ''],
    [5, 'd'],
  ])
})

it('gives an empty field after a delimiter at the end', () => {
  for (const size of [1, 2, 10])
    expect(scan('a,\nb,', size).map((each) => each.fields)).toEqual([
      ['a', ''],
      ['b', ''],
    ])
})

it('does not collect a file without end for a quote that is never closed', () => {
  const scanner = new RecordScanner('t.csv', 44, () => undefined)
  const push = (): void => {
    scanner.push(Buffer.from('"'), false)
    for (let k = 0; k < 70; k++) scanner.push(Buffer.alloc(1 << 20, 97), false)
  }
  expect(push).toThrow('never closed')
})
