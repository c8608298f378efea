// The three errors that a loss is made of: a family that can't be the origin, a learner that stops short, too few records.

import type { Estimate } from '@genloss/metrics'
import { broken, type CellSettings, GenlossError, type Method, type Model, type SizeRule } from '@genloss/models'
import type { CellResult } from '../cell-result.js'
import type { EngineOptions } from '../engine.js'
import { type ExperimentInput, parseExperiment } from '../experiment.js'
import { description } from '../native.js'
import { type PrepareOptions, prepare } from '../prepare.js'
import type { FileAnswer } from '../sources/index.js'
import { cellCount } from '../sweep.js'
import { readTables } from '../tables.js'
import {
  type Arm,
  type Asked,
  canonicalMask,
  estimatesOf,
  fitsOf,
  isOwnFamily,
  isStaged,
  lawOf,
  planArm,
  runArm,
  type Statistic,
} from './arms.js'
import { type Dominant, dominant } from './dominance.js'
import { measuresOf, truthOf, unitOf } from './measures.js'
import { remarksOf } from './remarks.js'
import { all, combine, contrastOf, type ErrorName, errors, has, type Mask, type Way, whole } from './switches.js'

export interface AttributeOptions extends EngineOptions, PrepareOptions {
  /** The measures to part; default every measure of loss that the family has. */
  measures?: readonly string[]
  /** `nested` (default): errors are switched on one after another; `shapley`: the mean over all orders. */
  way?: Way
  /** What of the chains is parted: their mean (default), or their median, which infinite losses of few chains don't move. */
  statistic?: Statistic
}

/** The parts of a loss and the loss itself. */
export type PartName = ErrorName | 'total'
type Parts = Record<PartName, number[]>

/** One measure: a value a recorded generation in every list; NaN = undefined. */
export interface AttributedMeasure extends Parts {
  /** 95 % intervals; an undefined end where there is none. */
  low: Parts
  high: Parts
  /** The measure where no error is made: what the losses are differences from. */
  reference: number[]
  /** Which error the loss is mostly made of. */
  dominant: Dominant[]
  /** False where the statistic of the chains is not to be trusted. */
  reliable: boolean[]
  /** Share of the chains whose measure is infinite. */
  share_infinite: number[]
}

/** A run behind an attribution. */
export interface AttributionRun {
  /** The errors that are made in it; none of them: the reference. */
  errors: ErrorName[]
  model: Model
  n: SizeRule
  method: Method
  chains: number
  /** Whether its many records stand for n = infinity. */
  approximated: boolean
}

/** Losses parted by the errors that make them. */
export interface Attribution {
  settings: CellSettings
  way: Way
  statistic: Statistic
  /** The recorded generations. */
  generations: number[]
  measures: Record<string, AttributedMeasure>
  runs: AttributionRun[]
  /** What was read of the files that the origin is made of. */
  read: FileAnswer[]
  notes: string[]
}

/**
 * Parts each loss of one cell by the errors that make it.
 *
 * A loss is a measure less its value where no error is made (0 for distances, 1 for ratios and retentions): negative
 * where the ratio falls. Expressivity is the loss at n = infinity of the family fitted to convergence; approximation is
 * what the learner as it is configured adds to that; statistical is what n records add. `total` is the floating-point sum
 * expressivity + approximation + statistical, in this order, wherever that is defined. The reference is the origin's own
 * family, fitted to convergence at n = infinity, which is the origin; where stages change what is learned from, that
 * family goes through them too, and what they cost stands in `reference` alone.
 *
 * Chains of the cell itself are those that `run` makes of it. Where no method has n = infinity, 100 n records stand for
 * it, a million at least, and the notes say so.
 *
 * @throws GenlossError `plan` for a sweep, and for settings and measures that are wrong; as `run`
 *
 * @example
 * const { measures } = await attribute({ origin: 'mixture', model: 'gaussian', n: 100, generations: 20 })
 * measures.kl_forward.expressivity // nats lost because a normal law can't have two modes, a value a generation
 */
