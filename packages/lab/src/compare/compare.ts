// Two samples compared: every column, whole rows, and the same within each group.

import { type Kinds, kindsOf, type Written } from '../sources/written.js'
import {
  type CategoryComparison,
  categoryOf,
  compareCategories,
  countCodes,
  type TextComparison,
} from './categories.js'
import { compareRows, type JointComparison } from './joint.js'
import { compareNumbers, type NumberComparison } from './numbers.js'
import { type CompareOptions, type CompareSettings, readCompareOptions, type SampleInput } from './options.js'
import { type NumberPair, type Pair, pairColumns, type TextPair } from './pairs.js'
import { type SharedRows, sharedRows } from './shared.js'
import { readSample, type Sample } from './tables.js'
import { verdictOf } from './verdict.js'

export type ColumnComparison = NumberComparison | TextComparison

/** The rows of one category of the group column, compared. */
export interface GroupComparison extends CategoryComparison {
  column: string
  /** Empty where one of the samples has no row of the group. */
  columns: ColumnComparison[]
  joint: JointComparison | null
}

/** What was read of a sample. */
export interface ReadAnswer {
  file: string
  sha256: string | null
  rows: number
  /** How many columns hold numbers, and how many words. */
  kinds: Kinds
  /** What the file is and how it is written; null for columns in memory. */
  written: Written | null
  duplicates: number | null
  notes: readonly string[]
}

/** The document of `compare --json`. */
export interface Comparison {
  verdict: string
  reference: ReadAnswer
  sample: ReadAnswer
  settings: CompareSettings
  columns: ColumnComparison[]
  joint: JointComparison | null
  shared: SharedRows | null
  groups: GroupComparison[]
  /** Groups whose rows are not compared: there are too many, and these are the smaller ones. */
  groups_left_out: number
  skipped: { column: string; why: string }[]
  notes: string[]
}

/** The most groups whose columns are compared; the largest are. */
export const mostGroups = 200

/**
 * Compares two samples column by column: moments, W1, W2, KS, energy distance, quantiles, tails with their expected
 * shortfall and the range for numbers; total variation, Kullback-Leibler and Jensen-Shannon divergences, coverage and each
 * category for words; sliced Wasserstein distances for whole rows; and all of it again within each group. `definitions`
 * says what each measure is. Distances stand beside what chance alone would give (rows dealt out anew, seeded).
 *
 * Columns are paired by name; those of the reference that the sample lacks are an error, unless `columns` names others.
 *
 * @param reference the real sample: a CSV, TSV, JSON Lines or Parquet file, a table, or columns in memory
 * @param sample the sample that is held against it
 * @throws GenlossError `input` for files, columns and options
 *
 * @example
 * const found = await compare('real.csv', 'generated.csv', { group: 'region' })
 * found.columns[0].tails[0].retention // 0.4: of the lowest 5 % two fifths are left
 */
export async function compare(
  reference: SampleInput,
  sample: SampleInput,
  options: CompareOptions = {},
): Promise<Comparison> {
  const settings = readCompareOptions(options)
  const before = await readSample(reference, 'reference', options)
  const after = await readSample(sample, 'sample', options)
  return compareSamples(before, after, settings)
}

function compareSamples(before: Sample, after: Sample, settings: CompareSettings): Comparison {
  const { pairs, group, skipped, notes } = pairColumns(before, after, settings)
  const found = group ? groupsOf(group, pairs, settings) : { groups: [], leftOut: 0 }
  const comparison = {
    reference: readOf(before),
    sample: readOf(after),
    settings,
    columns: pairs.map((pair) => compareColumn(pair, settings)),
    joint: compareRows(pairs.filter(isNumbers), settings),
    shared: sharedRows(pairs, [before.rows, after.rows]),
    groups: found.groups,
    groups_left_out: found.leftOut,
    skipped,
    notes,
  }
  return { verdict: verdictOf(comparison), ...comparison }
}

function readOf({ name, sha256, rows, columns, duplicates, notes, written }: Sample): ReadAnswer {
  return { file: name, sha256, rows, kinds: kindsOf(columns), written, duplicates, notes }
}

function isNumbers(pair: Pair): pair is NumberPair {
  return pair.kind === 'number'
}

function compareColumn(
  pair: Pair,
  settings: CompareSettings,
  rows?: readonly [Uint32Array, Uint32Array],
): ColumnComparison {
  return pair.kind === 'number' ? compareNumbers(pair, settings, rows) : compareCategories(pair, settings, rows)
}

function groupsOf(group: TextPair, pairs: readonly Pair[], settings: CompareSettings) {
  const { labels, reference, sample, column } = group
  const [p, q] = [countCodes(reference, labels.length), countCodes(sample, labels.length)]
  const [before, after] = [rowsByCode(reference, p), rowsByCode(sample, q)]
  const others = pairs.filter((pair) => pair !== group)
  const codes = labels.map((_, code) => code).filter((code) => p[code]! + q[code]! > 0)
  codes.sort((a, b) => p[b]! - p[a]! || q[b]! - q[a]!)
  const groups = codes.slice(0, mostGroups).map((code): GroupComparison => {
    const about = categoryOf(labels[code]!, p[code]!, reference.length, q[code]!, sample.length)
    if (p[code] === 0 || q[code] === 0) return { column, ...about, columns: [], joint: null }
    const rows = [before[code]!, after[code]!] as const
    const columns = others.map((pair) => compareColumn(pair, settings, rows))
    return { column, ...about, columns, joint: compareRows(others.filter(isNumbers), settings, rows) }
  })
  return { groups, leftOut: Math.max(0, codes.length - mostGroups) }
}

/** The rows of each code, in the order of the table. */
function rowsByCode(codes: Uint32Array, counts: Float64Array): Uint32Array[] {
  const rows = Array.from(counts, (count) => new Uint32Array(count))
  const next = new Uint32Array(counts.length)
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!
    rows[code]![next[code]!++] = row
  }
  return rows
}
