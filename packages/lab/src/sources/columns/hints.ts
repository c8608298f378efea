// For columns read as text that may be numbers in another way of writing: which option to set.

import type { NumberColumn, TextColumn } from '../types.js'
import { MissingWords } from './missing.js'
import type { NumberStyle } from './number.js'
import { shown } from './words.js'

const mostLabels = 1000
const patterns: [pattern: RegExp, advice: (style: NumberStyle) => string][] = [
  [/^[+-]?\d{1,3}(,\d{2,3})*,\d{3}\.\d+$/, () => "set thousands to ','"],
  [/^[+-]?\d{1,3}(\.\d{3})+,\d+$/, () => "set decimal to ',' and thousands to '.'"],
  [/^[+-]?\d{1,3}(,\d{3})+$/, (style) => (style.decimal === ',' ? '' : "set thousands to ',', or decimal to ','")],
  [/^[+-]?\d{1,3}(\.\d{3}){2,}$/, () => "set thousands to '.' and decimal to ','"],
  [/^[+-]?\d*,\d+$/, () => "set decimal to ','"],
  [/^[+-]?\d+\.\d+$/, (style) => (style.decimal === ',' ? "set decimal to '.'" : '')],
  [/^[+-]?\d{1,3}([ \u00a0\u202f\u2009]\d{3})+([.,]\d+)?$/, () => "set thousands to ' '"],
  [/^[+-]?\d{1,3}('\d{3})+(\.\d+)?$/, () => 'set thousands to "\'"'],
  [/^\u2212\d[\d.,]*$/u, () => "write the minus as '-'"],
]
const plain = /^[+-]?\d+(\.\d+)?$/
const common = new MissingWords()

/** The values of a text column, missing ones aside; the first thousand are enough for a hint. */
function valuesOf(column: TextColumn): string[] {
  const last = column.missing > 0 ? column.labels.length - 1 : column.labels.length
  const values = column.labels.slice(0, Math.min(last, mostLabels)).map((label) => label.trim())
  return values.filter((value) => !common.has(value))
}

/** A note on a text column whose values all look like numbers in one other way of writing. */
export function styleHint(column: TextColumn, style: NumberStyle): string | undefined {
  const values = valuesOf(column)
  const usual = (value: string): boolean => plain.test(value) && style.decimal === '.'
  const odd = values.filter((value) => !usual(value))
  const known = (value: string): boolean => plain.test(value) || patterns.some(([pattern]) => pattern.test(value))
  if (odd.length === 0 || !values.every(known)) return undefined
  for (const [pattern, say] of patterns) {
    const example = odd.find((value) => pattern.test(value))
    const advice = example === undefined ? '' : say(style)
    if (advice !== '') return `read as text; values such as ${shown(example!)} look like numbers: ${advice}`
  }
  return undefined
}

/** A note on a word of a text column that counts as missing in the columns of numbers of the same file. */
export function missingHint({ labels, codes }: TextColumn, words: ReadonlySet<string>): string | undefined {
  const code = labels.findIndex((label) => words.has(label))
  if (code < 0) return undefined
  const rows = codes.reduce((sum, each) => sum + (each === code ? 1 : 0), 0)
  const hold = rows === 1 ? '1 row holds' : `${rows} rows hold`
  return `${hold} the word ${shown(labels[code]!)}, which counts as missing in columns of numbers: if it does here, set missing to it`
}

/** A note on a text column whose values are all numbers, although the file marks them as text. */
export function typedHint(column: TextColumn): string | undefined {
  const values = valuesOf(column)
  if (values.length === 0 || column.exact || !values.every((value) => plain.test(value))) return undefined
  return 'holds numbers that the file marks as text; they are read as text'
}

/** Numbers that people write for a missing one. */
const sentinels: ReadonlySet<number> = new Set([
  -1, -9, -99, -999, -9999, -99999, -999999, 99, 999, 9999, 99999, 999999, 9999999,
])

/**
 * A note on numbers that stand at an end of a column, at least twice, further from all others than those from one another:
 * -999 among ages.
 */
export function sentinelHint({ values }: NumberColumn): string | undefined {
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!
    if (value < least) least = value
    if (value > most) most = value
  }
  for (const end of [least, most]) {
    if (!sentinels.has(end)) continue
    const { rows, near, far } = apartFrom(values, end)
    if (rows >= 2 && Math.abs(near - end) > Math.abs(far - near) && far !== near)
      return `${rows} rows hold ${end}, far from all others: if it means missing, set missing to ${end}`
  }
  return undefined
}

/** The rows that hold a value at an end, and the nearest and the furthest of the others. */
function apartFrom(values: Float64Array, end: number): { rows: number; near: number; far: number } {
  let rows = 0
  let least = Number.POSITIVE_INFINITY
  let most = 0
  let near = Number.NaN
  let far = Number.NaN
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!
    const apart = Math.abs(value - end)
    if (apart === 0) rows++
    else {
      if (apart < least) {
        least = apart
        near = value
      }
      if (apart > most) {
        most = apart
        far = value
      }
    }
  }
  return { rows, near, far }
}

/** A note on values that were damaged before this reading. */
export function damageHint(column: TextColumn): string | undefined {
  const zero = column.labels.find((label) => label.includes('\0'))
  if (zero !== undefined) return `holds zero bytes, for example in ${shown(zero)}: the file may be damaged`
  const lost = column.labels.find((label) => label.includes('\ufffd'))
  if (lost !== undefined) return `holds characters lost in an earlier decoding, for example in ${shown(lost)}`
  return undefined
}
