// The law of one quantity over the cells of a curve: values with resamples, the fit, targets, and what to know of it.

import {
  dates,
  fewestSizes,
  pairedMedians,
  type ResampleOptions,
  resampledMeans,
  resampledMedians,
  resamplesOfInterval,
  type ScalingLaw,
  type SizedValue,
  scalingLaw,
  spreadDates,
} from '@genloss/metrics'
import type { FittedQuantity, Interval, ScalingPoint, ScalingTarget } from './document.js'
import type { DateQuantity, MeasureQuantity, Quantity } from './quantities.js'
import type { CellSample, Told } from './samples.js'
import { expectedOf } from './theory.js'

export interface LawSettings {
  resamples: number
  seed: number
  /** Wanted values by quantity. */
  targets: ReadonlyMap<string, readonly number[]>
}

/** A value at a size, ready to be fitted. */
interface Sized extends Interval {
  n: number
  theory: number
  resamples: Float64Array
  bound?: number
  isReliable: boolean
}

const rounding = 1e-12
/** A ratio that is this small has nowhere to go: its distance to 1 does not tell sizes apart. Late collapse begins here. */
const allLost = 0.01
/** Between resamples of sizes that are independent. */
const stride = 1_000_003

/** The law of a quantity over cells by rising size; `generation` is null for dates. */
export function quantityLaw(
  quantity: Quantity,
  cells: readonly CellSample[],
  generation: number | null,
  settings: LawSettings,
): FittedQuantity {
  const finite = cells.filter(({ size }) => Number.isFinite(size))
  const infinite = cells.find(({ size }) => size === Number.POSITIVE_INFINITY)
  if (quantity.kind === 'date') return dateLaw(quantity, finite, infinite, settings)
  return measureLaw(quantity, finite, infinite, generation!, settings)
}

/** Chains of cells with common random numbers go in pairs: those of one number are resampled together. */
function isPaired(cells: readonly CellSample[]): boolean {
  const [first] = cells
  return cells.every(
    ({ settings, replicates }) =>
      settings.commonRandomNumbers && settings.seed === first!.settings.seed && replicates === first!.replicates,
  )
}

function resampling(cells: readonly CellSample[], i: number, { resamples, seed }: LawSettings): ResampleOptions {
  return { resamples, seed: isPaired(cells) ? seed : seed + stride * (i + 1) }
}

// --- measures ---

type MeasureStatistic = 'mean' | 'median' | 'mean_square'

/** `auto`: the mean where it can be estimated at every size, or at four. */
function statisticOf({ name, statistic }: MeasureQuantity, cells: readonly CellSample[], g: number): MeasureStatistic {
  if (statistic !== 'auto') return statistic
  const means = cells.map((cell) => cell.chains.get(g)!.get(name)!.mean)
  const told = means.filter(({ value, isReliable }) => isReliable && Number.isFinite(value)).length
  return told >= Math.min(means.length, fewestSizes.plateau) ? 'mean' : 'median'
}

function measureLaw(
  quantity: MeasureQuantity,
  cells: readonly CellSample[],
  infinite: CellSample | undefined,
  g: number,
  settings: LawSettings,
): FittedQuantity {
  const { name, isRatio } = quantity
  const statistic = statisticOf(quantity, cells, g)
  const told = (cell: CellSample): Told => {
    const stepwise = name === 'w2_squared' ? cell.squaredDistance?.get(g) : undefined
    const chains = cell.chains.get(g)!.get(name)!
    return stepwise ?? (statistic === 'median' ? chains.median : chains.mean)
  }
  const departure = departureOf(
    isRatio,
    cells.map((cell) => told(cell).value),
  )
  const sized = cells.map((cell, i): Sized => {
    const found = told(cell)
    const options = resampling(cells, i, settings)
    const stepwise = name === 'w2_squared' && cell.squaredDistance !== undefined
    const resamples = stepwise
      ? stepwiseResamples(found, options)
      : resamplesOf(cell, name, g, statistic, options, isPaired(cells))
    const theory = expectedOf(cell.settings)(quantity, statistic, g)
    return { ...found, n: cell.size, theory, resamples }
  })
  return lawOf(
    { ...quantity, statistic, departure, generation: g, infinite: infinite ? told(infinite).value : Number.NaN },
    sized,
    settings,
  )
}

