// Curation: what is left of a law where the highest or the lowest of several candidates are kept.

import type { Selection } from '../settings.js'
import { lnGamma, normalTails } from './special.js'

/** Candidates of which n are kept. */
export function candidates(n: number, { keep }: Selection): number {
  return Math.ceil(n / keep)
}

/** The trapezoidal rule over the threshold, in standard deviations. */
const step = 1 / 32
const reach = 12

/**
 * E of the mean and of the variance (divisor N - 1) of the n highest of m standard normal records; of the n lowest, the mean
 * has the other sign.
 *
 * Given the highest record that is left out, t, the n that are kept are independent and normal beyond t: mean
 * l = phi(t) / Q(t), variance 1 + t l - l^2. The law of t is that of an order statistic.
 */
export function selectedNormal(n: number, m: number): { mean: number; variance: number } {
  if (m <= n) return { mean: 0, variance: 1 }
  const whole = lnGamma(m + 1) - lnGamma(m - n) - lnGamma(n + 1)
  let [total, mean, variance] = [0, 0, 0]
  for (let t = -reach; t <= reach; t += step) {
    const upper = t >= 0 ? normalTails(t) / 2 : 1 - normalTails(t) / 2
    const lower = t >= 0 ? 1 - normalTails(t) / 2 : normalTails(t) / 2
    const density = Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI)
    const weight = Math.exp(whole + (m - n - 1) * Math.log(lower) + n * Math.log(upper)) * density
    if (!(weight > 0)) continue
    const beyond = density / upper
    total += weight
    mean += weight * beyond
    variance += weight * (1 + t * beyond - beyond * beyond)
  }
  return { mean: mean / total, variance: variance / total }
}

/**
 * E of the mean of the n highest or lowest of m standard exponential records: those beyond the highest one left out are as
 * far above it as from 0, so that it is 1 + 1/(n+1) + ... + 1/m; the lowest are the rest.
 */
export function selectedExponential(n: number, m: number, by: 'highest' | 'lowest'): number {
  if (by === 'highest') return 1 + harmonic(n, m)
  return (m - (m - n) * (1 + harmonic(m - n, m))) / n
}

/** 1/(from+1) + ... + 1/to. */
function harmonic(from: number, to: number): number {
  let sum = 0
  for (let k = to; k > from; k--) sum += 1 / k
  return sum
}
