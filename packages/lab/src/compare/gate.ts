// Limits held against what was compared: every column, every group, every tail and category.

import { fewestRows } from '../sources/index.js'
import type { CategoryComparison, TextComparison } from './categories.js'
import type { ColumnComparison, Comparison } from './compare.js'
import type { JointComparison } from './joint.js'
import { type Limit, limitRules } from './limits.js'
import type { NumberComparison } from './numbers.js'
import { pOf, tailName } from './verdict.js'

/** A value held against its limit. */
export interface WatchCheck {
  limit: string
  /** Null for whole rows. */
  column: string | null
  group: { column: string; value: string | null } | null
  /** What was measured, in words: `highest 1 % of wage`, `region = north`, `wage`. */
  what: string
  /** Null where it is infinite or there is nothing to measure. */
  value: number
  least: number | null
  most: number | null
  /** How far the value is beyond the limit. */
  by: number
  /** How often chance alone gives as much; NaN where there is no test. */
  p: number
  /** Rows behind the value, of the reference and of the sample. */
  rows: [number, number]
}

/** A value that could not be held against its limit. */
export interface Unchecked {
  limit: string
  what: string
  why: string
  /** Too few rows of the reference; rows that share the outermost number; not defined there (constant, no rows, one row). */
  reason: 'few' | 'shared' | 'undefined'
}

type Place = WatchCheck['group']

/** Holds limits against a comparison. */
export class Gate {
  readonly #limits: readonly Limit[]
  readonly #checks: WatchCheck[] = []
  readonly #unchecked: Unchecked[] = []

  constructor(limits: readonly Limit[]) {
    this.#limits = limits
  }

  all({ columns, joint, groups }: Comparison): [WatchCheck[], Unchecked[]] {
    this.#set(columns, joint, null)
    for (const { column, value, rows, columns: own, joint: whole } of groups) {
      const place = { column, value }
      // What the reference does not have, it can't lose.
      if (rows[0] === 0) continue
      if (rows[1] === 0) this.#gone(columns, place, rows)
      else this.#set(own, whole, place)
    }
    return [this.#checks, this.#unchecked]
  }

  #set(columns: readonly ColumnComparison[], joint: JointComparison | null, place: Place): void {
    for (const limit of this.#limits) {
      if (!applies(limit, place)) continue
      const { of } = limitRules.find(({ name }) => name === limit.name)!
      if (of === 'rows') this.#rows(limit, joint, place)
      else for (const column of columns) if (fits(limit, of, column)) this.#column(limit, column, place)
    }
  }