/** On which side most values lie: of 1 for ratios, else of 0. */
function departureOf(isRatio: boolean, values: readonly number[]): FittedQuantity['departure'] {
  const none = isRatio ? 1 : 0
  const side = values.reduce((sum, value) => sum + (value > none ? 1 : value < none ? -1 : 0), 0)
  if (isRatio) return side > 0 ? 'above' : 'below'
  return side < 0 ? 'negative' : null
}

function resamplesOf(
  cell: CellSample,
  name: string,
  g: number,
  statistic: MeasureStatistic,
  options: ResampleOptions,
  paired: boolean,
): Float64Array {
  const { values } = cell.chains.get(g)!.get(name)!
  if (statistic !== 'median') return resampledMeans(values, options)
  return paired ? pairedMedians(values, options) : resampledMedians(values, options)
}

function stepwiseResamples(found: Told, options: ResampleOptions): Float64Array {
  return found.low > 0 && Number.isFinite(found.high)
    ? resamplesOfInterval(found, options)
    : new Float64Array(options.resamples).fill(Number.NaN)
}

// --- dates ---

/** Dates are whole: half of the chains got there within the generation before, in the middle of it by and large. */
const middle = 0.5

function dateLaw(
  quantity: DateQuantity,
  cells: readonly CellSample[],
  infinite: CellSample | undefined,
  settings: LawSettings,
): FittedQuantity {
  const { name } = quantity
  const dateOf = (cell: CellSample): Interval => {
    const { median, low, high } = dates(cell.dates.get(name)!, cell.settings.generations)
    const known = (date: number | null) => date ?? Number.POSITIVE_INFINITY
    return { value: known(median), low: known(low), high: known(high) }
  }
  const paired = isPaired(cells)
  const sized = cells.map((cell, i): Sized => {
    const options = resampling(cells, i, settings)
    const own = Float64Array.from(cell.dates.get(name)!, (date) =>
      date < 0 ? Number.POSITIVE_INFINITY : date + middle,
    )
    const medians = (paired ? pairedMedians : resampledMedians)(own, { ...options, isWhole: true })
    const resamples = spreadDates(medians, options.seed + 1)
    const bound = cell.settings.generations + 2 * middle
    return { ...dateOf(cell), n: cell.size, theory: Number.NaN, resamples, bound, isReliable: true }
  })
  const end = infinite ? dateOf(infinite).value : Number.NaN
  return lawOf({ ...quantity, statistic: 'date', departure: null, generation: null, infinite: end }, sized, settings)
}

// --- the law ---

type About = Pick<FittedQuantity, 'name' | 'statistic' | 'departure' | 'generation' | 'infinite'> &
  Pick<Quantity, 'plateau'>

/** What is fitted in the place of a value. */
function fittedValue({ statistic, departure }: About, value: number): number {
  if (statistic === 'date') return value + middle
  if (departure === null) return value
  if (departure === 'negative') return -value
  return departure === 'above' ? value - 1 : 1 - value
}

function lawOf(about: About, sized: readonly Sized[], settings: LawSettings): FittedQuantity {
  const reliable = sized.filter((one) => outside(about, one) === null)
  const isDate = about.statistic === 'date'
  const values = reliable.map(
    ({ n, value, resamples, bound }): SizedValue => ({
      size: n,
      value: fittedValue(about, value),
      // Resamples of dates stand in the middle already.
      resamples: isDate ? resamples : resamples.map((one) => fittedValue(about, one)),
      ...(bound === undefined ? {} : { bound }),
    }),
  )
  const fit = scalingLaw(values, { plateau: about.plateau, ...levelOf(about, values) })
  const whys = new Map(fit.points.map(({ size, leftOut }) => [size, leftOut]))
  const points = sized.map((one): ScalingPoint => {
    const { n, value, low, high, theory } = one
    return { n, value, low, high, theory, left_out: outside(about, one) ?? whys.get(n)! }
  })
  const theories = new Map(sized.map(({ n, theory }) => [n, fittedValue(about, theory)]))
  const targets = (settings.targets.get(about.name) ?? []).map((value) => targetOf(about, fit, value))
  const { name, statistic, departure, generation, infinite } = about
  return {
    ...{ name, statistic, departure, generation, infinite },
    points,
    law: fit.law,
    plateau: fit.verdict,
    largest_plateau: fit.largestPlateau,
    power: fit.power,
    with_plateau: fit.plateau,
    misfit: fit.isMisfit,
    contradicted: contradicted(fit, values),
    theory_exponent: fit.exponentOf((size) => theories.get(size)!),
    local: [...fit.local],
    targets,
    remarks: remarksOf(about, fit, points, values),
    fit,
  }
}

