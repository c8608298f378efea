// From what a person writes to a checked experiment: settings in their one form, defaults filled in, axes apart.

import {
  broken,
  definitionOf,
  didYouMean,
  type FamilyKind,
  type Filter,
  familyOf,
  isObject,
  type Method,
  type Model,
  models,
  type Origin,
  type Poison,
  readFields,
  readKind,
  type Sampling,
  type Selection,
  type SizeRule,
  stageNames,
  text,
  type Weights,
} from '@genloss/models'
import { takeAxes } from './axes.js'
import { fields, notYet } from './fields.js'
import {
  isObjectSetting,
  type ObjectSetting,
  objectOf,
  objectSettings,
  parts,
  readObject,
  shapesOf,
} from './objects.js'
import { type Axis, readAxes } from './sweep.js'

/** An origin, model or policy as people write it: an object, shorthand, or a list that is swept. */
export type Written = string | object | readonly (string | object)[]
/** A setting of one value as people write it: text counts as its number, and a list is swept. */
export type Loose<T> = T | string | readonly (T | string)[]
/** A stage as people write it: its settings, each with one value or several, shorthand, or a list that is swept. */
export type LooseStage<T> = StageObject<T> | string | readonly (StageObject<T> | string)[]
type StageObject<T> = { readonly [K in keyof T]?: LooseSetting<NonNullable<T[K]>> }
type LooseSetting<T> = [T] extends [object] ? T : Loose<T>

/** An experiment as a person writes it. Everything but an origin or a model, and `n`, may be left out. */
export interface ExperimentInput {
  name?: string
  origin?: Written
  model?: Written
  policy?: Written
  n?: Loose<SizeRule>
  initial?: Loose<number>
  generations?: Loose<number>
  replicates?: Loose<number>
  seed?: Loose<number | bigint>
  method?: Loose<'auto' | Method>
  onEmpty?: Loose<'stop' | 'keep'>
  sampling?: LooseStage<Sampling>
  filter?: LooseStage<Filter>
  selection?: LooseStage<Selection>
  poison?: LooseStage<Poison>
  weights?: LooseStage<Weights>
  record?: string | object
  sustain?: Loose<number>
  commonRandomNumbers?: boolean | string
  shares?: string | readonly string[]
  columns?: string | readonly string[]
  events?: boolean | string
  watch?: readonly object[]
  sweep?: Readonly<Record<string, unknown>>
}

/** A checked experiment. `base` holds what no axis varies; defaults that depend on other settings are not in it. */
export interface Experiment {
  name: string | undefined
  base: Record<string, unknown>
  axes: Axis[]
}

/**
 * Checks an experiment. Forgiving in form: shorthand for objects, text for numbers, one value for a list, numbers as
 * names. Strict in content: unknown or misspelt settings, wrong types, impossible values are errors.
 *
 * @throws GenlossError `plan` with path, value, rule and, where one is near, the right name
 */
export function parseExperiment(input: unknown): Experiment {
  if (!isObject(input)) throw broken('experiment', input, 'an object of settings')
  refuseUnknown(input)
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined && value !== null))
  const name = given.name === undefined ? undefined : text.read(given.name, 'name')
  const { base, axes } = takeAxes(given)
  const read = readAxes(axes, base)
  const swept = new Set(read.flatMap(({ path }) => path.split(',')))
  return { name, base: readBase(base, swept), axes: read }
}

function refuseUnknown(input: Record<string, unknown>): void {
  const known = ['name', ...parts, ...stageNames, ...Object.keys(fields), 'sweep']
  for (const [key, value] of Object.entries(input)) {
    if (known.includes(key)) continue
    const placed = key === 'stages' ? `each stage stands by itself: ${stageNames.join(', ')}` : undefined
    const hint = notYet.has(key) ? `'${key}' is not available yet` : (placed ?? didYouMean(key, known))
    throw broken(key, value, 'a setting of an experiment', hint ?? `there are ${known.join(', ')}`)
  }
}

function readBase(base: Record<string, unknown>, swept: ReadonlySet<string>): Record<string, unknown> {
  const { name: _, ...given } = base
  const result: Record<string, unknown> = {}
  for (const setting of objectSettings) {
    const inside = insideOf(setting, swept)
    if (given[setting] === undefined || (setting === 'n' && inside.size === 0)) continue
    const read = inside.has('kind') ? given[setting] : readObject(setting, given[setting], setting, { later: inside })
    delete given[setting]
    if (!swept.has(setting) && read !== 'none') result[setting] = read
  }
  const varies = (setting: ObjectSetting) => swept.has(setting) || insideOf(setting, swept).size > 0
  if (!varies('origin') && !varies('model')) Object.assign(result, pairOf(result.origin, result.model))
  if (!varies('policy')) result.policy ??= { kind: 'replace' }
  return { ...result, ...readFields(fields, given, '', { later: swept }) }
}

