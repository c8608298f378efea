// Linear regression that learns from its own predictions: expected squared distance of the weights from the truth.

import { mixCounts, mixShares } from '../policies.js'
import { binomialWindow } from './binomial.js'
import { batchSizes, isPlain, type TheorySetting } from './setting.js'
import { digamma } from './special.js'

/** What a regression is: d features, noise variance, whether every batch has its own features, how noise is known. */
export interface RegressionLaw {
  dimensions: number
  noiseVariance: number
  features: 'fresh' | 'same'
  /** `fitted` is the residual sum of squares over N - d. */
  noise: 'known' | 'fitted'
}

/**
 * E|w_g - w*|^2 at generations 0..G for least squares under normal features of unit variance; NaN where a fit has too
 * few records for a mean (n <= d + 1), undefined where no closed form is known.
 *
 * replace: a fit adds sigma^2 d / (n - d - 1) (Gerstgrasser et al., arXiv 2404.01413), for a known noise as for the unbiased
 * estimate of it. accumulate with its own features each time: n_g / N_g of d / (N_g - d - 1), because the last batch's part of
 * X'X is exchangeable with all others; with the same features, d / (n - d - 1) / (g+1)^2. A mix with fresh real records keeps
 * the share rho of the last error (`errorKept`) and adds d / (n - d - 1).
 */
export function excessRisk(setting: TheorySetting, law: RegressionLaw): Float64Array | undefined {
  const { policy, generations } = setting
  const sizes = batchSizes(setting)
  if (!sizes || !isPlain(setting)) return undefined
  const risk = new Float64Array(generations + 1)
  if (sizes.noise === 0) return risk
  const { dimensions: d, noiseVariance } = law
  const added = (n: number) => (n > d + 1 ? (noiseVariance * d) / (n - d - 1) : Number.NaN)
  const all = sizes.sizes
  const one = all.every((n) => n === all[0])
  // Features that are the same in every batch need batches of one size.
  if (law.features === 'same' && (!one || policy.kind === 'mix')) return undefined
  risk[0] = added(all[0]!)
  let total = all[0]!
  for (let g = 1; g <= generations; g++) {
    const n = all[g]!
    total += n
    if (policy.kind === 'replace') risk[g] = risk[g - 1]! + added(n)
    else if (policy.kind === 'accumulate' && law.noise === 'known') {
      risk[g] = risk[g - 1]! + (law.features === 'same' ? added(n) / (g + 1) ** 2 : (added(total) * n) / total)
    } else if (policy.kind === 'mix' && policy.source === 'fresh' && law.noise === 'known') {
      const kept = meanErrorKept(setting, n, d)
      if (kept === undefined) return undefined
      risk[g] = kept * risk[g - 1]! + added(n)
    } else return undefined
  }
  return risk
}

/** E of the share of the error kept, over the law of the generated records' number. */
function meanErrorKept({ policy }: TheorySetting, n: number, d: number): number | undefined {
  if (policy.kind !== 'mix' || mixShares(policy).previous > 0) return undefined
  if (policy.composition === 'stratified') return errorKept(mixCounts(policy, n).synthetic, n, d)
  return binomialWindow(n, mixShares(policy).synthetic)?.reduce((sum, [s, p]) => sum + p * errorKept(s, n, d), 0)
}

/**
 * E|A^-1 B w|^2 / |w|^2 for A = X'X of n rows and B the part of its first s: s rows repeat an old model's error and n - s
 * follow the truth.
 *
 * With A^-1/2 B A^-1/2 matrix-beta and independent of A, rho = (a+b) + b (nd-2)/(n-d-1) where E tr B^2 and E (tr B)^2 give
 * (a+b) nd(n+d+1) + b nd(nd+2) = sd(s+d+1) and a nd(nd+2) + 2 b nd(n+d+1) = sd(sd+2).
 */
export function errorKept(s: number, n: number, d: number): number {
  const [x, y] = [n * d * (n + d + 1), n * d * (n * d + 2)]
  const [u, v] = [s * d * (s + d + 1), s * d * (s * d + 2)]
  // x a + (x + y) b = u, y a + 2 x b = v.
  const determinant = 2 * x * x - y * (x + y)
  const a = (2 * x * u - (x + y) * v) / determinant
  const b = (x * v - y * u) / determinant
  return a + b + (b * (n * d - 2)) / (n - d - 1)
}

/** The limit of accumulate with its own features each time, batches of n: (sigma^2 d/n) (-(psi(1-x) + gamma)) / x, x = (d+1)/n. */
export function accumulateLimit(n: number, { dimensions: d, noiseVariance }: RegressionLaw): number {
  const x = (d + 1) / n
  const euler = -digamma(1)
  return ((noiseVariance * d) / n) * (-(digamma(1 - x) + euler) / x)
}