  /** A group without a row in the sample breaks every limit of its numbers: nothing of them is left. */
  #gone(columns: readonly ColumnComparison[], place: NonNullable<Place>, rows: [number, number]): void {
    const limits = this.#limits.filter((limit) => {
      const { of } = limitRules.find(({ name }) => name === limit.name)!
      return (
        applies(limit, place) && columns.some((column) => column.column !== place.column && fits(limit, of, column))
      )
    })
    if (limits.length === 0) return
    const [first] = limits as [Limit]
    const what = `every column, ${groupWords(place)}`
    this.#checks.push({
      ...{ limit: first.name, column: null, group: place, what, value: Number.NaN },
      ...{ least: first.least, most: first.most, by: Number.POSITIVE_INFINITY, p: Number.NaN, rows },
    })
  }

  #rows(limit: Limit, joint: JointComparison | null, place: Place): void {
    const what = `whole rows${within(place)}`
    if (joint === null) {
      this.#unchecked.push({ limit: limit.name, what, why: 'too few rows or columns', reason: 'undefined' })
      return
    }
    const value = limit.name === 'sliced_w1' ? joint.sliced_w1 : joint.sliced_w2
    const p = joint.chance?.sliced_w1.p ?? Number.NaN
    this.#hold(limit, { column: null, group: place, what, value, p, rows: joint.rows })
  }

  #column(limit: Limit, column: ColumnComparison, place: Place): void {
    if (column.kind === 'number' && limit.name === 'tail') this.#tails(limit, column, place)
    else if (column.kind === 'text' && limit.name === 'share') this.#shares(limit, column, place)
    else this.#value(limit, column, place)
  }

  #value(limit: Limit, column: ColumnComparison, place: Place): void {
    const what = `${column.column}${within(place)}`
    const value = limited(limit.name, column)
    const { rows } = column
    if (rows[0] > 0 && rows[1] === 0 && Number.isNaN(value)) {
      const by = Number.POSITIVE_INFINITY
      const { name, least, most } = limit
      this.#checks.push({
        ...{ limit: name, column: column.column, group: place, what, value, least, most, by },
        p: Number.NaN,
        rows,
      })
    } else
      this.#hold(limit, { column: column.column, group: place, what, value, p: pOfLimit(limit.name, column), rows })
  }

  #tails(limit: Limit, column: NumberComparison, place: Place): void {
    for (const tail of column.tails) {
      const { retention: value, p_value: p, rows } = tail
      this.#hold(limit, {
        column: column.column,
        group: place,
        what: tailName(column, tail) + within(place),
        value,
        p,
        rows,
      })
    }
    for (const tail of column.refused_tails)
      this.#unchecked.push({
        limit: limit.name,
        what: tailName(column, tail) + within(place),
        why: tail.why,
        reason: tail.reason,
      })
  }

  #shares(limit: Limit, { column, values, left_out }: TextComparison, place: Place): void {
    const [enough, few]: [CategoryComparison[], CategoryComparison[]] = [[], []]
    for (const each of values) if (each.retention !== null) (each.rows[0] >= fewestRows ? enough : few).push(each)
    for (const { value: category, retention, p, rows } of enough) {
      const what = `${column} = ${category ?? '(missing)'}${within(place)}`
      this.#hold(limit, { column, group: place, what, value: retention!, p, rows })
    }
    const left = few.length + left_out
    if (left === 0) return
    const why = `fewer than ${fewestRows} rows of the reference each`
    this.#unchecked.push({
      limit: limit.name,
      what: `${left} categories of ${column}${within(place)}`,
      why,
      reason: 'few',
    })
  }

  #hold({ name, least, most }: Limit, found: Omit<WatchCheck, 'limit' | 'least' | 'most' | 'by'>): void {
    const { value } = found
    if (Number.isNaN(value))
      return void this.#unchecked.push({ limit: name, what: found.what, why: 'not defined there', reason: 'undefined' })
    const by = Math.max(least === null ? 0 : least - value, most === null ? 0 : value - most)
    // A bound that is met to rounding is met.
    const slack = 1e-12 * Math.max(Math.abs(least ?? 0), Math.abs(most ?? 0))
    this.#checks.push({ limit: name, ...found, least, most, by: by > slack ? by : 0 })
  }
}

function applies({ where }: Limit, place: Place): boolean {
  return where === 'all' || (where === 'whole') === (place === null)
}

function fits({ column }: Limit, of: string, answer: ColumnComparison): boolean {
  return (column === null || column === answer.column) && (of === 'any' || of === answer.kind)
}

function groupWords({ column, value }: NonNullable<Place>): string {
  return `${column} = ${value ?? '(missing)'}`
}

function within(place: Place): string {
  return place === null ? '' : `, ${groupWords(place)}`
}

/** The value of a column that a limit binds. */
function limited(name: string, column: ColumnComparison): number {
  if (name === 'rows') return column.rows[1] - (column.kind === 'text' ? column.missing[1] : 0)
  if (name === 'missing') return missingShare(column, 1) - missingShare(column, 0)
  if (column.kind === 'text') return column[name as 'tv']
  if (name === 'mean_shift') return Math.abs(column.mean_shift)
  if (name === 'quantile_error') return largest(column.quantiles.map(({ error }) => error))
  if (name === 'shortfall_error') return largest(column.tails.map(({ shortfall: [a, b] }) => b - a))
  return column[name as 'w1']
}

function largest(ways: readonly number[]): number {
  return ways.length === 0 ? Number.NaN : Math.max(...ways.map(Math.abs))
}

function missingShare({ kind, rows, missing }: ColumnComparison, side: 0 | 1): number {
  return missing[side] / (kind === 'number' ? rows[side] + missing[side] : rows[side])
}

function pOfLimit(name: string, column: ColumnComparison): number {
  if (name === 'rows') return Number.NaN
  if (name === 'missing') return missingP(column)
  if (column.kind === 'text') return name === 'tv' ? (column.chance?.tv.p ?? Number.NaN) : pOf(column)
  if (name === 'outside') return column.extremes.p
  if (name === 'ks' || name === 'energy') return column.chance?.[name].p ?? Number.NaN
  return pOf(column)
}

function missingP(column: ColumnComparison): number {
  if (column.kind === 'number') return column.missing_p
  return column.values.find(({ value }) => value === null)?.p ?? 1
}
