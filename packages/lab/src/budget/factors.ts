// What is needed where the generator makes a group at a factor of its share, round after round.

import type { Chains } from './chains.js'
import type { Budgeted, Source } from './experiment.js'
import { type Need, Search } from './search.js'

/** The factors that a generator may have, beside the best case of 1. */
export const factors: readonly number[] = [0.9, 0.8, 0.7]

/** Real rows that are needed at a factor, and their shares of the table; null where no number is enough. */
export interface FactorNeed {
  factor: number
  random: { rows: number | null; share: number | null }
  stratified: { rows: number | null; share: number | null }
  /**
   * The share of real rows that holds the group at `keep` of its real share in the long run, whatever the number of rows:
   * a share a keeps a group that is made at a factor k at a / (1 - (1 - a) k) of its share, so a = keep (1 - k) / (1 - keep k).
   */
  limit: number
}

/** The needs at each factor, for the groups that decide without one: one a way to pick rows. */
export async function factorNeeds(
  chains: Chains,
  budgeted: Budgeted,
  confidence: number,
  { random, stratified }: { random: Need; stratified: Need },
): Promise<FactorNeed[]> {
  const found: FactorNeed[] = []
  // The lower the factor, the more is needed.
  const least = { random: random.rows, stratified: stratified.rows }
  for (const factor of factors) {
    const need = async (source: Source, { group = 0 }: Need) => {
      const point = { value: budgeted.groups[group]!.value, factor }
      const search = new Search(chains, budgeted, source, confidence, point)
      const known = least[source]
      const rows = known === null ? null : await search.rows([group], known)
      least[source] = rows
      return { rows, share: rows === null ? null : rows / budgeted.all }
    }
    const needs = { random: await need('random', random), stratified: await need('stratified', stratified) }
    found.push({ factor, ...needs, limit: limitOf(factor, budgeted.keep) })
  }
  return found
}

/** The share of real rows at which a group that is made at a factor k of its share settles at `keep` of the real one. */
export function limitOf(factor: number, keep: number): number {
  return (keep * (1 - factor)) / (1 - keep * factor)
}
