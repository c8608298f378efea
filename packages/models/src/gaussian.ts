// The normal model: mean and variance of the records, and normal draws with them.

import { type Abilities, everyMethod, ofSums } from './abilities.js'
import { broken, number, oneOf } from './check.js'
import type { Column, Curve, Definition, ExactAnswer, ExactQuestion, TheoryCell, Twin } from './definition.js'
import { checkLearner, learnerFields } from './learner.js'
import { checkOnLine } from './origins.js'
import type { GaussianModel, Model, Origin } from './settings.js'
import { readKind, type Shape } from './shape.js'
import { activeStages } from './stages.js'
import { momentCurves } from './theory/curves.js'
import { type Drift, drift } from './theory/drift.js'
import { mle, unbiased } from './theory/fit.js'
import { varianceBelow } from './theory/gaussian-law.js'
import { gaussianReplace } from './theory/gaussian-replace.js'
import { shareLeft, shortDrift } from './theory/learner.js'
import { momentsOf } from './theory/line-law.js'
import { normalFactor } from './theory/sampling.js'
import { candidates, selectedNormal } from './theory/selection.js'
import { fitSizes, isPlain, type TheorySetting } from './theory/setting.js'
import { tailRetention } from './theory/tail-mass.js'

// --- factory ---

const shape = {
  kind: 'gaussian',
  doc: 'Mean and variance of one numeric column.',
  fields: {
    estimator: {
      check: oneOf('unbiased', 'mle'),
      doc: 'divisor of the variance: N - 1, or N',
      fallback: 'unbiased',
    },
    ...learnerFields,
  },
  whole: checkLearner,
} as const satisfies Shape<GaussianModel>

/**
 * A normal model.
 *
 * @example gaussian({ estimator: 'mle' })
 */
export function gaussian(settings: Partial<Omit<GaussianModel, 'kind'>> = {}): GaussianModel {
  return readKind<Model>({ gaussian: shape }, { ...settings, kind: 'gaussian' }, 'model') as GaussianModel
}

// --- checks ---

function least({ estimator }: GaussianModel) {
  return estimator === 'unbiased'
    ? { records: 2, why: "the unbiased variance divides by N - 1; take 'mle', or two records or more" }
    : { records: 1, why: '' }
}

/** Mean and variance of normal draws have laws of their own; real records that are not normal are drawn in either method. */
function exact({ origin }: ExactQuestion): ExactAnswer {
  const real = origin.kind === 'gaussian' ? '' : '; real records are drawn one by one'
  return { exact: true, taken: true, why: `mean and variance of normal records have their own law${real}` }
}

/** Infinitely many records of a tail without a variance have none either. */
function abilities(_: GaussianModel, origin: Origin): Abilities {
  const sampling = { temperature: everyMethod, spread: everyMethod, truncate: ['draws', 'population'] } as const
  return { ...ofSums(number(), sampling), population: origin.kind !== 'pareto' || !(origin.shape <= 2) }
}

// --- theory ---

type Moments = NonNullable<ReturnType<typeof momentsOf>>

const chain = 'laws of the sample mean and variance (docstring of gaussianReplace)'
const steps = 'linear steps in the mean parameters (docstring of shortDrift)'
const order = 'normal records beyond an order statistic (docstring of selectedNormal)'
const inversion = 'characteristic function of the logarithm of a chi-square (docstring of LogVarianceLaw)'
const conditioning = 'law of the variance of a record given all fitted variances (docstring of tailRetention)'
/** Generations up to which the laws that cost more than a recursion are worked out. */
const mostInverted = 1000
const late = 0.01

function theory(model: GaussianModel, { origin, ...cell }: TheoryCell): Curve[] {
  const law = momentsOf(origin)
  if (!law) return []
  if (model.steps !== undefined) return momentCurves(stopped(model, law, cell), steps)
  const { estimator } = model
  if (activeStages(cell).selection) return origin.kind === 'gaussian' ? curated(model, cell) : []
  const curves = momentCurves(moved(estimator, law, cell))
  const sizes = fitSizes(cell)
  if (origin.kind !== 'gaussian' || cell.policy.kind !== 'replace' || !isPlain(cell) || Math.min(...sizes) < 2)
    return curves
  const isUnbiased = estimator === 'unbiased'
  const { sd } = origin
  const chains = gaussianReplace(cell, isUnbiased)
  const logs = chains.logVariance.map((value) => value + 2 * Math.log(sd))
  const squares = chains.w2Squared.map((value) => value * sd * sd)
  curves.push({ column: 'fit_log_variance', statistic: 'mean', values: logs, source: chain })
  curves.push({ column: 'fit_log_variance', statistic: 'variance', values: chains.logVarianceVariance, source: chain })
  curves.push({ column: 'variance_ratio', statistic: 'variance', values: chains.varianceVariance, source: chain })
  curves.push({ column: 'w2', statistic: 'mean_square', values: squares, source: chain })
  curves.push({ column: 'kl_forward', statistic: 'mean', values: chains.klForward, source: chain })
  curves.push({ column: 'kl_reverse', statistic: 'mean', values: chains.klReverse, source: chain })
  if (cell.generations > mostInverted || sizes[0] === Number.POSITIVE_INFINITY) return curves
  const below = varianceBelow(late, cell, isUnbiased)
  curves.push({ column: 'late_state', statistic: 'mean', values: below, source: inversion })
  for (const [column, p] of tails) {
    const values = tailRetention(p, cell, isUnbiased)
    curves.push({ column, statistic: 'mean', values, source: conditioning })
  }
  return curves
}

