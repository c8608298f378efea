/** The share of chains below a threshold at each generation (`early_state`, `late_state`), with Wilson intervals. */
import { normalFactor, wilsonWith } from './proportion.js'
import { checkConfidence, checkShape, refuse, type Shape } from './shape.js'

/** One value a recorded generation in every array. */
export interface State {
  /** Number of chains whose state is defined. */
  count: Int32Array
  /** Share of them that is below; NaN where none is defined. */
  share: Float64Array
  /** Wilson interval of the share; [0, 1] where none is defined. */
  low: Float64Array
  high: Float64Array
}

/**
 * Summarises a column of states, row-major `[replicate][generation]`: 1 = below the threshold at this generation,
 * 0 = not, NaN = undefined and left out.
 *
 * Unlike an event, a state is about one generation only: chains may recover. Throws RangeError where the length does
 * not fit the shape, for other values, and for a confidence outside (0, 1).
 */
export function state(values: Float64Array, shape: Shape, confidence = 0.95): State {
  checkShape(values, shape)
  checkConfidence(confidence)
  const { replicates, generations } = shape
  const below = new Int32Array(generations)
  const count = new Int32Array(generations)
  for (let replicate = 0, i = 0; replicate < replicates; replicate++) {
    for (let g = 0; g < generations; g++, i++) {
      const value = values[i]!
      if (value === 1) below[g]!++
      else if (value !== 0 && !Number.isNaN(value)) refuse(`values[${i}]`, '0, 1 or NaN', value)
      if (!Number.isNaN(value)) count[g]!++
    }
  }
  const z = normalFactor(confidence)
  const result = { count, ...curves(generations) }
  for (let g = 0; g < generations; g++) {
    const { share, low, high } = wilsonWith(z, below[g]!, count[g]!)
    result.share[g] = share
    result.low[g] = low
    result.high[g] = high
  }
  return result
}

function curves(length: number): { share: Float64Array; low: Float64Array; high: Float64Array } {
  return { share: new Float64Array(length), low: new Float64Array(length), high: new Float64Array(length) }
}
