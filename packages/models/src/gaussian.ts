// The normal model: mean and variance of the records, and normal draws with them.

import { everyMethod, ofSums } from './abilities.js'
import { broken, number, oneOf } from './check.js'
import type { Column, Curve, Definition, ExactAnswer, ExactQuestion, TheoryCell, Twin } from './definition.js'
import { checkLearner, learnerFields } from './learner.js'
import type { GaussianModel, Model } from './settings.js'
import { readKind, type Shape } from './shape.js'
import { drift } from './theory/batches.js'
import { gaussianReplace } from './theory/gaussian-replace.js'

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

/** Mean and variance of normal draws have laws of their own; real rows of a table are drawn in either method. */
function exact({ origin }: ExactQuestion): ExactAnswer {
  const real = origin.kind === 'table' ? '; real rows are drawn one by one' : ''
  return { exact: true, taken: true, why: `mean and variance of normal records have their own law${real}` }
}

// --- theory ---

const recursion = 'recursion over batch means (docstring of drift)'
const chain = 'laws of the sample mean and variance (docstring of gaussianReplace)'

function theory(model: GaussianModel, { origin, policy, ...sizes }: TheoryCell): Curve[] {
  if (origin.kind !== 'gaussian' || model.steps !== undefined || Math.min(sizes.initial, sizes.n) < 2) return []
  const unbiased = model.estimator === 'unbiased'
  const curves: Curve[] = []
  const moved = drift(policy, sizes, unbiased)
  if (moved) {
    curves.push({ column: 'variance_ratio', statistic: 'mean', values: moved.variance, source: recursion })
    curves.push({ column: 'mean_shift', statistic: 'variance', values: moved.meanVariance, source: recursion })
  }
  if (policy.kind !== 'replace') return curves
  const { sd } = origin
  const moments = gaussianReplace(sizes, unbiased)
  const logs = moments.logVariance.map((value) => value + 2 * Math.log(sd))
  const squares = moments.w2Squared.map((value) => value * sd * sd)
  curves.push({ column: 'fit_log_variance', statistic: 'mean', values: logs, source: chain })
  curves.push({ column: 'fit_log_variance', statistic: 'variance', values: moments.logVarianceVariance, source: chain })
  curves.push({ column: 'w2', statistic: 'mean_square', values: squares, source: chain })
  curves.push({ column: 'kl_forward', statistic: 'mean', values: moments.klForward, source: chain })
  curves.push({ column: 'kl_reverse', statistic: 'mean', values: moments.klReverse, source: chain })
  return curves
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
  origins: ['gaussian', 'table'],
  example: 'gaussian:estimator=mle',
  least,
  exact,
  abilities: () =>
    ofSums(number(), { temperature: everyMethod, spread: everyMethod, truncate: ['draws', 'population'] }),
  theory,
  twin,
}
