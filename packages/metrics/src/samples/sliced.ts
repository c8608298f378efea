/** The sliced Wasserstein distances of samples in several dimensions. */
import { normalQuantile } from '../normal.js'
import { uniforms } from '../random.js'
import { checkWhole, refuse } from '../shape.js'
import { type ChanceOf, chanceOf, type PermutationOptions } from './permutation.js'
import { Sum, sortedSample } from './sample.js'
import { type Wasserstein, wasserstein } from './wasserstein.js'

export interface SlicedOptions {
  /** Directions, drawn from the uniform law on the sphere; 100 by default. In one dimension there is one. */
  directions?: number
  /** A whole number; the same seed gives the same directions. */
  seed?: number
}

/** Columns of one sample, all of one length. */
export type Columns = readonly ArrayLike<number>[]

/**
 * Sliced Wasserstein distances: rows are projected onto random directions t, and the distances of the projections are
 * averaged, SW1 = mean of W1, SW2 = (mean of W2^2)^(1/2). They see what the columns do together, which no column alone
 * shows. `definitions.sliced_w1`.
 *
 * Columns are taken as they are: bring them to one unit first. Throws RangeError for NaN, infinities, and columns of
 * different numbers or lengths.
 */
export function slicedWasserstein(a: Columns, b: Columns, options: SlicedOptions = {}): Wasserstein {
  check(a, b)
  const rows = [a[0]!.length, b[0]!.length] as const
  if (rows[0] === 0 || rows[1] === 0) return { w1: Number.NaN, w2: Number.NaN }
  const [ways, squares] = [new Sum(), new Sum()]
  const all = directionsOf(a.length, options)
  for (const direction of all) {
    const found = wasserstein(
      sortedSample(projected(a, direction, rows[0])),
      sortedSample(projected(b, direction, rows[1])),
    )
    ways.add(found.w1)
    squares.add(found.w2 * found.w2)
  }
  return { w1: ways.value / all.length, w2: Math.sqrt(squares.value / all.length) }
}

/**
 * The sliced W1 beside what chance alone gives: all rows are dealt out anew, as many to each sample as it has, and the
 * distance along the same directions is taken again.
 */
export function slicedTest(
  a: Columns,
  b: Columns,
  { permutations = 199, seed = 0, ...options }: SlicedOptions & PermutationOptions = {},
): ChanceOf {
  check(a, b)
  checkWhole('permutations', permutations, 1)
  const [n, m] = [a[0]!.length, b[0]!.length]
  if (n === 0 || m === 0) return { value: Number.NaN, median: Number.NaN, high: Number.NaN, p: Number.NaN }
  const slices = directionsOf(a.length, { ...options, seed }).map((direction) => sliceOf(a, b, direction, n, m))
  const isA = new Uint8Array(n + m).fill(1, 0, n)
  const value = meanWay(slices, isA, n, m)
  const uniform = uniforms(seed + 1)
  const drawn = Float64Array.from({ length: permutations }, () => {
    // Fisher and Yates.
    for (let k = n + m - 1; k > 0; k--) {
      const other = Math.floor(uniform() * (k + 1))
      const kept = isA[k]!
      isA[k] = isA[other]!
      isA[other] = kept
    }
    return meanWay(slices, isA, n, m)
  })
  return chanceOf(value, drawn)
}

/** Pooled rows in ascending order of their projection, and the ways between neighbours. */
interface Slice {
  order: Uint32Array
  ways: Float64Array
}

function sliceOf(a: Columns, b: Columns, direction: Float64Array, n: number, m: number): Slice {
  const values = new Float64Array(n + m)
  values.set(projected(a, direction, n))
  values.set(projected(b, direction, m), n)
  const order = Uint32Array.from(values, (_, k) => k).sort((i, j) => values[i]! - values[j]! || i - j)
  const ways = Float64Array.from(order, (row, k) => (k + 1 < order.length ? values[order[k + 1]!]! - values[row]! : 0))
  return { order, ways }
}

function meanWay(slices: readonly Slice[], isA: Uint8Array, n: number, m: number): number {
  let sum = 0
  for (const { order, ways } of slices) {
    let [gap, way] = [0, 0]
    for (let k = 0; k < order.length; k++) {
      gap += isA[order[k]!] === 1 ? m : -n
      way += Math.abs(gap) * ways[k]!
    }
    sum += way
  }
  return sum / slices.length / n / m
}

function check(a: Columns, b: Columns): void {
  if (a.length === 0) refuse('a', 'at least one column', a.length)
  if (b.length !== a.length) refuse('b.length', `${a.length} columns, as in a`, b.length)
  for (const [name, columns] of [
    ['a', a],
    ['b', b],
  ] as const) {
    columns.forEach((column, k) => {
      const rows = columns[0]!.length
      if (column.length !== rows) refuse(`${name}[${k}].length`, `${rows}, as in its first column`, column.length)
      for (let i = 0; i < rows; i++) {
        if (!Number.isFinite(column[i])) refuse(`${name}[${k}][${i}]`, 'a finite number', column[i])
      }
    })
  }
}

function projected(columns: Columns, direction: Float64Array, rows: number): Float64Array {
  const values = new Float64Array(rows)
  columns.forEach((column, k) => {
    const part = direction[k]!
    for (let i = 0; i < rows; i++) values[i]! += part * column[i]!
  })
  return values
}

/** Unit vectors: normal numbers brought to length 1. */
function directionsOf(dimensions: number, { directions = 100, seed = 0 }: SlicedOptions): Float64Array[] {
  checkWhole('directions', directions, 1)
  if (dimensions === 1) return [Float64Array.of(1)]
  const uniform = uniforms(seed)
  return Array.from({ length: directions }, () => {
    const normals = Float64Array.from({ length: dimensions }, () => normalQuantile(uniform()))
    const length = Math.sqrt(normals.reduce((sum, value) => sum + value * value, 0))
    return normals.map((value) => value / length)
  })
}
