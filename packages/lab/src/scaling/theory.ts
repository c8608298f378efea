// What theory says of the quantities that are followed, beside what was measured.

import {
  activeStages,
  type CellSettings,
  type Curve,
  fitSizes,
  gaussianReplace,
  growthLimit,
  halfLife,
  LogVarianceLaw,
  logVarianceRate,
  medianFirstPassage,
  theoryOf,
} from '@genloss/models'
import { isPlainNormal, type PlainNormal } from './plain-normal.js'
import type { MeasureQuantity } from './quantities.js'

/** What a measure of a cell is by theory: the statistic itself, NaN where no closed form is known. */
export type Expected = (quantity: MeasureQuantity, statistic: 'mean' | 'median' | 'mean_square', g: number) => number

/** Curves of cells, which some take a while to be worked out. */
const known = new WeakMap<CellSettings, Curve[]>()

function curvesOf(settings: CellSettings): Curve[] {
  const curves = known.get(settings) ?? theoryOf(settings)
  known.set(settings, curves)
  return curves
}

/** Theory of a cell; its curves are worked out when they are first asked for. */
export function expectedOf(settings: CellSettings): Expected {
  const curve = (column: string, statistic: Curve['statistic'], g: number): number => {
    const moment = isPlainNormal(settings) ? momentOf(settings, column, statistic, g) : undefined
    if (moment !== undefined) return moment
    const found = curvesOf(settings).find((one) => one.column === column && one.statistic === statistic)
    return found?.values[g] ?? Number.NaN
  }
  return ({ column }, statistic, g) => {
    if (statistic === 'mean') return curve(column, 'mean', g)
    if (statistic === 'median') return column === 'variance_ratio' ? medianRatio(settings, g) : Number.NaN
    const square = curve(column, 'mean_square', g)
    return Number.isNaN(square) ? curve(column, 'mean', g) ** 2 + curve(column, 'variance', g) : square
  }
}

type Moments = Partial<Record<Curve['statistic'], number>>

/**
 * A moment of a normal chain under plain `replace` by its recursion, NaN where that has none of its column; undefined for other
 * columns. The curves of tails that `theoryOf` has beside it take far longer.
 */
function momentOf(
  settings: CellSettings & PlainNormal,
  column: string,
  statistic: Curve['statistic'],
  g: number,
): number | undefined {
  const { origin, model, initial, n } = settings
  const sizes = { initial, n, generations: g }
  if (Math.min(...fitSizes(sizes)) < 2) return undefined
  const found = gaussianReplace(sizes, model.estimator === 'unbiased')
  const square = origin.sd ** 2
  const moments: Readonly<Record<string, Moments>> = {
    w2: { mean_square: square * found.w2Squared[g]! },
    kl_forward: { mean: found.klForward[g]! },
    kl_reverse: { mean: found.klReverse[g]! },
    fit_log_variance: { mean: found.logVariance[g]! + Math.log(square), variance: found.logVarianceVariance[g]! },
    variance_ratio: { mean: found.variance[g]!, variance: found.varianceVariance[g]! },
    mean_shift: { mean: 0, variance: found.meanVariance[g]! },
  }
  const own = moments[column]
  return own ? (own[statistic] ?? Number.NaN) : undefined
}

/** The median of the variance, exact. */
function medianRatio(settings: CellSettings, g: number): number {
  if (!isPlainNormal(settings) || g > mostInverted) return Number.NaN
  const sizes = fitSizes(settings).slice(0, g + 1)
  if (Math.min(...sizes) < 2) return Number.NaN
  return Math.exp(new LogVarianceLaw(sizes, settings.model.estimator === 'unbiased').quantile(0.5))
}

/** Fits up to which the law of the variance is worked out by inversion. */
const mostInverted = 100_000
/** Records above which ln v at its half-life is as good as normal: its median is its mean. */
const largeSet = 1e5
const half = 0.5