/** Why a value is no matter for a law at all. */
function outside({ departure }: About, { value, isReliable }: Sized): 'unreliable' | 'all lost' | null {
  if (!isReliable) return 'unreliable'
  return departure === 'below' && value <= allLost ? 'all lost' : null
}

/** Sizes whose date lies beyond the last generation, and the law has it before that. */
function contradicted(fit: ScalingLaw, values: readonly SizedValue[]): number[] {
  const isLate = ({ value }: SizedValue) => value === Number.POSITIVE_INFINITY
  const isEarly = ({ size, bound }: SizedValue) => bound !== undefined && fit.at(size).high < bound
  return values.filter((one) => isLate(one) && isEarly(one)).map(({ size }) => size)
}

/** What is left at n = infinity, where that was run and values come down to it. */
function levelOf(about: About, values: readonly SizedValue[]): { level?: number } {
  if (about.statistic === 'date' || Number.isNaN(about.infinite)) return {}
  const level = fittedValue(about, about.infinite)
  const isBelow = values.filter(({ value }) => value > level).length >= Math.min(values.length, fewestSizes.power)
  // Rounding of exact statistics is no plateau.
  return level > -rounding && isBelow ? { level: level < rounding ? 0 : level } : {}
}

/** The size at which a quantity has a value; half of the chains pass generation G without an event at G + 1 fits. */
function targetOf(about: About, fit: ScalingLaw, value: number): ScalingTarget {
  const isDate = about.statistic === 'date'
  const fitted = isDate ? value + 2 * middle : fittedValue(about, value)
  if (fit.law === null) {
    const unknown = Number.NaN
    return { value, n: unknown, low: unknown, high: unknown, by: 'law', extrapolated: false }
  }
  if (!(fitted > 0)) {
    const never = Number.POSITIVE_INFINITY
    return { value, n: never, low: never, high: never, by: 'law', extrapolated: true }
  }
  const { value: n, low, high, by, isExtrapolated } = fit.sizeFor(fitted)
  return { value, n: Math.ceil(n), low: Math.floor(low), high: Math.ceil(high), by, extrapolated: isExtrapolated }
}

const reasons: Record<NonNullable<ScalingPoint['left_out']>, string> = {
  'all lost': 'nearly all is lost',
  beyond: 'the date lies beyond the last generation',
  undefined: 'the value is undefined',
  'not positive': 'there is no loss to be seen',
  infinite: 'the value is infinite',
  'too uncertain': 'the value is not known to a third',
  'off the law': 'the law of larger ones does not hold there',
  unreliable: 'the mean hangs on few chains',
}

function remarksOf(
  about: About,
  fit: ScalingLaw,
  points: readonly ScalingPoint[],
  values: readonly SizedValue[],
): string[] {
  const remarks: string[] = []
  for (const [reason, words] of Object.entries(reasons)) {
    const sizes = points.filter(({ left_out }) => left_out === reason).map(({ n }) => n)
    if (sizes.length > 0) remarks.push(`left out n = ${sizes.join(', ')}: ${words}`)
  }
  const law = fit.law ? fit[fit.law === 'power' ? 'power' : 'plateau']! : null
  if (law === null) {
    const left = points.filter(({ left_out }) => left_out === null).length
    return [
      ...remarks,
      `no law: ${left} of ${fewestSizes.power} sizes that it takes; more sizes, chains or generations help`,
    ]
  }
  if (fit.isMisfit) {
    const off = Number((100 * law.worst).toPrecision(2))
    remarks.push(
      `the law misfits (off by up to ${off} %): exponents between neighbours differ, take those of the sizes that matter`,
    )
  }
  if (fit.verdict === 'unclear' && fit.plateau) {
    const { exponent, plateau } = fit.plateau
    const [e, from, to, most] = [exponent.value, exponent.low, exponent.high, plateau.high].map((one) =>
      Number(one.toPrecision(2)),
    )
    const steeper = plateau.value === 0 ? '' : `; with one the exponent is ${e} (${from} to ${to})`
    remarks.push(`a plateau of up to ${most} can't be told from none${steeper}`)
  }
  if (fit.verdict === 'untested' && about.plateau !== 'none') {
    remarks.push(`a plateau takes ${fewestSizes.plateau} sizes to be seen`)
  }
  const early = contradicted(fit, values)
  if (early.length > 0) remarks.push(`the law has it too early at n = ${early.join(', ')}, where it came later`)
  return remarks
}
