// A table of counts: one row a combination of categories, with a column of how many there are.

import { firstOfKind } from '../sources/columns/duplicates.js'
import type { TableData } from '../sources/index.js'

const named = /^(freq|frequency|count|counts|n|weight|weights)$/i

/** A remark where a table looks like counts of rows instead of rows; undefined elsewhere. */
export function countsNote({ columns, rows }: TableData): string | undefined {
  const words = columns.filter(({ kind }) => kind === 'text')
  const counts = columns.find(
    (column) =>
      column.kind === 'number' &&
      named.test(column.name) &&
      column.integer &&
      column.values.every((value) => value >= 0),
  )
  if (!counts || words.length === 0 || firstOfKind(words, rows).length < rows) return undefined
  return `${counts.name}: like a count of rows, for no two rows have the same words; write each row so many times, else one row is taken for one`
}