/** The highest or lowest candidates under `replace`: each generation has the spread of those of the last law, scaled. */
function curated({ estimator }: GaussianModel, cell: TheorySetting): Curve[] {
  const { selection, sampling, ...others } = activeStages(cell)
  const factor = sampling?.truncate === undefined ? normalFactor(sampling ?? {}) : undefined
  if (cell.policy.kind !== 'replace' || !isPlain(others) || factor === undefined) return []
  const sizes = fitSizes(cell)
  if (selection!.by === 'central' || Math.min(...sizes) < 2) return []
  const sd = gaussianReplace({ ...cell, generations: 0 }, estimator === 'unbiased').sd[0]!
  const biased = (n: number) => (estimator === 'unbiased' ? 1 : 1 - 1 / n)
  const variances = new Float64Array(sizes.length)
  const shifts = new Float64Array(sizes.length).fill(Number.NaN)
  for (const [g, n] of sizes.entries()) {
    const kept = g > 0 ? selectedNormal(n, candidates(n, selection!)) : { mean: 0, variance: 1 }
    variances[g] = (g > 0 ? factor * variances[g - 1]! : 1) * kept.variance * biased(n)
    // Beyond the first such set the mean of the standard deviation is not known.
    const sign = selection!.by === 'highest' ? 1 : -1
    if (g < 2) shifts[g] = sign * Math.sqrt(factor) * sd * kept.mean
  }
  return [
    { column: 'variance_ratio', statistic: 'mean', values: variances, source: order },
    { column: 'mean_shift', statistic: 'mean', values: shifts, source: order },
  ]
}

/** Under `replace`; a fresh learner begins at the standard normal law. */
function stopped(model: GaussianModel, { mean, sd }: Moments, cell: TheorySetting): Drift | undefined {
  const { sampling, ...others } = activeStages(cell)
  const factor = sampling ? normalFactor(sampling) : 1
  if (cell.policy.kind !== 'replace' || !isPlain(others) || factor === undefined) return undefined
  const left = shareLeft(model.steps!, model.rate ?? 1)
  const start = { mean: -mean / sd, variance: 1 / sd ** 2 }
  return shortDrift(
    cell,
    { left, warm: model.start === 'warm', start, unbiased: model.estimator === 'unbiased' },
    factor,
  )
}

const tails = [
  ['tail_p05', 0.05],
  ['tail_p01', 0.01],
  ['tail_p001', 0.001],
] as const

function moved(estimator: GaussianModel['estimator'], origin: Moments, cell: TheorySetting): Drift | undefined {
  const fit = { ...(estimator === 'unbiased' ? unbiased : mle), factor: normalFactor }
  const record = cell.poison?.record
  return drift(cell, fit, typeof record === 'number' ? (record - origin.mean) / origin.sd : undefined)
}

// --- twin ---

export interface GaussianFit {
  mean: number
  variance: number
}

function twin({ estimator }: GaussianModel): Twin<GaussianFit> {
  return {
    fit([values]: readonly Column[]) {
      if (!values?.length) throw broken('model', values?.length ?? 0, 'at least one record to fit')
      let mean = 0
      for (const value of values) mean += value / values.length
      let squares = 0
      for (const value of values) squares += (value - mean) ** 2
      return { mean, variance: squares / (estimator === 'unbiased' ? values.length - 1 : values.length) }
    },
    sample({ mean, variance }, n, random) {
      const sd = Math.sqrt(variance)
      return [Float64Array.from({ length: n }, () => mean + sd * random.normal())]
    },
  }
}

/** The definition of the family. */
export const gaussianDefinition: Definition<'gaussian'> = {
  kind: 'gaussian',
  shape,
  origins: ['gaussian', 'mixture', 'exponential', 'pareto', 'table'],
  example: 'gaussian:estimator=mle',
  least,
  exact,
  checkOrigin: (_, origin) => checkOnLine('gaussian', origin),
  abilities,
  theory,
  twin,
}
