// The measures whose loss is parted: what each is where nothing is lost.

import { broken, didYouMean, type Origin } from '@genloss/models'
import { leastVariance } from './learners.js'

/** Measures of loss in the order in which they are shown, with their value where the model is the origin. */
export const truths: Readonly<Record<string, number>> = {
  kl_forward: 0,
  kl_reverse: 0,
  hellinger: 0,
  tv: 0,
  ks: 0,
  w1: 0,
  w2: 0,
  excess_risk: 0,
  tail_p05: 1,
  tail_p01: 1,
  tail_p001: 1,
  tail_lower_p01: 1,
  tail_upper_p01: 1,
  variance_ratio: 1,
  variance_min: 1,
  variance_max: 1,
  heterozygosity_ratio: 1,
  missing_mass: 0,
  outside_support: 0,
}

/** Known as well, but parted only where they are asked for: a shift has a sign, and its mean is near 0. */
const known: Readonly<Record<string, number>> = { ...truths, mean_shift: 0, partial_variance: 1 }

/** The value of a measure where the model is the origin; undefined where only the origin's own family tells. */
export function truthOf(name: string): number | undefined {
  return known[name]
}

/** What is large for a measure: 1, or the spread of the origin for those in the data's units; 0 where that is not known. */
export function unitOf(name: string, origin: Origin): number {
  if (name === 'excess_risk') return origin.kind === 'linear-regression' ? origin.noise ** 2 : 0
  const power = inUnits[name]
  return power === undefined ? 1 : (leastVariance(origin) ?? 0) ** (power / 2)
}

/** Measures in powers of the data's units. */
const inUnits: Readonly<Record<string, number>> = { w1: 1, w2: 1, mean: 1, fit_mean: 1, variance: 2, fit_variance: 2 }

/** What a training set is made of is no loss, and a state is a share of chains. */
const noLoss = new Set([
  ...['n', 'real_share', 'synthetic_share', 'poison_share', 'mean_age', 'early_state', 'late_state'],
  ...['fit_iterations', 'fit_converged', 'fit_floored', 'flat_kernel'],
])

/**
 * The measures to part: those asked for, or those of `truths` that the family has.
 *
 * @param columns of the family
 * @throws GenlossError `plan`
 */
export function measuresOf(asked: readonly string[] | undefined, columns: readonly string[], kind: string): string[] {
  if (!asked) return Object.keys(truths).filter((name) => columns.includes(name))
  const possible = columns.filter((name) => !noLoss.has(name))
  for (const [i, name] of asked.entries()) {
    if (possible.includes(name)) continue
    const hint = didYouMean(name, possible) ?? `there are ${possible.join(', ')}`
    throw broken(`measures[${i}]`, name, `a measure of '${kind}' that says what is lost`, hint)
  }
  if (asked.length === 0) throw broken('measures', asked, 'at least one measure')
  return [...new Set(asked)]
}
