// What a budget is asked for: the options as people give them, and the same with every default filled in.

import { checkWhole, readingOf, readSeed, wrong } from '../audit/options.js'
import type { ReadOptions } from '../sources/index.js'

/** Options of a budget, those of reading among them; every one but the file has a default. */
export interface BudgetOptions extends Omit<ReadOptions, 'columns' | 'group'> {
  /** A CSV, TSV, JSON Lines, Parquet or DuckDB file. */
  file: string
  /** The column of groups; without it, of the columns of text with 2 to 50 categories, the one with the rarest group. */
  group?: string
  /** Rounds of training on generated rows; 20 by default. */
  rounds?: number
  /** A group is kept while its share is above this part of its real share; 0.5 by default. */
  keep?: number
  /** The share of runs in which each group has to be kept; 0.95 by default. */
  confidence?: number
  /** Rows a round, real and generated; the table's number by default. */
  rows?: number
  /** A number of real rows: for how many rounds do they keep each group? */
  realRows?: number
  /** Simulated runs of each number of real rows; 20,000 by default, fewer where rounds times groups are very many. */
  replicates?: number
  /** A whole number below 2^64; 0 by default. */
  seed?: string | number | bigint
}

/** A budget's settings, complete but for what only the table knows. */
export interface BudgetSettings {
  file: string
  group?: string
  rounds: number
  keep: number
  confidence: number
  rows?: number
  realRows?: number
  replicates?: number
  seed: string
  /** How the file is read. */
  reading: Omit<ReadOptions, 'columns' | 'group'>
}

/** Checks options and fills in defaults. @throws GenlossError `input`, with the option's name as its path */
export function readBudgetOptions(options: BudgetOptions): BudgetSettings {
  const { file, group, rounds = 20, keep = 0.5, confidence = 0.95, rows, realRows, replicates, seed = 0 } = options
  if (typeof file !== 'string' || file === '')
    throw wrong('file', file, 'the name of a CSV, TSV, JSON Lines, Parquet or DuckDB file')
  if (!(keep > 0 && keep < 1)) throw wrong('keep', keep, 'a number between 0 and 1')
  if (!(confidence > 0 && confidence < 1)) throw wrong('confidence', confidence, 'a number between 0 and 1')
  checkWhole('rounds', rounds, 10_000)
  if (rows !== undefined) checkWhole('rows', rows, 2 ** 53)
  if (realRows !== undefined && realRows !== 0) checkWhole('realRows', realRows, 2 ** 53)
  if (replicates !== undefined) checkWhole('replicates', replicates, 10_000_000)
  const optional = {
    ...(group === undefined ? {} : { group }),
    ...(rows === undefined ? {} : { rows }),
    ...(realRows === undefined ? {} : { realRows }),
    ...(replicates === undefined ? {} : { replicates }),
  }
  return { file, rounds, keep, confidence, seed: readSeed(seed), reading: readingOf(options), ...optional }
}
