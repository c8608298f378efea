// Columns of codes made from a table's columns, for the native core to follow: tail regions and crossed groups.

import { countAtLeast } from './decimal.js'
import type { TextColumn } from './types.js'

/** A tail region that holds enough real rows. */
export interface TailRegion {
  side: 'lower' | 'upper'
  p: number
  /** The lower region is `value <= threshold`, the upper one `value >= threshold`. */
  threshold: number
  /** Real rows in the region. With ties at the threshold they can be well over p of all. */
  rows: number
  /** The codes whose rows make up the region. */
  codes: number[]
}

/** Codes of all rows, and which codes make up which region. */
export interface TailCodes {
  codes: Uint32Array
  /** How many codes there are; code 0 is "in no region", missing values included. */
  count: number
  /** In the order of the levels, lower before upper; a region with fewer than `fewestRows` real rows is absent. */
  regions: TailRegion[]
}

/** A tail level needs this many real rows. */
export const fewestRows = 10

/**
 * Codes for the tail regions of a column at the levels `p`: the lower region holds all values at or below the k-th
 * smallest, the upper one all at or above the k-th largest, k = ceil(p * values present), so that both hold real rows.
 * A region with fewer than 10 rows, or with more than half of all, is absent.
 *
 * @param values NaN = missing
 */
export function tailCodes(values: Float64Array, levels: readonly number[] = [0.05, 0.01, 0.001]): TailCodes {
  const sorted = present(values).sort()
  const n = sorted.length
  const regions: TailRegion[] = []
  for (const p of levels) {
    const k = countAtLeast(p, n)
    if (k < 1 || k > n) continue
    for (const side of ['lower', 'upper'] as const) {
      const threshold = side === 'lower' ? sorted[k - 1]! : sorted[n - k]!
      const rows = side === 'lower' ? upTo(sorted, threshold) : n - below(sorted, threshold)
      if (rows >= fewestRows && 2 * rows <= n) regions.push({ side, p, threshold, rows, codes: [] })
    }
  }
  const { codes, count } = codeRegions(values, regions)
  return { codes, count, regions }
}

/** One code for every combination of regions that occurs; fills `codes` of the regions. */
function codeRegions(values: Float64Array, regions: TailRegion[]): { codes: Uint32Array; count: number } {
  const known = new Map<number, number>([[0, 0]])
  const codes = Uint32Array.from(values, (value) => {
    let mask = 0
    regions.forEach(({ side, threshold }, k) => {
      if (side === 'lower' ? value <= threshold : value >= threshold) mask += 2 ** k
    })
    let code = known.get(mask)
    if (code === undefined) {
      code = known.size
      known.set(mask, code)
      regions.forEach((region, k) => {
        if (Math.floor(mask / 2 ** k) % 2 === 1) region.codes.push(code!)
      })
    }
    return code
  })
  return { codes, count: known.size }
}

/** Pairs of groups that occur in the data. */
export interface Crossing {
  codes: Uint32Array
  /** code -> `a × b`, in order of first appearance. */
  labels: string[]
  /** code -> the two codes that it crosses. */
  pairs: [a: number, b: number][]
  /** code -> real rows. */
  rows: number[]
}

/** Crosses two columns of categories: a code for every pair that occurs, in order of first appearance. */
export function crossing(a: TextColumn, b: TextColumn): Crossing {
  const known = new Map<number, number>()
  const pairs: [number, number][] = []
  const rows: number[] = []
  const codes = Uint32Array.from(a.codes, (first, row) => {
    const second = b.codes[row]!
    const key = first * b.labels.length + second
    let code = known.get(key)
    if (code === undefined) {
      code = pairs.push([first, second]) - 1
      known.set(key, code)
      rows.push(0)
    }
    rows[code]!++
    return code
  })
  const labels = pairs.map(([first, second]) => `${a.labels[first]} × ${b.labels[second]}`)
  return { codes, labels, pairs, rows }
}

/**
 * Quantiles of the values present, by linear interpolation between order statistics (type 7 of Hyndman and Fan, 1996:
 * position (n - 1) p), so that the quantile at 0.5 is the median. NaN where all values are missing.
 */
export function quantiles(values: Float64Array, levels: readonly number[]): number[] {
  const sorted = present(values).sort()
  return levels.map((p) => {
    const position = (sorted.length - 1) * p
    const at = Math.floor(position)
    const low = sorted[at] ?? Number.NaN
    const high = sorted[at + 1] ?? low
    // Halves first, so that the sum of two large values can't overflow.
    return low === high ? low : low * (1 - (position - at)) + high * (position - at)
  })
}

function present(values: Float64Array): Float64Array<ArrayBuffer> {
  return Float64Array.from(values).filter((value) => !Number.isNaN(value))
}

/** How many sorted values are at or below `value`. */
function upTo(sorted: Float64Array, value: number): number {
  return search(sorted, (each) => each <= value)
}

/** How many sorted values are below `value`. */
function below(sorted: Float64Array, value: number): number {
  return search(sorted, (each) => each < value)
}

function search(sorted: Float64Array, before: (value: number) => boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const mid = (low + high) >>> 1
    if (before(sorted[mid]!)) low = mid + 1
    else high = mid
  }
  return low
}
