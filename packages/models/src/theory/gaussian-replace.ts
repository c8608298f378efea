// Closed forms of a normal model that learns only from its own last output: log variance, distances, divergences.

import { fitSizes, type Sizes } from './setting.js'
import { digammaExcess, halfStepExcess, trigamma } from './special.js'

/** Each a generation; variances and squared distances in units of the origin's variance, divergences in nats. */
export interface ReplaceMoments {
  /** E and Var of ln v. */
  logVariance: Float64Array
  logVarianceVariance: Float64Array
  /** E v, Var v, and E of its root. */
  variance: Float64Array
  varianceVariance: Float64Array
  sd: Float64Array
  /** Var of the fitted mean. */
  meanVariance: Float64Array
  /** E of the squared 2-Wasserstein distance to the origin. */
  w2Squared: Float64Array
  /** E KL(origin || model), infinite where a fit has three records or fewer; E KL(model || origin). */
  klForward: Float64Array
  klReverse: Float64Array
}

/**
 * Exact moments of the chain m' = m + sqrt(v/N) Z, v' = v chi2(N-1)/div, div = N - 1 (`unbiased`) or N, N = `initial`
 * at generation 0 and the schedule's size after it: ln v is a sum of independent terms, v a product, and E W2^2 = Var m + E(s - 1)^2.
 *
 * Each term follows from the laws of the sample mean and variance (Cochran's theorem); theorem 3.1 of Shumailov et al.,
 * Nature 631 (2024) 755-759, is the limit of `w2Squared` for the unbiased variance.
 */
export function gaussianReplace(sizes: Sizes, unbiased: boolean): ReplaceMoments {
  const { generations } = sizes
  const column = () => new Float64Array(generations + 1)
  const result: ReplaceMoments = {
    logVariance: column(),
    logVarianceVariance: column(),
    variance: column(),
    varianceVariance: column(),
    sd: column(),
    meanVariance: column(),
    w2Squared: column(),
    klForward: column(),
    klReverse: column(),
  }
  let logMean = 0
  let logSpread = 0
  let logVariance = 0
  let logSquare = 0
  let logSd = 0
  let meanVariance = 0
  let precision = 1
  let shift = 0
  for (const [g, size] of fitSizes(sizes).entries()) {
    const half = (size - 1) / 2
    // ln of nu/div, 0 for the unbiased variance.
    const bias = unbiased ? 0 : Math.log1p(-1 / size)
    meanVariance += Math.exp(logVariance) / size
    logMean += digammaExcess(half) + bias
    logSpread += trigamma(half)
    logVariance += bias
    logSquare += 2 * bias + Math.log1p(1 / half)
    logSd += halfStepExcess(half) + bias / 2
    // div / (size - 3).
    const inverse = size > 3 ? 1 / (1 - (unbiased ? 2 / (size - 1) : 3 / size)) : Number.POSITIVE_INFINITY
    precision *= inverse
    shift = (shift + 1 / size) * inverse
    const v = Math.exp(logVariance)
    result.logVariance[g] = logMean
    result.logVarianceVariance[g] = logSpread
    result.variance[g] = v
    result.varianceVariance[g] = Math.exp(logSquare) - v * v
    result.sd[g] = Math.exp(logSd)
    result.meanVariance[g] = meanVariance
    // E(s - 1)^2 = (E v - 1) - 2 (E s - 1).
    result.w2Squared[g] = meanVariance + Math.expm1(logVariance) - 2 * Math.expm1(logSd)
    result.klForward[g] = (precision - 1 + shift + logMean) / 2
    result.klReverse[g] = (Math.expm1(logVariance) + meanVariance - logMean) / 2
  }
  return result
}
