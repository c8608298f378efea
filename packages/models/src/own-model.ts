// A model that a user writes: plain functions over columns, and what the engine lends to them.

import { boolean, broken, type Check, listOf, number, oneOf, text, whole } from './check.js'
import type { Random } from './definition.js'
import { GenlossError } from './error.js'
import type { Model, ModuleModel } from './settings.js'
import { type Field, readFields } from './shape.js'

/** Classes as codes: `labels[codes[i]]` is the class of record i. */
export interface Classes {
  codes: Uint32Array
  labels: readonly string[]
}

/** One column of records: finite numbers, or classes. */
export type RecordColumn = Float64Array | Classes

/**
 * Records by column, all of one length. A law on the line has one column `value`, one in several dimensions `x1`, `x2`,
 * ..., classes one column `class`, and a table those that are modelled, under its own names.
 */
export type Records = Readonly<Record<string, RecordColumn>>

/** Random numbers from the engine: they depend on seed, cell, replicate and generation alone, never on who runs it. */
export interface Stream extends Random {
  /** An exponential number of mean 1. */
  exponential(): number
  /** Fills with standard normal numbers, which is faster than one by one; returns what it filled. */
  normals(into: Float64Array): Float64Array
  /** Fills with numbers between 0 and 1. */
  uniforms(into: Float64Array): Float64Array
  /** Fills with exponential numbers of mean 1. */
  exponentials(into: Float64Array): Float64Array
}

/** What a function of a model gets beside its records. */
export interface ModelContext<Fitted> {
  readonly stream: Stream
  /** The chain's model of the generation before; undefined in generation 0. */
  readonly last: Fitted | undefined
  readonly replicate: number
  readonly generation: number
  /** Whether the run was asked to stop: a fit that takes seconds looks at it now and then, and returns anything. */
  readonly cancelled: boolean
  /** A folder for files of the run's models; undefined where the law kit tries a model. */
  readonly work?: string | undefined
  /** The words that stop the run, for programs that are waited for. */
  readonly control?: Uint32Array | undefined
}

type Fields = Readonly<Record<string, Field>>

/** The values of a model's settings. */
export type Parameters<F extends Fields> = { readonly [K in keyof F]: F[K]['check'] extends Check<infer T> ? T : never }

/** The columns that a model needs, by name. */
export type Needed = Readonly<Record<string, 'number' | 'class'>>

/** Records of the columns that a model needs; where it says nothing, of any. */
export type RecordsOf<C extends Needed> = string extends keyof C
  ? Records
  : { readonly [K in keyof C]: C[K] extends 'number' ? Float64Array : Classes }

/**
 * The functions of a model. Given the same records, settings and random numbers they must do the same: what they keep
 * from call to call belongs in what `fit` returns.
 */
export interface ModelFunctions<F extends Fields, Fitted, C extends Needed = Needed> {
  /** Lower case with dashes: `laplace`. */
  name: string
  /** Raised by hand when the functions change; runs of functions in memory need it to go on in a folder. */
  version?: string
  /** The settings, as `{ rate: { check: checks.number({ above: 0 }), doc: 'events a second', fallback: 1 } }`. */
  parameters?: F
  /** The columns that it is for, as `{ value: 'number' }`; left out, it takes whatever columns an origin has. */
  columns?: C
  /** The model fitted to records; null where these records are too few or too much alike for it, which ends the chain. */
  fit(columns: RecordsOf<C>, parameters: Parameters<F>, context: ModelContext<Fitted>): Fitted | null
  /** n records of a fitted model: the columns that `fit` got, each of length n, with the same labels. */
  sample(fitted: Fitted, n: number, context: ModelContext<Fitted>): RecordsOf<C>
  /** ln of the density of a fitted model at records: for the law kit, which compares it with samples. */
  logDensity?(fitted: Fitted, columns: RecordsOf<C>): Float64Array
  /** Seconds that one fit or one sample may take on a worker thread; 600 by default. */
  seconds?: number
  /** A hash of what the functions use beside their own code, such as the files of a program. */
  identity?(): string
}

/** What the engine keeps of a model: types of its settings and of what it fits are known to its functions alone. */
export type OwnModel = ModelFunctions<Fields, unknown>

/** Checks for the settings of a model: `scale: { check: checks.number({ above: 0 }), doc: 'width', fallback: 1 }`. */
export const checks: {
  readonly boolean: typeof boolean
  readonly listOf: typeof listOf
  readonly number: typeof number
  readonly oneOf: typeof oneOf
  readonly text: typeof text
  readonly whole: typeof whole
} = { boolean, listOf, number, oneOf, text, whole }

/** A model's factory, as those of genloss: settings in, the model of an experiment out. */
export interface OwnFactory<F extends Fields, Fitted, C extends Needed = Needed> {
  (settings?: { readonly [K in keyof F]?: Parameters<F>[K] } & { records?: number }): Model
  readonly functions: ModelFunctions<F, Fitted, C>
}

const mark = Symbol.for('genloss.model')

