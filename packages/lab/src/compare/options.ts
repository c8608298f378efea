// What a comparison is asked for: the options as people give them, and the same with every default filled in.

import { quantileDefinition } from '@genloss/metrics'
import { checkNames, optionError } from '../sources/problem.js'
import type { ReadOptions, TableData } from '../sources/types.js'

/** A sample in memory: numbers by column (NaN = missing, infinities are values), or words (null = missing). */
export type ColumnData = Readonly<Record<string, ArrayLike<number> | readonly (string | null)[]>>

/** A sample: a file, a table that is read already, or columns in memory. */
export type SampleInput = string | TableData | ColumnData

/** Options of a comparison; every one has a default. */
export interface CompareOptions extends Omit<ReadOptions, 'columns' | 'group'> {
  /** The columns to compare; by default all of the reference but ids and free text. */
  columns?: readonly string[] | undefined
  /** A column of groups: everything is compared once more within each of them. */
  group?: string | undefined
  /** Columns of numbers to compare as categories. */
  text?: readonly string[] | undefined
  /** Tails, as shares of the reference on one side; 0.05, 0.01 and 0.001 by default. */
  tails?: readonly number[] | undefined
  /** How often rows are dealt out anew to see what chance alone gives; 999 by default, 0 for not at all. */
  permutations?: number | undefined
  /** A whole number below 2^53; 0 by default. */
  seed?: number | undefined
}

/** The settings of a comparison, complete. */
export interface CompareSettings {
  columns: readonly string[] | null
  group: string | null
  text: readonly string[]
  tails: readonly number[]
  permutations: number
  seed: number
  /** The definition of every quantile, after Hyndman & Fan. */
  quantiles: typeof quantileDefinition
}

/** Checks options and fills in defaults. @throws GenlossError `input`, with the option's name as its path */
export function readCompareOptions(options: CompareOptions): CompareSettings {
  const { columns, group, text = [], tails = [0.05, 0.01, 0.001], permutations = 999, seed = 0 } = options
  for (const [name, list] of Object.entries({ columns, text })) {
    if (list === undefined || (Array.isArray(list) && list.every((entry) => typeof entry === 'string'))) continue
    throw optionError(name, list, 'a list of names of columns')
  }
  if (columns?.length === 0) throw optionError('columns', columns, 'at least one name, or left out')
  for (const p of tails) if (!(p > 0 && p <= 0.5)) throw optionError('tails', p, 'shares above 0 and at most 0.5')
  for (const [name, value, most] of [
    ['permutations', permutations, 1_000_000],
    ['seed', seed, Number.MAX_SAFE_INTEGER],
  ] as const) {
    if (!(Number.isSafeInteger(value) && value >= 0 && value <= most))
      throw optionError(name, value, `a whole number from 0 to ${most}`)
  }
  if (group !== undefined && columns !== undefined && text.length > 0)
    checkNames(text, [...columns, group], 'those to compare', 'text')
  const quantiles = quantileDefinition
  return { columns: columns ?? null, group: group ?? null, text, tails, permutations, seed, quantiles }
}
