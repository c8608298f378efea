// In how many simulated runs something was the case at a round, with intervals, and how such a chance is printed.

import { upperBoundOfZero, wilson } from '@genloss/metrics'

/** One value a round that is shown; keys are rounds: `{ "5": 0.1, "10": 0.2 }`. */
export type ByRound = Record<string, number>

/** A share of runs and its 95 % interval; where it is 0 or 1, the exact one-sided bound. */
export interface Chance {
  share: number
  low: number
  high: number
}

/** Wilson's interval of a share of runs; no event in R runs leaves 1 - 0.05^(1/R), about 3/R, as the upper bound. */
export function chanceOf(events: number, runs: number): Chance {
  if (events === 0) return { share: 0, low: 0, high: upperBoundOfZero(runs) }
  if (events === runs) return { share: 1, low: 1 - upperBoundOfZero(runs), high: 1 }
  return wilson(events, runs)
}

/**
 * A chance in percent without the sign: `52`, `<2` where it never happened, `>98` where it always did.
 * Never a bare 0 or 100: finitely many runs can't show them.
 */
export function percent({ share, low, high }: Chance): string {
  if (share === 0) return `<${Math.max(1, Math.ceil(100 * high))}`
  if (share === 1) return `>${Math.min(99, Math.floor(100 * low))}`
  if (share < 0.005) return '<1'
  if (share > 0.995) return '>99'
  return String(Math.max(1, Math.min(99, Math.round(100 * share))))
}

/** A chance in words: `52 %`, `under 2 %`, `over 98 %`. */
export function inWords(chance: Chance): string {
  return `${percent(chance).replace('<', 'under ').replace('>', 'over ')} %`
}
