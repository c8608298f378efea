// How losses and dates depend on the size of training sets: curves over n, their laws, and theory beside them.

import { GenlossError, type SizeRule } from '@genloss/models'
import type { RunOptions } from '../api.js'
import { canonical } from '../canonical.js'
import type { ExperimentInput } from '../experiment.js'
import type { Prepared } from '../prepare.js'
import { prepare } from '../prepare.js'
import type { RunResult } from '../result.js'
import { runPrepared } from '../run.js'
import type { DateInterval, GrowthCell, HalfLifePoint, RiskPoint, ScalingCurve, ScalingResult } from './document.js'
import { openRun } from './open-run.js'
import { columnsFor, type Quantity, quantitiesOf, type Statistic } from './quantities.js'
import { type LawSettings, quantityLaw } from './quantity-law.js'
import { type CellSample, checkGenerations, sampleOf, sizeOf } from './samples.js'
import { growsBy, growthOf, halfLives, riskOf } from './theory.js'

export interface ScalingOptions {
  /** Columns, `<column>_squared` for the mean of a square, and events; default the losses that the model has, early and late. */
  measures?: readonly string[]
  /** Of chains. Default: the mean where it can be told, ratios to the origin's by their median. */
  statistic?: Statistic
  /** Generations that measures are looked at; default the last. */
  at?: readonly number[]
  /** Values whose n is asked for, as `{ kl_forward: 0.01, late: [500] }`; of an event the generation to be passed. */
  targets?: Readonly<Record<string, number | readonly number[]>>
  /** Resamples of chains that intervals are made of; default 1000. */
  resamples?: number
  /** The seed of the resamples; default 0. */
  resampleSeed?: number
}

const fewest = 3

/**
 * How losses and dates depend on n: runs an experiment that sweeps n, or reads the run in a folder, making what is missing.
 *
 * Cells that differ in n alone make a curve; whatever else is swept makes several. @throws GenlossError as `run` does, and
 * `plan` where no curve has three sizes
 *
 * @example
 * const { curves } = await scaling({ origin: 'gaussian', n: [100, 300, 1000, 3000], generations: 50, replicates: 1000 })
 * curves[0].quantities[0].power.exponent // { value, low, high }: near -1
 */
export async function scaling(
  experiment: ExperimentInput | string,
  options: ScalingOptions & RunOptions = {},
): Promise<ScalingResult> {
  if (typeof experiment === 'string') return scalingOf(await openRun(experiment, options), options)
  const prepared = await prepare(experiment, options)
  checkScalable(prepared)
  return scalingOf(await runPrepared(prepared, options), options)
}

/** Refuses a plan without three sizes to a curve, before it runs. @throws GenlossError `plan` */
export function checkScalable({ plan, cellAt }: Pick<Prepared, 'plan' | 'cellAt'>): void {
  const cells = Array.from({ length: plan.blocks.at(-1)!.cells[1] }, (_, index) => cellAt(index))
  refuseFew(cells.map(({ settings, swept }) => ({ n: settings.n, swept, isGrowing: growsBy(settings) !== undefined })))
}

function refuseFew(cells: readonly { n: SizeRule; swept: Record<string, unknown>; isGrowing: boolean }[]): void {
  if (cells.some(({ isGrowing }) => isGrowing)) return
  const sizes = new Map<string, Set<number>>()
  for (const { n, swept } of cells) {
    const key = curveKey(n, swept)
    const size = sizeOf(n)
    if (Number.isFinite(size)) sizes.set(key, (sizes.get(key) ?? new Set()).add(size))
  }
  const most = [...sizes.values()].sort((a, b) => b.size - a.size)[0] ?? new Set()
  if (most.size >= fewest) return
  throw new GenlossError({
    code: 'plan',
    path: 'n',
    value: [...most],
    rule: 'at least three sizes, which a law takes',
    hint: 'give several, such as --n 100,300,1000,3000; four or more tell a plateau from none',
  })
}

