// Settles one cell: defaults that depend on other settings, rules between settings, and the method with its reason.

import {
  broken,
  type CellSettings,
  classNames,
  definitionOf,
  didYouMean,
  largestSize,
  type Method,
  type MixPolicy,
  type Model,
  mixCounts,
  type Origin,
  orList,
  type Policy,
  readFields,
  readKind,
} from '@genloss/models'
import { shapesOf } from './axes.js'
import { checkTable, type DataInfo, dataOf, groupLabels } from './data-info.js'
import { pairOf } from './experiment.js'
import { fields } from './fields.js'
import type { Description } from './native.js'

/** A cell with everything decided. */
export interface Settled {
  settings: CellSettings
  method: Method
  /** Why this method, in words that follow "method draws:". */
  why: string
}

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
    o === undefined ? undefined : readKind<Origin>(shapesOf.origin, o, 'origin'),
    m === undefined ? undefined : readKind<Model>(shapesOf.model, m, 'model'),
  )
  const policy = readKind<Policy>(shapesOf.policy, p ?? { kind: 'replace' }, 'policy')
  const given = readFields(fields, rest, '') as Partial<CellSettings> & { generations: number }
  const table = dataOf(pair.origin, data)
  const n = given.n ?? table?.rows
  if (n === undefined) throw broken('n', undefined, 'the number of records a generation', 'it has no default')
  const { generations } = given
  const settings = {
    ...pair,
    policy,
    ...given,
    n,
    initial: given.initial ?? table?.rows ?? n,
    sustain: given.sustain ?? Math.min(10, Math.max(1, Math.floor(generations / 5))),
    columns: columnsOf(pair.model, given.columns, core),
  } as CellSettings
  if (table) checkTable(settings, table)
  checkSizes(settings)
  checkRecord(settings)
  checkWatch(settings)
  const resolved = settleShares(settings, table)
  const decided = methodOf(resolved, table, core)
  checkDraws(resolved, decided.method)
  return { settings: resolved, ...decided }
}

/** The columns asked for, in the core's order; all by default. Columns of watched sets come in addition. */
function columnsOf(model: Model, asked: string[] | undefined, core: Description): string[] {
  const family = core.families.find(({ kind }) => kind === model.kind)
  if (!family) throw broken('model.kind', model.kind, orList(core.families.map(({ kind }) => kind)))
  const known = family.columns.map(({ name }) => name)
  if (!asked) return known
  for (const [i, name] of asked.entries()) {
    if (known.includes(name)) continue
    const hint = didYouMean(name, known) ?? (name.startsWith('share_') ? 'ask for classes with shares' : undefined)
    throw broken(`columns[${i}]`, name, `a column of '${model.kind}'`, hint ?? `there are ${known.join(', ')}`)
  }
  return known.filter((name) => asked.includes(name))
}

function checkSizes({ model, policy, n, initial, generations, origin }: CellSettings): void {
  const { records, why } = definitionOf(model.kind).least(model as never)
  if (n < records) throw broken('n', n, `at least ${records}`, why)
  if (initial < records) throw broken('initial', initial, `at least ${records}`, why)
  if (policy.kind === 'mix') checkReal(policy, n, initial, origin)
  const kept =
    policy.kind === 'accumulate' ? generations : policy.kind === 'window' ? Math.min(policy.batches, generations) : 1
  if (initial + n * kept > largestSize) {
    throw broken(
      'n',
      n,
      'sizes whose training sets stay within 2^53 records',
      `this one grows to ${initial + n * kept}`,
    )
  }
}

/** Real records of a mix: a fixed set must be there, and a table has only its rows. */
function checkReal(policy: MixPolicy, n: number, initial: number, origin: Origin): void {
  const { real } = mixCounts(policy, n)
  const there = policy.source === 'fixed' ? initial : origin.kind === 'table' ? initial : Number.POSITIVE_INFINITY
  if (policy.recycle || real <= there) return
  const hint = 'lower policy.real or n, or set policy.recycle to true to use real records more than once'
  throw broken('policy.real', real, `at most the ${there} real records that there are`, hint)
}

function checkRecord({ record, generations }: CellSettings): void {
  if (typeof record === 'string' || 'every' in record) return
  const beyond = record.at.findIndex((g) => g > generations)
  if (beyond >= 0) throw broken(`record.at[${beyond}]`, record.at[beyond], `generations up to ${generations}, the last`)
}

function checkWatch({ watch, origin }: CellSettings): void {
  if (watch && origin.kind !== 'table') {
    throw broken('watch', origin.kind, 'an origin with rows to follow', "a table; for classes there is 'shares'")
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

/** `auto` takes exact where the family says so and the core has it; the reason is for people. */
function methodOf(
  settings: CellSettings,
  table: DataInfo | undefined,
  core: Description,
): { method: Method; why: string } {
  const { method, model, origin, n } = settings
  const answer = definitionOf(model.kind).exact({ origin, n, rows: table?.rows })
  const built = core.families.find(({ kind }) => kind === model.kind)?.methods.includes('exact') ?? false
  const why = answer.exact && !built ? `this core has no exact method for '${model.kind}'` : answer.why
  if (method === 'exact' && !(answer.exact && built)) throw broken('method', 'exact', "'draws' or 'auto' here", why)
  if (method !== 'auto') return { method, why: 'asked for' }
  return { method: answer.taken && built ? 'exact' : 'draws', why }
}

function checkDraws({ model, n, initial }: CellSettings, method: Method): void {
  const limit = definitionOf(model.kind).mostDraws
  if (method !== 'draws' || !limit || Math.max(n, initial) <= limit.records) return
  const path = n > limit.records ? 'n' : 'initial'
  throw broken(path, Math.max(n, initial), `at most ${limit.records} records by draws`, limit.why)
}

/** Names of the columns of states, which stand beside the measures where events are dated. */
export const stateColumns = { early: 'early_state', late: 'late_state' } as const

/** The value columns of a cell's rows: measures, followed sets, states. */
export function valueColumns({ columns, shares, watch, events }: CellSettings): string[] {
  const classes = Array.isArray(shares) ? shares.map((name) => `share_${name}`) : []
  const sets = (watch ?? []).map(({ name }) => name)
  return [...new Set([...columns, ...classes, ...sets, ...(events ? Object.values(stateColumns) : [])])]
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
