/** Distances of two distributions over the same categories, given as counts or as probabilities. */
import { refuse } from '../shape.js'
import { Sum } from './sample.js'

/** The sum of masses that fit each other; refuses what is no mass. */
export function masses(name: string, values: ArrayLike<number>, length: number = values.length): number {
  if (values.length !== length) refuse(`${name}.length`, `${length} (one mass a category)`, values.length)
  let total = 0
  for (let k = 0; k < length; k++) {
    const mass = values[k]!
    if (!(mass >= 0 && mass < Number.POSITIVE_INFINITY)) refuse(`${name}[${k}]`, 'a finite number of at least 0', mass)
    total += mass
  }
  return total
}

/** Sums a term of the two probabilities over all categories; NaN where one side has no mass at all. */
function overAll(p: ArrayLike<number>, q: ArrayLike<number>, term: (p: number, q: number) => number): number {
  const totalP = masses('p', p)
  const totalQ = masses('q', q, p.length)
  if (totalP === 0 || totalQ === 0) return Number.NaN
  const sum = new Sum()
  for (let k = 0; k < p.length; k++) sum.add(term(p[k]! / totalP, q[k]! / totalQ))
  return Math.max(0, sum.value)
}

/**
 * Total variation: the share of rows that have to change their category.
 *
 * TV = 1/2 x sum over k of |p_k - q_k|. `definitions.tv`.
 */
export function totalVariation(p: ArrayLike<number>, q: ArrayLike<number>): number {
  return overAll(p, q, (inP, inQ) => Math.abs(inP - inQ) / 2)
}

/**
 * Kullback-Leibler divergence of q from p: what it costs to take q for the truth p. With the reference as p it is
 * `kl_forward`, with the sample as p `kl_reverse`. No probability is clipped or smoothed: a category that has gone makes
 * the forward one infinite, and that is the answer.
 *
 * KL(p || q) = sum over k of p_k ln(p_k / q_k); p_k = 0 contributes 0; p_k > 0 with q_k = 0 gives Infinity. `definitions.kl_forward`.
 */
export function klDivergence(p: ArrayLike<number>, q: ArrayLike<number>): number {
  return overAll(p, q, surprise)
}

/** p ln(p/q) - p + q: the parts added to the definition sum to 0, and terms that are at least 0 lose no digits. */
function surprise(p: number, q: number): number {
  if (p === 0) return q
  if (q === 0) return Number.POSITIVE_INFINITY
  const change = (q - p) / p
  return change < 1 ? p * (change - Math.log1p(change)) : p * (Math.log(p) - Math.log(q)) - p + q
}

/**
 * Jensen-Shannon divergence: of both distributions from their mean, so that it is symmetric and always finite.
 *
 * JS = (KL(p || m) + KL(q || m)) / 2 with m = (p + q) / 2. `definitions.js`.
 */
export function jensenShannon(p: ArrayLike<number>, q: ArrayLike<number>): number {
  return overAll(p, q, (inP, inQ) => {
    const middle = inP / 2 + inQ / 2
    return surprise(inP, middle) / 2 + surprise(inQ, middle) / 2
  })
}
