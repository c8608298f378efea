// The linear regression model: a plane through records of features and a response, and responses beside it.

import { type Abilities, everyMethod, ofSums } from './abilities.js'
import { broken, number, oneOf } from './check.js'
import type { Column, Curve, Definition, ExactAnswer, TheoryCell, Twin } from './definition.js'
import type { LinearRegressionModel, Model, Origin } from './settings.js'
import { readKind, type Shape } from './shape.js'
import { regressionCurves } from './theory/regression-curves.js'

// --- factory ---

const shape = {
  kind: 'linear-regression',
  doc: 'A linear response to features, by least squares.',
  fields: {
    features: {
      check: oneOf('fresh', 'same'),
      doc: 'new features for each batch, or those of the first batch in all',
      fallback: 'fresh',
    },
    ridge: { check: number({ min: 0 }), doc: 'added to the diagonal of the sums of products of features', fallback: 0 },
    noise: {
      check: oneOf('known', 'fitted'),
      doc: "variance of the noise: the origin's, or the residual sum of squares over N - dimensions",
      fallback: 'known',
    },
  },
} as const satisfies Shape<LinearRegressionModel>

/**
 * A linear regression model.
 *
 * @example linearRegression({ ridge: 0.1 })
 */
export function linearRegression(settings: Partial<Omit<LinearRegressionModel, 'kind'>> = {}): LinearRegressionModel {
  const kind = 'linear-regression'
  return readKind<Model>({ [kind]: shape }, { ...settings, kind }, 'model') as LinearRegressionModel
}

// --- checks ---

/** How many records a fit needs depends on the origin's features: a chain that has too few stops. */
/** A plane of d features needs d records unless a ridge holds it, and fitted noise divides by N - d. */
function least({ ridge, noise }: LinearRegressionModel, origin: Origin) {
  const dimensions = origin.kind === 'linear-regression' ? origin.dimensions : 1
  if (noise === 'fitted') return { records: dimensions + 1, why: 'fitted noise divides by N less the dimensions' }
  if (ridge > 0 || dimensions === 1) return { records: 1, why: '' }
  return { records: dimensions, why: 'a plane needs a record for every feature; give model.ridge, or more records' }
}

function exact(): ExactAnswer {
  return { exact: true, taken: true, why: 'sums of products of normal features and responses have their own law' }
}

/** Sums over records of several numbers; no one number is such a record, and nothing puts them in order. */
function abilities({ features }: LinearRegressionModel, origin: Origin): Abilities {
  const width = origin.kind === 'linear-regression' ? origin.dimensions + 1 : 1
  const able = ofSums(undefined, { temperature: everyMethod, spread: everyMethod }, width)
  return { ...able, selection: [], sameFeatures: features === 'same' }
}

// --- theory ---

function theory({ features, ridge, noise }: LinearRegressionModel, { origin, ...cell }: TheoryCell): Curve[] {
  if (origin.kind !== 'linear-regression' || ridge > 0) return []
  const { dimensions } = origin
  return regressionCurves(cell, { dimensions, noiseVariance: origin.noise ** 2, features, noise })
}

// --- twin ---

export interface LinearRegressionFit {
  weights: number[]
  /** Standard deviation of the noise; 1 where it is known: responses are in units of the origin's noise. */
  noise: number
  /** The features that it was fitted to, a column each. */
  features: Float64Array[]
}

/** Columns are features, and the response last. */
function twin({ features, ridge = 0, noise }: LinearRegressionModel): Twin<LinearRegressionFit> {
  return {
    fit(columns: readonly Column[]) {
      const n = columns[0]?.length ?? 0
      if (n === 0) throw broken('model', n, 'at least one record to fit')
      const x = columns.slice(0, -1).map((column) => Float64Array.from(column))
      const y = Float64Array.from(columns.at(-1)!)
      const product = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, r) => sum + value * b[r]!, 0)
      const gram = x.map((a, i) => x.map((b, j) => product(a, b) + (i === j ? ridge : 0)))
      const weights = solved(
        gram,
        x.map((a) => product(a, y)),
      )
      if (noise !== 'fitted') return { weights, noise: 1, features: x }
      const residuals = y.map((value, r) => weights.reduce((left, w, k) => left - w * x[k]![r]!, value))
      return { weights, noise: Math.sqrt(product(residuals, residuals) / (n - x.length)), features: x }
    },
    sample({ weights, noise: sd, features: old }, n, random) {
      const drawn = () => Float64Array.from({ length: n }, () => random.normal())
      const x = features === 'same' ? old : weights.map(drawn)
      const y = drawn().map((z, r) => weights.reduce((sum, w, k) => sum + w * x[k]![r]!, sd * z))
      return [...x, y]
    },
  }
}

/** The solution of a symmetric positive definite system, by elimination. */
function solved(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!])
  for (const [k, row] of rows.entries()) {
    for (const later of rows.slice(k + 1)) {
      const times = later[k]! / row[k]!
      for (let j = k; j < later.length; j++) later[j]! -= times * row[j]!
    }
  }
  const solution = right.map(() => 0)
  for (let k = rows.length - 1; k >= 0; k--) {
    const row = rows[k]!
    const known = solution.reduce((sum, value, j) => (j > k ? sum + row[j]! * value : sum), 0)
    solution[k] = (row[rows.length]! - known) / row[k]!
  }
  return solution
}

/** The definition of the family. */
export const linearRegressionDefinition: Definition<'linear-regression'> = {
  kind: 'linear-regression',
  shape,
  origins: ['linear-regression'],
  example: 'linear-regression:noise=fitted',
  least,
  exact,
  abilities,
  theory,
  twin,
}
