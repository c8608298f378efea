// The rounds that a given number of real rows allows: until which each group is kept.

import { wilson } from '@genloss/metrics'
import { atRound, isKept } from '../audit/fates.js'
import type { CellResult } from '../cell-result.js'
import type { Chains } from './chains.js'
import type { Budgeted, Source } from './experiment.js'

/** The last round up to which a group is kept as often as asked at every round; `low` and `high` in view of the runs' number. */
export interface Rounds {
  /** null: it is kept at every round that was looked at. */
  rounds: number | null
  low: number | null
  high: number | null
}

export interface RealRowsRounds {
  rows: number
  /** The rounds that were looked at. */
  horizon: number
  random: Rounds
  stratified: Rounds
  groups: { value: string; random: Rounds; stratified: Rounds }[]
}

const farthest = 1000
/** Every round of every run is held in memory: so many numbers of one way to pick rows. */
const mostRecorded = 2e7
const fewestRuns = 2_000

/**
 * With a share a of real rows, groups settle within a few 1 / a rounds; what has not happened by then hardly will.
 */
function horizonOf(rows: number, { n, rounds }: Budgeted): number {
  const settled = rows === 0 ? farthest : Math.ceil((5 * n) / rows)
  return Math.max(rounds, Math.min(farthest, Math.max(50, settled)))
}

/** Simulates one number of real rows, picked in both ways, round by round. */
export async function realRowsRounds(
  chains: Chains,
  budgeted: Budgeted,
  rows: number,
  confidence: number,
): Promise<RealRowsRounds> {
  const horizon = horizonOf(rows, budgeted)
  // Without real rows there is nothing to pick.
  const sources: Source[] = rows === 0 ? ['random'] : ['random', 'stratified']
  const held = Math.floor(mostRecorded / ((horizon + 1) * (budgeted.groups.length + 1)))
  const replicates = Math.min(budgeted.replicates, Math.max(fewestRuns, held))
  const cells = await chains.run(
    sources.map((source) => ({ source, rows })),
    { replicates, rounds: horizon },
  )
  const of = (cell: CellResult) =>
    budgeted.groups.map((_, group) => roundsOf(cell, budgeted, group, horizon, confidence))
  const [random, stratified = random] = cells.map(of) as [Rounds[], Rounds[]?]
  const groups = budgeted.groups.map(({ value }, i) => ({ value, random: random[i]!, stratified: stratified[i]! }))
  return { rows, horizon, random: fewest(random), stratified: fewest(stratified), groups }
}

function roundsOf(
  { data }: CellResult,
  { groups, all, keep }: Budgeted,
  group: number,
  horizon: number,
  confidence: number,
): Rounds {
  const { watch, rows } = groups[group]!
  const found: Rounds = { rounds: null, low: null, high: null }
  for (let round = 1; round <= horizon; round++) {
    let kept = 0
    const shares = atRound(data, watch, round)
    for (const share of shares) if (isKept(share, keep, rows / all)) kept++
    const { share, low, high } = wilson(kept, shares.length)
    if (low < confidence) found.low ??= round - 1
    if (share < confidence) found.rounds ??= round - 1
    if (high < confidence) found.high ??= round - 1
    if (found.high !== null) break
  }
  return found
}

/** Of each number the fewest; null is beyond all. */
function fewest(all: readonly Rounds[]): Rounds {
  const least = (key: keyof Rounds) =>
    all.reduce<number | null>(
      (least, { [key]: rounds }) => (rounds !== null && (least === null || rounds < least) ? rounds : least),
      null,
    )
  return { rounds: least('rounds'), low: least('low'), high: least('high') }
}
