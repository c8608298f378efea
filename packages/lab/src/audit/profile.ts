// What each column of a table is good for in an audit: groups, numbers, or nothing, with the reason in words.

import { looksLikeId, type NumberColumn, type TableData, type TextColumn } from '../sources/index.js'

/** A column of categories with the rows of each label. */
export interface Categories {
  column: TextColumn
  counts: Float64Array
}

/** A column of numbers that has tails and means worth following. */
export interface Numbers {
  column: NumberColumn
  /** Its values without the missing ones, ascending. */
  sorted: Float64Array
  mean: number
  /** Standard deviation, divisor n. */
  sd: number
}

/** A column passed over, and why. */
export interface Skipped {
  column: string
  why: string
}

export interface Profile {
  categories: Categories[]
  numbers: Numbers[]
  skipped: Skipped[]
}

/** The most categories that a column of groups may have, unless it is asked for by name. */
export const mostCategories = 50

/**
 * Sorts a table's columns by what can be asked of them, in the order of the file. Linear, but for sorting numbers.
 *
 * @param excluded columns that are passed over for a reason that is known already
 */
export function profile(table: TableData, group?: string, excluded: readonly Skipped[] = []): Profile {
  const result: Profile = { categories: [], numbers: [], skipped: [...excluded] }
  const nested = table.report.skipped.filter(({ column }) => !table.columns.some(({ name }) => name === column))
  result.skipped.push(...nested)
  for (const column of table.columns) {
    if (excluded.some((one) => one.column === column.name)) continue
    const found =
      column.kind === 'text' ? ofText(column, table.rows, column.name === group) : ofNumbers(column, table.rows)
    if ('why' in found) result.skipped.push(found)
    else if ('counts' in found) result.categories.push(found)
    else result.numbers.push(found)
  }
  return result
}

function ofText(column: TextColumn, rows: number, asked: boolean): Categories | Skipped {
  const counts = countCodes(column)
  const different = counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0)
  const why = whyNoGroups(column, rows, different, asked)
  return why === undefined ? { column, counts } : { column: column.name, why }
}

/** Rows of each label. */
export function countCodes({ codes, labels }: TextColumn): Float64Array {
  const counts = new Float64Array(labels.length)
  for (const code of codes) counts[code]!++
  return counts
}

function whyNoGroups(column: TextColumn, rows: number, different: number, asked: boolean): string | undefined {
  if (column.missing === rows) return 'every value is missing'
  if (different === 1) return 'constant: every row has the same value'
  if (different === rows && rows > 2) return 'like an id: every row has a value of its own'
  if (asked) return undefined
  if (different > 2 && 2 * different > rows) return `like names: ${different} different values in ${rows} rows`
  if (different <= mostCategories) return undefined
  if (looksLikeId(column, rows)) return `like an id or free text: ${different} different values in ${rows} rows`
  return `${different} different values, more than ${mostCategories}; --group follows its rarest ones`
}

function ofNumbers(column: NumberColumn, rows: number): Numbers | Skipped {
  const name = column.name
  const sorted = present(column)
  if (sorted.length === 0) return { column: name, why: 'every value is missing' }
  const [least, most] = [sorted[0]!, sorted.at(-1)!]
  if (least === most)
    return {
      column: name,
      why: column.missing ? 'constant where it is not missing' : 'constant: every row has the same value',
    }
  if (looksLikeId(column, rows)) return { column: name, why: 'like an id: its numbers name rows' }
  if (differentUpTo(sorted, 3) < 3)
    return { column: name, why: `only the numbers ${least} and ${most}; --group follows them` }
  return { column, sorted, ...moments(sorted) }
}

function present({ values, missing }: NumberColumn): Float64Array {
  const kept = new Float64Array(values.length - missing)
  let count = 0
  for (const value of values) if (!Number.isNaN(value)) kept[count++] = value
  return kept.sort()
}

/** How many different values there are, counted no further than `most`. */
function differentUpTo(sorted: Float64Array, most: number): number {
  let different = sorted.length > 0 ? 1 : 0
  for (let i = 1; i < sorted.length && different < most; i++) if (sorted[i] !== sorted[i - 1]) different++
  return different
}

function moments(values: Float64Array): { mean: number; sd: number } {
  // Shifted by the first value, so that a large mean costs no digits.
  const shift = values[0]!
  let sum = 0
  for (const value of values) sum += value - shift
  const mean = sum / values.length
  let squares = 0
  for (const value of values) squares += (value - shift - mean) ** 2
  return { mean: shift + mean, sd: Math.sqrt(squares / values.length) }
}
