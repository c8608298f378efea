// The three errors as switches: which combinations of them are run, and how a part is a sum of those.

import type { Estimate } from '@genloss/metrics'

/** The errors in the order in which the nested parts switch them on. */
export const errors = ['expressivity', 'approximation', 'statistical'] as const
export type ErrorName = (typeof errors)[number]
/** The way in which a loss is parted. */
export type Way = 'nested' | 'shapley'

/** Errors that are switched on, bit i for the i-th; 0 is the reference and `all` the cell as it was asked for. */
export type Mask = number
export const all: Mask = 2 ** errors.length - 1

export const bit = (error: ErrorName): Mask => 1 << errors.indexOf(error)
export const has = (mask: Mask, error: ErrorName): boolean => (mask & bit(error)) !== 0

/** A linear combination of losses: a coefficient a combination of errors. */
export type Contrast = ReadonlyMap<Mask, number>

/** What the whole loss is: the cell as it was asked for, less the reference. */
export const whole: Contrast = new Map([
  [all, 1],
  [0, -1],
])

/**
 * What switching one error on adds to the loss.
 *
 * Nested: errors are switched on in their order, so the part of the i-th is v(first i) - v(first i - 1). Shapley: the mean
 * of what it adds over all orders, sum over S of |S|! (2 - |S|)! / 3! (v(S + i) - v(S)), S any set of the two others.
 * Source: L. S. Shapley, A value for n-person games, Annals of Mathematics Studies 28 (1953) 307-317.
 */
export function contrastOf(error: ErrorName, way: Way): Contrast {
  const own = bit(error)
  // All that is switched on before: 0, 1, 3 for the nested parts.
  if (way === 'nested') return difference([[own - 1, 1]], own)
  const others = Array.from({ length: all + 1 }, (_, mask) => mask).filter((mask) => (mask & own) === 0)
  return difference(
    others.map((mask) => [mask, orders(mask)]),
    own,
  )
}

function difference(sets: readonly (readonly [Mask, number])[], own: Mask): Contrast {
  return new Map(
    sets.flatMap(([mask, weight]): [Mask, number][] => [
      [mask | own, weight],
      [mask, -weight],
    ]),
  )
}

/** The share of all orders in which exactly the errors of a set come before one that is not in it. */
function orders(mask: Mask): number {
  const before = errors.filter((error) => has(mask, error)).length
  return (factorial(before) * factorial(errors.length - 1 - before)) / factorial(errors.length)
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))

/** Coefficients that are 0 but for rounding: combinations that are one and the same run cancel. */
const nothing = 1e-12

/**
 * A combination of independent estimates with its interval: low = sum c v - sqrt(sum (c v - c l)^2), where l is the end of
 * the interval of v that makes c l least, and high alike.
 *
 * Source: G. Y. Zou, W. Huang & X. Zhang, Computational Statistics & Data Analysis 53 (2009) 1080-1085 (MOVER for linear
 * functions). An infinite estimate makes the sum infinite, two of opposite effect make it undefined (NaN); it has no
 * interval then.
 *
 * @param estimates for each coefficient, by what it stands for: coefficients of one and the same estimate add up
 */
export function combine(contrast: Contrast, estimateOf: (mask: Mask) => Estimate): Estimate {
  const terms = new Map<Estimate, number>()
  for (const [mask, weight] of contrast) {
    const estimate = estimateOf(mask)
    terms.set(estimate, (terms.get(estimate) ?? 0) + weight)
  }
  const left = [...terms].filter(([, weight]) => Math.abs(weight) > nothing)
  let [value, down, up] = [0, 0, 0]
  for (const [estimate, weight] of left) {
    const own = weight * estimate.value
    const ends = [weight * estimate.low - own, weight * estimate.high - own]
    value += own
    down += Math.min(...ends) ** 2
    up += Math.max(...ends) ** 2
  }
  if (!Number.isFinite(value)) return { value, low: Number.NaN, high: Number.NaN }
  return { value, low: value - Math.sqrt(down), high: value + Math.sqrt(up) }
}
