// Formulas beside the simulation: what a constant one-step factor, a detector or poison do to a share in expectation.

import type { Stages } from '@genloss/models'
import type { Pipeline } from './pipelines.js'

/**
 * What a round learns from, as far as the formulas need it. Anew: fractions of real and of generated rows by weight, the rest
 * is poison. Pile-up: `first` real rows, and `more` rows each round of which `made` are generated.
 */
export type Way =
  | { kind: 'anew'; real: number; generated: number }
  | { kind: 'pile-up'; first: number; more: number; made: number }

/** The rows of a round that are left of a pipeline's in expectation, by what they are. */
export interface RowsLeft {
  real: number
  generated: number
  poison: number
}

/** What a detector leaves and poison takes. Real rows that are kept from the first round on are not looked at again. */
export function rowsLeft({ policy, n, realRows, generatedRows }: Pipeline, { filter, poison }: Stages): RowsLeft {
  const poisoned = Math.round((poison?.share ?? 0) * (policy.kind === 'mix' ? n : generatedRows))
  const all = { real: realRows, generated: generatedRows - poisoned, poison: poisoned }
  if (!filter || (filter.topUp && policy.kind !== 'mix')) return all
  const real = policy.kind === 'mix' ? realRows * (1 - filter.falsePositiveRate) : realRows
  const generated = all.generated * (1 - filter.truePositiveRate)
  const fill = filter.topUp ? n / (real + generated) : 1
  return { real: real * fill, generated: generated * fill, poison: poisoned }
}

/** The way of a pipeline with its stages. */
export function wayOf(pipeline: Pipeline, stages: Stages = {}): Way {
  const weight = pipeline.policy.kind === 'replace' ? 1 : (stages.weights?.real ?? 1)
  const { real, generated, poison } = rowsLeft(pipeline, stages)
  if (pipeline.policy.kind === 'accumulate')
    return { kind: 'pile-up', first: weight * real, more: generated + poison, made: generated }
  const all = weight * real + generated + poison
  return { kind: 'anew', real: (weight * real) / all, generated: generated / all }
}

/** Most rounds that are gone through one by one. */
const mostRounds = 100_000

/**
 * The share of a rare group over its real share after each round, if every round makes it at `factor` times the share that
 * it was seen at: s' = a + b k s where a fraction a of the rows is real and b is generated; of everything made so far,
 * s' = s (P + k m) / (P + n) for n new rows on P, of which m are generated.
 */
export function expectedShares(way: Way, factor: number, rounds: number): number[] {
  const shares = [1]
  for (let g = 1; g <= rounds; g++) shares.push(nextShare(way, factor, shares[g - 1]!, g))
  return shares
}

function nextShare(way: Way, factor: number, share: number, round: number): number {
  if (way.kind === 'anew') return way.real + way.generated * factor * share
  const before = way.first + (round - 1) * way.more
  return (share * (before + factor * way.made)) / (before + way.more)
}

/** What the share tends to, over the real share: a / (1 - b k); 0 without real rows; null where it grows without end. */
export function settledShare(way: Way, factor: number): number | null {
  if (way.kind === 'pile-up') {
    const grows = factor * way.made - way.more
    return grows === 0 ? 1 : grows < 0 ? 0 : null
  }
  const stays = way.generated * factor
  if (stays === 1 && way.real === 0) return 1
  return stays < 1 ? way.real / (1 - stays) : null
}

/**
 * The round, whole or not, at which the expected share is down to `keep` of the real one: ln keep / ln k without real rows,
 * at any number of rows; null where it never is.
 */
export function roundsTo(keep: number, way: Way, factor: number): number | null {
  if (way.kind === 'anew') {
    const settles = settledShare(way, factor)
    if (settles === null || settles >= keep) return null
    // A factor of 0 takes one round.
    return factor === 0 ? 1 : Math.log((keep - settles) / (1 - settles)) / Math.log(way.generated * factor)
  }
  if (settledShare(way, factor) !== 0) return null
  let share = 1
  for (let g = 1; g <= mostRounds; g++) {
    share = nextShare(way, factor, share, g)
    if (share <= keep) return g
  }
  return null
}

/**
 * Diversity of categories (heterozygosity, over the real table's) in the long run where a round has so many rows of which a
 * fraction s is generated and the rest drawn anew from the table: 1 - 1 / (N - (N - 1) s^2). 0 without real rows.
 */
export function settledDiversity({ real, generated }: RowsLeft): number {
  const all = real + generated
  if (real <= 0) return 0
  const s = generated / all
  return 1 - 1 / (all - (all - 1) * s * s)
}

/** The share of poisoned rows in what each round learns from; the first has none. Under `replace` 1 - (1 - share)^g. */
export function poisonedShares(pipeline: Pipeline, stages: Stages, rounds: number): number[] {
  const way = wayOf(pipeline, stages)
  const { poison, generated } = rowsLeft(pipeline, stages)
  const shares = [0]
  for (let g = 1; g <= rounds; g++) {
    const last = shares[g - 1]!
    if (way.kind === 'anew') {
      shares.push(way.generated * last + (1 - way.real - way.generated))
      continue
    }
    const before = way.first + (g - 1) * way.more
    shares.push((last * (before + generated) + poison) / (before + way.more))
  }
  return shares
}
