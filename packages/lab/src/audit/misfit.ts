// What a model makes of each followed set before anything is fed back: fitted to the whole table, at round 0.

import type { CellColumns } from '@genloss/metrics'
import type { CopulaModel } from '@genloss/models'
import { atRound } from './fates.js'
import type { Gap } from './gaps.js'
import type { Questions } from './questions.js'

/** The share of a set in the table and in the model that is fitted to it. */
export interface MisfitSet {
  rows: number
  share: number
  /** The share that the model gives it. */
  made: number
  /** `made` over `share`. */
  ratio: number
}

/** A gap between two means in the table and in the model; `made` is null where the model has none of a group. */
export interface MisfitGap {
  column: string
  group: { column: string; value: string }
  reference: string
  gap: number
  made: number | null
}

/** The one step from table to model; what feeding back adds comes on top of it. */
export interface Misfit {
  model: CopulaModel
  groups: (MisfitSet & { column: string; value: string; missing: boolean })[]
  crossings: (MisfitSet & { columns: [string, string]; values: [string, string]; missing: boolean })[]
  tails: (MisfitSet & { column: string; side: 'lower' | 'upper'; p: number; edge: number })[]
  gaps: MisfitGap[]
}

/**
 * Read from what a run recorded at generation 0, where every chain has fitted the same whole table.
 *
 * @param cell that of any pipeline
 * @param rows of the table
 */
export function misfitOf(model: CopulaModel, questions: Questions, cell: CellColumns, rows: number): Misfit {
  const first = (watch: string) => atRound(cell, watch, 0)[0]!
  const fit = <T extends { watch: string; rows: number }>({ watch, ...set }: T) => {
    const share = set.rows / rows
    const made = first(watch)
    return { ...set, share, made, ratio: made / share }
  }
  return {
    model,
    groups: questions.groups.groups.map(fit),
    crossings: questions.crossings.crossings.map(fit),
    tails: questions.tails.tails.map(fit),
    gaps: questions.gaps.gaps.map((gap) => misfitGap(gap, first)),
  }
}

function misfitGap({ column, group, reference, means, watch }: Gap, first: (watch: string) => number): MisfitGap {
  const made = first(watch[0]) - first(watch[1])
  return { column, group, reference, gap: means[0] - means[1], made: Number.isNaN(made) ? null : made }
}
