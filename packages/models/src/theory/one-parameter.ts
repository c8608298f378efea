// Exponential, Poisson and Pareto models under `replace`: logarithms, absorption, rates.

import { fitSizes, type Sizes } from './setting.js'
import { digammaExcess, trigamma } from './special.js'

/** At generations 0..G: E and Var of ln(fitted / origin's), E of the fitted number and of its inverse, relative. */
export interface GammaChain {
  logMean: Float64Array
  logVariance: Float64Array
  mean: Float64Array
  /** E of the square. */
  square: Float64Array
  /** E of the inverse; infinite where it has no mean. */
  inverse: Float64Array
}

/**
 * A number that each fit multiplies by Gamma(shape) / divisor, independent of all before: the mean of an exponential
 * model (shape N; divisor N, or N - 1 for the unbiased rate), or 1 / shape of a Pareto model (shape N and divisor N where the
 * scale is known, N - 1 and N where it is fitted). `factor` is what sampling multiplied the law by before.
 */
export function gammaChain(fits: readonly { shape: number; divisor: number; factor?: number }[]): GammaChain {
  const column = () => new Float64Array(fits.length)
  const result: GammaChain = {
    logMean: column(),
    logVariance: column(),
    mean: column(),
    square: column(),
    inverse: column(),
  }
  let [logMean, logVariance, mean, square, inverse] = [0, 0, 1, 1, 1]
  for (const [g, { shape, divisor, factor = 1 }] of fits.entries()) {
    const ratio = factor * (shape === Number.POSITIVE_INFINITY ? 1 : shape / divisor)
    logMean += digammaExcess(shape) + Math.log(ratio)
    logVariance += trigamma(shape)
    mean *= ratio
    square *= ratio * ratio * (1 + 1 / shape)
    inverse *= shape > 1 ? 1 / (ratio * (1 - 1 / shape)) : Number.POSITIVE_INFINITY
    result.logMean[g] = logMean
    result.logVariance[g] = logVariance
    result.mean[g] = mean
    result.square[g] = square
    result.inverse[g] = inverse
  }
  return result
}

/** The mean of an exponential model under `replace`, in units of the origin's; a temperature T draws from T times it. */
export function exponentialReplace(sizes: Sizes, estimator: 'mle' | 'unbiased-rate', temperature = 1): GammaChain {
  const fits = fitSizes(sizes).map((n, g) => {
    return { shape: n, divisor: estimator === 'mle' ? n : n - 1, factor: g > 0 ? temperature : 1 }
  })
  return gammaChain(fits)
}

/** 1 / shape of a Pareto model under `replace`, in units of the origin's. */
export function paretoReplace(sizes: Sizes, fitted: boolean): GammaChain {
  return gammaChain(fitSizes(sizes).map((n) => ({ shape: fitted ? n - 1 : n, divisor: n })))
}

/**
 * E of ln(scale / origin's) of a Pareto model whose scale is fitted, at generations 0..G: the least of N records lies
 * Exp(N shape) above the scale in logarithms, and E[1/shape] shrinks by 1 - 1/N.
 */
export function paretoLogScale(shape: number, sizes: Sizes): Float64Array {
  let [theta, log] = [1 / shape, 0]
  return Float64Array.from(fitSizes(sizes), (n) => {
    log += theta / n
    theta *= 1 - 1 / n
    return log
  })
}

/**
 * P(a Poisson model's mean is 0, for good) at generations 0..G under `replace`: the sum of a set's counts is a branching
 * process with Poisson offspring, of mean N'/N where sizes change.
 */
export function poissonAbsorbed(mean: number, sizes: Sizes): Float64Array {
  const all = fitSizes(sizes)
  return Float64Array.from(all, (_, g) => {
    let gone = 0
    for (let j = g; j > 0; j--) gone = Math.exp((-all[j]! / all[j - 1]!) * (1 - gone))
    return Math.exp(-all[0]! * mean * (1 - gone))
  })
}

/**
 * A uniform law on (0, theta) fitted by its largest record, in units of the origin's: E theta and E ln theta at generations
 * 0..G, from -N ln(theta' / theta) ~ Exp(1). With `unbiased` the fit is (N + 1)/N times the largest record.
 */
export function uniformReplace(sizes: Sizes, unbiased = false): { mean: Float64Array; logMean: Float64Array } {
  const all = fitSizes(sizes)
  let [mean, logMean] = [1, 0]
  const found = { mean: new Float64Array(all.length), logMean: new Float64Array(all.length) }
  for (const [g, n] of all.entries()) {
    mean *= unbiased ? 1 : n / (n + 1)
    logMean += (unbiased ? Math.log1p(1 / n) : 0) - 1 / n
    found.mean[g] = mean
    found.logMean[g] = logMean
  }
  return found
}

/** E of 1/lambda of an inverse Gaussian law fitted by maximum likelihood, in units of the origin's: chi2(N-1)/N each time. */
export function inverseGaussianReplace(sizes: Sizes): Float64Array {
  let product = 1
  return Float64Array.from(fitSizes(sizes), (n) => {
    product *= 1 - 1 / n
    return product
  })
}