export async function attribute(experiment: ExperimentInput, options: AttributeOptions = {}): Promise<Attribution> {
  const { way = 'nested', statistic = 'mean' } = options
  const asked = await oneCell(experiment, options)
  const { settings } = asked
  const names = measuresOf(options.measures ?? fromColumns(settings), columnsOf(settings.model), settings.model.kind)
  const plan = await planRuns(asked, names, way)
  const cells = await runAll(plan.arms, options)
  const main = cells[plan.arms.findIndex(({ masks }) => masks.includes(all))]!
  const attributed = names.flatMap((name): [string, AttributedMeasure][] => {
    const found = attributeOne(name, plan, cells, main, way, statistic)
    return found ? [[name, found]] : []
  })
  const measures = Object.fromEntries(attributed)
  const isAsked = options.measures !== undefined
  // What is nowhere defined is left out, unless it was asked for.
  const undefinedOnes = Object.keys(measures).filter((name) => measures[name]!.total.every(Number.isNaN))
  if (!isAsked) for (const name of undefinedOnes) delete measures[name]
  const { generations } = main
  const notes = remarksOf({ plan, names, measures, undefinedOnes, main, statistic })
  const runs = plan.arms.map(({ masks, model, n, method, chains, approximated }) => ({
    errors: errors.filter((error) => has(masks[0]!, error)),
    ...{ model, n, method, chains, approximated },
  }))
  return { settings, way, statistic, generations, measures, runs, read: [...asked.files], notes }
}

/** The runs of an attribution and what stands in the place of a reference that is not run. */
export interface Plan {
  asked: Asked
  isOwn: boolean
  arms: Arm[]
  /** Why the reference can't be run, where it was to be. */
  unreferenced: string | undefined
}

async function oneCell(input: ExperimentInput, options: PrepareOptions): Promise<Asked> {
  const parsed = parseExperiment(input)
  const cells = cellCount(parsed.axes)
  if (cells > 1) {
    const others = parsed.axes.slice(1).map(({ path }) => path)
    const also = others.length > 0 ? ` (and to ${others.join(', ')})` : ''
    const hint = `give it one value${also}; a sweep is as many attributions as it has cells`
    throw broken(parsed.axes[0]!.path, `a sweep of ${cells} cells`, 'one cell', hint)
  }
  const { tables } = await readTables(parsed, options.tables, options.allowCode)
  const [table] = tables.values()
  const prepared = await prepare(input, { tables: [...tables.values()] })
  return { settings: prepared.cellAt(0).settings, table, files: prepared.files }
}

/** The columns that a file asks for, as far as they say what is lost; undefined where it asks for all. */
function fromColumns({ columns, model }: CellSettings): string[] | undefined {
  const every = columnsOf(model)
  if (columns.length === every.length) return undefined
  const losses = measuresOf(undefined, columns, model.kind)
  if (losses.length > 0) return losses
  throw broken('columns', columns, 'a measure of loss among them', 'leave the columns out, or name measures')
}

function columnsOf({ kind }: Model): string[] {
  return description()
    .families.find((family) => family.kind === kind)!
    .columns.map(({ name }) => name)
}

async function planRuns(asked: Asked, names: readonly string[], way: Way): Promise<Plan> {
  const isOwn = isOwnFamily(asked)
  const inFamily = (model: Model) => names.filter((name) => columnsOf(model).includes(name))
  const wanted = new Set<Mask>([all, 0])
  for (const error of errors) for (const mask of contrastOf(error, way).keys()) wanted.add(canonicalMask(mask, isOwn))
  const arms: Arm[] = []
  const laws = new Map<string, Arm>()
  // The cell itself first: a run with its law needs no chains of its own.
  for (const mask of [...wanted].sort((a, b) => b - a)) {
    if (mask === 0) continue
    const arm = await planArm(asked, mask, isOwn, inFamily)
    const twin = laws.get(lawOf(arm))
    if (twin) twin.masks.push(mask)
    else {
      arms.push(arm)
      laws.set(lawOf(arm), arm)
    }
  }
  if (!isStaged(asked) && names.every((name) => truthOf(name) !== undefined)) {
    return { asked, isOwn, arms, unreferenced: undefined }
  }
  try {
    return { asked, isOwn, arms: [...arms, await planArm(asked, 0, isOwn, inFamily)], unreferenced: undefined }
  } catch (error) {
    if (!(error instanceof GenlossError) || error.code !== 'plan') throw error
    return { asked, isOwn, arms, unreferenced: error.hint ?? error.rule }
  }
}

