// The exponential model, the template of families with one parameter: the mean of the records, and exponential draws with it.

import { everyMethod, ofSums } from './abilities.js'
import { broken, number, oneOf } from './check.js'
import type { Column, Curve, Definition, ExactAnswer, TheoryCell, Twin } from './definition.js'
import type { ExponentialModel, Model, Selection } from './settings.js'
import { readKind, type Shape } from './shape.js'
import { activeStages } from './stages.js'
import { momentCurves } from './theory/curves.js'
import { drift } from './theory/drift.js'
import { quadratic } from './theory/fit.js'
import { exponentialReplace } from './theory/one-parameter.js'
import { candidates, selectedExponential } from './theory/selection.js'
import { fitSizes, isPlain, type TheorySetting } from './theory/setting.js'

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

const recursion = 'recursion for a quadratic variance function (docstrings of drift and quadratic)'
const chain = 'ln of a gamma variate has mean digamma and variance trigamma (docstring of gammaChain)'

function theory({ estimator }: ExponentialModel, { origin, ...cell }: TheoryCell): Curve[] {
  if (origin.kind !== 'exponential') return []
  const record = cell.poison?.record
  const away = typeof record === 'number' ? record / origin.mean - 1 : undefined
  // V(m) = m^2, and V'(m0) sd0 / V0 = 2.
  const curves = estimator === 'mle' ? momentCurves(drift(cell, quadratic(1, 2), away), recursion) : []
  const { sampling = {}, selection, ...others } = activeStages(cell)
  if (selection) return isPlain(others) ? curated(estimator, origin.mean, cell, selection) : []
  if (cell.policy.kind !== 'replace' || !isPlain(others)) return curves
  const found = exponentialReplace(cell, estimator, sampling.temperature)
  const entropy = found.logMean.map((value) => value + 1 + Math.log(origin.mean))
  const means = found.mean.map((value) => value * origin.mean)
  const rates = found.inverse.map((value) => value / origin.mean)
  curves.push({ column: 'entropy', statistic: 'mean', values: entropy, source: chain })
  curves.push({ column: 'entropy', statistic: 'variance', values: found.logVariance, source: chain })
  curves.push({ column: 'fit_mean', statistic: 'mean', values: means, source: chain })
  curves.push({ column: 'fit_rate', statistic: 'mean', values: rates, source: chain })
  return curves
}

/** The highest or lowest candidates under `replace`: the mean is multiplied by theirs each time. */
function curated(
  estimator: ExponentialModel['estimator'],
  mean: number,
  cell: TheorySetting,
  selection: Selection,
): Curve[] {
  const { by } = selection
  if (cell.policy.kind !== 'replace' || by === 'central') return []
  const temperature = cell.sampling?.temperature ?? 1
  let product = mean
  const values = Float64Array.from(fitSizes(cell), (n, g) => {
    const kept = g > 0 ? temperature * selectedExponential(n, candidates(n, selection), by) : 1
    product *= kept * (estimator === 'mle' ? 1 : n / (n - 1))
    return product
  })
  const source = 'exponential records beyond an order statistic (docstring of selectedExponential)'
  return [{ column: 'fit_mean', statistic: 'mean', values, source }]
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
