/** Walks a row-major column generation by generation without striding through memory for each of them. */
import type { Shape } from './shape.js'

/**
 * Calls `visit(generation, values, count)` for every generation in order: `values[0..count)` are the replicates'
 * values at that generation, in replicate order, NaN left out. The buffer is the visitor's to rearrange, and is
 * re-used for later generations.
 *
 * Tiles of several generations are copied at a time, so that each cache line of the column is read once.
 */
export function eachGeneration(
  values: Float64Array,
  { replicates, generations }: Shape,
  visit: (generation: number, values: Float64Array, count: number) => void,
): void {
  const width = Math.max(1, Math.min(generations, 64, Math.max(8, Math.floor(131_072 / Math.max(1, replicates)))))
  const tile = new Float64Array(width * replicates)
  const counts = new Int32Array(width)
  for (let first = 0; first < generations; first += width) {
    const inTile = Math.min(width, generations - first)
    counts.fill(0)
    for (let replicate = 0; replicate < replicates; replicate++) {
      const row = replicate * generations + first
      for (let i = 0; i < inTile; i++) {
        const value = values[row + i]!
        if (!Number.isNaN(value)) tile[i * replicates + counts[i]!++] = value
      }
    }
    for (let i = 0; i < inTile; i++) {
      visit(first + i, tile.subarray(i * replicates, (i + 1) * replicates), counts[i]!)
    }
  }
}
