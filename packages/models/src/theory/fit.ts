// How a family turns a training set into a variance: the only thing in which families differ to the recursions of moments.

import type { Policy, Sampling, Stages } from '../settings.js'
import type { BatchSizes } from './setting.js'

/** A training set over chains, in units of the origin's variance and with the origin's mean as 0. */
export interface SetMoments {
  /** E of its mean. */
  mean: number
  /** E of its squared mean. */
  square: number
  /** E of its variance (divisor N). */
  within: number
  /** Its records N, each counted with its weight; infinite for n = infinity. */
  records: number
}

/** A fit by sample mean whose variance is, in expectation, a function of the set's moments. */
export interface Fit {
  /** The fewest records that it can be fitted to; 1 if left out. */
  least?: number
  /** E of the model's variance. */
  variance(set: SetMoments): number
  /** E of the variance of the records that it draws, where that is another: bins are drawn, but not what is within. */
  drawn?(set: SetMoments): number
  /** By what a setting of sampling multiplies that variance; undefined where no number does. */
  factor?(sampling: Sampling): number | undefined
}

/** Divisor N: the maximum likelihood fit of normal records, and the shares of classes. */
export const mle: Fit = { variance: ({ within }) => within }

/** Divisor N - 1. */
export const unbiased: Fit = { least: 2, variance: ({ within, records }) => within * besselFactor(records) }

/** N / (N - 1), which undoes the bias of the divisor N; 1 for n = infinity. */
export function besselFactor(records: number): number {
  return 1 / (1 - 1 / records)
}

/**
 * A natural exponential family with V(m) = v0 + v1 m + v2 m^2, fitted by its mean: E V(m) / V0 = 1 + slope E[m] + v2
 * E[m^2] with m in units of the origin's sd.
 *
 * Source: Morris, Ann. Statist. 10 (1982) 65-80, for the families: v2 is -1/N for binomial, 0 for Poisson and normal
 * counts of known variance, 1 for exponential and geometric, 1/shape for gamma of known shape.
 *
 * @param slope V'(m0) sd0 / V0, needed where the mean moves (poison)
 */
export function quadratic(v2: number, slope = 0): Fit {
  return { variance: ({ mean, square }) => 1 + slope * mean + v2 * square }
}

/** A setting made ready for a recursion. */
export interface Dynamics extends BatchSizes {
  policy: Policy
  generations: number
  onEmpty: 'stop' | 'keep'
  /** The stages that change something. */
  stages: Stages
  fit: Fit
  /** Of the sampled variance. */
  factor: number
  /** The distance of a poison record from the origin's mean, in units of the origin's sd. */
  poison: number
}

/** E of the variance of the fitted model and of the records drawn from it. */
export interface Fitted {
  variance: number
  drawn: number
}

/** Fits in expectation; for n = infinity no divisor is off. */
export function fitted({ fit, factor, noise }: Dynamics, set: SetMoments): Fitted {
  const seen = noise === 0 ? { ...set, records: Number.POSITIVE_INFINITY } : set
  const variance = fit.variance(seen)
  return { variance, drawn: factor * (fit.drawn?.(seen) ?? variance) }
}
