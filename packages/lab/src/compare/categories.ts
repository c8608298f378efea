// One column of categories in two samples: distances, and what became of each category.

import { samples, shareDifference } from '@genloss/metrics'
import { answer, type ChanceAnswer, infiniteOf } from './numbers.js'
import type { CompareSettings } from './options.js'
import type { TextPair } from './pairs.js'

/** A category; null stands for what is missing. */
export interface CategoryComparison {
  value: string | null
  rows: [number, number]
  share: [number, number]
  /** The sample's share over the reference's; null for a category that the reference does not have. */
  retention: number | null
  /** The 95 % interval of the difference of the shares, sample less reference (Newcombe). */
  change_low: number
  change_high: number
  /** Fisher's exact test, two-sided. */
  p: number
}

export interface TextComparison {
  column: string
  kind: 'text'
  rows: [number, number]
  missing: [number, number]
  /** How many categories have rows. */
  categories: [number, number]
  tv: number
  kl_forward: number
  kl_reverse: number
  js: number
  /** Share of the reference's categories that have a row, and the reference's share of those that have none. */
  coverage: number
  missing_mass: number
  rare_retention: number
  /** Share of the sample's rows in categories that the reference does not have. */
  new_mass: number
  /** Of total variation, and of chi-square, which small categories move as much as large ones. */
  chance: { tv: ChanceAnswer; chi_square: ChanceAnswer; permutations: number } | null
  /** The least retained first, then the smaller; new ones last. */
  values: CategoryComparison[]
  /** Categories of the reference that are not among `values`, because there are too many. */
  left_out: number
  /** Measures that are infinite, which JSON writes as null. */
  infinite: string[]
}

/** The most categories that are told one by one. */
export const mostCategories = 500

/** How often rows are dealt out anew: fewer times for more categories than 100,000, so that a column takes seconds at most. */
export function timesFor(categories: number, permutations: number): number {
  return Math.min(permutations, Math.max(99, Math.floor(1e8 / categories)))
}

/** Rows of each code. */
export function countCodes(codes: Uint32Array, size: number, rows?: Uint32Array): Float64Array {
  const counts = new Float64Array(size)
  if (rows === undefined) for (const code of codes) counts[code]!++
  else for (const row of rows) counts[codes[row]!]!++
  return counts
}

/** Compares a column of categories, in all rows or in those given. */
export function compareCategories(
  { column, reference, sample, labels }: TextPair,
  { permutations, seed }: CompareSettings,
  rows?: readonly [Uint32Array, Uint32Array],
): TextComparison {
  const [p, q] = [countCodes(reference, labels.length, rows?.[0]), countCodes(sample, labels.length, rows?.[1])]
  const [n, m] = [sum(p), sum(q)]
  const missing = labels.indexOf(null)
  const values = labels
    .map((value, code) => categoryOf(value, p[code]!, n, q[code]!, m))
    .filter(({ rows: [a, b] }) => a + b > 0)
  const order = (one: CategoryComparison): number => one.retention ?? Number.POSITIVE_INFINITY
  values.sort((a, b) => order(a) - order(b) || b.rows[0] - a.rows[0] || b.rows[1] - a.rows[1])
  const bins = { a: p, b: q, isExact: true }
  const times = timesFor(labels.length, permutations)
  const test =
    permutations > 0 &&
    n > 0 &&
    m > 0 &&
    samples.permutationTest(bins, ['tv', 'chi_square'], { permutations: times, seed })
  const found: Omit<TextComparison, 'infinite'> = {
    ...{ column, kind: 'text', rows: [n, m] },
    missing: missing < 0 ? [0, 0] : [p[missing]!, q[missing]!],
    categories: [alive(p), alive(q)],
    tv: samples.totalVariation(p, q),
    kl_forward: samples.klDivergence(p, q),
    kl_reverse: samples.klDivergence(q, p),
    js: samples.jensenShannon(p, q),
    coverage: samples.categoryCoverage(p, q),
    missing_mass: samples.missingMass(p, q),
    rare_retention: samples.rareRetention(p, q),
    new_mass: samples.missingMass(q, p),
    chance: test ? { tv: answer(test.tv!), chi_square: answer(test.chi_square!), permutations: times } : null,
    values: values.slice(0, mostCategories),
    left_out: Math.max(0, values.length - mostCategories),
  }
  return { ...found, infinite: infiniteOf(found) }
}

/** A set of rows in both samples: of a category or of a group. */
export function categoryOf(value: string | null, a: number, n: number, b: number, m: number): CategoryComparison {
  const share: [number, number] = [a / n, b / m]
  const { low, high } = shareDifference({ successes: b, trials: m }, { successes: a, trials: n })
  const retention = a === 0 ? null : share[1] / share[0]
  const { p } = n > 0 && m > 0 ? samples.fisher(a, n, b, m) : { p: Number.NaN }
  return { value, rows: [a, b], share, retention, change_low: low, change_high: high, p }
}

function sum(values: Float64Array): number {
  return values.reduce((all, value) => all + value, 0)
}

function alive(counts: Float64Array): number {
  return counts.reduce((all, count) => all + (count > 0 ? 1 : 0), 0)
}
