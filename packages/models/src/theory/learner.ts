// Learners that stop short: k natural-gradient steps in the mean parameters leave rho = (1 - rate)^k of the way.

import type { Drift } from './drift-record.js'
import { empty } from './drift-record.js'
import { besselFactor } from './fit.js'
import { batchSizes, type Sizes } from './setting.js'

/** A learner and where it begins, in units of the origin's sd from its mean and of its variance. */
export interface StoppedLearner {
  /** rho: the share of the way that is left. */
  left: number
  /** Whether it begins at the last model; generation 0 begins afresh in any case. */
  warm: boolean
  /** Mean and variance of the model that a fresh one begins at. */
  start: { mean: number; variance: number }
  /** Whether the target's variance has the divisor N - 1. */
  unbiased: boolean
}

/** The share of the way that is left after steps of a rate. */
export function shareLeft(steps: number, rate: number): number {
  return (1 - rate) ** steps
}

/**
 * Exact drift under `replace` of a model that goes a share 1 - rho of the way from its start (m_0, v_0) to the fit
 * (m^, v^) of its training set in the parameters E x and E x^2: m = (1 - rho) m^ + rho m_0 and
 * v = (1 - rho) v^ + rho v_0 + rho (1 - rho) (m^ - m_0)^2.
 *
 * For classes it is the same with shares as vectors: variance 1 - sum p^2 in units of the origin's, means as distances.
 *
 * @param factor of the sampled variance
 * @returns undefined where some sizes are infinite and others are not
 */
export function shortDrift(sizes: Sizes, learner: StoppedLearner, factor = 1): Drift | undefined {
  const batches = batchSizes(sizes)
  if (!batches) return undefined
  const { left: rho, warm, start, unbiased } = learner
  const drift = empty(sizes.generations)
  // E of the model's mean, of its square, and of the model's variance; what the first set is drawn from is the origin.
  let [mean, square, drawn, variance] = [0, 0, 1, 1]
  for (const [g, n] of batches.sizes.entries()) {
    const noise = batches.noise / n
    // E of (m^ - m_0)^2 and of the variance of the training set.
    const isWarm = warm && g > 0
    const [m0, v0] = isWarm ? [mean, variance] : [start.mean, start.variance]
    const apart = noise * drawn + (isWarm ? 0 : square - 2 * m0 * mean + m0 * m0)
    const within = drawn * (1 - noise)
    const target = unbiased && batches.noise === 1 ? within * besselFactor(n) : within
    const grown = square + noise * drawn
    square = isWarm
      ? square + (1 - rho) ** 2 * noise * drawn
      : (1 - rho) ** 2 * grown + 2 * rho * (1 - rho) * m0 * mean + rho * rho * m0 * m0
    mean = isWarm ? mean : (1 - rho) * mean + rho * m0
    variance = (1 - rho) * target + rho * v0 + rho * (1 - rho) * apart
    drawn = factor * variance
    drift.mean[g] = mean
    drift.meanVariance[g] = square - mean * mean
    drift.within[g] = within
    drift.variance[g] = variance
  }
  return drift
}
