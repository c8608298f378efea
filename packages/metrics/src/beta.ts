/** The beta distribution: its distribution function (the regularised incomplete beta function) and its quantile. */
import { lnGamma, stirlingCorrection } from './gamma.js'
import { refuse } from './shape.js'

const TINY = 1e-300
const EPSILON = Number.EPSILON

/** u - ln(1 + u), given u and the ratio 1 + u; the series keeps what the subtraction would lose near 0. */
function excess(u: number, ratio: number): number {
  if (Math.abs(u) > 0.1) return u - Math.log(ratio)
  let term = u * u
  let sum = 0
  for (let k = 2; k < 24; k++) {
    sum += term / k
    term *= -u
  }
  return sum
}

/**
 * ln of x^a y^b / B(a, b), y = 1 - x: the log-density on the logit scale.
 *
 * Written as a deviance from the point a/(a+b) and three Stirling corrections, so that nothing of order a + b has to
 * cancel (the idea of C. Loader, "Fast and accurate computation of binomial probabilities", 2000).
 */
function logDensity(x: number, y: number, a: number, b: number): number {
  const total = a + b
  const deviance = a * excess((x * b - y * a) / a, (x * total) / a) + b * excess((y * a - x * b) / b, (y * total) / b)
  const corrections = stirlingCorrection(total) - stirlingCorrection(a) - stirlingCorrection(b)
  return 0.5 * Math.log(((a / total) * b) / (2 * Math.PI)) + corrections - deviance
}

/** The continued fraction of DLMF 8.17.22 by Lentz's method; quick for x below (a+1)/(a+b+2). */
function fraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 - ((a + b) * x) / (a + 1)
  d = 1 / (Math.abs(d) < TINY ? TINY : d)
  let result = d
  for (let m = 1; m < 1_000_000; m++) {
    for (const term of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 + term * d
      d = 1 / (Math.abs(d) < TINY ? TINY : d)
      c = 1 + term / c
      if (Math.abs(c) < TINY) c = TINY
      result *= c * d
    }
    if (Math.abs(c * d - 1) < EPSILON) break
  }
  return result
}

/** True where the series converges within some hundred terms. */
function isNearZero(x: number, a: number, b: number): boolean {
  return x <= 0.5 && x * (a + b) <= 100
}

/** P(X <= x) over the logit density, 1/a sum_k (a+b)_k x^k / (a+1)_k (DLMF 8.17.8): all terms are positive. */
function seriesRatio(x: number, a: number, b: number): number {
  let term = 1 / a
  let sum = term
  for (let k = 0; term > EPSILON * 0.1 * sum; k++) {
    term *= ((a + b + k) * x) / (a + 1 + k)
    sum += term
  }
  return sum
}

/** P(X <= x): its logarithm, and its ratio to the density on the logit scale; neither underflows in the lower tail. */
interface LowerTail {
  log: number
  ratio: number
}

function complement(upper: number, density: number): LowerTail {
  return { log: Math.log1p(-Math.min(1, upper)), ratio: (1 - Math.min(1, upper)) / density }
}

/**
 * The lower tail of Beta(a, b) at x, with y = 1 - x given separately so that neither is rounded.
 *
 * The series comes first where it is quick: next to the ends the continued fraction loses about (a + b) epsilon.
 */
function lowerTail(x: number, y: number, a: number, b: number): LowerTail {
  const log = logDensity(x, y, a, b)
  const density = Math.exp(log)
  if (isNearZero(y, b, a)) {
    const upper = density * seriesRatio(y, b, a)
    if (upper < 0.999) return complement(upper, density)
  }
  const isBelowCentre = x * (a + b + 2) <= a + 1
  if (!isBelowCentre && !isNearZero(x, a, b)) return complement((density * fraction(y, b, a)) / b, density)
  const ratio = isNearZero(x, a, b) ? seriesRatio(x, a, b) : fraction(x, a, b) / a
  return { log: Math.min(0, log + Math.log(ratio)), ratio }
}

function checkParameters(a: number, b: number): void {
  if (!(a > 0 && a < Number.POSITIVE_INFINITY)) refuse('a', 'a finite number above 0', a)
  if (!(b > 0 && b < Number.POSITIVE_INFINITY)) refuse('b', 'a finite number above 0', b)
}

/**
 * I_x(a, b), the distribution function of Beta(a, b) at x in [0, 1]. Relative error below 1e-11 for a + b up to 1e6.
 *
 * Throws RangeError for x outside [0, 1] and parameters that are not positive and finite.
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  checkParameters(a, b)
  if (!(x >= 0 && x <= 1)) refuse('x', 'a number from 0 to 1', x)
  if (x === 0 || x === 1) return x
  return Math.exp(lowerTail(x, 1 - x, a, b).log)
}

/**
 * The logit ln(x / (1 - x)) of the quantile x of Beta(a, b) with p below it and q = 1 - p above, both strictly
 * between 0 and 1.
 *
 * Newton's method on the logarithm of the smaller tail. On the logit scale that logarithm is concave, so every step
 * but the first comes from the same side and the iteration can't run away.
 */
export function betaQuantileLogit(p: number, q: number, a: number, b: number): number {
  if (p > q) return -betaQuantileLogit(q, p, b, a)
  // Far in the tail only the leading term p = x^a / (a B(a, b)) is left.
  const leading = (Math.log(p) + lnGamma(a + 1) + lnGamma(b) - lnGamma(a + b)) / a
  if (leading < -600) return leading
  let logit = Math.log(a / b)
  for (let step = 0; step < 500; step++) {
    const { log, ratio } = lowerTail(1 / (1 + Math.exp(-logit)), 1 / (1 + Math.exp(logit)), a, b)
    // The first step may overshoot; held to 16 it can't leave the range of the exponential.
    const change = Math.min(16, (log - Math.log(p)) * ratio)
    logit -= change
    if (Math.abs(change) <= 4 * EPSILON * Math.max(1, Math.abs(logit))) break
  }
  return logit
}

/**
 * The p-quantile of Beta(a, b): x with I_x(a, b) = p. Relative error below 1e-11 for a + b up to 1e6.
 *
 * Throws RangeError for p outside [0, 1] and parameters that are not positive and finite.
 */
export function betaQuantile(p: number, a: number, b: number): number {
  checkParameters(a, b)
  if (!(p >= 0 && p <= 1)) refuse('p', 'a number from 0 to 1', p)
  if (p === 0 || p === 1) return p
  const logit = betaQuantileLogit(p, 1 - p, a, b)
  return logit < 0 ? Math.exp(logit) / (1 + Math.exp(logit)) : 1 / (1 + Math.exp(-logit))
}
