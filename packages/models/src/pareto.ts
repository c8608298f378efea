// The Pareto model, the template of laws with an edge: the least record and a power-law tail above it.

import { ofSums } from './abilities.js'
import { broken, type Check, number } from './check.js'
import type { Column, Curve, Definition, ExactAnswer, TheoryCell, Twin } from './definition.js'
import type { Model, ParetoModel } from './settings.js'
import { readKind, type Shape } from './shape.js'
import { digamma } from './theory/special.js'

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

function theory(model: ParetoModel, { origin, policy, ...sizes }: TheoryCell): Curve[] {
  if (origin.kind !== 'pareto' || policy.kind !== 'replace') return []
  const fitted = model.scale === 'fitted'
  if (!fitted && model.scale !== origin.scale) return []
  // With theta = 1 / shape: theta' = theta Gamma(N - 1) / N (Gamma(N) / N where the scale is known), E ln scale' = ln scale + theta / N.
  const shapes = new Float64Array(sizes.generations + 1)
  const scales = new Float64Array(sizes.generations + 1)
  let theta = 1 / origin.shape
  let place = Math.log(origin.scale)
  for (let g = 0; g <= sizes.generations; g++) {
    const size = g === 0 ? sizes.initial : sizes.n
    // ln shape enters through the entropy: ln scale - ln shape + 1 / shape + 1.
    place += fitted ? theta / size : 0
    theta *= fitted ? 1 - 1 / size : 1
    scales[g] = place
    shapes[g] = (shapes[g - 1] ?? Math.log(origin.shape)) - digamma(fitted ? size - 1 : size) + Math.log(size)
  }
  const source = 'gamma law of the mean logarithm; exponential law of the least record'
  const entropy = scales.map((value, g) => value - shapes[g]! + meanInverse(origin.shape, sizes, g, fitted) + 1)
  return [
    { column: 'fit_log_scale', statistic: 'mean', values: scales, source },
    { column: 'entropy', statistic: 'mean', values: entropy, source },
  ]
}

/** E[1 / shape] at generation g. */
function meanInverse(shape: number, sizes: { initial: number; n: number }, g: number, fitted: boolean): number {
  return fitted ? ((1 - 1 / sizes.initial) * (1 - 1 / sizes.n) ** g) / shape : 1 / shape
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
