// The flags that compare and watch share.
import { type Command, InvalidArgumentError } from 'commander'
import { list, whole } from './flags.js'
import type { Common } from './output.js'
import { type ReadingOptions, readingFlags, readingOptions } from './reading-flags.js'

/** What both take, as commander gives it. */
export interface ComparingOptions extends Common, ReadingOptions {
  columns?: string[]
  group?: string
  text?: string[]
  tails?: number[]
  permutations?: number
  seed?: number
}

/** Puts the shared flags on a command. */
export function comparingFlags(command: Command): Command {
  command
    .argument('<reference>', 'the real rows: a CSV, TSV, JSON Lines or Parquet file, plain or packed, or a DuckDB file')
    .argument('<sample>', 'the rows that are held against them')
    .option('--columns <names>', 'compare only these, with commas; default all but ids and free text', list)
    .option('--group <column>', 'compare everything once more within each group of this column')
    .option('--text <names>', 'columns of numbers to compare as categories', list)
    .option('--tails <shares>', 'tails on each side; default 0.05,0.01,0.001', shares)
    .option('--permutations <times>', 'how often rows are dealt out anew; default 999, 0 for no test', whole(0))
    .option('--seed <number>', 'the seed of all random numbers; default 0', whole(0))
  return readingFlags(command)
}

/** The options of the comparison alone. */
export function compareOptions({ columns, group, text, tails, permutations, seed, ...options }: ComparingOptions) {
  const all = { columns, group, text, tails, permutations, seed, ...readingOptions(options) }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Omit<
    ComparingOptions,
    keyof Common
  >
}

function shares(text: string, before: number[] = []): number[] {
  const found = text.split(',').map(Number)
  if (found.every((p) => p > 0 && p <= 0.5)) return [...before, ...found]
  throw new InvalidArgumentError('shares above 0 and at most 0.5')
}
