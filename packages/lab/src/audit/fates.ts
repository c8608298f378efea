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

/** Shares of runs in a state at each round. */
export interface States {
  halved: ByRound
  gone: ByRound
}

/** A fate without its intervals. */
export function statesOf({ halved, gone }: Fate): States {
  return { halved, gone }
}

/** The least difference of shares that is no rounding. */
const rounding = 1e-12

/** Whether a set is kept: its share is above `keep` times its real one. */
export function isKept(share: number, keep: number, real: number): boolean {
  return share > keep * real * (1 + rounding)
}

/**
 * Counts the states of one recorded share, over the runs of a cell or of several.
 *
 * @param real the set's share of the table
 * @param keep the part of it that is the least to be kept
 */
export function fateOf(
  cells: CellColumns | readonly CellColumns[],
  watch: string,
  real: number,
  keep: number,
  rounds: readonly number[],
): Fate {
  const fate: Fate = { halved: {}, halved_low: {}, halved_high: {}, gone: {}, gone_low: {}, gone_high: {} }
  const all = 'shape' in cells ? [cells] : cells
  const runs = all.reduce((sum, { shape }) => sum + shape.replicates, 0)
  for (const round of rounds) {
    let halved = 0
    let gone = 0
    for (const cell of all) {
      for (const share of atRound(cell, watch, round)) {
        if (!isKept(share, keep, real)) halved++
        if (!(share > 0)) gone++
      }
    }
    // Runs of one of several cells have something in common: the interval is that of as many runs as there are cells.
    const independent = all.length > 1 ? all.length : runs
    put(fate, 'halved', round, chanceIn(halved, runs, independent))
    put(fate, 'gone', round, chanceIn(gone, runs, independent))
  }
  return fate
}

function chanceIn(events: number, runs: number, independent: number): Chance {
  if (independent === runs) return chanceOf(events, runs)
  const { low, high } = chanceOf(Math.round((events / runs) * independent), independent)
  const share = events / runs
  return { share, low: Math.min(low, share), high: Math.max(high, share) }
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
