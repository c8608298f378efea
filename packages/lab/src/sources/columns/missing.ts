// Which words mean that a value is missing.

import { optionError } from '../problem.js'

const common = ['na', 'n/a', 'n.a.', 'nan', 'null', 'none', '-', '.']

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
