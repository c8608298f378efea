// The generator's one-step factors: how often it makes the rows of a set, over how often the real table has them.

import { gammaDraw, shareRatio } from '@genloss/metrics'

/** A set's rows in another table, and its share there over its real share, with the interval of both samples' errors. */
export interface Factor {
  rows: number
  /** Its share of the other table. */
  share: number
  factor: number
  low: number
  high: number
}

/** `made` of `madeRows` rows against `real` of `realRows`; `real` is at least 1. Koopman's interval (docstring of shareRatio). */
export function factorOf(made: number, madeRows: number, real: number, realRows: number): Factor {
  const a = { successes: made, trials: madeRows }
  const { ratio, low, high } = shareRatio(a, { successes: real, trials: realRows })
  return { rows: made, share: made / madeRows, factor: ratio, low, high }
}

/** Whether chance alone may explain a factor: its interval holds 1. */
export function maybeChance({ low, high }: Factor): boolean {
  return low <= 1 && high >= 1
}

/**
 * The factor that a count of made rows speaks for, with half a row of no bias put to it so that none seen is not none ever:
 * (y + 1/2) / (m p + 1/2), m p being the rows that no bias would make.
 */
export function likelyFactor(made: number, expected: number): number {
  return (made + 0.5) / (expected + 0.5)
}

/**
 * A factor that the count leaves open: from its posterior, gamma of shape y + 1/2 and mean `likelyFactor`. Drawn for each
 * class and divided by their sum, as chains do, shares have a Dirichlet law.
 */
export function openFactor(made: number, expected: number, uniform: () => number): number {
  return gammaDraw(made + 0.5, uniform) / (expected + 0.5)
}
