/** Views of one set of columns cell by cell, with the shape that the other functions of this package ask for. */
import { type BlockColumns, type Chain, chainsOf } from './blocks.js'
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

function checkRectangular(columns: BlockColumns, chains: readonly Chain[], generations: Uint32Array): void {
  for (const { cell, replicate, from, to } of chains) {
    const where = `cell ${cell}, replicate ${replicate}`
    if (to - from !== generations.length) refuse(where, `${generations.length} generations`, to - from)
    for (let i = 0; i < generations.length; i++) {
      const found = columns.generation[from + i]
      if (found !== generations[i]) refuse(where, `generation ${generations[i]} at place ${i}`, found)
    }
  }
}

function checkOrder(chains: readonly Chain[]): void {
  const name = ({ cell, replicate }: Chain): string => `cell ${cell}, replicate ${replicate}`
  for (let i = 1; i < chains.length; i++) {
    const [before, after] = [chains[i - 1]!, chains[i]!]
    const inOrder = before.cell < after.cell || (before.cell === after.cell && before.replicate < after.replicate)
    if (!inOrder) refuse('columns', 'rows in the order of (cell, replicate)', `${name(after)} after ${name(before)}`)
  }
}

function view(columns: BlockColumns, chains: readonly Chain[], first: number, last: number): CellColumns {
  const mine = chains.slice(first, last)
  const { cell, from, to } = mine[0]!
  const end = mine.at(-1)!.to
  const generations = columns.generation.subarray(from, to)
  checkRectangular(columns, mine, generations)
  return {
    cell,
    shape: { replicates: mine.length, generations: generations.length },
    replicates: Uint32Array.from(mine, ({ replicate }) => replicate),
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
  const chains = chainsOf(columns)
  checkOrder(chains)
  const cells: CellColumns[] = []
  for (let first = 0, last = 0; first < chains.length; first = last) {
    while (chains[last]?.cell === chains[first]!.cell) last++
    cells.push(view(columns, chains, first, last))
  }
  return cells
}
