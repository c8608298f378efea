/** All distances of two samples on the line, in two walks instead of five. */
import { gapsOf } from './gaps.js'
import { finitePart } from './infinities.js'
import { sampleOf, type Values } from './sample.js'
import { type Wasserstein, wasserstein } from './wasserstein.js'

/** W1, W2, Kolmogorov-Smirnov (and where it is reached) and energy, as the functions of these names give them. */
export interface Distances extends Wasserstein {
  ks: number
  ks_at: number
  energy: number
}

/** The distances of two samples; NaN where one of them is empty. */
export function distances(a: Values, b: Values): Distances {
  const [first, second] = [sampleOf(a), sampleOf(b)]
  if (first.total === 0 || second.total === 0) {
    return { w1: Number.NaN, w2: Number.NaN, ks: Number.NaN, ks_at: Number.NaN, energy: Number.NaN }
  }
  const { largest, at, halfSquares } = gapsOf(first, second)
  const energy = finitePart(first, second).balanced ? 2 * Math.sqrt(halfSquares) : Number.POSITIVE_INFINITY
  return { ...wasserstein(first, second), ks: largest, ks_at: at, energy }
}
