/** The energy distance of two samples on the line. */
import { gapsOf } from './gaps.js'
import { finitePart } from './infinities.js'
import { sampleOf, type Values } from './sample.js'

/**
 * Energy distance (2 E|X - Y| - E|X - X'| - E|Y - Y'|)^(1/2); on the line (2 x integral of (F - G)^2)^(1/2), so that no
 * pairs are formed. `definitions.energy`.
 */
export function energy(a: Values, b: Values): number {
  const [first, second] = [sampleOf(a), sampleOf(b)]
  if (first.total === 0 || second.total === 0) return Number.NaN
  if (!finitePart(first, second).balanced) return Number.POSITIVE_INFINITY
  return 2 * Math.sqrt(gapsOf(first, second).halfSquares)
}
