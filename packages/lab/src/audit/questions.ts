// What an audit asks of a table: which groups, rare crossings, tails and gaps are followed, and what is left out.

import type { Watch } from '@genloss/models'
import type { TableData } from '../sources/index.js'
import { type Crossings, findCrossings, watchCrossing } from './crossings.js'
import { findGaps, type Gaps, watchGaps } from './gaps.js'
import { findGroups, type Groups, watchGroup } from './groups.js'
import { Names } from './names.js'
import { wrong } from './options.js'
import { type Numbers, type Profile, profile, type Skipped } from './profile.js'
import { findTails, type Tails, watchTail } from './tails.js'

/** Everything that is followed, and why the rest is not. */
export interface Questions {
  groups: Groups
  crossings: Crossings
  tails: Tails
  gaps: Gaps
  /** Columns of numbers that are followed. */
  numbers: readonly Numbers[]
  skipped: Skipped[]
}

/**
 * Finds the questions of a table. With `group` only that column's categories are groups; it may have any number of
 * them, as long as they repeat.
 *
 * @throws GenlossError `input` where `group` has no groups, and where the table has nothing to follow
 */
export function findQuestions(table: TableData, group?: string, excluded: readonly Skipped[] = []): Questions {
  const found = profile(table, group, excluded)
  if (group !== undefined) refuseGroup(found, group)
  const own = group === undefined ? found.categories : found.categories.filter(({ column }) => column.name === group)
  const names = new Names()
  const questions = {
    groups: findGroups(own, names),
    crossings: findCrossings(found.categories, table.rows, names, group),
    tails: findTails(found.numbers, names),
    gaps: findGaps(own, found.numbers, names),
    numbers: found.numbers,
    skipped: found.skipped,
  }
  if (questions.groups.groups.length === 0 && questions.tails.tails.length === 0) throw nothing(table, found)
  return questions
}

function refuseGroup({ skipped, categories }: Profile, group: string): void {
  const why = skipped.find(({ column }) => column === group)?.why
  const others = categories.slice(0, 8).map(({ column }) => `'${column.name}'`)
  const hint = others.length > 0 ? `${why}; groups are found in ${others.join(', ')}` : why
  if (why !== undefined) throw wrong('group', group, 'a column with at least two values that repeat', hint)
}

function nothing(table: TableData, { skipped }: Profile): Error {
  const why = skipped.slice(0, 4).map(({ column, why }) => `${column}: ${why}`)
  const hint = [...why, 'a tail of 5 % needs 10 real rows'].join('; ')
  const rows = table.rows === 1 ? '1 row' : `${table.rows} rows`
  return wrong(table.path, rows, 'a table with groups or tails to follow', hint)
}

/** The questions about groups alone. */
export function groupsOf(questions: Questions): Questions {
  const { crossings, tails, gaps } = questions
  return {
    ...questions,
    crossings: { ...crossings, crossings: [] },
    tails: { ...tails, tails: [] },
    gaps: { ...gaps, gaps: [] },
  }
}

/** The row sets that a run has to follow so that the questions can be answered. */
export function watchList({ groups, crossings, tails, gaps }: Questions): Watch[] {
  return [
    ...groups.groups.map(watchGroup),
    ...crossings.crossings.map(watchCrossing),
    ...tails.tails.map(watchTail),
    ...watchGaps(gaps.gaps),
  ]
}
