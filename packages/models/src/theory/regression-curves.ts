// The closed forms of linear regression as curves of its columns.

import type { Curve } from '../definition.js'
import { excessRisk, type RegressionLaw } from './regression.js'
import { fitSizes, isPlain, type TheorySetting } from './setting.js'
import { digamma, trigamma } from './special.js'

const squares = 'expected inverse Wishart and matrix-beta moments (docstring of excessRisk)'
const residuals = 'chi-squared law of the residual sum of squares, independent of the weights (docstring of noiseChain)'
const divergence = 'Kullback-Leibler divergence of the joint normal laws (docstring of regressionCurves)'

/**
 * The curves that are known for a setting; empty where none is.
 *
 * With v = s^2 / sigma^2 and r = |w|^2 / sigma^2 the divergences of the joint laws of features and response are
 * KL(origin || model) = (ln v + (1 + r) / v - 1) / 2 and KL(model || origin) = (v + r - 1 - ln v) / 2.
 */
export function regressionCurves(setting: TheorySetting, law: RegressionLaw): Curve[] {
  const curve = (column: string, values: Float64Array, source: string, statistic: Curve['statistic'] = 'mean') => {
    return { column, statistic, values, source }
  }
  const risk = excessRisk(setting, law)
  const unit = risk?.map((value) => value / law.noiseVariance)
  const curves: Curve[] = []
  if (risk && unit) {
    curves.push(curve('excess_risk', risk, squares), curve('mean_shift', unit, squares, 'mean_square'))
    if (law.noise === 'known') {
      const half = unit.map((value) => value / 2)
      curves.push(curve('kl_forward', half, divergence), curve('kl_reverse', half, divergence))
    }
  }
  if (law.noise === 'known' || setting.policy.kind !== 'replace' || !isPlain(setting)) return curves
  const noise = noiseChain(setting, law.dimensions)
  if (!noise) return curves
  const scale = Math.log(law.noiseVariance)
  curves.push(
    curve('variance_ratio', noise.mean, residuals),
    curve('variance_ratio', noise.variance, residuals, 'variance'),
    curve(
      'fit_log_variance',
      noise.log.map((value) => value + scale),
      residuals,
    ),
    curve('fit_log_variance', noise.logVariance, residuals, 'variance'),
    curve(
      'entropy',
      noise.log.map((value) => 0.5 * (1 + Math.log(2 * Math.PI) + value + scale)),
      residuals,
    ),
  )
  if (unit) {
    curves.push(
      curve(
        'kl_forward',
        noise.log.map((value, g) => 0.5 * (value + noise.inverse[g]! - 1)),
        divergence,
      ),
      curve(
        'kl_reverse',
        noise.log.map((value, g) => 0.5 * (noise.mean[g]! + unit[g]! - 1 - value)),
        divergence,
      ),
    )
  }
  return curves
}

/** Moments of v = s^2 / sigma^2 at generations 0..G under `replace`. */
export interface NoiseChain {
  mean: Float64Array
  variance: Float64Array
  /** E ln v and its variance. */
  log: Float64Array
  logVariance: Float64Array
  /** E (1 + |w|^2 / sigma^2) / v: infinite where a fit has no more than two records beyond its features. */
  inverse: Float64Array
}

/**
 * The fitted noise of a chain under `replace`; undefined where a fit has no record beyond its features.
 *
 * v_g = v_{g-1} chi2_nu / nu with nu = n_g - d, independent of w_g given the last model: E v = 1, E v^2 = prod (1 + 2/nu),
 * E ln v = sum psi(nu/2) - ln(nu/2), Var ln v = sum psi'(nu/2), E 1/v = prod nu/(nu-2), and
 * E |w_g|^2/v_g = (E |w_{g-1}|^2/v_{g-1} + d/(n_g - d - 1)) nu/(nu-2). The same features give the same law.
 */
export function noiseChain(setting: TheorySetting, dimensions: number): NoiseChain | undefined {
  const sizes = fitSizes(setting)
  if (Math.min(...sizes) <= dimensions) return undefined
  const empty = () => new Float64Array(sizes.length)
  const chain: NoiseChain = {
    mean: empty().fill(1),
    variance: empty(),
    log: empty(),
    logVariance: empty(),
    inverse: empty(),
  }
  let [square, log, logVariance, plain, withError] = [1, 0, 0, 1, 0]
  for (const [g, n] of sizes.entries()) {
    if (n !== Number.POSITIVE_INFINITY) {
      const nu = n - dimensions
      square *= 1 + 2 / nu
      log += digamma(nu / 2) - Math.log(nu / 2)
      logVariance += trigamma(nu / 2)
      const inverse = nu > 2 ? nu / (nu - 2) : Number.POSITIVE_INFINITY
      plain *= inverse
      withError = (withError + (nu > 1 ? dimensions / (nu - 1) : Number.POSITIVE_INFINITY)) * inverse
    }
    chain.variance[g] = square - 1
    chain.log[g] = log
    chain.logVariance[g] = logVariance
    chain.inverse[g] = plain + withError
  }
  return chain
}
