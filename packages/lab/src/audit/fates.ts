// What becomes of a set of rows: in which share of the runs it is halved, and gone, AT each round that is shown.

import type { CellColumns } from '@genloss/metrics'
import { type ByRound, type Chance, chanceOf } from './chances.js'

/**
 * Shares of runs with their intervals, by round. Halved: the set's share is at most `keep` times its real share at that
 * round. Gone: it has no row then. Both are states, not first passages: a run may recover.
 */
export interface Fate {
  halved: ByRound
  halved_low: ByRound
  halved_high: ByRound
  gone: ByRound
  gone_low: ByRound
  gone_high: ByRound
}

/** The least difference of shares that is no rounding. */
const rounding = 1e-12

/**
 * Counts the states of one recorded share.
 *
 * @param real the set's share of the table
 * @param keep the part of it that is the least to be kept
 */
export function fateOf(cell: CellColumns, watch: string, real: number, keep: number, rounds: readonly number[]): Fate {
  const fate: Fate = { halved: {}, halved_low: {}, halved_high: {}, gone: {}, gone_low: {}, gone_high: {} }
  const runs = cell.shape.replicates
  for (const round of rounds) {
    const shares = atRound(cell, watch, round)
    let halved = 0
    let gone = 0
    for (const share of shares) {
      if (!(share > keep * real * (1 + rounding))) halved++
      if (!(share > 0)) gone++
    }
    put(fate, 'halved', round, chanceOf(halved, runs))
    put(fate, 'gone', round, chanceOf(gone, runs))
  }
  return fate
}

function put(fate: Fate, state: 'halved' | 'gone', round: number, { share, low, high }: Chance): void {
  fate[state][round] = share
  fate[`${state}_low`][round] = low
  fate[`${state}_high`][round] = high
}

/** The chance of a state at a round. */
export function chanceAt(fate: Fate, state: 'halved' | 'gone', round: number): Chance {
  return { share: fate[state][round]!, low: fate[`${state}_low`][round]!, high: fate[`${state}_high`][round]! }
}

/** A recorded column at a round, one value a run. */
export function atRound({ generations, shape, values }: CellColumns, column: string, round: number): Float64Array {
  const at = generations.indexOf(round)
  if (at < 0) throw new RangeError(`round: expected one of ${generations.join(', ')}, got ${round}`)
  const all = values(column)
  return Float64Array.from({ length: shape.replicates }, (_, r) => all[r * shape.generations + at]!)
}
