// The multivariate normal model: mean and covariance of records of several numbers, and normal draws with them.

import { type Abilities, everyMethod, ofSums } from './abilities.js'
import { broken, oneOf } from './check.js'
import type { Column, Curve, Definition, ExactAnswer, TheoryCell, Twin } from './definition.js'
import { widthOf } from './origins.js'
import type { Model, MultivariateGaussianModel, Origin } from './settings.js'
import { readKind, type Shape } from './shape.js'
import { multivariateCurves } from './theory/multivariate-curves.js'

// --- factory ---

const shape = {
  kind: 'multivariate-gaussian',
  doc: 'Mean and covariance of several numeric columns.',
  fields: {
    estimator: {
      check: oneOf('unbiased', 'mle'),
      doc: 'divisor of the covariance: N - 1, or N',
      fallback: 'unbiased',
    },
    covariance: { check: oneOf('full', 'diagonal'), doc: 'all of it, or the variances alone', fallback: 'full' },
  },
} as const satisfies Shape<MultivariateGaussianModel>

/**
 * A multivariate normal model.
 *
 * @example multivariateGaussian({ estimator: 'mle' })
 */
export function multivariateGaussian(
  settings: Partial<Omit<MultivariateGaussianModel, 'kind'>> = {},
): MultivariateGaussianModel {
  const kind = 'multivariate-gaussian'
  return readKind<Model>({ [kind]: shape }, { ...settings, kind }, 'model') as MultivariateGaussianModel
}

// --- checks ---

function least({ estimator }: MultivariateGaussianModel) {
  return estimator === 'unbiased'
    ? { records: 2, why: "the unbiased covariance divides by N - 1; take 'mle', or two records or more" }
    : { records: 1, why: '' }
}

function exact(): ExactAnswer {
  return { exact: true, taken: true, why: 'mean and covariance of normal records have their own laws' }
}

/** Sums over records of several numbers; no one number is such a record. */
function abilities(_: MultivariateGaussianModel, origin: Origin): Abilities {
  return ofSums(undefined, { temperature: everyMethod, spread: everyMethod }, widthOf(origin))
}

// --- theory ---

function theory({ estimator, covariance }: MultivariateGaussianModel, { origin, ...cell }: TheoryCell): Curve[] {
  if (origin.kind !== 'multivariate-gaussian') return []
  const { dimensions, covariance: truth } = origin
  const logDet = truth ? cholesky(truth).reduce((sum, row, i) => sum + 2 * Math.log(row[i]!), 0) : 0
  const correlated = truth?.some((row, i) => row.some((value, j) => i !== j && value !== 0)) ?? false
  return multivariateCurves(cell, { dimensions, estimator, covariance, logDet, correlated })
}

// --- twin ---

export interface MultivariateGaussianFit {
  mean: number[]
  covariance: number[][]
}

function twin({ estimator, covariance }: MultivariateGaussianModel): Twin<MultivariateGaussianFit> {
  return {
    fit(columns: readonly Column[]) {
      const n = columns[0]?.length ?? 0
      if (n === 0) throw broken('model', n, 'at least one record to fit')
      const mean = columns.map((values) => Array.from(values).reduce((total, value) => total + value / n, 0))
      const product = (i: number, j: number) => {
        if (i !== j && covariance === 'diagonal') return 0
        let sum = 0
        for (let r = 0; r < n; r++) sum += (columns[i]![r]! - mean[i]!) * (columns[j]![r]! - mean[j]!)
        return sum / (estimator === 'unbiased' ? n - 1 : n)
      }
      return { mean, covariance: columns.map((_, i) => columns.map((_, j) => product(i, j))) }
    },
    sample({ mean, covariance }, n, random) {
      const factor = cholesky(covariance)
      const columns = mean.map(() => new Float64Array(n))
      for (let r = 0; r < n; r++) {
        const z = mean.map(() => random.normal())
        for (const [i, row] of factor.entries()) {
          columns[i]![r] = row.reduce((total, value, j) => total + value * z[j]!, mean[i]!)
        }
      }
      return columns
    },
  }
}

/** The lower factor L of S = L L'; a direction without variance has a zero column. */
function cholesky(matrix: number[][]): number[][] {
  const factor = matrix.map((row) => row.map(() => 0))
  for (const [i, row] of matrix.entries()) {
    for (let j = 0; j <= i; j++) {
      let left = row[j]!
      for (let k = 0; k < j; k++) left -= factor[i]![k]! * factor[j]![k]!
      const pivot = factor[j]![j]!
      factor[i]![j] = i === j ? Math.sqrt(Math.max(left, 0)) : pivot > 0 ? left / pivot : 0
    }
  }
  return factor
}

/** The definition of the family. */
export const multivariateGaussianDefinition: Definition<'multivariate-gaussian'> = {
  kind: 'multivariate-gaussian',
  shape,
  origins: ['multivariate-gaussian', 'table'],
  example: 'multivariate-gaussian:estimator=mle',
  least,
  exact,
  abilities,
  theory,
  twin,
}
