// Columns of text that are numbers written another way: decimal commas and marks between thousands, where all values agree.

import type { NumberColumn, TextColumn } from '../types.js'
import { numberColumn } from './builder.js'
import { MissingWords } from './missing.js'
import { NumberReader, type NumberStyle, number } from './number.js'
import { shown } from './words.js'

/** A way to write numbers that fits every value of a column. */
export interface Guess {
  style: NumberStyle
  /** A value that only this way explains; without one the way is possible, not proven: `1,234`. */
  proof?: string
}

interface Way {
  style: NumberStyle
  /** What every value looks like. */
  all: RegExp
  /** What at least one looks like that can mean nothing else. */
  proof: RegExp
}

const blank = '[ \\u00a0\\u202f\\u2009]'

/** Every value in the way of `decimal` and `mark`; a mark stands between full groups only, and no code begins with 0. */
function way(decimal: '.' | ',', thousands: string | undefined, proof: RegExp): Way {
  const tail = `(?:\\${decimal}\\d*)?`
  const mark = thousands === ' ' ? blank : `\\${thousands}`
  const groups = thousands === ',' ? `(?:${mark}\\d{2,3})*${mark}\\d{3}` : `(?:${mark}\\d{3})+`
  const grouped = thousands === undefined ? '' : `[1-9]\\d{0,2}${groups}|`
  const all = new RegExp(`^[+-]?(?:(?:${grouped}0|[1-9]\\d*)${tail}|\\${decimal}\\d+)(?:[eE][+-]?\\d+)?$`)
  return { style: { decimal, thousands }, all, proof }
}

/** In the order in which they are tried: the first that is proven, or else the first that fits. */
const ways: readonly Way[] = [
  way(',', undefined, /^[+-]?(\d*,\d{1,2}|\d*,\d{4,}|0*,\d+|\d{4,},\d+)([eE]|$)/),
  way('.', ',', /,\d{3}\.\d*$|,\d{2,3},\d{3}$/),
  way(',', '.', /\.\d{3},\d*$|\.\d{3}\.\d{3}$/),
  way('.', "'", /'/),
  way(',', "'", /'\d{3},/),
  way('.', ' ', new RegExp(`[\\u00a0\\u202f\\u2009]|${blank}\\d{3}(\\.\\d*|${blank}\\d{3})$`)),
  way(',', ' ', new RegExp(`[\\u00a0\\u202f\\u2009]|${blank}\\d{3}(,\\d*|${blank}\\d{3})$`)),
]

const common = new MissingWords()
const numeric = /^[+-]?[\d.,'\u00a0\u202f\u2009 ]+([eE][+-]?\d+)?$/

/** What a person has said already, which no guess goes against; thousands '' stand for no marks. */
export interface Told {
  decimal?: string | undefined
  thousands?: string | undefined
}

/** How the numbers of a text column are written, if all its values are numbers in one other way. */
export function guessStyle(column: TextColumn, told: Told): Guess | undefined {
  const values = valuesOf(column)
  return values && guessOf(values, told)
}

/** The same of values as they are written, missing ones among them. */
export function guessLabels(labels: readonly string[], told: Told): Guess | undefined {
  const values = numeral(labels, labels.length)
  return values && guessOf(values, told)
}

function guessOf(values: readonly string[], told: Told): Guess | undefined {
  const fitting = ways.filter(({ style, all }) => allowed(style, told) && values.every((value) => all.test(value)))
  const proven = fitting.find(({ proof }) => values.some((value) => proof.test(value)))
  const best = proven ?? fitting[0]
  if (!best) return undefined
  return { style: best.style, ...(proven ? { proof: values.find((value) => proven.proof.test(value))! } : {}) }
}

/** Whether a column fits a way that others of its file have proven. */
export function fits(column: TextColumn, style: NumberStyle): boolean {
  const found = ways.find((each) => each.style.decimal === style.decimal && each.style.thousands === style.thousands)
  return found !== undefined && (valuesOf(column)?.every((value) => found.all.test(value)) ?? false)
}

/** Whether a way is not against what a person said. */
export function allowed({ decimal, thousands }: NumberStyle, told: Told): boolean {
  if (told.decimal !== undefined && told.decimal !== decimal) return false
  return told.thousands === undefined || told.thousands === (thousands ?? '')
}

/** The values, without words for missing; undefined if one has other characters than numbers have, or none is left. */
function valuesOf({ labels, missing, exact }: TextColumn): string[] | undefined {
  return exact === undefined ? numeral(labels, missing > 0 ? labels.length - 1 : labels.length) : undefined
}

function numeral(labels: readonly string[], last: number): string[] | undefined {
  const values: string[] = []
  for (let k = 0; k < last; k++) {
    const value = labels[k]!.trim()
    if (numeric.test(value)) values.push(value)
    else if (!common.has(value)) return undefined
  }
  return values.length > 0 ? values : undefined
}

/** The column as numbers; undefined if a value is none after all, such as a whole number beyond 2^53. */
export function asNumbers(column: TextColumn, style: NumberStyle): NumberColumn | undefined {
  const reader = new NumberReader(style)
  const { labels, missing, codes } = column
  const values = new Float64Array(labels.length).fill(Number.NaN)
  const last = missing > 0 ? labels.length - 1 : labels.length
  for (let k = 0; k < last; k++) {
    if (common.has(labels[k]!)) continue
    const bytes = Buffer.from(labels[k]!)
    if (reader.read(bytes, 0, bytes.length) !== number) return undefined
    values[k] = reader.value
  }
  return numberColumn(
    column.name,
    Float64Array.from(codes, (code) => values[code]!),
  )
}

/** `read with ',' as the decimal point, as in '1,5'`. */
export function guessNote({ style, proof }: Guess, because = ''): string {
  const { decimal, thousands } = style
  const point = decimal === ',' ? "',' as the decimal point" : ''
  const marks = thousands === undefined ? '' : `${thousands === "'" ? '"\'"' : `'${thousands}'`} between thousands`
  const as = [point, marks].filter((part) => part !== '').join(' and ')
  const why = proof === undefined ? because : `, as in ${shown(proof)}`
  return `read with ${as}${why}; where that is wrong, set decimal or thousands`
}
