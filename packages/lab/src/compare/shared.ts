// Rows that stand in both samples: copies, where rows are rich enough to be told apart.

import { countDuplicates } from '../sources/columns/duplicates.js'
import type { TableColumn } from '../sources/types.js'
import type { Pair } from './pairs.js'

/** Different rows over all columns that are compared. */
export interface SharedRows {
  /** Different rows of the reference and of the sample, and how many of them stand in both. */
  distinct: [number, number]
  shared: number
}

/** Counts rows that both samples have; null of a single column, whose values say nothing of copies. */
export function sharedRows(pairs: readonly Pair[], rows: readonly [number, number]): SharedRows | null {
  if (pairs.length < 2) return null
  const distinct = (columns: TableColumn[], all: number): number => all - countDuplicates(columns, all)
  const reference = distinct(
    pairs.map((pair) => columnOf(pair, pair.reference)),
    rows[0],
  )
  const sample = distinct(
    pairs.map((pair) => columnOf(pair, pair.sample)),
    rows[1],
  )
  const together = distinct(
    pairs.map((pair) => columnOf(pair, joined(pair))),
    rows[0] + rows[1],
  )
  return { distinct: [reference, sample], shared: reference + sample - together }
}

function joined({ reference, sample }: Pair): Float64Array | Uint32Array {
  const both = reference instanceof Float64Array ? Float64Array : Uint32Array
  const all = new both(reference.length + sample.length)
  all.set(reference)
  all.set(sample, reference.length)
  return all
}

function columnOf(pair: Pair, values: Float64Array | Uint32Array): TableColumn {
  const about = { name: pair.column, missing: 0 }
  if (values instanceof Float64Array) return { ...about, kind: 'number', values, integer: false }
  return { ...about, kind: 'text', codes: values, labels: [] }
}