/** A generation, and the count of fits until it: the fit to real data is generation 0 and the first fit. */
export interface Counted {
  generation: number
  fits: number
}

/** When a normal chain under plain `replace` with n records a generation has lost half of its variance. */
export interface HalfLives {
  /** The first generation whose median variance over chains is at most half. */
  marginal: Counted
  /** The median over chains of the first generation whose variance is. */
  first_passage: Counted
}

/** Undefined for other cells. */
export function halfLives(settings: CellSettings): HalfLives | undefined {
  if (!isPlainNormal(settings) || typeof settings.n !== 'number' || settings.initial !== settings.n) return undefined
  const { n } = settings
  if (n < 2) return undefined
  const isUnbiased = settings.model.estimator === 'unbiased'
  const marginal =
    n > largeSet ? Math.ceil(Math.log(half) / logVarianceRate(n, isUnbiased)) - 1 : halfLife(n, isUnbiased)
  return { marginal: counted(marginal), first_passage: counted(medianFirstPassage(n, isUnbiased)) }
}

const counted = (generation: number): Counted => ({ generation, fits: generation + 1 })

/** E[W2^2] of a normal chain under plain `replace`, in squared units of the data. */
export interface Risk {
  exact: number
  /** Three halves of the origin's variance times the sum of 1/n over fits: the leading term for fits few beside n. */
  first_order: number
}

/** The risk at a generation; undefined for other cells. */
export function riskOf(settings: CellSettings, g: number): Risk | undefined {
  if (!isPlainNormal(settings)) return undefined
  const { origin, model, n, initial } = settings
  const square = origin.sd ** 2
  const sizes = { initial, n, generations: g }
  const all = fitSizes(sizes)
  if (Math.min(...all) < 2) return undefined
  const { w2Squared } = gaussianReplace(sizes, model.estimator === 'unbiased')
  const sum = all.reduce((total, size) => total + 1 / size, 0)
  return { exact: square * w2Squared[g]!, first_order: 1.5 * square * sum }
}

/** Where the moments of chains with growing sizes end, generation after generation without end; units of the origin's. */
export interface Limit {
  /** Whether the sum of 1/n over fits is finite: a power above 1, a factor above 1. */
  bounded: boolean
  sum: number
  /** Var of the fitted mean. */
  mean_variance: number
  /** E of the variance, or what is left of the heterozygosity. */
  variance: number
  /** E of ln variance. */
  log_variance: number
  /** E of the squared 2-Wasserstein distance to the origin. */
  w2_squared: number
}

/** What becomes of sizes that grow. */
export interface Growth {
  limit: Limit
  /** What the limit's variance is of: the variance of a normal model, or the heterozygosity of classes. */
  of: 'variance' | 'heterozygosity'
}

/** What theory has a limit of: a cell under plain `replace` whose sizes change; undefined for others. */
export function growsBy(settings: CellSettings): Growth['of'] | undefined {
  const { model, n, policy } = settings
  if (policy.kind !== 'replace' || typeof n === 'number' || n === 'inf') return undefined
  if (isPlainNormal(settings)) return 'variance'
  const isClasses = (model.kind === 'categorical' && model.steps === undefined) || model.kind === 'empirical'
  return isClasses && Object.keys(activeStages(settings)).length === 0 ? 'heterozygosity' : undefined
}

/** The limit of a cell under plain `replace`; undefined where theory has none. */
export function growthOf(settings: CellSettings): Growth | undefined {
  const of = growsBy(settings)
  if (of === undefined) return undefined
  const isUnbiased = isPlainNormal(settings) && settings.model.estimator === 'unbiased'
  const found = growthLimit(settings.n, isUnbiased)
  const { isBounded: bounded, sum, variance } = found
  const { meanVariance: mean_variance, logVariance: log_variance, w2Squared: w2_squared } = found
  return { of, limit: { bounded, sum, mean_variance, variance, log_variance, w2_squared } }
}
