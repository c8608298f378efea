// Whether a column is numbers or text: decided over all its values, never over a sample.

import { plural, shown } from './words.js'

/** Fields that are no numbers, by what they say: how often, and where first. */
export type Oddities = Map<string, { count: number; line: number }>

/** What was found in a column. Counts are of rows. */
export interface Findings {
  good: number
  missing: Oddities
  odd: Oddities
  codes: Oddities
  big: Oddities
  infinite: Oddities
}

export type Verdict =
  | { kind: 'number'; notes: string[] /** Those that counted as missing. */; words: string[] }
  | { kind: 'text'; exact?: boolean; notes: string[] }
  | { kind: 'refuse'; found: string; rule: string; hint: string }

/** How many rows a map of oddities covers. */
export function rowsOf(oddities: Oddities): number {
  let sum = 0
  for (const { count } of oddities.values()) sum += count
  return sum
}

/** Adds one occurrence (or several) of a field. */
export function addOddity(oddities: Oddities, text: string, line: number, count = 1): void {
  const known = oddities.get(text)
  if (known) known.count += count
  else oddities.set(text, { count, line })
}

/** Whether so few fields are odd that the column still is one of numbers. */
export function isFew(odd: number, good: number): boolean {
  return good >= 1000 && odd < 0.01 * (good + odd)
}

/**
 * The verdict on a column: a column is a number if every value that is not missing parses as a finite number. A few odd
 * ones (under 1 %, beside at least a thousand good ones) count as missing and are named, or are an error if `strict`. So do
 * infinities, however many: a column of numbers with some is one of numbers.
 * Codes with leading zeros and whole numbers beyond 2^53 make the column text, so that nothing of them is lost.
 */
export function judge(found: Findings, strict: boolean, unit: string): Verdict {
  const odd = rowsOf(found.odd)
  const special = rowsOf(found.codes) + rowsOf(found.big)
  const good = found.good + special
  if (good === 0) return { kind: 'text', notes: [] }
  if (odd > 0 && !isFew(odd, good)) return { kind: 'text', notes: notQuite(found, odd, good, unit) }
  if (special > 0) return kept(found, unit)
  if (odd === 0 && (found.infinite.size === 0 || !strict))
    return { kind: 'number', notes: missingNotes(found, unit), words: [...found.missing.keys()] }
  if (strict) {
    return {
      kind: 'refuse',
      found: `${listed(new Map([...found.odd, ...found.infinite]), unit)}`,
      rule: 'a finite number in every row, as in the others',
      hint: "correct the file, name the words that mean missing with 'missing', or read without 'strict'",
    }
  }
  const count = plural(odd, 'value that is no number counts', 'values that are no numbers count')
  const notes = [...missingNotes(found, unit), `${count} as missing: ${listed(found.odd, unit)}`]
  return { kind: 'number', notes, words: [...found.missing.keys()] }
}

function kept(found: Findings, unit: string): Verdict {
  if (found.codes.size > 0) {
    const where = listed(found.codes, unit)
    return { kind: 'text', notes: [`read as text, because numbers with leading zeros are codes: ${where}`] }
  }
  const where = listed(found.big, unit)
  return {
    kind: 'text',
    exact: true,
    notes: [`read as text, because whole numbers beyond 2^53 would be rounded: ${where}`],
  }
}

function missingNotes(found: Findings, unit: string): string[] {
  const named = new Map([...found.missing].filter(([text]) => text.trim() !== ''))
  const { infinite } = found
  return [
    ...(named.size > 0
      ? [`${plural(rowsOf(named), 'word counts', 'words count')} as missing: ${listed(named, unit)}`]
      : []),
    ...(infinite.size > 0
      ? [
          `${plural(rowsOf(infinite), 'infinite value counts', 'infinite values count')} as missing: ${listed(infinite, unit)}`,
        ]
      : []),
  ]
}

/** Says why a column that is mostly numbers is read as text. */
function notQuite(found: Findings, odd: number, good: number, unit: string): string[] {
  if (good < odd) return []
  const share = `${good} of ${good + odd} values are numbers`
  return [`read as text: ${share}, the others are not: ${listed(found.odd, unit)}`]
}

/** The first few oddities with the place of each: `'n.a.' (line 25002)`. */
function listed(oddities: Oddities, unit: string): string {
  const all = [...oddities].sort((a, b) => a[1].line - b[1].line)
  const parts = all.slice(0, 3).map(([text, { count, line }]) => {
    const where = count > 1 ? `${count} rows, first ${unit} ${line}` : `${unit} ${line}`
    return `${shown(text)} (${where})`
  })
  return parts.join(', ') + (all.length > 3 ? ` and ${all.length - 3} more` : '')
}
