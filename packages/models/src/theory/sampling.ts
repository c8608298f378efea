// What distorted sampling does to a model's output: factors of the variance of a normal law, and tilted classes.

import type { Sampling } from '../settings.js'
import { lowerSeries, normalTails } from './special.js'

/**
 * Var of a standard normal record that is at most k sd away from the mean: 1 - 2 k phi(k) / (2 Phi(k) - 1), written
 * as a ratio of incomplete gamma functions so that it holds for small k, where it is k^2 / 3.
 */
export function truncatedVariance(k: number): number {
  const x = (k * k) / 2
  if (k < 3) return (k * k * lowerSeries(1.5, x)) / (3 * lowerSeries(0.5, x))
  const density = Math.exp(-x) / Math.sqrt(2 * Math.PI)
  return 1 - (2 * k * density) / (1 - normalTails(k))
}

/**
 * By what sampling multiplies the variance of a normal model: temperature T (density^(1/T), so T itself), spread, and
 * truncation within k sd of the mean. Undefined for settings of classes.
 */
export function normalFactor(sampling: Sampling): number | undefined {
  const { temperature = 1, spread = 1, truncate, topK, topP, bias } = sampling
  if (topK !== undefined || topP !== undefined || bias !== undefined) return undefined
  return temperature * spread * (truncate === undefined ? 1 : truncatedVariance(truncate))
}

/**
 * The shares that are drawn from a model of shares p: in proportion to (p x factor of the class)^(1/T), of the k most
 * probable ones, or of the fewest most probable ones that have at least the mass `topP`. Undefined for settings of numbers,
 * for factors by name, and where equally probable classes leave it open which ones are among the k.
 */
export function sampledShares(shares: readonly number[], sampling: Sampling): number[] | undefined {
  const { temperature = 1, topK, topP, bias, spread, truncate } = sampling
  if (spread !== undefined || truncate !== undefined) return undefined
  if (bias && (!Array.isArray(bias) || bias.length !== shares.length)) return undefined
  const biased = shares.map((p, i) => p * ((bias as number[] | undefined)?.[i] ?? 1))
  const tilted = normalised(biased.map((p) => (p > 0 ? p ** (1 / temperature) : 0)))
  const order = tilted.map((_, i) => i).sort((a, b) => tilted[b]! - tilted[a]!)
  let kept = order.length
  if (topK !== undefined) kept = Math.min(kept, topK)
  if (topP !== undefined) {
    let mass = 0
    const enough = order.findIndex((i) => {
      mass += tilted[i]!
      return mass >= topP * (1 - 1e-12)
    })
    if (enough >= 0) kept = Math.min(kept, enough + 1)
  }
  if (kept < order.length && tilted[order[kept - 1]!] === tilted[order[kept]!]) return undefined
  const alive = new Set(order.slice(0, kept))
  return normalised(tilted.map((p, i) => (alive.has(i) ? p : 0)))
}

function normalised(values: readonly number[]): number[] {
  const sum = values.reduce((a, b) => a + b, 0)
  return values.map((value) => value / sum)
}
