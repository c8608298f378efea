/** Draws of the gamma distribution, for what a count leaves open. */
import { normalQuantile } from './normal.js'
import { refuse } from './shape.js'

/**
 * A draw of the gamma distribution of a shape and scale 1, from uniform numbers between 0 and 1.
 *
 * Source: G. Marsaglia & W. W. Tsang, ACM TOMS 26 (2000) 363-372; a shape below 1 by G(a) = G(a + 1) U^(1/a). Throws
 * RangeError for a shape that is not above 0 and finite.
 */
export function gammaDraw(shape: number, uniform: () => number): number {
  if (!(shape > 0 && shape < Number.POSITIVE_INFINITY)) refuse('shape', 'a finite number above 0', shape)
  if (shape < 1) return gammaDraw(shape + 1, uniform) * uniform() ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const z = normalQuantile(uniform())
    const v = (1 + c * z) ** 3
    if (v > 0 && Math.log(uniform()) < z * z * 0.5 + d * (1 - v + Math.log(v))) return d * v
  }
}
