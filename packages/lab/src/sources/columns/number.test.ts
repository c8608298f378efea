import fc from 'fast-check'
import { expect, it } from 'vitest'
import { big, code, infinite, NumberReader, type NumberStyle, number, words } from './number.js'

const usual: NumberStyle = { decimal: '.' }

function classify(text: string, style = usual): number | [number] {
  const reader = new NumberReader(style)
  const bytes = Buffer.from(`x${text}y`)
  const kind = reader.read(bytes, 1, bytes.length - 1)
  return kind === number ? [reader.value] : kind
}

it('reads what Number reads, to the last bit', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 20 })
  const parts = fc.tuple(fc.constantFrom('', '-', '+'), digits, digits, fc.integer({ min: -330, max: 320 }))
  fc.assert(
    fc.property(parts, fc.boolean(), ([sign, whole, fraction, exponent], scaled) => {
      const text = `${sign}${whole}.${fraction}${scaled ? `e${exponent}` : ''}`
      const value = Number(text)
      expect(classify(text)).toEqual(Number.isFinite(value) ? [value + 0] : infinite)
    }),
    { numRuns: 2000 },
  )
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
      expect(classify(x.toExponential())).toEqual([x + 0])
    }),
  )
})

it('knows the border of 2^53 exactly', () => {
  expect(classify('9007199254740992')).toEqual([2 ** 53])
  expect(classify('-9007199254740991')).toEqual([1 - 2 ** 53])
  for (const text of ['9007199254740993', '-9007199254740993', '18446744073709551615', '9'.repeat(400)]) {
    expect(classify(text)).toBe(big)
  }
})

it('tells codes and words from numbers', () => {
  for (const text of ['007', '-01', '00']) expect(classify(text)).toBe(code)
  const none = [
    '',
    ' ',
    '-',
    '+',
    '.',
    'e5',
    '1e',
    '1e+',
    '1.2.3',
    '1,5',
    '0x1F',
    '1_000',
    'in',
    'info',
    '1.#IND',
    'NaN',
    'i'.repeat(100),
    '--1',
    '1 2',
    '٣',
  ]
  for (const text of none) expect(classify(text)).toBe(words)
  expect(classify('00.5')).toEqual([0.5])
  for (const text of ['inf', ' -Inf', '+Infinity ', 'INFINITY', '∞', '-∞', '1.#INF', '-1.#INF00', '1e400', '-1e999'])
    expect([text, classify(text)]).toEqual([text, infinite])
})

it('reads the commas and groups that it is told of', () => {
  const comma: NumberStyle = { decimal: ',', thousands: '.' }
  expect(classify('1.234.567,5', comma)).toEqual([1234567.5])
  expect(classify('-0,25', comma)).toEqual([-0.25])
  expect(classify('1.5', comma)).toBe(words)
  expect(classify('12,34,567.8', { decimal: '.', thousands: ',' })).toEqual([1234567.8])
  for (const text of ['1,2,3', '1,23', ',123', '1234,567', '1,000,']) {
    expect(classify(text, { decimal: '.', thousands: ',' })).toBe(words)
  }
  expect(classify('1,234', { decimal: '.', thousands: ',' })).toEqual([1234])
  expect(classify("12'345.5", { decimal: '.', thousands: "'" })).toEqual([12345.5])
  expect(classify('9,007,199,254,740,993', { decimal: '.', thousands: ',' })).toBe(big)
})
