// Formulas beside the simulation: what a constant one-step factor, a detector or poison do to a share in expectation.

import type { Pipeline } from './pipelines.js'

/** What a round learns from, as far as the formulas need it: all rows anew with a part of them real, or everything made so far. */
export type Way = { kind: 'anew'; real: number } | { kind: 'pile-up'; first: number; more: number }

/** The way of a pipeline: its real fraction, counted in rows. */
export function wayOf({ policy, realRows, generatedRows }: Pipeline): Way {
  if (policy.kind === 'accumulate') return { kind: 'pile-up', first: realRows, more: generatedRows }
  return { kind: 'anew', real: realRows / (realRows + generatedRows) }
}

/** Most rounds that are gone through one by one. */
const mostRounds = 100_000

/**
 * The share of a rare group over its real share after each round, if every round makes it at `factor` times the share that
 * it was seen at: s' = a + (1 - a) k s where a fraction a of the rows is real; of everything made so far, s' = s (P + k n) / (P + n)
 * for n new rows on P.
 */
export function expectedShares(way: Way, factor: number, rounds: number): number[] {
  const shares = [1]
  for (let g = 1; g <= rounds; g++) shares.push(nextShare(way, factor, shares[g - 1]!, g))
  return shares
}

function nextShare(way: Way, factor: number, share: number, round: number): number {
  if (way.kind === 'anew') return way.real + (1 - way.real) * factor * share
  const before = way.first + (round - 1) * way.more
  return (share * (before + factor * way.more)) / (before + way.more)
}

/** What the share tends to, over the real share: a / (1 - (1 - a) k); 0 without real rows; null where it grows without end. */
export function settledShare(way: Way, factor: number): number | null {
  if (factor === 1) return 1
  if (way.kind === 'pile-up') return factor < 1 ? 0 : null
  const stays = (1 - way.real) * factor
  return stays < 1 ? way.real / (1 - stays) : null
}

/**
 * The round, whole or not, at which the expected share is down to `keep` of the real one: ln keep / ln k without real rows,
 * at any number of rows; null where it never is.
 */
export function roundsTo(keep: number, way: Way, factor: number): number | null {
  if (factor >= 1) return null
  if (way.kind === 'anew') {
    const settles = settledShare(way, factor)!
    if (settles >= keep) return null
    // A factor of 0 takes one round.
    return factor === 0 ? 1 : Math.log((keep - settles) / (1 - settles)) / Math.log((1 - way.real) * factor)
  }
  let share = 1
  for (let g = 1; g <= mostRounds; g++) {
    share = nextShare(way, factor, share, g)
    if (share <= keep) return g
  }
  return null
}
