// Columns of text whose every value is a number with the same sign: amounts in one currency, and percentages.

import type { TextColumn } from '../types.js'
import { MissingWords } from './missing.js'
import { shown } from './words.js'

/** A text column with the signs of its values taken off. */
export interface Bare {
  /** As it was, with labels such as `-1,234.50` in place of `($1,234.50)`. */
  column: TextColumn
  /** As it is written first: `$`, `EUR`, `%`. */
  sign: string
  /** A value as it is written. */
  example: string
  /** A value in parentheses, which stand for a minus. */
  negative?: string
  /** Whether a mark before three digits at the end may be either mark: `1.234 €`. */
  open: boolean
}

// Codes that are words, or names that numbers follow (PHP 8.1, TOP 10, 2 CUP), are left out: they prove nothing.
const codes =
  'AED|AUD|BGN|BHD|BRL|CAD|CHF|CLP|CNY|CZK|DKK|EGP|EUR|GBP|HKD|HUF|IDR|ILS|INR|ISK|JPY|KRW|KWD|MXN|MYR|NGN|NOK|NZD|PLN|QAR|RSD|RUB|SEK|SGD|THB|TWD|UAH|USD|VND|ZAR'
// CAD101 and rs7412 are codes: letters before a number need a blank.
const before = `(?:AU|CA|HK|MX|NT|NZ|R|US)?\\$|\\p{Sc}|Rs\\.|(?:Rs|${codes})(?=[ \\u00a0\\u202f])`
const after = `\\p{Sc}|%|kr\\.?|Kč|zł|${codes}`
const sign = '[+\\-\\u2212]?'
// Few blanks, so that long runs of them can't be shared out in too many ways.
const gap = '[ \\u00a0\\u202f\\u2009]{0,3}'
const digits = "(?<digits>(?:\\d|[.,]\\d)(?:[\\d.,'\\u00a0\\u202f\\u2009 ]*\\d)?[.,]?)"
const value = `${sign}${gap}(?:(?<first>${before})${gap})?${sign}${gap}${digits}(?:${gap}(?<last>${after}))?`
const whole = new RegExp(`^(?:${value})$`, 'u')
const enclosed = new RegExp(`^\\(${gap}(?:${value})${gap}\\)$`, 'u')
const minus = /[-\u2212]/
const twice = /[+\-\u2212].*[+\-\u2212]/
/** Currencies whose countries write a comma between thousands. */
const commas = /^(?:\$|(?:US|CA|AU|NZ|HK|NT|MX)\$|[£¥₹₩]|USD|GBP|JPY|INR|KRW|CAD|AUD|NZD|HKD|MXN)$/
const common = new MissingWords()

interface Parted {
  bare: string
  sign: string
  enclosed: boolean
}

/** A value without its sign; undefined if it is no number with at most one, and a sign of '' if it has none. */
function part(text: string): Parted | undefined {
  const inside = enclosed.exec(text)
  const groups = (inside ?? whole.exec(text))?.groups
  if (!groups || twice.test(text) || (inside && /[+\-\u2212]/.test(text))) return undefined
  const { first, last, digits } = groups
  if (first !== undefined && last !== undefined) return undefined
  const negative = inside !== null || minus.test(text)
  return { bare: `${negative ? '-' : ''}${digits}`, sign: first ?? last ?? '', enclosed: inside !== null }
}

/**
 * The column without signs if all its values, missing ones aside, have the same; a note if they are numbers that differ in
 * this; undefined if they are none.
 */
export function withoutSigns(column: TextColumn): Bare | { note: string } | undefined {
  if (column.exact !== undefined) return undefined
  const last = column.missing > 0 ? column.labels.length - 1 : column.labels.length
  const labels = [...column.labels]
  const examples = new Map<string, string>()
  const bare: string[] = []
  let negative: string | undefined
  for (let k = 0; k < last; k++) {
    const label = column.labels[k]!.trim()
    if (common.has(label)) continue
    const parted = part(label)
    if (!parted) return undefined
    if (!examples.has(parted.sign)) examples.set(parted.sign, label)
    if (parted.enclosed) negative ??= label
    labels[k] = parted.bare
    bare.push(parted.bare)
  }
  const signs = [...examples.keys()]
  if (signs.every((each) => each === '')) return undefined
  if (signs.length > 1) return { note: mixed(examples) }
  const [only] = signs as [string]
  return {
    column: { ...column, labels },
    sign: only,
    example: examples.get(only)!,
    ...(negative === undefined ? {} : { negative }),
    open: only !== '%' && isOpen(bare),
  }
}

/** Whether the only mark in all values, point or comma, stands once before three last digits: thousands or decimals. */
function isOpen(values: readonly string[]): boolean {
  const marked = values.filter((each) => /[^\d-]/.test(each))
  const [first] = marked
  if (first === undefined) return false
  const mark = first.includes('.') ? '\\.' : ','
  const pattern = new RegExp(`^-?[1-9]\\d{0,2}${mark}\\d{3}$`)
  return marked.every((each) => pattern.test(each))
}

/** Whether a comma before three last digits stands between thousands, by the currency. */
export function marksThousands({ sign, column }: Bare): boolean {
  return commas.test(sign) && !column.labels.some((label) => /\d\.\d/.test(label))
}

function mixed(examples: ReadonlyMap<string, string>): string {
  const some = [...examples.values()].slice(0, 3).map(shown).join(', ')
  const what = examples.has('') ? 'only some of its numbers have a sign' : 'its numbers have different signs'
  return `read as text, because ${what}: ${some}; write all in one currency or unit, or without a sign`
}

/** What was read of a column of numbers with a sign. */
export function signNote({ sign, example, negative }: Bare): string {
  const inside = negative === undefined ? '' : `; a value in parentheses, as in ${shown(negative)}, is negative`
  if (sign === '%') return `percentages read as they are written, not divided by 100: ${shown(example)}${inside}`
  return `amounts in ${sign} read as numbers: ${shown(example)}${inside}`
}

/** Why one that has the same sign everywhere is text all the same. */
export function openNote({ example }: Bare): string {
  return `read as text, because the mark in ${shown(example)} may be the decimal point or stand between thousands: set decimal or thousands`
}
