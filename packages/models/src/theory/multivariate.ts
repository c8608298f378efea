// Closed forms of a multivariate normal model that learns only from its own last output: Wishart products.

import { fitSizes, type Sizes } from './setting.js'
import { digammaExcess, trigamma } from './special.js'

/** Each at generations 0..G, for an origin of unit covariance (or relative to the origin's); divergences in nats. */
export interface MultivariateMoments {
  /** E and Var of ln det(Sigma_g) - ln det(Sigma_0); -Infinity where a fit has fewer than d + 1 records. */
  logDet: Float64Array
  logDetVariance: Float64Array
  /** E tr(Sigma_0^-1 Sigma_g) / d. */
  trace: Float64Array
  /** E tr((Sigma_0^-1 Sigma_g)^2), and E of the square of tr(Sigma_0^-1 Sigma_g). */
  squareTrace: Float64Array
  traceSquare: Float64Array
  /** E of the squared Mahalanobis distance of the fitted mean from the origin's. */
  meanSquare: Float64Array
  /** E KL(origin || model), infinite where a fit has d + 2 records or fewer; E KL(model || origin). */
  klForward: Float64Array
  klReverse: Float64Array
}

/**
 * Exact moments of Sigma' = L W L', W ~ Wishart_d(N-1, I)/div, L the Cholesky factor of Sigma, and m' = m + L z / sqrt N;
 * div = N - 1 (`unbiased`) or N. ln det W is a sum of d independent ln chi2(N-i), i = 1..d (Bartlett), and with nu = N - 1
 * [E tr S^2, E (tr S)^2] maps by (nu/div)^2 [[1 + 1/nu, 1/nu], [2/nu, 1]].
 */
export function multivariateReplace(sizes: Sizes, dimensions: number, unbiased: boolean): MultivariateMoments {
  const d = dimensions
  const column = () => new Float64Array(sizes.generations + 1)
  const result: MultivariateMoments = {
    logDet: column(),
    logDetVariance: column(),
    trace: column(),
    squareTrace: column(),
    traceSquare: column(),
    meanSquare: column(),
    klForward: column(),
    klReverse: column(),
  }
  let [logDet, spread, logTrace, meanSquare] = [0, 0, 0, 0]
  let [squareTrace, traceSquare] = [d, d * d]
  let [precision, shift] = [1, 0]
  for (const [g, size] of fitSizes(sizes).entries()) {
    const nu = size - 1
    // ln of nu/div, 0 for the unbiased covariance.
    const bias = unbiased ? 0 : Math.log1p(-1 / size)
    meanSquare += (d * Math.exp(logTrace)) / size
    logTrace += bias
    for (let i = 1; i <= d; i++) {
      const half = (size - i) / 2
      logDet += half > 0 ? digammaExcess(half) + Math.log1p((1 - i) / nu || 0) + bias : Number.NEGATIVE_INFINITY
      spread += half > 0 ? trigamma(half) : Number.NaN
    }
    const scale = Math.exp(2 * bias)
    ;[squareTrace, traceSquare] = [
      scale * (squareTrace + (squareTrace + traceSquare) / nu),
      scale * (traceSquare + (2 * squareTrace) / nu),
    ]
    // div / (N - d - 2).
    const inverse = size > d + 2 ? 1 / (1 - (unbiased ? (d + 1) / nu : (d + 2) / size)) : Number.POSITIVE_INFINITY
    precision *= inverse
    shift = (shift + d / size) * inverse
    result.logDet[g] = logDet
    result.logDetVariance[g] = spread
    result.trace[g] = Math.exp(logTrace)
    result.squareTrace[g] = squareTrace
    result.traceSquare[g] = traceSquare
    result.meanSquare[g] = meanSquare
    result.klForward[g] = (d * (precision - 1) + shift + logDet) / 2
    result.klReverse[g] = (d * Math.expm1(logTrace) + meanSquare - logDet) / 2
  }
  return result
}

/**
 * E of the squared diagonal of the Cholesky factor of Sigma_0^-1/2 Sigma_g ..., entry i = 1..d in order, relative to the
 * origin's: a product of independent chi2(N-i)/div. The last one is the variance of the last coordinate given the others.
 */
export function choleskyDiagonal(sizes: Sizes, dimension: number, unbiased: boolean): Float64Array {
  let product = 1
  return Float64Array.from(fitSizes(sizes), (size) => {
    product *= size === Number.POSITIVE_INFINITY ? 1 : (size - dimension) / (unbiased ? size - 1 : size)
    return product
  })
}

/** The limits of (ln of the i-th largest eigenvalue of Sigma_g) / g, i = 1..d, for sets of n records (Newman 1986). */
export function lyapunovExponents(n: number, dimensions: number, unbiased: boolean): number[] {
  const divisor = unbiased ? n - 1 : n
  return Array.from({ length: dimensions }, (_, i) => {
    const nu = n - 1 - i
    return digammaExcess(nu / 2) + Math.log(nu / divisor)
  })
}
