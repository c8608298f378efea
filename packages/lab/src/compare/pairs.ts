// Which column of one sample is compared with which of the other, and why some are not.

import { didYouMean } from '@genloss/models'
import { looksLikeId } from '../sources/ids.js'
import { checkNames, fileError } from '../sources/problem.js'
import type { TableColumn, TextColumn } from '../sources/types.js'
import type { CompareSettings } from './options.js'
import { asNumbers, asText, type Sample } from './tables.js'

/** A column of numbers of both samples. */
export interface NumberPair {
  column: string
  kind: 'number'
  reference: Float64Array
  sample: Float64Array
}

/** A column of categories of both samples, with codes that mean the same. */
export interface TextPair {
  column: string
  kind: 'text'
  reference: Uint32Array
  sample: Uint32Array
  /** code -> category, null for what is missing; those of the reference first, in order of first appearance. */
  labels: readonly (string | null)[]
}

export type Pair = NumberPair | TextPair

export interface Pairs {
  pairs: Pair[]
  group: TextPair | null
  skipped: { column: string; why: string }[]
  notes: string[]
}

/** Below so many rows nothing is taken for free text. */
const fewestRows = 20

/**
 * Pairs the columns of two samples by name.
 *
 * @throws GenlossError `input` for a column that the other sample lacks (with the nearest name) or has in another kind
 */
export function pairColumns(reference: Sample, sample: Sample, settings: CompareSettings): Pairs {
  const names = reference.columns.map(({ name }) => name)
  const asked = settings.columns ?? []
  if (settings.columns) checkNames(settings.columns, names, reference.name, 'columns')
  checkNames(settings.text, names, reference.name, 'text')
  if (settings.group !== null) checkNames([settings.group], names, reference.name, 'group')
  const wanted = reference.columns.filter(
    ({ name }) => settings.columns === null || asked.includes(name) || name === settings.group,
  )
  const [pairs, skipped]: [Pair[], Pairs['skipped']] = [[], [...reference.skipped]]
  for (const column of wanted) {
    const other = partner(column.name, reference, sample)
    const isText = settings.text.includes(column.name) || column.name === settings.group
    const why = isText || asked.includes(column.name) ? undefined : whyNot(column, reference.rows)
    if (why === undefined) pairs.push(pairOf(column, other, isText, reference, sample))
    else skipped.push({ column: column.name, why })
  }
  if (pairs.length === 0) {
    const why = skipped.map(({ column, why }) => `${column}: ${why}`).join('; ')
    throw fileError(reference.name, 'no column to compare', 'at least one column of numbers or categories', why)
  }
  const more = settings.columns ? [] : sample.columns.filter(({ name }) => !names.includes(name))
  const notes =
    more.length > 0 ? [`${sample.name} has columns of its own: ${more.map(({ name }) => name).join(', ')}`] : []
  const group = pairs.find(({ column }) => column === settings.group)
  return { pairs, group: (group as TextPair | undefined) ?? null, skipped, notes }
}

function partner(name: string, reference: Sample, sample: Sample): TableColumn {
  const found = sample.columns.find((column) => column.name === name)
  if (found) return found
  const free = sample.columns
    .map((column) => column.name)
    .filter((each) => !reference.columns.some((c) => c.name === each))
  const near = didYouMean(name, free.length > 0 ? free : sample.columns.map((column) => column.name))
  const nested = sample.skipped.find(({ column }) => column === name)
  const hint = nested ? nested.why : [near, '--columns NAMES compares only those named'].filter(Boolean).join(' ')
  throw fileError(
    sample.name,
    sample.columns.map((column) => column.name),
    `a column '${name}', as in ${reference.name}`,
    hint,
  )
}

/** Why a column is not compared unless it is asked for. */
function whyNot(column: TableColumn, rows: number): string | undefined {
  if (column.missing === rows) return 'every value is missing'
  if (looksLikeId(column, rows)) return 'like an id: its values name rows'
  if (column.kind === 'number' || rows < fewestRows) return undefined
  const different = column.labels.length - (column.missing > 0 ? 1 : 0)
  if (2 * different <= rows) return undefined
  return `like free text: ${different} different values in ${rows} rows`
}

function pairOf(a: TableColumn, b: TableColumn, isText: boolean, reference: Sample, sample: Sample): Pair {
  const [first, second] = isText ? [asText(a), asText(b)] : [empty(a, b), empty(b, a)]
  if (first.kind === 'number' && second.kind === 'number')
    return { column: a.name, kind: 'number', reference: first.values, sample: second.values }
  if (first.kind === 'text' && second.kind === 'text') return textPair(first, second)
  const [words, where] = first.kind === 'text' ? [first, reference] : [second as TextColumn, sample]
  const odd = words.labels.find((label) => !Number.isFinite(Number(label))) ?? words.labels[0]
  const about = where.notes.find((note) => note.startsWith(`${a.name}: `))
  const hint = [about, `--text ${a.name} compares it as categories`].filter(Boolean).join('; ')
  const rule =
    first.kind === 'number' ? `numbers, as in ${reference.name}` : `categories, as in ${reference.name} ('${odd}')`
  const value = first.kind === 'number' ? odd : 'numbers'
  throw fileError(`${sample.name}: ${a.name}`, value, rule, hint)
}

/** A column without a value is of the other one's kind. */
function empty(column: TableColumn, other: TableColumn): TableColumn {
  if (column.kind === other.kind) return column
  if (column.kind === 'text' && column.missing === column.codes.length) return asNumbers(column)
  if (column.kind === 'number' && column.missing === column.values.length) return asText(column)
  return column
}

function textPair(a: TextColumn, b: TextColumn): TextPair {
  const codes = new Map<string | null, number>()
  const codeOf = (label: string | null): number => {
    const code = codes.get(label) ?? codes.size
    if (code === codes.size) codes.set(label, code)
    return code
  }
  const [first, second] = [a, b].map(({ labels, missing, codes: own }) => {
    const mapped = labels.map((label, k) => codeOf(missing > 0 && k === labels.length - 1 ? null : label))
    return own.map((code) => mapped[code]!)
  }) as [Uint32Array, Uint32Array]
  return { column: a.name, kind: 'text', reference: first, sample: second, labels: [...codes.keys()] }
}

/** Rows of a column of numbers that are given, or all. */
export function numbersAt(
  { reference, sample }: NumberPair,
  rows?: readonly [Uint32Array, Uint32Array],
): [Float64Array, Float64Array] {
  return rows ? [valuesAt(reference, rows[0]), valuesAt(sample, rows[1])] : [reference, sample]
}

/** The values of some rows. */
export function valuesAt(values: Float64Array, rows: Uint32Array): Float64Array {
  const taken = new Float64Array(rows.length)
  for (let k = 0; k < rows.length; k++) taken[k] = values[rows[k]!]!
  return taken
}
