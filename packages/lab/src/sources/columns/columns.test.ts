import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { TableColumn } from '../types.js'
import { Dictionary } from './dictionary.js'
import { countDuplicates } from './duplicates.js'
import { growingCodes, growingNumbers } from './growing.js'

it('a dictionary numbers labels in order of first appearance', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 300 }), (labels) => {
      const dictionary = new Dictionary()
      const codes = labels.map((label) => {
        const bytes = Buffer.from(`<${label}>`)
        return dictionary.code(bytes, 1, bytes.length - 1)
      })
      const distinct = [...new Set(labels.map((label) => Buffer.from(label).toString()))]
      expect(codes).toEqual(labels.map((label) => distinct.indexOf(Buffer.from(label).toString())))
      expect(distinct.map((_, code) => dictionary.label(code))).toEqual(distinct)
    }),
  )
})

it('a growing list gives back all of it', () => {
  const numbers = growingNumbers()
  const codes = growingCodes()
  for (let k = 0; k < 700_000; k += 7) {
    numbers.push(k / 4)
    codes.push(k)
  }
  expect(numbers.done()).toEqual(Float64Array.from({ length: 100_000 }, (_, k) => (k * 7) / 4))
  expect(codes.done()).toEqual(Uint32Array.from({ length: 100_000 }, (_, k) => k * 7))
})

it('counts duplicates as comparing every pair does', () => {
  const row = fc.tuple(fc.constantFrom(0, 1.5, -1, Number.NaN), fc.integer({ min: 0, max: 2 }))
  fc.assert(
    fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
      const columns: TableColumn[] = [
        { name: 'x', kind: 'number', values: Float64Array.from(rows, ([x]) => x), missing: 0, integer: false },
        { name: 'g', kind: 'text', codes: Uint32Array.from(rows, ([, g]) => g), labels: ['a', 'b', 'c'], missing: 0 },
      ]
      expect(countDuplicates(columns, rows.length)).toBe(rows.length - new Set(rows.map(String)).size)
    }),
  )
})
