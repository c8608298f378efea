// Checks of the options of reading, before the file is opened.

import type { NumberStyle } from './columns/number.js'
import { delimiterByte } from './delimited/dialect.js'
import { optionError } from './problem.js'
import type { ReadOptions } from './types.js'

const marks = [',', '.', "'", ' ', '_']

/** How numbers are written, from options that make sense. @throws GenlossError `input` naming the option */
export function checkOptions(options: ReadOptions): NumberStyle {
  const decimal = options.decimal ?? '.'
  if (decimal !== '.' && decimal !== ',') throw optionError('decimal', decimal, "'.' or ','")
  const { thousands } = options
  if (thousands !== undefined && !marks.includes(thousands)) {
    throw optionError('thousands', thousands, "',', '.', an apostrophe, a space or '_'")
  }
  if (thousands === decimal) throw optionError('thousands', thousands, `another mark than decimal ('${decimal}')`)
  if (options.delimiter !== undefined) delimiterByte(options.delimiter)
  if (options.columns?.length === 0) throw optionError('columns', options.columns, 'at least one name, or left out')
  return { decimal, thousands }
}
