// Settles one cell: defaults that depend on other settings, rules between settings, and the method with its reason.

import {
  type Abilities,
  broken,
  type CellSettings,
  classNames,
  definitionOf,
  didYouMean,
  type Method,
  type Model,
  type Origin,
  orList,
  type Policy,
  readFields,
  readKind,
  readStage,
  type Stages,
  sizeAt,
  stageNames,
} from '@genloss/models'
import { checkSizes } from './cell-sizes.js'
import { checkTable, type DataInfo, dataOf, groupLabels } from './data-info.js'
import { pairOf } from './experiment.js'
import { fields } from './fields.js'
import { methodOf } from './methods.js'
import type { Description } from './native.js'
import { type Part, shapesOf } from './objects.js'
import { settleStages } from './stage-settings.js'

/** A cell with everything decided. */
export interface Settled {
  settings: CellSettings
  method: Method
  /** Why this method, in words that follow "method draws:". */
  why: string
  /** The stages that change something, classes by code: what the core is told. */
  stages: Stages
  abilities: Abilities
  /** What to know of the cell beside its settings. */
  remarks: string[]
}

/** Where a family can't take infinitely many records: this many, or a hundred times n. */
const nearlyInfinite = 1e6

/**
 * Settles a cell from its settings (checked one by one before, or raw): fills in `initial`, `sustain`, `columns` and
 * the pair of origin and model, and checks what settings must be to each other.
 *
 * @param data tables by the SHA-256 of their content
 * @throws GenlossError `plan`
 */
export function settle(
  raw: Readonly<Record<string, unknown>>,
  data: Readonly<Record<string, DataInfo>>,
  core: Description,
): Settled {
  const { origin: o, model: m, policy: p, ...rest } = raw
  const pair = pairOf(
    o === undefined ? undefined : readOnce<Origin>('origin', o),
    m === undefined ? undefined : readOnce<Model>('model', m),
  )
  definitionOf(pair.model.kind).checkOrigin?.(pair.model as never, pair.origin)
  const policy = readOnce<Policy>('policy', p ?? { kind: 'replace' })
  const { stages: given, others } = readStages(rest)
  const read = readFields(fields, others, '') as Partial<CellSettings> & { generations: number }
  const table = dataOf(pair.origin, data)
  const { generations } = read
  const asked = {
    ...pair,
    policy,
    ...given,
    ...read,
    sustain: read.sustain ?? Math.min(10, Math.max(1, Math.floor(generations / 5))),
    columns: columnsOf(pair, read.columns, core),
  } as CellSettings
  const { settings, remarks, infinite } = withSizes(asked, read, table, core)
  if (table) checkTable(settings, table)
  // Rules of the stages come first: what has no meaning at n = infinity is refused even where that is approximated.
  const { stages, abilities } = settleStages(infinite ? { ...settings, n: 'inf' } : settings, table)
  const { least, most } = checkSizes(settings)
  checkRecord(settings)
  checkWatch(settings, core)
  const resolved = settleShares(settings, table)
  const decided = methodOf({ settings: resolved, stages, abilities }, table?.rows, core)
  checkDraws(resolved, Math.max(least, most), decided.method)
  return { settings: resolved, ...decided, stages, abilities, remarks: [...remarks, ...ownRemarks(settings)] }
}

/** Measures of records are as sharp as these are many. */
function ownRemarks({ model }: CellSettings): string[] {
  if (model.kind !== 'module') return []
  return [`measures of '${model.name}' are of ${model.records} of its records, or of its whole batch (model.records)`]
}

/** Objects that were read: most cells of a sweep share them, and nobody changes them. */
const wasRead = new WeakMap<object, unknown>()

function readOnce<T extends { kind: string }>(part: Part, raw: unknown): T {
  const known = typeof raw === 'object' && raw !== null ? wasRead.get(raw) : undefined
  if (known) return known as T
  const read = readKind<T>(shapesOf[part], raw, part)
  if (typeof raw === 'object' && raw !== null) wasRead.set(raw, read)
  return read
}

