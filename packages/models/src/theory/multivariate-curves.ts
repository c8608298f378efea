// The closed forms of a multivariate normal model as curves of its columns.

import type { Curve } from '../definition.js'
import { drift } from './drift.js'
import { mle, unbiased } from './fit.js'
import { gaussianReplace } from './gaussian-replace.js'
import { choleskyDiagonal, multivariateReplace } from './multivariate.js'
import { normalFactor } from './sampling.js'
import { fitSizes, isPlain, type TheorySetting } from './setting.js'

/** A multivariate normal model and what it depends on of its origin. */
export interface MultivariateLaw {
  dimensions: number
  estimator: 'unbiased' | 'mle'
  /** Whether all of the covariance is fitted, or the variances of the coordinates. */
  covariance: 'full' | 'diagonal'
  /** ln det of the origin's covariance. */
  logDet: number
  /** Whether coordinates of the origin depend on each other: a diagonal model has no closed forms then. */
  correlated: boolean
}

const moments = 'recursion of moments in each direction (docstring of drift)'
const products = 'products of Wishart matrices (docstring of multivariateReplace)'
const independent = 'independent normal models of the coordinates (docstring of gaussianReplace)'

/** The curves that are known for a setting; empty where none is. */
export function multivariateCurves(setting: TheorySetting, law: MultivariateLaw): Curve[] {
  const { dimensions: d, estimator, covariance, correlated } = law
  if (covariance === 'diagonal' && correlated) return []
  const fit = { ...(estimator === 'unbiased' ? unbiased : mle), factor: normalFactor }
  const found = drift(setting, fit)
  const curves: Curve[] = []
  if (found) {
    const shift = found.meanVariance.map((value) => d * value)
    curves.push({ column: 'variance_ratio', statistic: 'mean', values: found.variance, source: moments })
    curves.push({ column: 'mean_shift', statistic: 'mean_square', values: shift, source: moments })
  }
  if (setting.policy.kind !== 'replace' || !isPlain(setting)) return curves
  return [...curves, ...(covariance === 'full' ? ofMatrices(setting, law) : ofCoordinates(setting, law))]
}

function ofMatrices(setting: TheorySetting, { dimensions: d, estimator, logDet }: MultivariateLaw): Curve[] {
  const sizes = fitSizes(setting)
  const isUnbiased = estimator === 'unbiased'
  const chain = multivariateReplace(setting, d, isUnbiased)
  const curve = (column: string, values: Float64Array, statistic: Curve['statistic'] = 'mean'): Curve => {
    return { column, statistic, values, source: products }
  }
  const traces = chain.traceSquare.map((value, g) => value / d ** 2 - chain.trace[g]! ** 2)
  const curves = [
    curve('variance_ratio', traces, 'variance'),
    curve('partial_variance', choleskyDiagonal(setting, d, isUnbiased)),
  ]
  // The support never grows again: with n <= d records it has n - 1 dimensions.
  const support = new Float64Array(sizes.length)
  for (const [g, n] of sizes.entries()) support[g] = Math.min(d, n - 1, g > 0 ? support[g - 1]! : d)
  curves.push(curve('support_dimension', support))
  if (Math.min(...sizes) <= d) return curves
  return [
    ...curves,
    curve(
      'fit_log_det',
      chain.logDet.map((value) => value + logDet),
    ),
    curve('fit_log_det', chain.logDetVariance, 'variance'),
    curve(
      'entropy',
      chain.logDet.map((value) => entropyOf(value + logDet, d)),
    ),
    curve('kl_forward', chain.klForward),
    curve('kl_reverse', chain.klReverse),
  ]
}

/** Coordinates that nothing ties together: sums of d independent numbers. */
function ofCoordinates(setting: TheorySetting, { dimensions: d, estimator, logDet }: MultivariateLaw): Curve[] {
  if (Math.min(...fitSizes(setting)) < 2) return []
  const chain = gaussianReplace(setting, estimator === 'unbiased')
  const curve = (column: string, values: Float64Array, statistic: Curve['statistic'] = 'mean'): Curve => {
    return { column, statistic, values, source: independent }
  }
  const logs = chain.logVariance.map((value) => d * value + logDet)
  return [
    curve(
      'variance_ratio',
      chain.varianceVariance.map((value) => value / d),
      'variance',
    ),
    curve('partial_variance', chain.variance),
    curve('fit_log_det', logs),
    curve(
      'fit_log_det',
      chain.logVarianceVariance.map((value) => d * value),
      'variance',
    ),
    curve(
      'entropy',
      logs.map((value) => entropyOf(value, d)),
    ),
    curve(
      'kl_forward',
      chain.klForward.map((value) => d * value),
    ),
    curve(
      'kl_reverse',
      chain.klReverse.map((value) => d * value),
    ),
  ]
}

function entropyOf(logDet: number, d: number): number {
  return 0.5 * (d * (1 + Math.log(2 * Math.PI)) + logDet)
}
