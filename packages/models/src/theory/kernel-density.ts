// Kernel density models with a normal kernel: variances of the smoothed model, for the recursions of moments.

import type { Sampling } from '../settings.js'
import { besselFactor, type Fit } from './fit.js'

/** Normal kernels of a known sd h: the model's variance is that of the set (divisor N) plus h^2. */
export function fixedKernel(h: number, originSd = 1): Fit {
  const added = (h / originSd) ** 2
  return { variance: ({ within }) => within + added, factor: spreadOnly }
}

/**
 * Scott's factor of the sd, N^(-1/(d+4)), or Silverman's, (N (d+2)/4)^(-1/(d+4)): the kernel's covariance is its square
 * times the sample covariance with divisor N - 1.
 */
export function ruleFactor(rule: 'scott' | 'silverman', records: number, dimensions = 1): number {
  const base = rule === 'scott' ? records : (records * (dimensions + 2)) / 4
  return base ** (-1 / (dimensions + 4))
}

/**
 * Normal kernels by rule of thumb: the model's variance is W (1 + c^2 N/(N-1)), W that of the set (divisor N).
 *
 * Under `replace` E K_g = E K_(g-1) ((1 - 1/n) + c^2): it grows without end.
 */
export function ruledKernel(rule: 'scott' | 'silverman', dimensions = 1): Fit {
  return {
    least: 2,
    variance: ({ within, records }) =>
      within * (1 + ruleFactor(rule, records, dimensions) ** 2 * besselFactor(records)),
    factor: spreadOnly,
  }
}

/** A mixture of kernels has no law for another temperature. */
function spreadOnly({ spread = 1, ...others }: Sampling): number | undefined {
  return Object.values(others).some((value) => value !== undefined) ? undefined : spread
}