/** The stages of a cell, `none` left out, and everything else. */
function readStages(raw: Readonly<Record<string, unknown>>): { stages: Stages; others: Record<string, unknown> } {
  const others = { ...raw }
  const read: Record<string, unknown> = {}
  for (const name of stageNames) {
    const stage = raw[name] === undefined || raw[name] === null ? undefined : readStage(name, raw[name])
    if (stage) read[name] = stage
    delete others[name]
  }
  return { stages: read, others }
}

/**
 * The sizes of a cell: `n` and `initial` with their defaults, both infinite or neither. Where a family has no
 * population method, infinity is a large number.
 */
function withSizes(
  asked: CellSettings,
  given: Partial<CellSettings>,
  table: DataInfo | undefined,
  core: Description,
): { settings: CellSettings; remarks: string[]; infinite: boolean } {
  const infinite = given.n === 'inf' || given.method === 'population'
  const n = given.n ?? (infinite ? 'inf' : table?.rows)
  if (n === undefined) throw broken('n', undefined, 'the number of records a generation', 'it has no default')
  if (!infinite) {
    if (given.initial === 'inf') throw broken('initial', 'inf', "a number of records, or 'inf' for n as well")
    const first = sizeAt(n, 0)
    return { settings: { ...asked, n, initial: given.initial ?? table?.rows ?? first }, remarks: [], infinite }
  }
  if (given.method === 'draws' || given.method === 'exact') {
    throw broken('method', given.method, "'population' or 'auto' where n is infinite")
  }
  if (given.initial !== undefined && given.initial !== 'inf') {
    throw broken('initial', given.initial, "'inf' where n is infinite", 'leave it out')
  }
  if (hasPopulation(asked, core)) return { settings: { ...asked, n: 'inf', initial: 'inf' }, remarks: [], infinite }
  const many = typeof n === 'number' ? Math.max(100 * n, nearlyInfinite) : nearlyInfinite
  const why = `'${asked.model.kind}' of a '${asked.origin.kind}' origin has no population method`
  const remark = `n = infinity is approximated by ${many} records: ${why}`
  const settings = { ...asked, n: many, initial: table?.rows ?? many, method: 'auto' as const }
  return { settings, remarks: [remark], infinite }
}

function hasPopulation({ model, origin }: CellSettings, core: Description): boolean {
  const built = core.families.find(({ kind }) => kind === model.kind)?.methods.includes('population') ?? false
  return built && definitionOf(model.kind).abilities(model as never, origin).population
}

/** The columns asked for, in the core's order; all by default. Columns of watched sets come in addition. */
function columnsOf(
  { model, origin }: Pick<CellSettings, 'model' | 'origin'>,
  asked: string[] | undefined,
  core: Description,
): string[] {
  const family = core.families.find(({ kind }) => kind === model.kind)
  if (!family) throw broken('model.kind', model.kind, orList(core.families.map(({ kind }) => kind)))
  const known = allColumns(family)
  if (!asked) return usualColumns(model, origin, known)
  for (const [i, name] of asked.entries()) {
    if (known.includes(name)) continue
    const hint = didYouMean(name, known) ?? (name.startsWith('share_') ? 'ask for classes with shares' : undefined)
    throw broken(`columns[${i}]`, name, `a column of '${model.kind}'`, hint ?? `there are ${known.join(', ')}`)
  }
  return known.filter((name) => asked.includes(name))
}

/** Columns that are kept where none are asked for, one list for all cells that are alike. */
function usualColumns({ kind }: Model, origin: Origin, known: string[]): string[] {
  const { unusual } = definitionOf(kind)
  if (!unusual) return known
  const left = unusual(origin)
  const key = left.join()
  const lists = usualLists.get(known) ?? new Map<string, string[]>()
  usualLists.set(known, lists)
  const usual = lists.get(key) ?? known.filter((name) => !left.includes(name))
  lists.set(key, usual)
  return usual
}

const usualLists = new WeakMap<string[], Map<string, string[]>>()

const columnLists = new WeakMap<object, string[]>()

/** The names of a family's columns, one list for all cells. */
function allColumns(family: Description['families'][number]): string[] {
  const known = columnLists.get(family) ?? family.columns.map(({ name }) => name)
  columnLists.set(family, known)
  return known
}

