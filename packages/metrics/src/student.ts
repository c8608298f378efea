/** The quantile of Student's t distribution. */
import { betaQuantileLogit } from './beta.js'
import { normalQuantile } from './normal.js'
import { refuse } from './shape.js'

/**
 * The p-quantile of Student's t with `freedom` degrees of freedom (any number above 0; Infinity is the normal).
 *
 * nu / (nu + t^2) is Beta(nu/2, 1/2) with the two tails together below it (DLMF 8.17 with 26.5.27 of Abramowitz &
 * Stegun); its logit L gives |t| = sqrt(nu) exp(-L/2) without a subtraction. Relative error below 1e-11 for up to
 * 1e6 degrees of freedom. Throws RangeError for p outside [0, 1] and freedom not above 0.
 */
export function tQuantile(p: number, freedom: number): number {
  if (!(p >= 0 && p <= 1)) refuse('p', 'a number from 0 to 1', p)
  if (!(freedom > 0)) refuse('freedom', 'a number above 0', freedom)
  if (freedom === Number.POSITIVE_INFINITY) return normalQuantile(p)
  if (p === 0.5) return 0
  const bothTails = 2 * Math.min(p, 1 - p)
  if (bothTails === 0) return p === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  const logit = betaQuantileLogit(bothTails, 1 - bothTails, freedom / 2, 0.5)
  const size = Math.exp(0.5 * (Math.log(freedom) - logit))
  return p < 0.5 ? -size : size
}
