/** The logarithm of the gamma function, by Stirling's series and the recurrence; and what the series leaves over. */

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI)

/** Coefficients B_2k / (2k (2k-1)) of Stirling's series in 1/x, 1/x^3, ... (DLMF 5.11.1), for x of at least 10. */
const SERIES = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400] as const

/**
 * Stirling's correction c(x) = ln Gamma(x) - ((x - 1/2) ln x - x + ln(2 pi)/2) for x > 0.
 *
 * Below 10 the recurrence c(x) = c(x+1) + (x + 1/2) ln(1 + 1/x) - 1 lifts x to where the series holds. It is the part
 * of ln Gamma that is left when the large terms of a beta function have been cancelled by hand; absolute error about
 * 1e-16 for x of at least 0.1.
 */
export function stirlingCorrection(x: number): number {
  let lifted = x
  let sum = 0
  while (lifted < 10) {
    sum += (lifted + 0.5) * Math.log1p(1 / lifted) - 1
    lifted += 1
  }
  const inverseSquare = 1 / (lifted * lifted)
  let tail = 0
  for (let k = SERIES.length - 1; k >= 0; k--) tail = tail * inverseSquare + SERIES[k]!
  return sum + tail / lifted
}

/** ln Gamma(x) for x > 0; NaN otherwise. Absolute error about 1e-15 times the larger of 1 and |ln Gamma(x)|. */
export function lnGamma(x: number): number {
  if (!(x > 0)) return Number.NaN
  if (x === Number.POSITIVE_INFINITY) return x
  // Below 1 the pole would cancel between the correction and Stirling's term.
  if (x < 1) return lnGamma(x + 1) - Math.log(x)
  return (x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI + stirlingCorrection(x)
}
