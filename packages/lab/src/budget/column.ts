// The column of groups that a budget is for, and its groups.

import { findGroups, type Groups, isMissing } from '../audit/groups.js'
import { Names } from '../audit/names.js'
import { wrong } from '../audit/options.js'
import { type Categories, profile, type Skipped } from '../audit/profile.js'
import { kindsOf, type TableData } from '../sources/index.js'
import type { Followed } from './experiment.js'

/** More reasons than these help nobody. */
const mostWhys = 3

/** The column with its groups. */
export interface GroupColumn {
  name: string
  /** The rarest groups, missing values aside, ascending in rows; none of `leftOut` is rarer. */
  groups: Followed[]
  leftOut: number
  /** Rows of every group by its code. */
  counts: number[]
  /** Other columns of the file that have groups. */
  others: string[]
}

/**
 * The column asked for, or the one with the rarest group: a small group needs the largest share of real rows.
 *
 * @throws GenlossError `input` where the column has no groups, or no column has any
 */
export function groupColumn(table: TableData, group?: string): GroupColumn {
  const { categories: all, skipped } = profile(table, group)
  const categories = all.filter((each) => valuesOf(each).length > 1)
  const own = group === undefined ? rarest(categories) : categories.find(({ column }) => column.name === group)
  if (!own) throw group === undefined ? noGroups(table, skipped) : noSuch(group, skipped)
  const { groups, leftOut }: Groups = findGroups([own], new Names())
  const { name, labels } = own.column
  const followed = groups.filter(({ missing }) => !missing).map((one) => ({ ...one, code: labels.indexOf(one.value) }))
  const others = categories.map(({ column }) => column.name).filter((other) => other !== name)
  return { name, groups: followed, leftOut, counts: [...own.counts], others }
}

/** Rows of each value that there is; missing ones are no group that anybody wants to keep. */
function valuesOf({ column, counts }: Categories): number[] {
  return [...counts].filter((rows, code) => rows > 0 && !isMissing(column, code))
}

function rarest(categories: readonly Categories[]): Categories | undefined {
  const fewest = (each: Categories) => valuesOf(each).reduce((least, rows) => Math.min(least, rows))
  return categories.reduce<Categories | undefined>(
    (best, other) => (best && fewest(best) <= fewest(other) ? best : other),
    undefined,
  )
}

function noGroups({ path, columns }: TableData, skipped: readonly Skipped[]): Error {
  const whys = skipped.slice(0, mostWhys).map(({ column, why }) => `${column}: ${why}`)
  const more = skipped.length > whys.length ? [`and ${skipped.length - whys.length} more`] : []
  const hint = [...whys, ...more, 'name the column of groups with --group: numbers can be groups, too'].join('; ')
  const { numbers, words } = kindsOf(columns)
  return wrong(
    path,
    `${numbers} of numbers, ${words} of words`,
    'a table with a column of words with 2 to 50 of them',
    hint,
  )
}

function noSuch(group: string, skipped: readonly Skipped[]): Error {
  const why = skipped.find(({ column }) => column === group)?.why
  return wrong('group', group, 'a column with at least two values that repeat', why)
}
