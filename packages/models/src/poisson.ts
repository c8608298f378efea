// The Poisson model: the mean of counts, and Poisson draws with it.

import { ofSums } from './abilities.js'
import { broken, whole } from './check.js'
import type { Column, Curve, Definition, ExactAnswer, TheoryCell, Twin } from './definition.js'
import type { Model, PoissonModel } from './settings.js'
import { readKind, type Shape } from './shape.js'
import { quadraticVariance } from './theory/quadratic-variance.js'

// --- factory ---

const shape = { kind: 'poisson', doc: 'The mean of counts.', fields: {} } as const satisfies Shape<PoissonModel>

/** A Poisson model: a mean of 0 absorbs its chain. */
export function poisson(settings: Record<string, never> = {}): PoissonModel {
  return readKind<Model>({ poisson: shape }, { ...settings, kind: 'poisson' }, 'model') as PoissonModel
}

// --- checks ---

function exact(): ExactAnswer {
  return { exact: true, taken: true, why: 'sums of Poisson counts have a Poisson law' }
}

// --- theory ---

function theory(_model: PoissonModel, { origin, policy, ...sizes }: TheoryCell): Curve[] {
  const moved = origin.kind === 'poisson' && quadraticVariance(policy, sizes, 0)
  if (!moved) return []
  const source = 'recursion for a linear variance function (docstring of quadraticVariance)'
  return [
    { column: 'variance_ratio', statistic: 'mean', values: moved.variance, source },
    { column: 'mean_shift', statistic: 'variance', values: moved.meanVariance, source },
  ]
}

// --- twin ---

export interface PoissonFit {
  mean: number
}

function twin(): Twin<PoissonFit> {
  return {
    fit([values]: readonly Column[]) {
      if (!values?.length) throw broken('model', values?.length ?? 0, 'at least one record to fit')
      return { mean: Array.from(values).reduce((total, value) => total + value, 0) / values.length }
    },
    // Arrivals of a unit-rate process before `mean`.
    sample({ mean }, n, random) {
      const count = () => {
        const wait = () => -Math.log(1 - random.uniform())
        let arrivals = 0
        let time = wait()
        while (time < mean) {
          arrivals++
          time += wait()
        }
        return arrivals
      }
      return [Float64Array.from({ length: n }, count)]
    },
  }
}

/** The definition of the family. */
export const poissonDefinition: Definition<'poisson'> = {
  kind: 'poisson',
  shape,
  origins: ['poisson'],
  example: 'poisson',
  least: () => ({ records: 1, why: '' }),
  exact,
  abilities: () => ofSums(whole(0)),
  theory,
  twin,
}
