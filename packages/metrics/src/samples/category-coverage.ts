/** Which categories of a reference are left in a sample, and what those that are gone were worth. */
import { masses } from './categories.js'

/**
 * Category coverage: the share of the reference's categories of which the sample has at least one row.
 *
 * #{k: p_k > 0 and q_k > 0} / #{k: p_k > 0}. `definitions.coverage`.
 */
export function categoryCoverage(p: ArrayLike<number>, q: ArrayLike<number>): number {
  masses('p', p)
  masses('q', q, p.length)
  let [there, left] = [0, 0]
  for (let k = 0; k < p.length; k++) {
    if (p[k] === 0) continue
    there++
    if (q[k]! > 0) left++
  }
  return left / there
}

/**
 * Missing mass: the share of the reference's rows whose category the sample no longer has.
 *
 * sum over k with q_k = 0 of p_k. `definitions.missing_mass`.
 */
export function missingMass(p: ArrayLike<number>, q: ArrayLike<number>): number {
  const total = masses('p', p)
  masses('q', q, p.length)
  let gone = 0
  for (let k = 0; k < p.length; k++) if (q[k] === 0) gone += p[k]!
  return gone / total
}

/**
 * The rare categories of a distribution: the least probable ones of cumulative mass at most `mass`, rarest first. Of equal
 * ones the lower number comes first. The same rule as the native core's `rare_alive`.
 */
export function rareCategories(p: ArrayLike<number>, mass = 0.05): number[] {
  const total = masses('p', p)
  const order = Array.from({ length: p.length }, (_, k) => k).filter((k) => p[k]! > 0)
  order.sort((i, j) => p[i]! - p[j]! || i - j)
  let sum = 0
  const end = order.findIndex((k) => {
    sum += p[k]!
    return sum > mass * total * (1 + 1e-12)
  })
  return end < 0 ? order : order.slice(0, end)
}

/**
 * Rare-category retention: of the reference's rare categories the share that the sample still has.
 *
 * #{k rare: q_k > 0} / #{k rare}; rare: the least probable categories of cumulative mass at most 0.05. `definitions.rare_retention`.
 */
export function rareRetention(p: ArrayLike<number>, q: ArrayLike<number>, mass = 0.05): number {
  masses('q', q, p.length)
  const rare = rareCategories(p, mass)
  return rare.filter((k) => q[k]! > 0).length / rare.length
}