async function runAll(arms: readonly Arm[], { onProgress, ...options }: AttributeOptions): Promise<CellResult[]> {
  const total = arms.reduce((sum, arm) => sum + fitsOf(arm), 0)
  const { threads, simd, signal } = options
  const engine = { ...(threads ? { threads } : {}), ...(simd ? { simd } : {}), ...(signal ? { signal } : {}) }
  const cells: CellResult[] = []
  let before = 0
  for (const arm of arms) {
    const start = before
    const step: EngineOptions['onProgress'] = ({ done, rate }) =>
      onProgress?.({ done: start + done, total, before: 0, rate, gained: (start + done) / total })
    cells.push(await runArm(arm, { ...engine, onProgress: step }))
    before += fitsOf(arm)
  }
  return cells
}

/** One measure parted; undefined where a run that is needed does not have it. */
function attributeOne(
  name: string,
  { asked, isOwn, arms }: Plan,
  cells: readonly CellResult[],
  main: CellResult,
  way: Way,
  statistic: Statistic,
): AttributedMeasure | undefined {
  const curves = cells.map((cell) => (cell.names.includes(name) ? estimatesOf(cell, name, statistic) : undefined))
  const truth = truthOf(name)
  const place = (mask: Mask) => arms.findIndex(({ masks }) => masks.includes(canonicalMask(mask, isOwn)))
  // A perfect learner's model is the origin, unless stages change what it learns from.
  const isKnown = truth !== undefined && (!isStaged(asked) || curves[place(0)] === undefined)
  const exact = main.generations.map((): Estimate => ({ value: truth!, low: truth!, high: truth! }))
  const curveOf = (mask: Mask) => (isKnown && canonicalMask(mask, isOwn) === 0 ? exact : curves[place(mask)])
  const contrasts = new Map(errors.map((error) => [error, contrastOf(error, way)]))
  const needed = [...whole.keys(), ...[...contrasts.values()].flatMap((contrast) => [...contrast.keys()])]
  if (needed.some((mask) => curveOf(mask) === undefined)) return undefined
  const { count, reliable, share_infinite } = main.summary(name)
  const unit = unitOf(name, asked.settings.origin)
  const result = empty()
  for (const i of main.generations.keys()) {
    const at = (mask: Mask) => curveOf(mask)![i]!
    const parts = Object.fromEntries(
      [...contrasts].map(([error, contrast]) => [error, combine(contrast, at)]),
    ) as Record<ErrorName, Estimate>
    for (const error of errors) put(result, error, parts[error])
    put(result, 'total', totalOf(parts, combine(whole, at)))
    result.reference.push(at(0).value)
    result.dominant.push(dominant(parts, unit))
    result.reliable.push(statistic === 'median' ? count[i]! > 0 : reliable[i]! || isSure(main))
    result.share_infinite.push(share_infinite?.[i] ?? 0)
  }
  return result
}

const isSure = ({ method, shape }: CellResult): boolean => method === 'population' && shape.replicates === 1

/** The loss as the sum of its parts; as it is where they are undefined, beside an infinite one. */
function totalOf(parts: Record<ErrorName, Estimate>, direct: Estimate): Estimate {
  const value = errors.reduce((sum, error) => sum + parts[error].value, 0)
  if (!Number.isFinite(value)) return direct
  // Both differ by rounding, which must not put the loss outside its interval.
  return { value, low: direct.low + (value - direct.value), high: direct.high + (value - direct.value) }
}

function empty(): AttributedMeasure {
  const lists = (): Parts => ({ expressivity: [], approximation: [], statistical: [], total: [] })
  return { ...lists(), low: lists(), high: lists(), reference: [], dominant: [], reliable: [], share_infinite: [] }
}

function put(into: AttributedMeasure, part: PartName, { value, low, high }: Estimate): void {
  // No minus sign for a loss of nothing.
  into[part].push(value + 0)
  into.low[part].push(low + 0)
  into.high[part].push(high + 0)
}
