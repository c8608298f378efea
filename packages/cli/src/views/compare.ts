// Two samples on the screen: the verdict in words, then numbers, tails, categories, whole rows and groups.
import {
  type CategoryComparison,
  type ColumnComparison,
  type Comparison,
  differing,
  type GroupComparison,
  isStretched,
  level,
  type NumberComparison,
  type SharedRows,
  type TextComparison,
  tailName,
  writtenText,
} from '@genloss/lab'
import { cut, figures, paragraph } from './audit-text.js'
import { fitted } from './fitted.js'
import { count, percent, pValue, short, some } from './numbers.js'
import { kindsText } from './read.js'

const mostRanges = 8
const mostTails = 10
const mostCategories = 10
const mostGroups = 15
/** Quantiles are shown of so few columns only. */
const mostQuantiles = 4
const mostName = 20

/** The whole text; a quiet one is the verdict and the tables alone. */
export function compareView(comparison: Comparison, quiet = false): string {
  const { verdict, columns, groups } = comparison
  const numbers = columns.filter((column): column is NumberComparison => column.kind === 'number')
  const words = columns.filter((column): column is TextComparison => column.kind === 'text')
  const parts = [
    paragraph('', '', verdict),
    ...(quiet ? [] : [readLines(comparison)]),
    numberLines(numbers),
    quantileLines(numbers),
    rangeLines(numbers),
    tailLines(numbers),
    wordLines(words),
    categoryLines(words),
    jointLines(comparison),
    groupLines(groups, comparison.groups_left_out),
    ...(quiet ? [] : [howLines(comparison)]),
  ]
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

function readLines({ reference, sample, columns, skipped, shared, notes }: Comparison): string[] {
  const twice = [reference, sample].filter(({ duplicates }) => (duplicates ?? 0) > 0)
  const said = twice.map(
    ({ file, duplicates }) =>
      `${rows(duplicates!)} of ${file} ${duplicates === 1 ? 'repeats' : 'repeat'} an earlier one`,
  )
  const missing = columns
    .filter(({ missing: [a, b] }) => a + b > 0)
    .map(({ column, missing: [a, b] }) => `${column} ${count(a)} and ${count(b)}`)
  const lines = [...paragraph('REFERENCE ', '  ', readText(reference)), ...paragraph('SAMPLE ', '  ', readText(sample))]
  if (missing.length > 0) lines.push(...paragraph('  ', '    ', `missing: ${missing.join(', ')}`))
  if (shared && shared.shared > 0) lines.push(...paragraph('  ', '    ', sharedText(shared)))
  for (const { column, why } of skipped) lines.push(...paragraph('  ', '    ', `not compared: ${column} (${why})`))
  const remarks = [...new Set([...notes, ...reference.notes, ...sample.notes])]
  for (const remark of [...said, ...remarks]) lines.push(...paragraph('  ', '    ', `note: ${remark}`))
  return lines
}

function readText({ file, rows: size, kinds, written }: Comparison['reference']): string {
  return [`${file}: ${rows(size)}, ${kindsText(kinds)}`, ...(written ? [writtenText(written)] : [])].join('; ')
}

function sharedText({ distinct: [a, b], shared }: SharedRows): string {
  return `different rows: ${count(a)} and ${count(b)}, of which both have ${count(shared)}`
}

/** What chance stays below; where it gives nothing, 0. */
function below(high: number): string {
  return high === 0 ? '0' : `<${short(high, 2)}`
}

function numberLines(columns: readonly NumberComparison[]): string[] {
  if (columns.length === 0) return []
  const head = ['column', 'mean', 'variance', 'W1', 'by chance', 'W2', 'energy', 'KS', 'p']
  const lines = columns.map((column) => [
    cut(column.column, mostName),
    signedSd(column.mean_shift),
    times(column.variance_ratio),
    short(column.w1),
    column.chance ? below(column.chance.w1.high) : '-',
    short(column.w2),
    short(column.energy),
    short(column.ks),
    pValue(column.chance?.w1.p),
  ])
  return ['NUMBERS: mean in sd of the reference, variance as a part of it', fitted(head, lines)]
}

function quantileLines(columns: readonly NumberComparison[]): string[] {
  if (columns.length === 0 || columns.length > mostQuantiles) return []
  const shown = columns.flatMap(({ quantiles }) => quantiles).filter(({ p }) => p >= 0.01 && p <= 0.99)
  const levels = [...new Set(shown.map(({ p }) => p))]
  const head = ['column', '', 'min', ...levels.map((p) => `${100 * p} %`), 'max']
  const lines = columns.flatMap(({ column, min, max, quantiles }) =>
    (['reference', 'sample'] as const).map((side, k) => [
      k === 0 ? cut(column, 12) : '',
      k === 0 ? 'ref' : 'new',
      short(min[k]),
      ...levels.map((p) => short(quantiles.find((each) => each.p === p)?.[side])),
      short(max[k]),
    ]),
  )
  return ['QUANTILES, type 7', fitted(head, lines, { align: `ll${'r'.repeat(head.length - 2)}` })]
}

/** Columns with rows beyond the reference's extremes, or whose own ends are gone. */
function rangeLines(columns: readonly NumberComparison[]): string[] {
  const present = columns.filter(({ rows }) => rows[0] > 0 && rows[1] > 0)
  const moved = present.filter((column) => column.range_coverage < 0.9 || column.outside > 0 || isStretched(column))
  if (moved.length === 0) return []
  moved.sort((a, b) => a.extremes.p - b.extremes.p || b.outside - a.outside)
  const head = ['range', 'reference', 'sample', 'covered', 'rows outside', 'p']
  const lines = moved
    .slice(0, mostRanges)
    .map(({ column, min, max, range_coverage, extremes }) => [
      cut(column, mostName),
      ...[0, 1].map((k) => `${short(min[k])}..${short(max[k])}`),
      percent(range_coverage),
      count(extremes.below + extremes.above),
      pValue(extremes.p),
    ])
  return [`RANGES that moved${some(lines.length, moved.length)}`, fitted(head, lines)]
}

function tailLines(columns: readonly NumberComparison[]): string[] {
  const all = columns.flatMap((column) => column.tails.map((tail) => ({ column, tail })))
  const few = columns.flatMap(({ refused_tails }) => refused_tails).filter(({ reason }) => reason === 'few')
  if (all.length === 0) return []
  const worst = all.sort((a, b) => a.tail.p_value - b.tail.p_value || a.tail.retention - b.tail.retention)
  const head = ['tail', 'edge', 'rows', 'left', 'by chance', 'mean there', 'p']
  const lines = worst
    .slice(0, mostTails)
    .map(({ column, tail }) => [
      tailName(column, tail),
      figures(tail.edge),
      tail.rows.map(count).join(' → '),
      times(tail.retention),
      `${times(tail.low)}..${times(tail.high)}`,
      tail.shortfall.map((value) => short(value)).join(' → '),
      pValue(tail.p_value),
    ])
  const title = `TAILS${some(lines.length, all.length)}: reference → sample, and what part of its share is left`
  const left = few.length > 0 ? [`  left out: ${few.length} with fewer than 10 rows of the reference`] : []
  return [title, fitted(head, lines, { spare: head.indexOf('mean there') }), ...left]
}

function wordLines(columns: readonly TextComparison[]): string[] {
  if (columns.length === 0) return []
  const head = ['column', 'categories', 'gone', 'TV', 'by chance', 'KL', 'JS', 'p']
  const lines = columns.map((column) => [
    cut(column.column, mostName),
    column.categories.map(count).join(' → '),
    goneText(column),
    short(column.tv),
    column.chance ? below(column.chance.tv.high) : '-',
    short(column.kl_forward),
    short(column.js),
    pValue(column.chance?.chi_square.p),
  ])
  return ['CATEGORIES: KL from the reference and JS in nats', fitted(head, lines)]
}

function goneText({ categories, coverage, missing_mass }: TextComparison): string {
  const gone = Math.round(categories[0] * (1 - coverage))
  return gone === 0 ? 'none' : `${count(gone)}, ${percent(missing_mass)}`
}

/** Categories that changed most: gone and beyond chance first. */
function categoryLines(columns: readonly TextComparison[]): string[] {
  const all = columns.flatMap(({ column, values }) => values.map((value) => ({ column, ...value })))
  const changed = all.filter(({ rows: [a, b], p }) => p <= level || a === 0 || b === 0)
  changed.sort((a, b) => a.p - b.p || b.rows[0] - a.rows[0])
  if (changed.length === 0) return []
  const shown = changed.slice(0, mostCategories)
  const title = `CHANGED MOST${some(shown.length, changed.length)}: rows and shares, reference → sample`
  return [title, setTable(shown)]
}

type Shown = CategoryComparison & { column: string }

function setTable(sets: readonly Shown[]): string {
  const head = ['category', 'rows', 'share', 'left', 'p']
  const lines = sets.map(({ column, value, rows, share, retention, p }) => [
    `${column} = ${value ?? '(missing)'}`,
    rows.map(count).join(' → '),
    share.map(percent).join(' → '),
    retention === null ? 'new' : times(retention),
    pValue(p),
  ])
  return fitted(head, lines)
}

function jointLines({ joint }: Comparison): string[] {
  if (!joint) return []
  const { columns, used, chance, sliced_w1, sliced_w2, directions, left_out } = joint
  const [a, b] = left_out
  const without = a + b > 0 ? ` Rows with a missing number are left out: ${count(a)} and ${count(b)}.` : ''
  const test = chance
    ? `; by chance ${below(chance.sliced_w1.high)} in ${chance.tested.map(count).join(' and ')} of them, p ${pValue(chance.sliced_w1.p)}`
    : ''
  const text = `sliced W1 ${short(sliced_w1)}, W2 ${short(sliced_w2)} in sd of the reference (${columns.length} columns of numbers, ${used.map(count).join(' and ')} rows, ${directions} directions)${test}.${without}`
  return paragraph('WHOLE ROWS: ', '  ', text)
}

function groupLines(groups: readonly GroupComparison[], leftOut: number): string[] {
  if (groups.length === 0) return []
  const worst = [...groups].sort((a, b) => a.p - b.p || b.rows[0] - a.rows[0])
  const head = ['group', 'rows', 'share', 'left', 'p', 'differs in']
  const lines = worst
    .slice(0, mostGroups)
    .map(({ value, rows, share, retention, p, columns }) => [
      cut(value ?? '(missing)', 16),
      rows.map(count).join(' → '),
      share.map(percent).join(' → '),
      retention === null ? 'new' : times(retention),
      pValue(p),
      rows[1] === 0 ? 'gone' : cut(differsIn(columns), 24),
    ])
  const title = `GROUPS of ${cut(groups[0]!.column, 24)}${some(lines.length, groups.length + leftOut)}: reference → sample`
  return [title, fitted(head, lines, { align: 'lrrrrl' })]
}

function differsIn(columns: readonly ColumnComparison[]): string {
  const [first, ...others] = differing(columns).map(({ column }) => column)
  if (first === undefined) return '-'
  return others.length > 0 ? `${first} and ${others.length} more` : first
}

function howLines({ settings: { permutations, seed }, columns }: Comparison): string[] {
  const tests = columns.length
  const text =
    permutations === 0
      ? 'without a test against chance (--permutations)'
      : `p and "by chance": rows dealt out anew ${count(permutations)} times (seed ${seed}); W1 and TV in 95 of 100 of them are below the number given. p is of W1 and of chi-square; of ranges, tails and shares exact. Of ${tests} ${tests === 1 ? 'column' : 'columns'} without any difference ${short(tests * level, 2)} would be at p ${level} or less. All groups, quantiles and definitions: --json.`
  return paragraph('HOW ', '  ', text)
}

function rows(value: number): string {
  return value === 1 ? '1 row' : `${count(value)} rows`
}

/** A ratio: two digits behind the point are enough near 1. */
function times(value: number): string {
  return value >= 0.1 && value < 10 ? value.toFixed(2) : short(value, 2)
}

function signedSd(value: number): string {
  return value > 0 ? `+${short(value, 2)}` : short(value, 2)
}
