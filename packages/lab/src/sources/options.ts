// Checks of the options of reading, before the file is opened.

import type { NumberStyle } from './columns/number.js'
import { delimiterByte } from './delimited/dialect.js'
import { optionError } from './problem.js'
import type { ReadOptions } from './types.js'

const marks = [',', '.', "'", ' ', '_']
/** Words for marks, which shells and lists with commas leave alone. */
const words: Readonly<Record<string, string>> = {
  comma: ',',
  point: '.',
  dot: '.',
  apostrophe: "'",
  space: ' ',
  underscore: '_',
}

/** How numbers are written as far as a person said; thousands '' stand for no marks. */
export interface ToldStyle {
  decimal?: '.' | ',' | undefined
  thousands?: string | undefined
}

/** How numbers are written, from options that make sense. @throws GenlossError `input` naming the option */
export function checkOptions(options: ReadOptions): ToldStyle {
  const decimal = options.decimal === undefined ? undefined : (words[options.decimal] ?? options.decimal)
  if (decimal !== undefined && decimal !== '.' && decimal !== ',')
    throw optionError('decimal', options.decimal, "'.' or ',' (or 'point', 'comma')")
  const thousands = markOf(options.thousands)
  if (thousands === (decimal ?? '.')) {
    const rule = `another mark than the decimal ${thousands === ',' ? 'comma' : 'point'}`
    throw optionError('thousands', options.thousands, rule, decimal === undefined ? 'set decimal as well' : undefined)
  }
  if (options.delimiter !== undefined) delimiterByte(options.delimiter)
  if (options.columns?.length === 0) throw optionError('columns', options.columns, 'at least one name, or left out')
  checkHeader(options.header)
  for (const name of ['table', 'query'] as const) {
    const value = options[name]
    if (value !== undefined && (typeof value !== 'string' || value.trim() === ''))
      throw optionError(name, value, name === 'table' ? 'the name of a table' : 'a SQL query')
  }
  if (options.table !== undefined && options.query !== undefined)
    throw optionError('query', options.query, "either 'table' or 'query'")
  return { decimal, thousands }
}

function markOf(given: string | undefined): string | undefined {
  if (given === undefined) return undefined
  if (given === 'none' || given === '') return ''
  const mark = words[given] ?? given
  if (marks.includes(mark)) return mark
  throw optionError('thousands', given, "',', '.', an apostrophe, a space, '_' or 'none'")
}

function checkHeader(header: ReadOptions['header']): void {
  if (header === undefined || header === 'none') return
  if (Number.isSafeInteger(header) && header >= 1 && header <= 1000) return
  throw optionError('header', header, "the number of a line from 1 to 1000, or 'none'")
}

/** The style of the first reading. */
export function styleOf({ decimal = '.', thousands }: ToldStyle): NumberStyle {
  return { decimal, thousands: thousands === '' ? undefined : thousands }
}
