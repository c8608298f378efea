// Finds what an experiment sweeps: lists given to settings, and the entries of `sweep`.

import { broken, didYouMean, type Field, isObject, number, oneOf, readFields, whole } from '@genloss/models'
import { fields } from './fields.js'
import { fieldsOf, isObjectSetting, isPart, type ObjectSetting, objectOf } from './objects.js'

/** One axis as written: `values[i]` has a value for each path; `at` is where it stands, for messages. */
export interface RawAxis {
  paths: string[]
  values: unknown[][]
  at: string
}

export interface Taken {
  base: Record<string, unknown>
  axes: RawAxis[]
}

/**
 * Parts an experiment into settings and axes: lists at settings of one value (`n: [10, 100]`, `'10,100'`), at whole
 * objects (`policy: [replace, ...]`) and inside them (`policy: { real: [0, 0.1] }`), then the entries of `sweep`.
 */
export function takeAxes(experiment: Readonly<Record<string, unknown>>): Taken {
  const { sweep, ...rest } = experiment
  const base: Record<string, unknown> = {}
  const axes: RawAxis[] = []
  for (const [key, value] of Object.entries(rest)) {
    const list = listAt(key, value)
    if (list) axes.push({ paths: [key], values: list.map((entry) => [entry]), at: key })
    else if (isObjectSetting(key) && !isPlain(key, value)) base[key] = takeInside(key, value, axes)
    else base[key] = value
  }
  if (sweep !== undefined) axes.push(...sweepAxes(sweep, rest))
  return { base, axes }
}

/** A value that has no settings inside: a size, or no stage. */
function isPlain(setting: ObjectSetting, value: unknown): boolean {
  return !isPart(setting) && (value === 'none' || (setting === 'n' && !isObject(value)))
}

/** The values of a list given to a setting of one value. */
function listAt(key: string, value: unknown): unknown[] | undefined {
  const field = fields[key]
  if (field?.check.list || (!field && !isObjectSetting(key))) return undefined
  if (Array.isArray(value)) return value
  const commas = field?.check.whole && typeof value === 'string' && value.includes(',')
  return commas ? value.split(',').map((entry) => entry.trim()) : undefined
}

/** Lists at settings inside an object. */
function takeInside(setting: ObjectSetting, value: unknown, axes: RawAxis[]): unknown {
  if (value === undefined || value === null) return undefined
  const object = objectOf(setting, value)
  const inner = fieldsOf(setting, object)
  const base: Record<string, unknown> = {}
  for (const [key, entry] of Object.entries(object)) {
    const single = key === 'kind' || (inner?.[key] && !inner[key].check.list)
    if (single && Array.isArray(entry)) {
      const path = `${setting}.${key}`
      axes.push({ paths: [path], values: entry.map((one) => [one]), at: path })
    } else base[key] = entry
  }
  return base
}

function sweepAxes(sweep: unknown, experiment: Record<string, unknown>): RawAxis[] {
  if (!isObject(sweep)) throw broken('sweep', sweep, 'an object of path: values')
  return Object.entries(sweep).map(([key, given]) => {
    const at = `sweep.${key}`
    const paths = key.split(',').map((path) => path.trim())
    const zipped = paths.length > 1 && isObject(given)
    const values = zipped ? zip(given, paths, at, experiment) : valuesOf(given, at, wholeAt(paths, experiment))
    if (values.length === 0) throw broken(at, given, 'at least one value')
    return { paths, values: paths.length === 1 ? values.map((value) => [value]) : tuples(values, paths, at), at }
  })
}

/** Values of several paths that go together, given a path at a time: `n,seed: { n: [10, 20], seed: { from: 1, to: 2, steps: 2 } }`. */
function zip(
  given: Record<string, unknown>,
  paths: string[],
  at: string,
  experiment: Record<string, unknown>,
): unknown[][] {
  const unknown = Object.keys(given).find((path) => !paths.includes(path))
  if (unknown !== undefined) {
    const hint = didYouMean(unknown, paths) ?? 'a range goes with one path'
    throw broken(at, unknown, `values of ${paths.join(' and ')}`, hint)
  }
  const columns = paths.map((path) => valuesOf(given[path], `${at}.${path}`, wholeAt([path], experiment), true))
  const [first] = columns as [unknown[]]
  const other = columns.findIndex((column) => column.length !== first.length)
  if (other >= 0) {
    const rule = `as many values as ${paths[0]} has: ${first.length}`
    throw broken(`${at}.${paths[other]}`, columns[other]!.length, rule, 'they go together one by one')
  }
  return first.map((_, i) => columns.map((column) => column[i]))
}

function tuples(values: unknown[], paths: string[], at: string): unknown[][] {
  return values.map((value, i) => {
    if (Array.isArray(value) && value.length === paths.length) return value
    throw broken(`${at}[${i}]`, value, `a list of ${paths.length} values, one for each of ${paths.join(', ')}`)
  })
}

function wholeAt(paths: string[], experiment: Record<string, unknown>): boolean {
  const path = paths.length === 1 ? paths[0]! : ''
  const [part, key] = path.split('.') as [string, string | undefined]
  if (key === undefined) return fields[path]?.check.whole ?? false
  if (!isObjectSetting(part)) return false
  return fieldsOf(part, experiment[part])?.[key]?.check.whole || key === 'batches'
}

/** The values that are written as a list, a range or text with commas; `repeats` keeps values that a range has twice. */
function valuesOf(given: unknown, at: string, rounded: boolean, repeats = false): unknown[] {
  if (Array.isArray(given)) return given
  if (isObject(given) && ('from' in given || 'to' in given || 'steps' in given))
    return range(given, at, rounded, repeats)
  if (typeof given === 'string' && !/[:=]/.test(given) && given.includes(','))
    return given.split(',').map((v) => v.trim())
  if (given === null || given === undefined) return []
  return [given]
}

const rangeFields: Record<string, Field> = {
  from: { check: number(), doc: 'the first value' },
  to: { check: number(), doc: 'the last value' },
  steps: { check: whole(2, 1e6), doc: 'how many values' },
  scale: { check: oneOf('linear', 'log'), doc: 'equal steps of the value or of its logarithm', fallback: 'linear' },
}

/** Evenly spaced values, both ends included; whole-number settings are rounded and repeats dropped. */
function range(given: Record<string, unknown>, at: string, rounded: boolean, repeats: boolean): number[] {
  const { from, to, steps, scale } = readFields(rangeFields, given, at) as {
    from: number
    to: number
    steps: number
    scale: string
  }
  const log = scale === 'log'
  if (log && !(from > 0 && to > 0)) throw broken(`${at}.from`, Math.min(from, to), 'ends above 0 for a log scale')
  const values = Array.from({ length: steps }, (_, i) => {
    const share = i / (steps - 1)
    const value = log ? from * (to / from) ** share : from + (to - from) * share
    // 12 digits: 0.01, 0.1, 1 come out as they are written.
    return rounded ? Math.round(value) : Number(value.toPrecision(12))
  })
  return repeats ? values : [...new Set(values)]
}
