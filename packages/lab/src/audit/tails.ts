// Tails: the rows with the lowest and the highest numbers of a column.

import type { Watch } from '@genloss/models'
import { countAtLeast, fewestRows } from '../sources/index.js'
import type { Names } from './names.js'
import type { Numbers } from './profile.js'

/** The outermost rows of a column on one side: those at or beyond its k-th number, k = ceil(p * numbers present). */
export interface Tail {
  column: string
  side: 'lower' | 'upper'
  p: number
  /** The largest number of a lower tail, the smallest of an upper one. */
  edge: number
  rows: number
  watch: string
}

/** A tail that is not followed. */
export interface RefusedTail {
  column: string
  side: 'lower' | 'upper'
  p: number
  rows: number
  why: string
}

export interface Tails {
  tails: Tail[]
  refused: RefusedTail[]
  leftOut: number
}

const levels = [0.05, 0.01]
const sides = ['lower', 'upper'] as const
const mostTails = 40

/** The tails of every column of numbers, 5 % before 1 %. */
export function findTails(columns: readonly Numbers[], names: Names): Tails {
  const tails: Tail[] = []
  const refused: RefusedTail[] = []
  let leftOut = 0
  for (const p of levels) {
    for (const numbers of columns) {
      for (const side of sides) {
        const found = findTail(numbers, side, p)
        if ('why' in found) refused.push(found)
        else if (tails.length >= mostTails) leftOut++
        else tails.push({ ...found, watch: names.of('tail', found.column, side, `p${String(p).slice(2)}`) })
      }
    }
  }
  return { tails, refused, leftOut }
}

function findTail({ column, sorted }: Numbers, side: 'lower' | 'upper', p: number): Omit<Tail, 'watch'> | RefusedTail {
  const k = countAtLeast(p, sorted.length)
  const edge = side === 'lower' ? sorted[k - 1]! : sorted.at(-k)!
  const rows = side === 'lower' ? countBelow(sorted, edge, true) : sorted.length - countBelow(sorted, edge, false)
  const tail = { column: column.name, side, p, rows }
  // The share of a few rows is not known well enough to speak of.
  if (rows < fewestRows) return { ...tail, why: `${rows} real rows, fewer than ${fewestRows}` }
  // A column of few different numbers has no tail of this size: half the rows may share its smallest number.
  if (rows > 2 * k) return { ...tail, why: `${rows} rows share its outermost numbers` }
  return { ...tail, edge }
}

/** How many of ascending numbers are below `edge`, or at it where `included`. */
function countBelow(sorted: Float64Array, edge: number, included: boolean): number {
  let [from, to] = [0, sorted.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    const value = sorted[middle]!
    if (value < edge || (included && value === edge)) from = middle + 1
    else to = middle
  }
  return from
}

/** What the run has to record of a tail. */
export function watchTail({ watch, column, side, p }: Tail): Watch {
  return { name: watch, column, side, p }
}
