// What the tables beside the real one measure, as the answer says it: factors of sets, gaps, copies.

import { normalQuantile } from '@genloss/metrics'
import type { TableData } from '../sources/index.js'
import type { Beside, Copies, MeanGap, UnseenCategories } from './beside.js'
import { gapOf } from './beside.js'
import { type Factor, factorOf } from './factors.js'
import type { Gap } from './gaps.js'
import type { SetRows } from './partitions.js'

/** A table beside the real one. */
export interface BesideAnswer {
  file: string
  rows: number
  copies: Copies
  /** Rows whose category the real table does not have, by column. */
  unseen: UnseenCategories[]
  notes: string[]
}

/** A gap between two means there, and how far it is from the real one, with the interval of both samples' errors. */
export interface MeasuredGap {
  rows: [number, number]
  gap: number | null
  difference: number | null
  low: number | null
  high: number | null
}

export function besideAnswer({ table, copies, unseen }: Beside): BesideAnswer {
  return { file: table.path, rows: table.rows, copies, unseen, notes: table.report.notes }
}

/** The factor of a set in a table beside the real one. */
export function measured({ counts, table }: Beside, { watch, rows }: SetRows, realRows: number): Factor {
  return factorOf(counts.get(watch) ?? 0, table.rows, rows, realRows)
}

/** The same for a gap; the interval is the normal one, with each mean's own variance (Welch). */
export function measuredGap(beside: Beside, place: number, gap: Gap, real: TableData): MeasuredGap {
  const there = beside.gaps[place]!
  const own: MeanGap = gapOf(gap, real, real)
  const difference = there.gap - own.gap
  const reach = normalQuantile(0.975) * Math.sqrt(there.variance + own.variance)
  const known = (value: number) => (Number.isFinite(value) ? value : null)
  return {
    rows: there.rows,
    gap: known(there.gap),
    difference: known(difference),
    low: known(difference - reach),
    high: known(difference + reach),
  }
}
