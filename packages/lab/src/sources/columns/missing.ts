// Which words mean that a value is missing.

import { optionError } from '../problem.js'

/** What R, pandas, spreadsheets, SQL and C libraries write for a missing number, and what people do; in small letters. */
const common = [
  ...[
    'na',
    'n/a',
    'n.a.',
    'n.a',
    'n/d',
    'n.d.',
    '<na>',
    '#n/a',
    '#n/a n/a',
    '#na',
    'k.a.',
    'nat',
    'nan',
    '-nan',
    '+nan',
  ],
  ...['null', '(null)', '<null>', 'none', '<none>', 'nil', '\\n', 'missing', '(missing)', 'not available'],
  ...['nan(ind)', '-nan(ind)', '1.#ind', '-1.#ind', '1.#qnan', '-1.#qnan'],
  ...['#div/0!', '#value!', '#ref!', '#num!', '#name?', '#null!'],
  ...['-', '--', '---', '\u2013', '\u2014', '.', '..', '...', '?'],
]

/** The words of one read: the common ones, which count in columns of numbers only, or a user's, which count everywhere. */
export class MissingWords {
  /** Whether the words count in columns of text too. */
  readonly everywhere: boolean
  /** Those of a user's words that are numbers, such as -999. */
  readonly numbers: ReadonlySet<number>
  readonly #words: ReadonlySet<string>

  constructor(words?: readonly string[]) {
    if (words !== undefined && !(Array.isArray(words) && words.every((word) => typeof word === 'string'))) {
      throw optionError('missing', words, "a list of words such as ['NA', 'unknown']")
    }
    this.everywhere = words !== undefined
    this.#words = new Set(words?.map((word) => word.trim()) ?? common)
    this.numbers = new Set(words?.filter((word) => word.trim() !== '').map(Number) ?? [])
  }

  /** Whether a field, spaces around it aside, is such a word. An empty one always is. */
  has(text: string): boolean {
    const word = text.trim()
    return word === '' || this.#words.has(this.everywhere ? word : word.toLowerCase())
  }
}

/** A label for missing values that no value of the data has. */
export function missingLabel(labels: readonly string[]): string {
  let label = 'missing'
  while (labels.includes(label)) label = `(${label})`
  return label
}
