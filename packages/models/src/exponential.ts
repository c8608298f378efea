// The exponential model, the template of families with one parameter: the mean of the records, and exponential draws with it.

import { everyMethod, ofSums } from './abilities.js'
import { broken, number, oneOf } from './check.js'
import type { Column, Curve, Definition, ExactAnswer, TheoryCell, Twin } from './definition.js'
import type { ExponentialModel, Model } from './settings.js'
import { readKind, type Shape } from './shape.js'
import { quadraticVariance } from './theory/quadratic-variance.js'
import { digamma, trigamma } from './theory/special.js'

// --- factory ---

const shape = {
  kind: 'exponential',
  doc: 'The mean of positive records.',
  fields: {
    estimator: {
      check: oneOf('mle', 'unbiased-rate'),
      doc: 'mean = sum / N, or rate = (N - 1) / sum',
      fallback: 'mle',
    },
  },
} as const satisfies Shape<ExponentialModel>

/**
 * An exponential model.
 *
 * @example exponential({ estimator: 'unbiased-rate' })
 */
export function exponential(settings: Partial<Omit<ExponentialModel, 'kind'>> = {}): ExponentialModel {
  return readKind<Model>({ exponential: shape }, { ...settings, kind: 'exponential' }, 'model') as ExponentialModel
}

// --- checks ---

function least({ estimator }: ExponentialModel) {
  return estimator === 'unbiased-rate'
    ? { records: 2, why: "the unbiased rate has N - 1 above; take 'mle', or two records or more" }
    : { records: 1, why: '' }
}

function exact(): ExactAnswer {
  return { exact: true, taken: true, why: 'sums of exponential records have a gamma law' }
}

// --- theory ---

function theory(model: ExponentialModel, { origin, policy, ...sizes }: TheoryCell): Curve[] {
  if (origin.kind !== 'exponential') return []
  const curves: Curve[] = []
  const moved = model.estimator === 'mle' && quadraticVariance(policy, sizes, 1)
  if (moved) {
    const source = 'recursion for a quadratic variance function (docstring of quadraticVariance)'
    curves.push({ column: 'variance_ratio', statistic: 'mean', values: moved.variance, source })
    curves.push({ column: 'mean_shift', statistic: 'variance', values: moved.meanVariance, source })
  }
  if (policy.kind !== 'replace') return curves
  // ln mean is a sum of independent ln(Gamma(N) / N), or ln(Gamma(N) / (N - 1)); entropy is 1 + ln mean.
  const divisor = (size: number) => (model.estimator === 'mle' ? size : size - 1)
  const start = 1 + Math.log(origin.mean)
  const logs = new Float64Array(sizes.generations + 1)
  const spread = new Float64Array(sizes.generations + 1)
  for (let g = 0; g <= sizes.generations; g++) {
    const size = g === 0 ? sizes.initial : sizes.n
    logs[g] = (logs[g - 1] ?? start) + digamma(size) - Math.log(divisor(size))
    spread[g] = (spread[g - 1] ?? 0) + trigamma(size)
  }
  const source = 'ln of a gamma variate has mean digamma and variance trigamma'
  curves.push({ column: 'entropy', statistic: 'mean', values: logs, source })
  curves.push({ column: 'entropy', statistic: 'variance', values: spread, source })
  return curves
}

// --- twin ---

export interface ExponentialFit {
  mean: number
}

function twin({ estimator }: ExponentialModel): Twin<ExponentialFit> {
  return {
    fit([values]: readonly Column[]) {
      if (!values?.length) throw broken('model', values?.length ?? 0, 'at least one record to fit')
      const sum = Array.from(values).reduce((total, value) => total + value, 0)
      return { mean: sum / (estimator === 'mle' ? values.length : values.length - 1) }
    },
    sample({ mean }, n, random) {
      return [Float64Array.from({ length: n }, () => -mean * Math.log(1 - random.uniform()))]
    },
  }
}

/** The definition of the family. */
export const exponentialDefinition: Definition<'exponential'> = {
  kind: 'exponential',
  shape,
  origins: ['exponential'],
  example: 'exponential:estimator=unbiased-rate',
  least,
  exact,
  abilities: () => ofSums(number({ min: 0 }), { temperature: everyMethod }),
  theory,
  twin,
}