/** The settings inside an object that axes vary. */
function insideOf(setting: ObjectSetting, swept: ReadonlySet<string>): ReadonlySet<string> {
  const inside = [...swept].filter((path) => path.startsWith(`${setting}.`))
  return new Set(inside.map((path) => path.slice(setting.length + 1)))
}

/** An origin and a model that go together; one left out is the other's own. @throws GenlossError `plan` */
export function pairOf(origin: unknown, model: unknown): { origin: Origin; model: Model } {
  if (origin === undefined && model === undefined) {
    throw broken(
      'origin',
      undefined,
      'an origin or a model',
      "the shortest experiment is 'origin: gaussian' and 'n: 100'",
    )
  }
  const real = (origin ?? ownOrigin(model as Model)) as Origin
  const learner = (model ?? readKind(shapesOf.model, { kind: familyOf(real) }, 'model')) as Model
  const { origins: fitting } = definitionOf(learner.kind)
  if (!fitting.includes(real.kind)) {
    const rule = `a model of a '${real.kind}' origin: ${modelsOf(real).join(', ')}`
    throw broken('model', learner.kind, rule, `'${learner.kind}' takes ${fitting.join(' or ')}`)
  }
  return { origin: real, model: learner }
}

function ownOrigin(model: Model): unknown {
  const [kind] = definitionOf(model.kind).origins
  return readKind(shapesOf.origin, { kind }, 'origin')
}

function modelsOf(origin: Origin): FamilyKind[] {
  return (Object.keys(models) as FamilyKind[]).filter((kind) => definitionOf(kind).origins.includes(origin.kind))
}

/** A setting from outside the file: several values make an axis. */
export interface SetPath {
  path: string
  values: readonly unknown[]
}

/**
 * An experiment with settings put over it, as `--set path=value` does: one value replaces, several sweep. Text
 * `path=a,b` is taken apart here.
 */
export function setPaths(
  input: Readonly<Record<string, unknown>>,
  sets: readonly (string | SetPath)[],
): Record<string, unknown> {
  let result: Record<string, unknown> = { ...input }
  for (const set of sets) {
    const { path, values } = typeof set === 'string' ? splitSet(set) : set
    result = values.length === 1 ? setOne(result, path, values[0]) : sweepOver(result, path, values)
  }
  return result
}

function splitSet(set: string): SetPath {
  const equals = set.indexOf('=')
  if (equals < 1) throw broken('set', set, 'path=value')
  const value = set.slice(equals + 1).trim()
  // A comma before `key=` belongs to shorthand: policy=replace,mix:real=0.1,source=fixed is two policies.
  const values = value.split(/,(?![A-Za-z]\w*=)/).map((entry) => entry.trim())
  return { path: set.slice(0, equals).trim(), values }
}

function setOne(input: Record<string, unknown>, path: string, value: unknown): Record<string, unknown> {
  const cleared = withoutAxis(input, path)
  const [setting, key] = path.split('.') as [string, string | undefined]
  if (key === undefined) return { ...cleared, [setting]: value }
  const given = cleared[setting]
  const known = given !== undefined && given !== null && isObjectSetting(setting)
  const object = known ? objectOf(setting, given) : isObject(given) ? given : {}
  return { ...cleared, [setting]: { ...object, [key]: value } }
}

function sweepOver(input: Record<string, unknown>, path: string, values: readonly unknown[]): Record<string, unknown> {
  const cleared = withoutAxis(input, path)
  return { ...cleared, sweep: { ...(isObject(cleared.sweep) ? cleared.sweep : {}), [path]: [...values] } }
}

/** The experiment without an axis over this path, and without a list at its setting. */
function withoutAxis(input: Record<string, unknown>, path: string): Record<string, unknown> {
  const { sweep, ...rest } = input
  if (Array.isArray(rest[path]) && !fields[path]?.check.list) delete rest[path]
  if (!isObject(sweep)) return sweep === undefined ? rest : { ...rest, sweep }
  const left = Object.entries(sweep).filter(([key]) => key !== path)
  return left.length ? { ...rest, sweep: Object.fromEntries(left) } : rest
}
