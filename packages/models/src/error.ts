// The one error class of genloss, the way native errors become it, and the nearest valid name for a misspelt one.

/** What kind of thing went wrong; programs act on it, people read the message. */
export type ErrorCode = 'usage' | 'input' | 'plan' | 'data' | 'io' | 'native' | 'model' | 'interrupted'

/** The parts of an error. `at` is a place in a file (`tails.yaml:7:12`), put in front of the message. */
export interface ErrorParts {
  code: ErrorCode
  /** The setting, flag or file that is wrong, as a person would write it: `policy.real`. */
  path: string
  /** What was found there. */
  value?: unknown
  /** What is accepted there, in words that follow "expected". */
  rule: string
  /** What to do about it. */
  hint?: string | undefined
  at?: string | undefined
}

/**
 * The one error that genloss throws: `path: expected <rule>, got <value> (<hint>)`.
 *
 * @example
 * new GenlossError({ code: 'plan', path: 'n', value: -1, rule: 'a whole number of at least 1' }).message
 * // 'n: expected a whole number of at least 1, got -1'
 */
export class GenlossError extends Error {
  readonly code: ErrorCode
  readonly path: string
  readonly value: unknown
  readonly rule: string
  readonly hint: string | undefined
  readonly at: string | undefined

  constructor(parts: ErrorParts, options?: ErrorOptions) {
    const hint = parts.hint ? ` (${parts.hint})` : ''
    const at = parts.at ? `${parts.at}: ` : ''
    super(`${at}${parts.path}: expected ${parts.rule}, got ${describeValue(parts.value)}${hint}`, options)
    this.name = 'GenlossError'
    this.code = parts.code
    this.path = parts.path
    this.value = parts.value
    this.rule = parts.rule
    this.hint = parts.hint
    this.at = parts.at
  }

  /** The same error with a place in a file in front. */
  placed(at: string): GenlossError {
    const { code, path, value, rule, hint } = this
    return new GenlossError({ code, path, value, rule, hint, at }, { cause: this.cause })
  }

  /** The parts as a plain object, for `--json`. */
  toJSON(): ErrorParts & { message: string } {
    const { code, path, value, rule, hint, at, message } = this
    const shown = typeof value === 'bigint' || Number.isNaN(value) ? String(value) : value
    return { code, path, value: shown, rule, message, ...(hint ? { hint } : {}), ...(at ? { at } : {}) }
  }
}

/**
 * Turns what the native core threw into a GenlossError. Its errors arrive as an Error whose message is JSON
 * `{code, path, value, rule, hint}`; anything else becomes code `native` with the text kept.
 */
export function fromNative(error: unknown): GenlossError {
  if (error instanceof GenlossError) return error
  const text = error instanceof Error ? error.message : String(error)
  const parts = parseParts(text)
  if (parts) return new GenlossError(parts, { cause: error })
  return new GenlossError({ code: 'native', path: 'native', value: text, rule: 'the core to finish' }, { cause: error })
}

function parseParts(text: string): ErrorParts | undefined {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined
  const { code, path, value, rule, hint } = parsed as Record<string, unknown>
  if (typeof path !== 'string' || typeof rule !== 'string') return undefined
  return { code: isCode(code) ? code : 'native', path, value, rule, hint: typeof hint === 'string' ? hint : undefined }
}

const codes: readonly string[] = [
  'usage',
  'input',
  'plan',
  'data',
  'io',
  'native',
  'model',
  'interrupted',
] satisfies ErrorCode[]

function isCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && codes.includes(code)
}

/** A value as an error shows it: text in quotes, long things cut short. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'string') return `'${shorten(value)}'`
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return Object.is(value, -0) ? '0' : String(value)
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`
  try {
    return shorten(JSON.stringify(value) ?? String(value))
  } catch {
    return shorten(String(value))
  }
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

/**
 * `did you mean 'x'?` for the nearest entry of `list`, or undefined if nothing is near. Case, spaces and marks do not
 * count; otherwise at most a third of the letters may differ (a swapped pair counts as one).
 */
export function didYouMean(word: string, list: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Number.POSITIVE_INFINITY
  for (const entry of list) {
    const distance = editDistance(simple(word), simple(entry))
    const allowed = Math.max(1, Math.floor(Math.max(word.length, entry.length) / 3))
    if (distance <= allowed && distance < least) {
      best = entry
      least = distance
    }
  }
  return best === undefined ? undefined : `did you mean '${best}'?`
}

function simple(word: string): string {
  return word.toLowerCase().replace(/[\s_-]/g, '')
}

/** Optimal string alignment distance: insert, delete, replace, swap neighbours. */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1)
      row.push(cost)
    }
    before = last
    last = row
  }
  return last[b.length]!
}

/** A list in words: `'a', 'b' or 'c'`. */
export function orList(words: readonly string[]): string {
  const quoted = words.map((word) => `'${word}'`)
  if (quoted.length < 2) return quoted.join('')
  return `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`
}