function checkRecord({ record, generations }: CellSettings): void {
  if (typeof record === 'string' || 'every' in record) return
  const beyond = record.at.findIndex((g) => g > generations)
  if (beyond >= 0) throw broken(`record.at[${beyond}]`, record.at[beyond], `generations up to ${generations}, the last`)
}

function checkWatch({ watch, origin, model }: CellSettings, core: Description): void {
  if (!watch) return
  if (origin.kind !== 'table') {
    throw broken('watch', origin.kind, 'an origin with rows to follow', "a table; for classes there is 'shares'")
  }
  const family = core.families.find(({ kind }) => kind === model.kind)!
  const taken = new Set([...allColumns(family), ...Object.values(stateColumns)])
  for (const [i, { name }] of watch.entries()) {
    if (taken.has(name)) throw broken(`watch[${i}].name`, name, `a name that no column of '${model.kind}' has`)
  }
}

/** `shares` as names: all classes of a categorical origin, or of a table's group column. */
function settleShares(settings: CellSettings, table: DataInfo | undefined): CellSettings {
  const { shares, origin, model } = settings
  if (shares === undefined) return settings
  if (origin.kind !== 'categorical' && origin.kind !== 'table') {
    throw broken('shares', shares, 'an origin with classes', `it is '${origin.kind}'`)
  }
  const names = origin.kind === 'categorical' ? classNames(origin) : groupLabels(origin, model, table!)
  if (shares === 'all') return { ...settings, shares: names }
  for (const [i, name] of shares.entries()) {
    if (names.includes(name)) continue
    const hint = didYouMean(name, names) ?? `there are ${names.slice(0, 12).join(', ')}`
    throw broken(`shares[${i}]`, name, 'the name of a class', hint)
  }
  return settings
}

function checkDraws({ model, initial }: CellSettings, most: number, method: Method): void {
  const limit = definitionOf(model.kind).mostDraws
  if (method !== 'draws' || !limit || initial === 'inf' || Math.max(most, initial) <= limit.records) return
  const path = most > limit.records ? 'n' : 'initial'
  throw broken(path, Math.max(most, initial), `at most ${limit.records} records by draws`, limit.why)
}

/** Names of the columns of states, which stand beside the measures where events are dated. */
export const stateColumns = { early: 'early_state', late: 'late_state' } as const

/** The value columns of a cell's rows: measures, followed sets, states. */
export function valueColumns({ columns, shares, watch, events }: CellSettings): string[] {
  if (!shares && !watch) return plainColumns(columns, events)
  const classes = Array.isArray(shares) ? shares.map((name) => `share_${name}`) : []
  const sets = (watch ?? []).map(({ name }) => name)
  return [...new Set([...columns, ...classes, ...sets, ...(events ? Object.values(stateColumns) : [])])]
}

const withStates = new WeakMap<string[], string[]>()

function plainColumns(columns: string[], events: boolean): string[] {
  if (!events) return columns
  const known = withStates.get(columns) ?? [...new Set([...columns, ...Object.values(stateColumns)])]
  withStates.set(columns, known)
  return known
}

/** How many generations a cell records. */
export function recordedCount(settings: Pick<CellSettings, 'record' | 'generations'>): number {
  return settings.record === 'all' ? settings.generations + 1 : recorded(settings).length
}

/** The generations that a cell records, ascending, 0 first. */
export function recorded({ record, generations }: Pick<CellSettings, 'record' | 'generations'>): number[] {
  if (record === 'all') return Array.from({ length: generations + 1 }, (_, g) => g)
  const wanted = new Set([0])
  if (record === 'log') for (const g of logarithmic(generations)) wanted.add(g)
  else if ('every' in record) for (let g = 0; g <= generations; g += record.every) wanted.add(g)
  else for (const g of record.at) wanted.add(g)
  return [...wanted].sort((a, b) => a - b)
}

function logarithmic(generations: number): number[] {
  const list = [generations]
  for (let k = 0; ; k++) {
    const g = Math.round(10 ** (k / 10))
    if (g > generations) return list
    list.push(g)
  }
}
