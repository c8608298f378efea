// The errors of reading: one way to say which file, what was found, and what to do.

import { didYouMean, GenlossError } from '@genloss/models'

/** An error about a file: `people.csv: expected <rule>, got <value> (<hint>)`. */
export function fileError(file: string, value: unknown, rule: string, hint?: string, cause?: unknown): GenlossError {
  return new GenlossError({ code: 'input', path: file, value, rule, hint }, cause === undefined ? undefined : { cause })
}

/** An error about an option of reading: `delimiter: expected ...`. */
export function optionError(option: string, value: unknown, rule: string, hint?: string): GenlossError {
  return new GenlossError({ code: 'input', path: option, value, rule, hint })
}

/** Refuses names that are no columns, with the nearest ones. */
export function checkNames(wanted: Iterable<string>, names: readonly string[], file: string, option: string): void {
  for (const name of wanted) {
    if (names.includes(name)) continue
    const shown = names.slice(0, 12).map((each) => `'${each}'`)
    const all = `it has ${shown.join(', ')}${names.length > shown.length ? ` and ${names.length - shown.length} more` : ''}`
    const near = didYouMean(name, names)
    throw optionError(option, name, `a column of ${file}`, near ? `${near} ${all}` : all)
  }
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
