// The groups that an audit follows: the rows of each category of a column.

import type { Watch } from '@genloss/models'
import type { Names } from './names.js'
import type { Categories } from './profile.js'

/** The rows in which a column has a value. */
export interface Group {
  column: string
  value: string
  rows: number
  /** The column of the run that records its share. */
  watch: string
}

export interface Groups {
  groups: Group[]
  /** Categories left out because there are too many; they are commoner than the ones followed. */
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
      place,
      code,
    })).filter(({ rows }) => rows > 0),
  )
  const kept = all.sort((a, b) => a.rows - b.rows || a.place - b.place || a.code - b.code).slice(0, mostGroups)
  const groups = kept
    .sort((a, b) => a.place - b.place || a.rows - b.rows || a.code - b.code)
    .map(({ column, value, rows }) => ({ column, value, rows, watch: names.of('share', column, value) }))
  return { groups, leftOut: all.length - groups.length }
}

/** What the run has to record of a group. */
export function watchGroup({ column, value, watch }: Group): Watch {
  return { name: watch, where: [{ [column]: value }] }
}
