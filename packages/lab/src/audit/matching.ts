// Another table held against the real one: which of its columns are the same, and its categories in the real one's codes.

import { asText } from '../compare/tables.js'
import type { TableColumn, TableData, TextColumn } from '../sources/index.js'
import { wrong } from './options.js'
import type { Skipped } from './profile.js'

/** The code of a row whose category the real table does not have. */
export const unseen = 0xffffffff

/**
 * Columns of the real table that another table lacks, or has in another kind: they can't be followed in both.
 *
 * @throws GenlossError `input` where they are all of them, and where the column of groups has no value in common
 */
export function unmatched(real: TableData, other: TableData, group?: string): Skipped[] {
  const found = real.columns.flatMap((column) => {
    const why = whyNot(column, columnOf(other, column.name), other.path)
    return why === undefined ? [] : [{ column: column.name, why }]
  })
  const names = other.columns.map(({ name }) => `'${name}'`).slice(0, 8)
  const rule = `a table with the columns of ${real.path}`
  if (found.length === real.columns.length && real.columns.length > 0)
    throw wrong(other.path, `the columns ${names.join(', ')}`, rule, 'it shares none of them')
  const own = columnOf(real, group ?? '') as TextColumn | undefined
  if (own && found.some(({ column }) => column === group)) {
    const labels = asText(columnOf(other, own.name)!).labels.slice(0, 4)
    const hint = `there it is ${own.labels
      .slice(0, 4)
      .map((label) => `'${label}'`)
      .join(', ')}; are they written in another way?`
    throw wrong(other.path, labels, `values of ${group} as in ${real.path}`, hint)
  }
  return found
}

function whyNot(column: TableColumn, other: TableColumn | undefined, file: string): string | undefined {
  if (!other) return `not in ${file}`
  if (column.kind === 'text') {
    // Written in another way, most likely: nothing could be said of any category.
    return codesLike(column, other).every((code) => code === unseen) ? `no value in common with ${file}` : undefined
  }
  if (other.kind === 'number') return undefined
  return other.missing === other.codes.length ? undefined : `numbers, but words in ${file}`
}

/** A column by name. */
export function columnOf({ columns }: TableData, name: string): TableColumn | undefined {
  return columns.find((column) => column.name === name)
}

/**
 * The real column's code of each row of another column, `unseen` where the real one has no such category. Labels are the
 * same where they read alike, and else where they are the same number (`1` and `1.0`).
 */
export function codesLike(own: TextColumn, other: TableColumn): Uint32Array {
  if (own === other) return own.codes
  const text = asText(other)
  const missing = (column: TextColumn) => (column.missing > 0 ? column.labels.length - 1 : undefined)
  const [ownMissing, otherMissing] = [missing(own), missing(text)]
  const known = new Map<string, number>()
  const numbers = new Map<number, number>()
  own.labels.forEach((label, code) => {
    if (code === ownMissing) return
    known.set(label, code)
    const number = numberOf(label)
    // Two labels of one number (`1` and `01`) are apart on purpose.
    if (number !== undefined) numbers.set(number, numbers.has(number) ? unseen : code)
  })
  const codes = text.labels.map((label, code) => {
    if (code === otherMissing) return ownMissing ?? unseen
    return known.get(label) ?? numbers.get(numberOf(label) ?? Number.NaN) ?? unseen
  })
  return text.codes.map((code) => codes[code]!)
}

function numberOf(label: string): number | undefined {
  const value = Number(label)
  return label.trim() !== '' && Number.isFinite(value) ? value : undefined
}
