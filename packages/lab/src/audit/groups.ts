// The groups that an audit follows: the rows of each category of a column.

import type { Watch } from '@genloss/models'
import type { TextColumn } from '../sources/index.js'
import type { Names } from './names.js'
import type { Categories } from './profile.js'

/** The rows in which a column has a value. */
export interface Group {
  column: string
  value: string
  rows: number
  /** Whether these are the rows in which the value is missing. */
  missing: boolean
  /** The column of the run that records its share. */
  watch: string
}

export interface Groups {
  groups: Group[]
  /** Categories left out because there are too many; none is rarer than the ones followed. */
  leftOut: number
}

/** The most groups that are followed; the rarest are. */
export const mostGroups = 60

/** Every category that has rows, the rarest first within its column. */
export function findGroups(columns: readonly Categories[], names: Names): Groups {
  const all = columns.flatMap(({ column, counts }, place) =>
    Array.from(counts, (rows, code) => ({
      column: column.name,
      value: column.labels[code]!,
      rows,
      missing: isMissing(column, code),
      place,
      code,
    })).filter(({ rows }) => rows > 0),
  )
  const kept = all.sort((a, b) => a.rows - b.rows || a.place - b.place || a.code - b.code).slice(0, mostGroups)
  const groups = kept
    .sort((a, b) => a.place - b.place || a.rows - b.rows || a.code - b.code)
    .map(({ place: _, code: __, ...group }) => ({ ...group, watch: names.of('share', group.column, group.value) }))
  return { groups, leftOut: all.length - groups.length }
}

/** Whether a code stands for missing values: the last one of a column that has some. */
export function isMissing({ labels, missing }: TextColumn, code: number): boolean {
  return missing > 0 && code === labels.length - 1
}

/** What the run has to record of a group. */
export function watchGroup({ column, value, watch }: Group): Watch {
  return { name: watch, where: [{ [column]: value }] }
}
