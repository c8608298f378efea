// Sets that a model would take for others: a few rows may be told by columns that they were not chosen by.

import type { TableColumn, TableData, TextColumn } from '../sources/index.js'
import type { Crossing } from './crossings.js'
import { columnOf } from './matching.js'
import type { Questions } from './questions.js'
import type { Tail } from './tails.js'

/** Bins of a column of numbers in the core, at most. */
const mostBins = 4096

/** A column as codes of its different values. */
interface Coded {
  name: string
  codes: Uint32Array
  size: number
}

/**
 * The watched columns of sets that the core would find in other columns than their own. It knows a set by its rows alone, and
 * takes the first pair of columns that leaves none of them in doubt: rows that happen to be alone in the cells of an earlier
 * pair are followed there. A group whose own column has more values than half the rows is in the same case, and so is a tail
 * whose own column leaves a tenth of it in doubt.
 *
 * @param modelled names of the columns of the model, in its order
 */
export function mistakable(
  { groups, crossings, tails, numbers }: Questions,
  table: TableData,
  modelled: readonly string[],
): string[] {
  const many = groups.groups.filter(({ column }) => {
    const { labels } = columnOf(table, column) as TextColumn
    return 2 * (labels.length + 1) > table.rows
  })
  const columns = modelled.map((name) => coded(columnOf(table, name)!))
  const taken = crossings.crossings.filter((crossing) => isTaken(crossing, columns, table))
  const open = tails.tails.filter((tail) => {
    const { sorted } = numbers.find(({ column }) => column.name === tail.column)!
    return !isTold(tail, sorted)
  })
  return [...many, ...taken, ...open].map(({ watch }) => watch)
}

/** Rows of a set that may be in doubt, as a share of it, and rows of a value from which on it stands for itself. */
const blurred = 0.1
const fewOfValue = 5

/**
 * Whether a column tells its own tail: each row by the others of its value, and where those are few by the values beside
 * it. Bins of many values tell a tail that holds dozens of them.
 */
function isTold({ side, edge, rows }: Tail, sorted: Float64Array): boolean {
  const values: { rows: number; inside: number }[] = []
  let last = Number.NaN
  for (const value of sorted) {
    if (value !== last) {
      if (values.length === mostBins) return true
      values.push({ rows: 0, inside: 0 })
    }
    const found = values.at(-1)!
    found.rows++
    if (side === 'lower' ? value <= edge : value >= edge) found.inside++
    last = value
  }
  const doubt = values.reduce((sum, value, k) => {
    const near = value.rows < fewOfValue ? values.slice(Math.max(0, k - 1), k + 2) : [value]
    const others = near.reduce((all, one) => all + one.rows, -1)
    const members = near.reduce((all, one) => all + one.inside, 0)
    const share = rows / sorted.length
    const [within, without] = others > 0 ? [(members - 1) / others, members / others] : [share, share]
    return sum + value.inside * (1 - within) + (value.rows - value.inside) * without
  }, 0)
  return doubt < blurred * rows
}

/** Whether a pair before a crossing's own leaves none of its rows in doubt. */
function isTaken({ columns: names, values }: Crossing, columns: readonly Coded[], table: TableData): boolean {
  const [a, b] = names.map((name) => columnOf(table, name) as TextColumn) as [TextColumn, TextColumn]
  const [x, y] = [a.labels.indexOf(values[0]), b.labels.indexOf(values[1])]
  const inside = new Uint8Array(table.rows)
  const members: number[] = []
  for (let row = 0; row < table.rows; row++) {
    if (a.codes[row] !== x || b.codes[row] !== y) continue
    inside[row] = 1
    members.push(row)
  }
  for (const [i, first] of columns.entries()) {
    for (const second of columns.slice(i + 1)) {
      if (names.includes(first.name) && names.includes(second.name)) return false
      const cells = (Math.min(first.size, mostBins) + 1) * (Math.min(second.size, mostBins) + 1)
      if (cells <= table.rows && tells(first, second, members, inside)) return true
    }
  }
  return false
}

/** Whether no cell of two columns holds rows of a set and others. */
function tells(first: Coded, second: Coded, members: readonly number[], inside: Uint8Array): boolean {
  const cell = (row: number) => first.codes[row]! * second.size + second.codes[row]!
  const cells = new Set(members.map(cell))
  return inside.every((is, row) => is === 1 || !cells.has(cell(row)))
}

function coded(column: TableColumn): Coded {
  if (column.kind === 'text') return { name: column.name, codes: column.codes, size: column.labels.length }
  const places = new Map<number, number>()
  const codes = Uint32Array.from(column.values, (value) => {
    const known = places.get(value) ?? places.size
    places.set(value, known)
    return known
  })
  return { name: column.name, codes, size: places.size }
}
