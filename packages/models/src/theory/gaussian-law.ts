// The exact law of a normal model's variance under `replace`: ln v is a sum of independent logarithms of chi-squares.

import { fitSizes, type Sizes } from './setting.js'
import { digammaExcess, lnGammaComplex, trigamma } from './special.js'

/** Standard deviations on both sides that the inversion covers: the mass beyond is its error. */
const reach = 45
/** Terms of the inversion below this end it. */
const negligible = 1e-18

/** The law of ln(v_g / origin's variance) for given sizes of the g + 1 fits. */
export class LogVarianceLaw {
  /** E and sd of ln v. */
  readonly mean: number
  readonly sd: number
  readonly #step: number
  /** Modulus and angle of the characteristic function at (k + 1/2) steps. */
  readonly #sizes: number[] = []
  readonly #angles: number[] = []

  /** @param sizes of the training sets of generations 0 to g, each 2 or more */
  constructor(sizes: readonly number[], unbiased: boolean) {
    const halves = new Map<number, number>()
    let [mean, variance, shift] = [0, 0, 0]
    for (const size of sizes) {
      const half = (size - 1) / 2
      halves.set(half, (halves.get(half) ?? 0) + 1)
      const bias = unbiased ? 0 : Math.log1p(-1 / size)
      mean += digammaExcess(half) + bias
      variance += trigamma(half)
      shift += bias - Math.log(half)
    }
    this.mean = mean
    this.sd = Math.sqrt(variance)
    this.#step = Math.PI / (reach * this.sd)
    for (let k = 0; k === 0 || this.#sizes[k - 1]! > negligible * k; k++) {
      const t = (k + 0.5) * this.#step
      let [log, angle] = [0, t * shift]
      for (const [half, times] of halves) {
        const [re, im] = lnGammaComplex(half, t)
        log += times * (re - lnGammaComplex(half, 0)[0])
        angle += times * im
      }
      this.#sizes.push(Math.exp(log))
      this.#angles.push(angle)
    }
  }

  /**
   * P(ln v <= x) by the inversion formula of Gil-Pelaez, Biometrika 38 (1951) 481-482, with the characteristic function
   * prod Gamma(nu/2 + it) / Gamma(nu/2) (2/div)^it. The midpoint rule is exact but for the mass far outside its period.
   */
  cdf(x: number): number {
    if (Math.abs(x - this.mean) >= reach * this.sd) return x < this.mean ? 0 : 1
    let sum = 0
    for (const [k, size] of this.#sizes.entries()) {
      sum += (size * Math.sin(this.#angles[k]! - (k + 0.5) * this.#step * x)) / (k + 0.5)
    }
    return Math.min(1, Math.max(0, 0.5 - sum / Math.PI))
  }

  /** The p-quantile of ln v. */
  quantile(p: number): number {
    let [low, high] = [this.mean - this.sd, this.mean + this.sd]
    for (let width = this.sd; this.cdf(low) > p; width *= 2) low -= width
    for (let width = this.sd; this.cdf(high) < p; width *= 2) high += width
    for (let i = 0; i < 80 && high - low > 1e-13 * this.sd; i++) {
      const middle = (low + high) / 2
      if (this.cdf(middle) < p) low = middle
      else high = middle
    }
    return (low + high) / 2
  }
}

/** Median of the variance, in units of the origin's, at generations 0..G under `replace`. */
export function medianVariance(sizes: Sizes, unbiased: boolean): Float64Array {
  const all = fitSizes(sizes)
  return Float64Array.from(all, (_, g) => Math.exp(new LogVarianceLaw(all.slice(0, g + 1), unbiased).quantile(0.5)))
}

/** P(variance <= ratio x origin's) at generations 0..G under `replace`. */
export function varianceBelow(ratio: number, sizes: Sizes, unbiased: boolean): Float64Array {
  const all = fitSizes(sizes)
  return Float64Array.from(all, (_, g) => new LogVarianceLaw(all.slice(0, g + 1), unbiased).cdf(Math.log(ratio)))
}

/** The almost sure limit of (ln v_g) / g for sets of n records: psi((n-1)/2) - ln(div/2). */
export function logVarianceRate(n: number, unbiased: boolean): number {
  return digammaExcess((n - 1) / 2) + (unbiased ? 0 : Math.log1p(-1 / n))
}

/** The first generation whose median variance is at most `ratio` times the origin's, for sets of n records each. */
export function halfLife(n: number, unbiased: boolean, ratio = 0.5): number {
  const isBelow = (fits: number) => {
    const law = new LogVarianceLaw(new Array<number>(fits).fill(n), unbiased)
    return law.cdf(Math.log(ratio)) >= 0.5
  }
  let high = 1
  while (!isBelow(high)) high *= 2
  let low = Math.floor(high / 2)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (isBelow(middle)) high = middle
    else low = middle
  }
  return high - 1
}
