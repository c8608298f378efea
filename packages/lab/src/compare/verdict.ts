// What two samples differ in, in a few sentences.

import type { CategoryComparison, TextComparison } from './categories.js'
import type { ColumnComparison, Comparison } from './compare.js'
import type { NumberComparison, TailComparison } from './numbers.js'

/** A difference is called one where chance alone gives as much in at most so many cases. */
export const level = 0.01

/** The p-value that a column as a whole is judged by: of W1, or of chi-square; NaN where there was no test. */
export function pOf(column: ColumnComparison): number {
  const found = column.kind === 'number' ? column.chance?.w1.p : column.chance?.chi_square.p
  return found ?? Number.NaN
}

/** How far a column lies off, on a scale that columns share: W1 in standard deviations, or total variation. */
export function sizeOf(column: ColumnComparison): number {
  return column.kind === 'number' ? column.w1_sd : column.tv
}

/** Whether rows lie beyond the other sample's extremes more often than chance puts them there. */
export function isStretched(column: ColumnComparison): boolean {
  return column.kind === 'number' && column.extremes.p <= level
}

/** Columns that differ, the farthest off first. */
export function differing(columns: readonly ColumnComparison[]): ColumnComparison[] {
  return columns.filter((column) => pOf(column) <= level || isStretched(column)).sort((a, b) => sizeOf(b) - sizeOf(a))
}

export function verdictOf({ columns, groups, reference, sample, joint }: Omit<Comparison, 'verdict'>): string {
  const [from, to] = [base(reference.file), base(sample.file)]
  const all = columns.length === 1 ? 'the one column' : `${columns.length} columns`
  const tested = columns.filter((column) => !Number.isNaN(pOf(column)))
  const differs = differing(columns)
  const sentences: string[] = []
  if (tested.length === 0) sentences.push(`${to} beside ${from}: ${all} compared, without a test against chance.`)
  else if (differs.length > 0) {
    const named = differs.slice(0, 3).map(columnWords)
    const rest = differs.length > 3 ? ` and ${differs.length - 3} more` : ''
    const many = columns.length === 1 ? all : `${differs.length} of ${all}`
    sentences.push(`${to} differs from ${from} beyond chance in ${many}: ${named.join(', ')}${rest}.`)
  } else if (joint?.chance && joint.chance.sliced_w1.p <= level) {
    sentences.push(`No column of ${to} differs from ${from} by itself, but what the columns do together does.`)
  } else sentences.push(`${to} does not differ from ${from} by more than chance gives (${all}, p above ${level}).`)
  return [
    ...sentences,
    ...fewWords(reference.rows, sample.rows),
    ...missingWords(columns),
    ...rangeWords(columns),
    ...tailWords(columns),
    ...goneWords(columns),
    ...groupWords(groups),
  ].join(' ')
}

/** Below so many rows only large differences can be told from chance. */
const fewRows = 30

function fewWords(...rows: number[]): string[] {
  const least = Math.min(...rows)
  return least < fewRows ? [`With so few rows (${least}) only large differences can be told from chance.`] : []
}

function missingWords(columns: readonly ColumnComparison[]): string[] {
  return columns.flatMap((column) => {
    if (column.kind !== 'number') return []
    const { rows, missing, missing_p } = column
    if (rows[1] === 0 && rows[0] > 0) return [`${column.column} has no value left.`]
    if (!(missing_p <= level)) return []
    const [before, now] = rows.map((present, k) => percent(missing[k]! / (present + missing[k]!)))
    return [`Missing in ${column.column}: ${before} before, ${now} now.`]
  })
}

function columnWords(column: ColumnComparison): string {
  if (column.kind === 'text') return `${column.column} (TV ${figures(column.tv)})`
  const { w1_sd, w1 } = column
  return `${column.column} (W1 ${Number.isFinite(w1_sd) ? `${figures(w1_sd)} sd` : figures(w1)})`
}

/** The column with the most rows beyond the other sample's extremes. */
function rangeWords(columns: readonly ColumnComparison[]): string[] {
  const numbers = columns.filter((column): column is NumberComparison => column.kind === 'number')
  const [worst] = numbers.filter(isStretched).sort((a, b) => a.extremes.p - b.extremes.p)
  if (worst === undefined) return []
  const { below, above, lost_below, lost_above } = worst.extremes
  const [least, most] = [figures(worst.min[0]), figures(worst.max[0])]
  const ends: [number, string][] = [
    [above, `rows above the reference's largest (${most})`],
    [below, `rows below its smallest (${least})`],
    [lost_above, `rows of the reference above the largest now (${figures(worst.max[1])})`],
    [lost_below, `rows of the reference below the smallest now (${figures(worst.min[1])})`],
  ]
  const said = ends.filter(([rows]) => rows > 0).map(([rows, words]) => `${rows} ${words}`)
  return [`Range of ${worst.column}: ${said.join(', ')}.`]
}

/** The tail that has lost most. */
function tailWords(columns: readonly ColumnComparison[]): string[] {
  const lost = columns.flatMap((column) =>
    column.kind === 'number' ? column.tails.filter(isLost).map((tail) => ({ column, tail })) : [],
  )
  if (lost.length === 0) return []
  const [{ column, tail }] = lost.sort((a, b) => a.tail.retention - b.tail.retention) as [(typeof lost)[number]]
  const more = lost.length > 1 ? `; ${lost.length} tails have lost rows beyond chance` : ''
  return [`Of the ${tailName(column, tail)} ${keptWords(tail.retention)}${more}.`]
}

function isLost(tail: TailComparison): boolean {
  return tail.retention < 1 && tail.p_value <= level
}

/** `highest 1 % of wage`. */
export function tailName({ column }: NumberComparison, { side, p }: { side: string; p: number }): string {
  return `${side === 'lower' ? 'lowest' : 'highest'} ${Number((100 * p).toPrecision(6))} % of ${column}`
}

function keptWords(retention: number): string {
  return retention === 0 ? 'nothing is left' : `${percent(retention)} is left`
}

function goneWords(columns: readonly ColumnComparison[]): string[] {
  const text = columns.filter((column): column is TextComparison => column.kind === 'text' && column.missing_mass > 0)
  return text.slice(0, 3).map(({ column, categories, coverage, missing_mass }) => {
    const gone = Math.round(categories[0] * (1 - coverage))
    const rows = `${percent(missing_mass)} of the reference's rows`
    return `Of ${column}, ${gone} of ${categories[0]} categories ${gone === 1 ? 'is' : 'are'} gone (${rows}).`
  })
}

function groupWords(groups: readonly (CategoryComparison & { column: string })[]): string[] {
  const lost = groups.filter(({ retention, p }) => retention !== null && retention < 1 && p <= level)
  if (lost.length === 0) return []
  const [worst] = lost.sort((a, b) => a.retention! - b.retention!) as [(typeof lost)[number]]
  return [
    `Group ${worst.column} = ${worst.value ?? '(missing)'}: ${keptWords(worst.retention!)} of its share (${worst.rows[0]} rows before, ${worst.rows[1]} now).`,
  ]
}

function base(file: string): string {
  return file.split(/[\\/]/).at(-1)!
}

function percent(share: number): string {
  const value = 100 * share
  if (value > 0 && value < 0.1) return '<0.1 %'
  if (share < 1 && share > 0.999) return '>99.9 %'
  return `${value < 10 ? Number(value.toFixed(1)) : Math.round(value)} %`
}

function figures(value: number): string {
  if (!Number.isFinite(value)) return 'infinite'
  return String(Number(value.toPrecision(2)))
}
