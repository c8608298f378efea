// Axes of a sweep: each path checked, each value in its one form, and the grid that they span.

import {
  broken,
  type Check,
  describeValue,
  didYouMean,
  isObject,
  oneOf,
  type SizeRule,
  writeSize,
} from '@genloss/models'
import type { RawAxis } from './axes.js'
import { canonical } from './canonical.js'
import { fields, unswept } from './fields.js'
import {
  fieldsOf,
  fieldsOfAny,
  isObjectSetting,
  isOpen,
  isPart,
  kindsOf,
  type ObjectSetting,
  objectSettings,
  readObject,
} from './objects.js'

/** One axis of a plan: `path` is a setting, or several with commas whose values go together as lists. */
export interface Axis {
  path: string
  values: unknown[]
}

/** Grids above this are refused: planning looks at every cell. */
const mostCells = 10_000_000

/**
 * Checks axes against the settings that they vary. Paths must exist, no two may touch the same setting, and the values
 * of one axis must differ.
 */
export function readAxes(axes: readonly RawAxis[], base: Readonly<Record<string, unknown>>): Axis[] {
  refuseOverlap(axes)
  const swept = new Set(axes.flatMap(({ paths }) => paths))
  const read = axes.map((axis) => readAxis(axis, base, swept))
  const cells = cellCount(read)
  if (cells > mostCells) throw broken('sweep', cells, `at most ${mostCells} cells`, 'it is the product of all axes')
  return read
}

function readAxis({ paths, values, at }: RawAxis, base: Readonly<Record<string, unknown>>, swept: ReadonlySet<string>) {
  if (values.length === 0) throw broken(at, [], 'at least one value')
  const checks = paths.map((path) => checkAt(path, base, swept, at))
  const read = values.map((tuple, i) =>
    tuple.map((value, j) => checks[j]!.read(value, paths.length > 1 ? `${at}[${i}][${j}]` : `${at}[${i}]`)),
  )
  const seen = new Set<string>()
  const twice = read.findIndex((tuple) => seen.size === seen.add(canonical(tuple)).size)
  if (twice >= 0)
    throw broken(`${at}[${twice}]`, values[twice]!.length > 1 ? values[twice] : values[twice]![0], 'different values')
  return { path: paths.join(','), values: paths.length > 1 ? read : read.map(([value]) => value) }
}

function refuseOverlap(axes: readonly RawAxis[]): void {
  const seen: string[] = []
  for (const { paths, at } of axes) {
    for (const path of paths) {
      const clash = seen.find((other) => other === path || other.startsWith(`${path}.`) || path.startsWith(`${other}.`))
      if (clash) throw broken(at, path, 'a setting that no other axis varies', `'${clash}' is varied already`)
      seen.push(path)
    }
  }
}

/** The rule for values of a path. Where the kind of its object is itself varied, the cell is checked later. */
function checkAt(path: string, base: Readonly<Record<string, unknown>>, swept: ReadonlySet<string>, at: string): Check {
  if (unswept.has(path)) throw broken(at, path, 'a setting that may differ between cells', 'it holds for the whole run')
  const [setting, key, ...more] = path.split('.') as [string, string | undefined, ...string[]]
  if (key === undefined) {
    if (fields[path]) return fields[path].check
    if (isObjectSetting(setting)) {
      return { rule: `a ${setting}`, read: (value, where) => readObject(setting, value, where) }
    }
  } else if (isObjectSetting(setting) && more.length === 0) {
    if (key === 'kind' && isPart(setting)) return oneOf(...kindsOf(setting))
    const check = insideCheck(setting, key, base[setting], swept)
    if (check) return check
  }
  throw broken(at, path, 'the path of a setting', didYouMean(path, knownPaths(base)))
}

function insideCheck(
  setting: ObjectSetting,
  key: string,
  object: unknown,
  swept: ReadonlySet<string>,
): Check | undefined {
  const own = swept.has(`${setting}.kind`) ? undefined : fieldsOf(setting, object)
  if (own && !isOpen(setting, object)) return own[key]?.check
  if (own) return own[key]?.check ?? { rule: 'a value', read: (value) => value }
  const known = fieldsOfAny(setting).some((inside) => Object.hasOwn(inside, key))
  return known ? { rule: 'a value', read: (value) => value } : undefined
}

function knownPaths(base: Readonly<Record<string, unknown>>): string[] {
  const inside = objectSettings.flatMap((setting) => {
    const own = fieldsOf(setting, base[setting])
    return (own ? [own] : fieldsOfAny(setting)).flatMap((each) => Object.keys(each).map((key) => `${setting}.${key}`))
  })
  return [...Object.keys(fields).filter((key) => !unswept.has(key)), ...objectSettings, ...inside]
}

/** How many cells the axes span: 1 without axes. */
export function cellCount(axes: readonly Axis[]): number {
  return axes.reduce((product, { values }) => product * values.length, 1)
}

/** The swept settings of a cell by path: mixed radix, the last axis fastest. */
export function sweptAt(axes: readonly Axis[], index: number): Record<string, unknown> {
  const swept: Record<string, unknown> = {}
  let below = cellCount(axes)
  for (const { path, values } of axes) {
    below /= values.length
    const value = values[Math.floor(index / below) % values.length]
    if (path.includes(',')) for (const [i, one] of path.split(',').entries()) swept[one] = (value as unknown[])[i]
    else swept[path] = value
  }
  return swept
}

/** Settings with swept values put in their places. */
export function withSwept(
  base: Readonly<Record<string, unknown>>,
  swept: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const result: Record<string, unknown> = { ...base }
  for (const path of Object.keys(swept)) {
    const point = path.indexOf('.')
    if (point < 0) result[path] = swept[path]
    else {
      const part = path.slice(0, point)
      result[part] = { ...(isObject(result[part]) ? result[part] : {}), [path.slice(point + 1)]: swept[path] }
    }
  }
  return result
}

/** Swept settings in words: `n = 100, policy.real = 0.1`. */
export function sweptInWords(swept: Readonly<Record<string, unknown>>): string {
  return Object.entries(swept)
    .map(([path, value]) => `${path} = ${settingInWords(path, value)}`)
    .join(', ')
}

function settingInWords(path: string, value: unknown): string {
  if (!isObject(value)) return describeValue(value)
  return path === 'n' ? writeSize(value as SizeRule) : describeValue(value)
}
