/** The Kolmogorov-Smirnov distance of two samples. */
import { gapsOf } from './gaps.js'
import { sampleOf, type Values } from './sample.js'

/** Kolmogorov-Smirnov distance D = sup over x of |F(x) - G(x)|, ties taken together; `definitions.ks`. */
export function ks(a: Values, b: Values): number {
  return ksAt(a, b).distance
}

/** The distance, and the least value at which it is reached (NaN where the samples are empty or equal). */
export function ksAt(a: Values, b: Values): { distance: number; at: number } {
  const [first, second] = [sampleOf(a), sampleOf(b)]
  if (first.total === 0 || second.total === 0) return { distance: Number.NaN, at: Number.NaN }
  const { largest, at } = gapsOf(first, second)
  return { distance: largest, at }
}
