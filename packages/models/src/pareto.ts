// The Pareto model, the template of laws with an edge: the least record and a power-law tail above it.

import { ofSums } from './abilities.js'
import { broken, type Check, number } from './check.js'
import type { Column, Curve, Definition, ExactAnswer, TheoryCell, Twin } from './definition.js'
import type { Model, ParetoModel } from './settings.js'
import { readKind, type Shape } from './shape.js'
import { paretoLogScale, paretoReplace } from './theory/one-parameter.js'
import { fitSizes, isPlain } from './theory/setting.js'

// --- factory ---

const scale: Check<'fitted' | number> = {
  rule: "'fitted' or a number above 0",
  read(value, path) {
    return value === 'fitted' ? value : number({ above: 0 }).read(value, path)
  },
}

const shape = {
  kind: 'pareto',
  doc: 'A power-law tail above a least value.',
  fields: { scale: { check: scale, doc: "the least value: 'fitted', or known", fallback: 'fitted' } },
} as const satisfies Shape<ParetoModel>

/**
 * A Pareto model.
 *
 * @example pareto({ scale: 1 })
 */
export function pareto(settings: Partial<Omit<ParetoModel, 'kind'>> = {}): ParetoModel {
  return readKind<Model>({ pareto: shape }, { ...settings, kind: 'pareto' }, 'model') as ParetoModel
}

// --- checks ---

function least({ scale }: ParetoModel) {
  return scale === 'fitted'
    ? {
        records: 2,
        why: 'one record is its own least value and leaves no tail; give model.scale, or two records or more',
      }
    : { records: 1, why: '' }
}

function exact(): ExactAnswer {
  return { exact: true, taken: true, why: 'the least record and the sum of logarithms above it have laws of their own' }
}

// --- theory ---

const laws =
  'gamma law of the mean logarithm, exponential law of the least record (docstrings of gammaChain and paretoLogScale)'

function theory(model: ParetoModel, { origin, ...cell }: TheoryCell): Curve[] {
  if (origin.kind !== 'pareto' || cell.policy.kind !== 'replace' || !isPlain(cell)) return []
  const fitted = model.scale === 'fitted'
  if (!fitted && model.scale !== origin.scale) return []
  if (Math.min(...fitSizes(cell)) < (fitted ? 2 : 1)) return []
  const inverse = paretoReplace(cell, fitted)
  const above = fitted ? paretoLogScale(origin.shape, cell) : new Float64Array(inverse.logMean.length)
  const scales = above.map((value) => value + Math.log(origin.scale))
  const shapes = inverse.inverse.map((value) => value * origin.shape)
  // ln scale - ln shape + 1 / shape + 1.
  const entropy = scales.map((value, g) => {
    return value + inverse.logMean[g]! - Math.log(origin.shape) + inverse.mean[g]! / origin.shape + 1
  })
  return [
    { column: 'fit_log_scale', statistic: 'mean', values: scales, source: laws },
    { column: 'fit_shape', statistic: 'mean', values: shapes, source: laws },
    { column: 'entropy', statistic: 'mean', values: entropy, source: laws },
  ]
}

// --- twin ---

export interface ParetoFit {
  scale: number
  shape: number
}

function twin({ scale }: ParetoModel): Twin<ParetoFit> {
  return {
    fit([values]: readonly Column[]) {
      if (!values?.length) throw broken('model', values?.length ?? 0, 'at least one record to fit')
      const least = scale === 'fitted' ? Array.from(values).reduce((a, b) => Math.min(a, b)) : scale
      const logs = Array.from(values).reduce((total, value) => total + Math.log(value / least), 0)
      return { scale: least, shape: values.length / logs }
    },
    sample({ scale, shape }, n, random) {
      return [Float64Array.from({ length: n }, () => scale * (1 - random.uniform()) ** (-1 / shape))]
    },
  }
}

/** The definition of the family. */
export const paretoDefinition: Definition<'pareto'> = {
  kind: 'pareto',
  shape,
  origins: ['pareto'],
  example: 'pareto:scale=1',
  least,
  exact,
  abilities: ({ scale }) => ofSums(scale === 'fitted' ? number({ above: 0 }) : number({ min: scale })),
  theory,
  twin,
}
