// The Poisson model: the mean of counts, and Poisson draws with it.

import { ofSums } from './abilities.js'
import { broken, whole } from './check.js'
import type { Column, Curve, Definition, ExactAnswer, TheoryCell, Twin } from './definition.js'
import type { Model, PoissonModel } from './settings.js'
import { readKind, type Shape } from './shape.js'
import { momentCurves } from './theory/curves.js'
import { drift } from './theory/drift.js'
import { quadratic } from './theory/fit.js'
import { poissonAbsorbed } from './theory/one-parameter.js'
import { fitSizes, isPlain } from './theory/setting.js'

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

const recursion = 'recursion for a linear variance function (docstrings of drift and quadratic)'
const late = 0.01

function theory(_model: PoissonModel, { origin, ...cell }: TheoryCell): Curve[] {
  if (origin.kind !== 'poisson') return []
  const { mean } = origin
  const record = cell.poison?.record
  const away = typeof record === 'number' ? (record - mean) / Math.sqrt(mean) : undefined
  // V(m) = m, and V'(m0) sd0 / V0 = 1 / sqrt(m0).
  const curves = momentCurves(drift(cell, quadratic(0, 1 / Math.sqrt(mean)), away), recursion)
  // One count in a set is above the threshold of `late`: a model below it has none, for good.
  const least = 1 / Math.max(...fitSizes(cell))
  if (cell.policy.kind === 'replace' && isPlain(cell) && least > late * mean) {
    const source = 'a branching process with Poisson offspring (docstring of poissonAbsorbed)'
    curves.push({ column: 'late_state', statistic: 'mean', values: poissonAbsorbed(mean, cell), source })
  }
  return curves
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
