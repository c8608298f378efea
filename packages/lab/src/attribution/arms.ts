// One run of an attribution: the cell that was asked for, with some of its errors switched off.

import type { Estimate } from '@genloss/metrics'
import {
  activeStages,
  type CellSettings,
  GenlossError,
  type Method,
  type Model,
  type Policy,
  type SizeRule,
  sizeAt,
  stageNames,
} from '@genloss/models'
import type { CellResult } from '../cell-result.js'
import type { EngineOptions } from '../engine.js'
import type { ExperimentInput } from '../experiment.js'
import { hashesOf } from '../laws.js'
import type { Cell } from '../plan.js'
import { type Prepared, prepare } from '../prepare.js'
import { runPrepared } from '../run.js'
import type { TableData } from '../sources/types.js'
import type { FileAnswer } from '../sources/written.js'
import { converged, ownModel } from './learners.js'
import { all, has, type Mask } from './switches.js'

/** The cell whose loss is parted, and its table. */
export interface Asked {
  settings: CellSettings
  table: TableData | undefined
  /** The files that the origin was read from. */
  files: readonly FileAnswer[]
}

/** A run that can start. */
export interface Arm {
  /** Combinations of errors whose run this is. */
  masks: Mask[]
  prepared: Prepared
  model: Model
  n: SizeRule
  method: Method
  chains: number
  /** Whether a large number of records stands for n = infinity. */
  approximated: boolean
  /** What was remarked about that. */
  remarks: string[]
}

/** Where n = infinity has no method: at least so many records, and so many times n. */
const nearlyInfinite = 1e6
const timesMore = 100
/** Chains that stand for n = infinity where it is not one number: with random starts, and where records are drawn. */
const mostChains = 20
const mostDrawn = 4

/** Whether a table's rows or the origin's law are a family of the model's own: then no error is one of the family. */
export function isOwnFamily({ settings: { origin, model } }: Asked): boolean {
  const own = ownModel(origin, model)
  return JSON.stringify(sorted(converged(model, origin))) === JSON.stringify(sorted(own))
}

const sorted = (model: Model) => Object.entries(model).sort(([a], [b]) => (a < b ? -1 : 1))

/** A learner is that of its family: the own family is always fitted to convergence. */
export function canonicalMask(mask: Mask, isOwn: boolean): Mask {
  return !isOwn && !has(mask, 'expressivity') && has(mask, 'approximation') ? mask & ~2 : mask
}

function modelOf({ settings: { origin, model } }: Asked, mask: Mask, isOwn: boolean): Model {
  if (!isOwn && !has(mask, 'expressivity')) return ownModel(origin, model)
  return has(mask, 'approximation') ? model : converged(model, origin)
}

/**
 * The run of a combination of errors, checked and planned.
 *
 * @param columnsOf the columns to record, of those that a family has
 * @throws GenlossError `plan`
 */
export async function planArm(
  asked: Asked,
  mask: Mask,
  isOwn: boolean,
  columnsOf: (model: Model) => string[],
): Promise<Arm> {
  const model = modelOf(asked, mask, isOwn)
  // Chains of the cell itself are those that a run makes of it.
  const shared = mask === all && asked.settings.commonRandomNumbers
  const base = { ...plain(asked), model, columns: columnsOf(model), commonRandomNumbers: shared }
  const planned = has(mask, 'statistical') ? await planCell(base, asked) : await planInfinite(base, asked)
  const { prepared, remarks } = planned
  const { settings, method } = prepared.cellAt(0)
  const approximated = isInfinite(asked.settings, mask) && method !== 'population'
  const chains = chainsOf(asked.settings, mask, method, model)
  const many = chains === settings.replicates ? prepared : await again(prepared, chains, asked)
  return { masks: [mask], prepared: many, model, n: settings.n, method, chains, approximated, remarks }
}

function isInfinite({ n, method }: CellSettings, mask: Mask): boolean {
  return !has(mask, 'statistical') || n === 'inf' || method === 'population'
}

/** One chain where nothing is random; of random ones as many as were asked for, or some that stand for n = infinity. */
function chainsOf({ replicates }: CellSettings, mask: Mask, method: Method, model: Model): number {
  if (method === 'population' && !startsAtRandom(model)) return 1
  if (mask === all || has(mask, 'statistical')) return replicates
  return Math.min(replicates, method === 'draws' ? mostDrawn : mostChains)
}