/** The laws of a run that is done. @throws GenlossError `usage` for measures and generations that it lacks */
export async function scalingOf(result: RunResult, options: ScalingOptions = {}): Promise<ScalingResult> {
  const { measures, statistic = 'auto', at = [], resamples = 1000, resampleSeed: seed = 0 } = options
  const targets = new Map(
    Object.entries(options.targets ?? {}).map(([name, value]) => [name, [value].flat() as number[]]),
  )
  const samples: { sample: CellSample; quantities: Quantity[] }[] = []
  for await (const cell of result.each(columnsFor(measures, targets.keys()))) {
    checkGenerations(cell.settings, at)
    const usual = quantitiesOf(cell, measures, statistic)
    const added = [...targets.keys()].filter((name) => !usual.some((one) => one.name === name))
    const quantities = [...usual, ...(added.length > 0 ? quantitiesOf(cell, added, statistic, 'targets') : [])]
    samples.push({ sample: sampleOf(cell, quantities, at), quantities })
  }
  refuseFew(
    samples.map(({ sample: { settings, swept } }) => ({
      n: settings.n,
      swept,
      isGrowing: growsBy(settings) !== undefined,
    })),
  )
  const groups = new Map<string, typeof samples>()
  for (const one of samples) {
    const key = curveKey(one.sample.settings.n, one.sample.swept)
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  const curves = [...groups.values()].flatMap((group) => {
    const cells = group.map(({ sample }) => sample).sort((a, b) => a.size - b.size)
    const isCurve = cells.filter(({ size }) => Number.isFinite(size)).length >= fewest
    return isCurve ? [curveOf(cells, group[0]!.quantities, { resamples, seed, targets })] : []
  })
  const growth = samples.flatMap(({ sample }) => growthCell(sample) ?? [])
  return { run: result.run, plan: result.plan, notes: [...result.notes], curves, growth }
}

/** What cells of one curve share: all swept settings but the size, and how the size changes with the generations. */
function curveKey(n: SizeRule, swept: Readonly<Record<string, unknown>>): string {
  return canonical({ others: othersOf(swept), schedule: scheduleOf(n) })
}

function othersOf(swept: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(swept).filter(([path]) => path !== 'n' && path !== 'n.start'))
}

function scheduleOf(n: SizeRule): ScalingCurve['schedule'] {
  if (typeof n !== 'object' || 'list' in n) return null
  return 'power' in n ? { power: n.power } : { factor: n.factor }
}

function curveOf(cells: readonly CellSample[], quantities: readonly Quantity[], settings: LawSettings): ScalingCurve {
  const [first] = cells as [CellSample]
  const generations = [...first.chains.keys()]
  const laws = quantities.flatMap((quantity) =>
    quantity.kind === 'date'
      ? [quantityLaw(quantity, cells, null, settings)]
      : generations.map((g) => quantityLaw(quantity, cells, g, settings)),
  )
  const halved = cells.flatMap((cell) => halfLifePoint(cell) ?? [])
  const risk = cells.flatMap((cell) => [...cell.chains.keys()].flatMap((g) => riskPoint(cell, g) ?? []))
  return {
    swept: othersOf(first.swept),
    schedule: scheduleOf(first.settings.n),
    settings: first.settings,
    cells: cells.map(({ cell }) => cell),
    quantities: laws,
    ...(halved.length > 0 ? { half_life: halved } : {}),
    ...(risk.length > 0 ? { risk } : {}),
  }
}

function halfLifePoint({ settings, size, halved }: CellSample): HalfLifePoint | undefined {
  if (!halved || typeof settings.n !== 'number') return undefined
  const dated = ({
    median: value,
    low,
    high,
  }: {
    median: number | null
    low: number | null
    high: number | null
  }): DateInterval => ({
    ...{ value, low, high },
  })
  return {
    n: size,
    theory: halfLives(settings) ?? null,
    marginal: dated(halved.marginal),
    first_passage: halved.firstPassage ? dated(halved.firstPassage) : null,
  }
}

function riskPoint({ settings, size, squaredDistance }: CellSample, generation: number): RiskPoint | undefined {
  const found = riskOf(settings, generation)
  if (!found) return undefined
  const told = squaredDistance?.get(generation)
  const measured = told?.isReliable ? { value: told.value, low: told.low, high: told.high } : null
  return { n: size, generation, exact: found.exact, first_order: found.first_order, measured }
}

function growthCell(sample: CellSample): GrowthCell | undefined {
  const { settings, cell, swept, last } = sample
  const found = growthOf(settings)
  if (!found) return undefined
  return { cell, swept, n: settings.n, generation: last, ...found, risk: riskPoint(sample, last) ?? null }
}
