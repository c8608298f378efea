/** Views of one set of columns cell by cell, with the shape that the other functions of this package ask for. */
import { type BlockColumns, chainsOf, compareChains, type Starts } from './blocks.js'
import { refuse, type Shape } from './shape.js'

/** One cell of a set of columns; nothing is copied. */
export interface CellColumns {
  cell: number
  shape: Shape
  /** The replicates' numbers, ascending. */
  replicates: Uint32Array
  /** The recorded generations, the same for every chain. */
  generations: Uint32Array
  /** The view of a value column, row-major `[replicate][generation]`. Throws RangeError for an unknown name. */
  values: (name: string) => Float64Array
  /** The view of an event column, one date a chain. Throws RangeError for an unknown name. */
  events: (name: string) => Int32Array
}

function column<T>(columns: readonly T[], names: readonly string[], name: string, path: string): T {
  const index = names.indexOf(name)
  return index < 0 ? refuse(path, `one of ${names.join(', ')}`, name) : columns[index]!
}

function chainName({ cell, replicate }: BlockColumns, row: number): string {
  return `cell ${cell[row]}, replicate ${replicate[row]}`
}

/** Refuses chains first..last (exclusive) that did not all record the generations of the first. */
function checkRectangular(columns: BlockColumns, starts: Starts, first: number, last: number): void {
  const { generation } = columns
  const from = starts[first]!
  const length = starts[first + 1]! - from
  for (let chain = first + 1; chain < last; chain++) {
    const start = starts[chain]!
    const found = starts[chain + 1]! - start
    if (found !== length) refuse(chainName(columns, start), `${length} generations`, found)
    for (let i = 0; i < length; i++) {
      const [expected, other] = [generation[from + i], generation[start + i]]
      if (other !== expected) refuse(chainName(columns, start), `generation ${expected} at place ${i}`, other)
    }
  }
}

function checkOrder(columns: BlockColumns, starts: Starts): void {
  for (let chain = 1; chain < starts.length - 1; chain++) {
    const [before, after] = [starts[chain - 1]!, starts[chain]!]
    if (compareChains(columns, before, columns, after) < 0) continue
    const words = `${chainName(columns, after)} after ${chainName(columns, before)}`
    refuse('columns', 'rows in the order of (cell, replicate)', words)
  }
}

function view(columns: BlockColumns, starts: Starts, first: number, last: number): CellColumns {
  checkRectangular(columns, starts, first, last)
  const [from, end] = [starts[first]!, starts[last]!]
  const generations = columns.generation.subarray(from, starts[first + 1]!)
  return {
    cell: columns.cell[from]!,
    shape: { replicates: last - first, generations: generations.length },
    replicates: Uint32Array.from(starts.subarray(first, last), (row) => columns.replicate[row]!),
    generations,
    values: (name) => column(columns.values, columns.names, name, 'column').subarray(from, end),
    events: (name) => column(columns.events, columns.eventNames, name, 'event').subarray(first, last),
  }
}

/**
 * Splits columns ordered by (cell, replicate, generation), such as `concatenate` gives, into views of their cells, in
 * the order in which they stand.
 *
 * Throws RangeError where a cell's chains did not record the same generations, where the order is broken (a cell or a
 * chain that comes again), and where columns differ in length.
 */
export function byCell(columns: BlockColumns): CellColumns[] {
  const starts = chainsOf(columns)
  checkOrder(columns, starts)
  const chains = starts.length - 1
  const cellOf = (chain: number): number => columns.cell[starts[chain]!]!
  const cells: CellColumns[] = []
  for (let first = 0, last = 0; first < chains; first = last) {
    while (last < chains && cellOf(last) === cellOf(first)) last++
    cells.push(view(columns, starts, first, last))
  }
  return cells
}