/**
 * Defines a model of your own. Give its factory to `run`, or export it as the default of a module that an experiment
 * names: `model: { kind: module, file: ./laplace.ts, scale: 2 }`.
 *
 * @example
 * export default defineModel({
 *   name: 'laplace',
 *   columns: { value: 'number' },
 *   fit({ value }) {
 *     const sorted = value.toSorted()
 *     const median = sorted[sorted.length >> 1]!
 *     return { median, scale: sorted.reduce((sum, x) => sum + Math.abs(x - median), 0) / sorted.length }
 *   },
 *   sample({ median, scale }, n, { stream }) {
 *     const value = stream.exponentials(new Float64Array(n))
 *     return { value: value.map((x) => median + (stream.uniform() < 0.5 ? -scale : scale) * x) }
 *   },
 * })
 *
 * @throws GenlossError `plan` for a definition that has no name or lacks a function
 */
export function defineModel<F extends Fields = Record<never, never>, Fitted = unknown, const C extends Needed = Needed>(
  functions: ModelFunctions<F, Fitted, C>,
): OwnFactory<F, Fitted, C> {
  checkFunctions(functions)
  const key = `${functions.name}#${made++}`
  ownModels.set(key, functions as unknown as OwnModel)
  const factory = ({ records, ...settings }: { records?: number } = {}): Model => {
    const parameters = readParameters(functions as unknown as OwnModel, settings, 'model')
    return { kind: 'module', functions: key, ...(records === undefined ? {} : { records }), ...parameters } as Model
  }
  return Object.assign(factory, { functions, [mark]: true })
}

let made = 0

/** Models by the hash that plans know them by, and by the key of a factory of this process. */
const ownModels = new Map<string, OwnModel>()

/** Puts a model under its hash. */
export function keepOwnModel(sha256: string, model: OwnModel): void {
  ownModels.set(sha256, model)
}

/** A model that this process knows. */
export function ownModelOf(key: string): OwnModel | undefined {
  return ownModels.get(key)
}

/** The functions of what a module exports, if that is a model's factory, whichever copy of genloss made it. */
export function functionsOf(exported: unknown): OwnModel | undefined {
  return typeof exported === 'function' && mark in exported
    ? (exported as unknown as OwnFactory<Fields, unknown>).functions
    : undefined
}

/** The settings of a model that are not genloss's own, in their one form. @throws GenlossError `plan` */
export function readParameters(
  { parameters = {} }: OwnModel,
  given: Readonly<Record<string, unknown>>,
  path: string,
  later?: ReadonlySet<string>,
): Record<string, unknown> {
  return readFields(parameters, given, path, later ? { later } : {})
}

/** The parameters of a module's settings: all that is not genloss's own. */
export function parametersOf(model: ModuleModel): Record<string, unknown> {
  const {
    kind: _,
    file: _file,
    name: _name,
    sha256: _sha256,
    functions: _functions,
    records: _records,
    ...rest
  } = model
  return rest
}

/**
 * Refuses an origin whose records have other columns than a model needs.
 *
 * @throws GenlossError `plan`
 */
export function checkColumns({ name, columns: needed }: OwnModel, given: readonly ColumnInfo[]): void {
  if (!needed) return
  const words = (list: [string, string][]) => list.map(([column, kind]) => `${column} (${kind})`).join(', ')
  const found = given.map((column): [string, string] => [column.name, column.labels ? 'class' : 'number'])
  const wanted = Object.entries(needed)
  const fits = found.length === wanted.length && found.every(([column, kind]) => needed[column] === kind)
  if (fits) return
  throw broken('origin', words(found), `records of the columns ${words(wanted)}, for '${name}'`)
}

/** A column of a model's records: its name, and its classes if it has any. */
export interface ColumnInfo {
  name: string
  labels?: readonly string[]
}

/** Settings of every module, which no model may have for itself. */
export const moduleWords: readonly string[] = ['kind', 'file', 'name', 'sha256', 'functions', 'records']

function checkFunctions(model: { name?: unknown; fit?: unknown; sample?: unknown; parameters?: object }): void {
  const wrong = (path: string, value: unknown, rule: string, hint?: string) =>
    new GenlossError({ code: 'plan', path: `defineModel.${path}`, value, rule, hint })
  if (typeof model !== 'object' || model === null)
    throw broken('defineModel', model, 'an object with name, fit, sample')
  const { name, fit, sample, parameters = {} } = model
  if (typeof name !== 'string' || !/^[a-z][a-z0-9-]*$/.test(name)) {
    throw wrong('name', name, 'a name of lower-case letters, digits and dashes', "such as 'laplace'")
  }
  if (typeof fit !== 'function') throw wrong('fit', fit, 'a function (columns, parameters, context) => fitted')
  if (typeof sample !== 'function') throw wrong('sample', sample, 'a function (fitted, n, context) => columns')
  for (const [key, field] of Object.entries(parameters)) {
    if (moduleWords.includes(key)) throw wrong(`parameters.${key}`, key, `another name than ${moduleWords.join(', ')}`)
    const check = (field as { check?: { read?: unknown } } | null)?.check
    if (typeof check?.read !== 'function') {
      throw wrong(`parameters.${key}.check`, check, 'a check', 'such as checks.number({ above: 0 })')
    }
  }
}
