// Shapes: which settings an object may have, and the one way to read it: unknown keys, types, defaults.

import { broken, type Check } from './check.js'
import { didYouMean, orList } from './error.js'
import { readShorthand } from './shorthand.js'

/** One setting of an object. Without `fallback` (a plain value) it is required, unless `optional`. */
export interface Field<T = unknown> {
  readonly check: Check<T>
  readonly doc: string
  readonly fallback?: T
  readonly optional?: true
}

/** The settings of one kind of origin, model or policy. */
export interface Shape<T = unknown> {
  readonly kind: string
  /** One sentence: what it is. */
  readonly doc: string
  readonly fields: Readonly<Record<string, Field>>
  /** What other settings are, where there may be any: they are kept as they were given, and read elsewhere. */
  readonly open?: string
  /** Rules between settings; returns the value in its one form. */
  whole?(value: T, path: string): T
}

/** The shapes of one thing by kind: all policies, all origins, all models. */
export type Shapes = Readonly<Record<string, Shape>>

export interface ReadOptions {
  /** Settings that an axis fills in later: they may be missing, and rules between settings wait. */
  later?: ReadonlySet<string>
}

/**
 * Reads settings by their fields: refuses unknown keys (with the nearest valid name) and wrong types, fills in
 * defaults. The result has exactly the known keys that were given or have a default, in the order of the fields.
 */
export function readFields(
  fields: Readonly<Record<string, Field>>,
  value: Readonly<Record<string, unknown>>,
  path: string,
  { later }: ReadOptions = {},
): Record<string, unknown> {
  refuseUnknown(fields, value, path)
  const result: Record<string, unknown> = {}
  for (const [key, field] of Object.entries(fields)) {
    const given = value[key]
    const at = join(path, key)
    if (later?.has(key)) {
      // What an axis replaces is still looked at: a wrong value there is a slip too.
      if (given !== undefined && given !== null) field.check.read(given, at)
      continue
    }
    if (given !== undefined && given !== null) result[key] = field.check.read(given, at)
    else if (field.fallback !== undefined) result[key] = field.fallback
    else if (!field.optional) throw broken(at, undefined, field.check.rule, 'it has no default')
  }
  return result
}

function refuseUnknown(
  fields: Readonly<Record<string, unknown>>,
  value: Readonly<Record<string, unknown>>,
  path: string,
) {
  for (const key of Object.keys(value)) {
    if (Object.hasOwn(fields, key) || (key === 'kind' && path !== '')) continue
    const known = Object.keys(fields)
    const rule = known.length ? `one of the settings ${orList(known)}` : 'no settings'
    throw broken(join(path, key), value[key], rule, didYouMean(key, known) ?? 'no setting has this name')
  }
}

/**
 * Reads an object with a `kind`, or its shorthand (`mix:real=0.1,source=fresh`; a bare name for no settings).
 *
 * @param what the word for it in messages: `policy`.
 */
export function readKind<T extends { kind: string }>(
  shapes: Shapes,
  value: unknown,
  path: string,
  options: ReadOptions = {},
): T {
  const given = asObject(value, path, shapes)
  const shape = shapeOf(shapes, given.kind, path)
  const [own, others] = shape.open === undefined ? [given, {}] : parted(shape.fields, given)
  const read = { kind: shape.kind, ...readFields(shape.fields, own, path, options), ...others } as unknown as T
  const complete = !options.later || options.later.size === 0
  return complete && shape.whole ? (shape.whole(read, path) as T) : read
}

/** Settings with a field, and the others. */
function parted(fields: Readonly<Record<string, Field>>, given: Record<string, unknown>) {
  const entries = Object.entries(given)
  const own = entries.filter(([key]) => key === 'kind' || Object.hasOwn(fields, key))
  const others = entries.filter(([key, value]) => key !== 'kind' && !Object.hasOwn(fields, key) && value != null)
  return [own, others].map((list) => Object.fromEntries(list)) as [Record<string, unknown>, Record<string, unknown>]
}

/** The object that a value stands for: text is read as shorthand. */
export function asObject(value: unknown, path: string, shapes: Shapes): Record<string, unknown> {
  if (typeof value === 'string' && value !== '') return readShorthand(value, path)
  if (isObject(value)) return value
  throw broken(path, value, `a name or an object with a kind: ${orList(Object.keys(shapes))}`)
}

/** The shape of a kind, or an error with the nearest one. */
export function shapeOf(shapes: Shapes, kind: unknown, path: string): Shape {
  if (typeof kind === 'string' && Object.hasOwn(shapes, kind)) return shapes[kind]!
  const kinds = Object.keys(shapes)
  const near = typeof kind === 'string' ? didYouMean(kind, kinds) : undefined
  throw broken(join(path, 'kind'), kind, orList(kinds), near)
}

/** Settings without those that are at their default. */
export function stripDefaults(
  fields: Readonly<Record<string, Field>>,
  value: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const [key, entry] of Object.entries(value)) {
    const fallback = fields[key]?.fallback
    if (fallback === undefined || JSON.stringify(fallback) !== JSON.stringify(entry)) result[key] = entry
  }
  return result
}

export function isObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}
