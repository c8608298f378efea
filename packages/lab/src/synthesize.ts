// Rows made by a copula fitted to a table: what a generator of this kind hands out.

import { type CopulaModel, fromNative, readModel, seed as seedCheck, whole } from '@genloss/models'
import { checkMargins, dataInfo, modelledColumns } from './data-info.js'
import { native } from './native.js'
import { type ReadOptions, readTable } from './sources/index.js'
import type { TableData } from './sources/types.js'
import { threadsOf } from './threads.js'
import { marginsOf } from './watched.js'

export interface SynthesizeOptions {
  /** Rows to make; as many as the table has where left out. */
  rows?: number
  /** The seed of all random numbers, by default 0. */
  seed?: number | string
  /** The columns to model; all where left out. */
  columns?: readonly string[]
  threads?: number
  /** How the file is read. */
  reading?: ReadOptions
}

/** A made column: numbers (NaN is missing), or text (null is missing). */
export type SyntheticColumn = Float64Array | (string | null)[]

/**
 * Fits a copula to a table and makes rows of it: classes, whole numbers and bounds are kept, and so is what is missing.
 * The same rows for the same seed, whatever the threads.
 *
 * @param source a file as `readTable` takes it, or a table that was read
 * @throws GenlossError `input` for the file, `plan` for settings, `data` for a column that can't be modelled
 *
 * @example
 * const rows = await synthesize('people.csv', copula({ margins: { wage: 'heavy-tailed' } }), { rows: 1000, seed: 7 })
 * rows.wage // Float64Array of 1000
 */
export async function synthesize(
  source: string | TableData,
  model: CopulaModel,
  options: SynthesizeOptions = {},
): Promise<Record<string, SyntheticColumn>> {
  const settings = readModel(model, 'model') as CopulaModel
  const table = typeof source === 'string' ? await readTable(source, options.reading) : source
  const rows = whole(1, 2 ** 32 - 1).read(options.rows ?? table.rows, 'rows')
  const seed = seedCheck.read(options.seed ?? 0, 'seed')
  const threads = threadsOf(options.threads)
  const info = dataInfo(table, new Set())
  const names = options.columns === undefined ? {} : { columns: [...options.columns] }
  const modelled = modelledColumns({ kind: 'table', file: table.path, ...names }, settings, info)
  checkMargins(settings, modelled, info)
  const columns = modelled.map((index) => table.columns[index]!)
  const core = native()
  const data = columns.map((column) => (column.kind === 'number' ? column.values : column.codes))
  const places = Uint32Array.from(columns.keys())
  const text = JSON.stringify(
    marginsOf(
      settings,
      columns.map(({ name }) => name),
    ),
  )
  const making = Promise.resolve().then(() =>
    core.synthesize(new core.Table(data), [...places], text, rows, seed, threads),
  )
  const made = await making.catch((error: unknown) => {
    throw fromNative(error)
  })
  const entries = columns.map((column, i): [string, SyntheticColumn] => {
    if (column.kind === 'number') return [column.name, made[i] as Float64Array]
    const last = column.missing > 0 ? column.labels.length - 1 : -1
    return [column.name, Array.from(made[i]!, (code) => (code === last ? null : column.labels[code]!))]
  })
  return Object.fromEntries(entries)
}