/** Iterations that start at random places end at random ones. */
function startsAtRandom(model: Model): boolean {
  return model.kind === 'gaussian-mixture' && model.init !== 'given'
}

/** The settings of the cell as an experiment that measures what is asked and dates nothing. */
function plain({ settings, table }: Asked): ExperimentInput {
  const { origin, policy, n, initial, generations, replicates, seed, method, onEmpty, record } = settings
  const stages = Object.fromEntries(stageNames.flatMap((name) => (settings[name] ? [[name, settings[name]]] : [])))
  return {
    origin: table ? { ...origin, file: table.path } : origin,
    ...{ policy, n, initial, generations, replicates, seed, method, onEmpty, record },
    ...stages,
    events: false,
  }
}

interface PlannedArm {
  prepared: Prepared
  remarks: string[]
}

async function planCell(base: ExperimentInput, { table }: Asked): Promise<PlannedArm> {
  const prepared = await prepare(base, tablesOf(table))
  return { prepared, remarks: prepared.cellAt(0).remarks }
}

const tablesOf = (table: TableData | undefined) => (table ? { tables: [table] } : {})

/** n = infinity where the family, the policy and the stages have it; else a large number of records, with the reason. */
async function planInfinite(base: ExperimentInput, asked: Asked): Promise<PlannedArm> {
  const { initial: _, ...finite } = base
  const rest = { ...finite, policy: atInfinity(asked.settings.policy) }
  const size = largest(asked.settings)
  try {
    return await planCell({ ...rest, n: size, method: 'population' }, asked)
  } catch (error) {
    if (!(error instanceof GenlossError) || error.code !== 'plan') throw error
    const n = size === 'inf' ? nearlyInfinite : Math.max(timesMore * size, nearlyInfinite)
    const planned = await planCell({ ...rest, n, method: 'auto', initial: asked.table?.rows ?? n }, asked)
    const why = error.hint ?? `expected ${error.rule}`
    const remark = `n = infinity is approximated by ${n} records: ${why}`
    return { ...planned, remarks: [...planned.remarks, remark] }
  }
}

/** Of infinitely many records the shares are exact, however they are drawn. */
function atInfinity(policy: Policy): Policy {
  return policy.kind === 'mix' ? { ...policy, composition: 'stratified' } : policy
}

/** The most records that a generation adds. */
function largest({ n, generations }: CellSettings): number | 'inf' {
  if (typeof n !== 'object') return n
  return Math.max(...Array.from({ length: generations + 1 }, (_, g) => sizeAt(n, g)))
}

function again(prepared: Prepared, replicates: number, { table }: Asked): Promise<Prepared> {
  return prepare({ ...(prepared.given as ExperimentInput), replicates }, tablesOf(table))
}

/** What decides an arm's numbers: runs of one law are one run, whether or not its random numbers are shared. */
export function lawOf({ prepared }: Arm): string {
  const cell: Cell = prepared.cellAt(0)
  const settings = { ...cell.settings, commonRandomNumbers: false }
  return hashesOf({ ...cell, settings }, prepared.plan.numerics, prepared.plan.data).law
}

/** Whether a cell is changed by a stage on its way, so that even a perfect learner's model is not the origin. */
export function isStaged({ settings }: Asked): boolean {
  return Object.keys(activeStages(settings)).length > 0
}

/** Fits of an arm. */
export function fitsOf({ prepared, chains }: Arm): number {
  return chains * (prepared.cellAt(0).settings.generations + 1)
}

/** Runs an arm in memory. */
export async function runArm({ prepared }: Arm, options: EngineOptions): Promise<CellResult> {
  const { cells } = await runPrepared(prepared, options)
  return cells[0]!
}

export type Statistic = 'mean' | 'median'

/** The statistic of a measure with its interval at each recorded generation; one chain where nothing is random is exact. */
export function estimatesOf(cell: CellResult, name: string, statistic: Statistic): Estimate[] {
  const found = cell.summary(name)
  const { low, high } = statistic === 'mean' ? found : { low: found.median_low, high: found.median_high }
  const isExact = cell.method === 'population' && cell.shape.replicates === 1
  return cell.generations.map((_, i) => {
    const value = found[statistic][i]!
    return isExact ? { value, low: value, high: value } : { value, low: low[i]!, high: high[i]! }
  })
}
