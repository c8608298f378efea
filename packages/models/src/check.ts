// Checks of single settings: each reads what a person wrote, forgiving in form, strict in content.

import { didYouMean, GenlossError, orList } from './error.js'

/** One rule for one setting. `read` returns the value in its one form or throws a GenlossError that names `path`. */
export interface Check<T = unknown> {
  /** The rule in words that follow "expected". */
  readonly rule: string
  readonly read: (value: unknown, path: string) => T
  /** The setting is itself a list, so a list given to it is a value and not a sweep. */
  readonly list?: boolean
  /** Whole numbers only: a range in a sweep is rounded. */
  readonly whole?: boolean
}

/** Sizes are whole numbers up to 2^53: beyond it not every whole number has a double. */
export const largestSize: number = 2 ** 53

/** The error of a setting that breaks its rule: code `plan`. */
export function broken(path: string, value: unknown, rule: string, hint?: string): GenlossError {
  return new GenlossError({ code: 'plan', path, value, rule, hint })
}

export interface NumberBounds {
  min?: number
  max?: number
  above?: number
}

/** A finite number within bounds; text that is a number counts as one. */
export function number(bounds: NumberBounds = {}): Check<number> {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, above = Number.NEGATIVE_INFINITY } = bounds
  const rule = numberRule(bounds)
  const read = (value: unknown, path: string): number => {
    const found = numeric(value)
    // Written so that NaN fails.
    if (!(Number.isFinite(found) && found! >= min && found! <= max && found! > above)) throw broken(path, value, rule)
    return found! + 0
  }
  return { rule, read }
}

function numberRule({ min, max, above }: NumberBounds): string {
  if (min !== undefined && max !== undefined) return `a number from ${min} to ${max}`
  if (above !== undefined && max !== undefined) return `a number above ${above} and up to ${max}`
  if (above !== undefined) return `a finite number above ${above}`
  if (min !== undefined) return `a finite number of at least ${min}`
  return 'a finite number'
}

/** A whole number from `min` to `max` (default 2^53); `100`, `'1e3'` and `1000.0` all count. */
export function whole(min: number, max: number = largestSize, rule: string = wholeRule(min, max)): Check<number> {
  const read = (value: unknown, path: string): number => {
    const found = numeric(value)
    if (!(Number.isInteger(found) && found! >= min && found! <= max)) throw broken(path, value, rule)
    return found! + 0
  }
  return { rule, read, whole: true }
}

function wholeRule(min: number, max: number): string {
  return `a whole number from ${min} to ${max === largestSize ? '2^53' : max}`
}

/** The number that a value stands for, or undefined. Digits that a double would round away make it undefined. */
export function numeric(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return BigInt(Number(value)) === value ? Number(value) : undefined
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return undefined
  if (/^[+-]?\d+$/.test(text)) return numeric(BigInt(text.replace('+', '')))
  return Number(text)
}

/** `true` or `false`, also as text. */
export const boolean: Check<boolean> = {
  rule: 'true or false',
  read(value, path) {
    if (value === true || value === 'true') return true
    if (value === false || value === 'false') return false
    throw broken(path, value, this.rule)
  },
}

/** One of a few words. */
export function oneOf<T extends string>(...words: readonly T[]): Check<T> {
  const rule = orList(words)
  const read = (value: unknown, path: string): T => {
    const found = words.find((word) => word === value)
    if (found !== undefined) return found
    throw broken(path, value, rule, typeof value === 'string' ? didYouMean(value, words) : undefined)
  }
  return { rule, read }
}

/** Text that is not empty; a number or a boolean counts as its text, so that classes may be named 1, 2, 3. */
export const text: Check<string> = {
  rule: 'text',
  read(value, path) {
    if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value)
    if (typeof value !== 'string' || value === '') throw broken(path, value, this.rule)
    return value
  },
}

/** A list of at least `least` entries; text with slashes (`0.7/0.2/0.1`) and a single value count as lists. */
export function listOf<T>(item: Check<T>, least = 1): Check<T[]> {
  const rule = `a list of ${least > 1 ? `at least ${least} ` : ''}entries, each ${item.rule}`
  const read = (value: unknown, path: string): T[] => {
    const entries =
      typeof value === 'string' && !item.list ? value.split('/') : Array.isArray(value) ? value : undefined
    const single = typeof value === 'number' || typeof value === 'bigint' ? [value] : undefined
    const found = entries ?? single ?? asPlainList(value)
    if (!found || found.length < least) throw broken(path, value, rule)
    return Array.from(found, (entry, i) => item.read(entry, `${path}[${i}]`))
  }
  return { rule, read, list: true }
}

function asPlainList(value: unknown): unknown[] | undefined {
  return ArrayBuffer.isView(value) && !(value instanceof DataView) ? Array.from(value as Float64Array) : undefined
}

/** A list of different names; a repeated one is an error that names it. */
export const names: Check<string[]> = {
  rule: 'a list of different names',
  list: true,
  read(value, path) {
    const found = listOf(text).read(value, path)
    const twice = found.findIndex((name, i) => found.indexOf(name) !== i)
    if (twice >= 0) throw broken(`${path}[${twice}]`, found[twice], this.rule, 'it stands there twice')
    return found
  },
}

/** A seed: a whole number from 0 to 2^64 - 1, kept as decimal text because doubles end at 2^53. */
export const seed: Check<string> = {
  rule: 'a whole number from 0 to 2^64 - 1',
  read(value, path) {
    const unsafe = typeof value === 'number' && !Number.isSafeInteger(value)
    const digits = typeof value === 'string' ? value.trim() : String(value)
    const right = typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string'
    if (unsafe && Number.isInteger(value)) throw broken(path, value, this.rule, 'write a seed beyond 2^53 in quotes')
    if (!right || !/^\d+$/.test(digits) || BigInt(digits) >= 2n ** 64n) throw broken(path, value, this.rule)
    return String(BigInt(digits))
  },
}
