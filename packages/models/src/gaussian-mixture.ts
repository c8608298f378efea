// The Gaussian mixture: normal components fitted to the records themselves by expectation maximisation.

import { type Abilities, ofRecords } from './abilities.js'
import { broken, number, oneOf, whole } from './check.js'
import type { Column, Curve, Definition, ExactAnswer, TheoryCell, Twin } from './definition.js'
import { widthOf } from './origins.js'
import type { GaussianMixtureModel, Model, Origin } from './settings.js'
import { readKind, type Shape } from './shape.js'
import { momentCurves } from './theory/curves.js'
import { drift } from './theory/drift.js'
import { fixedKernel } from './theory/kernel-density.js'
import { momentsOf } from './theory/line-law.js'

// --- factory ---

const shape = {
  kind: 'gaussian-mixture',
  doc: 'A mixture of normal distributions, fitted by expectation maximisation.',
  fields: {
    components: { check: whole(1, 1000), doc: 'how many', fallback: 2 },
    covariance: {
      check: oneOf('full', 'diagonal', 'spherical'),
      doc: 'the shape of a component: any, a variance for each column, or one for all',
      fallback: 'full',
    },
    iterations: { check: whole(1, 2 ** 32 - 1), doc: 'iterations at most', fallback: 100 },
    tolerance: {
      check: number({ min: 0 }),
      doc: 'the change of the mean log-likelihood, in nats, below which they end',
      fallback: 1e-3,
    },
    init: {
      check: oneOf('k-means++', 'random', 'given', 'warm'),
      doc: "where they start: clusters, records, the origin's components, or the last generation's mixture",
      fallback: 'k-means++',
    },
    restarts: { check: whole(1, 1000), doc: 'starts, of which the likeliest is kept', fallback: 1 },
    floor: { check: number({ above: 0 }), doc: "added to every component's variances", fallback: 1e-6 },
  },
  whole: checkStarts,
} as const satisfies Shape<GaussianMixtureModel>

/**
 * A Gaussian mixture.
 *
 * @example gaussianMixture({ components: 3, init: 'warm' })
 */
export function gaussianMixture(settings: Partial<Omit<GaussianMixtureModel, 'kind'>> = {}): GaussianMixtureModel {
  const kind = 'gaussian-mixture'
  return readKind<Model>({ [kind]: shape }, { ...settings, kind }, 'model') as GaussianMixtureModel
}

// --- checks ---

function checkStarts(model: GaussianMixtureModel, path: string): GaussianMixtureModel {
  if (model.init === 'given' && model.restarts > 1) {
    throw broken(`${path}.restarts`, model.restarts, '1 where the start is given', 'every start would be the same')
  }
  return model
}

function checkOrigin({ init, components }: GaussianMixtureModel, origin: Origin): void {
  if (init !== 'given') return
  const found = origin.kind === 'mixture' ? origin.components.length : Number(/gaussian/.test(origin.kind))
  if (found === components) return
  const rule = `an origin of ${components} normal components where the start is given`
  const hint = 'take init k-means++, or as many components as the origin has'
  throw broken('model.init', found === 0 ? `'${origin.kind}', which has none` : `an origin of ${found}`, rule, hint)
}

function least({ components }: GaussianMixtureModel) {
  return { records: components, why: components > 1 ? 'each component needs a record' : '' }
}

function exact(): ExactAnswer {
  return { exact: false, taken: false, why: 'responsibilities depend on every record: no few sums have a law' }
}

/** Records of one number have nodes that stand for infinitely many. */
function abilities(_: GaussianMixtureModel, origin: Origin): Abilities {
  const width = widthOf(origin)
  const able = ofRecords(width === 1 ? number() : undefined, { spread: ['draws', 'population'] }, 2 * width)
  // How many columns of a table are modelled is known where they are named.
  const known = origin.kind !== 'table' || origin.columns !== undefined
  const one = width === 1 && known && (origin.kind !== 'multivariate-gaussian' || origin.dimensions === 1)
  return { ...able, population: one }
}

// --- theory ---

const conserved = 'an M step conserves mean and covariance and adds the floor (docstrings of drift and fixedKernel)'

/**
 * Closed forms of all moments of the whole mixture, whatever its components: an M step gives it the mean and the
 * covariance of the records, with the floor added, as a kernel of that variance would.
 */
function theory({ floor }: GaussianMixtureModel, { origin, ...cell }: TheoryCell): Curve[] {
  const law = momentsOf(origin)
  if (!law) return []
  const record = cell.poison?.record
  const away = typeof record === 'number' ? (record - law.mean) / law.sd : undefined
  return momentCurves(drift(cell, fixedKernel(Math.sqrt(floor), law.sd), away), conserved)
}

// --- twin ---

export interface MixtureFit {
  weights: number[]
  means: number[]
  variances: number[]
}

/** One column, started at evenly spaced records of the sorted column. */
function twin({ components, iterations, tolerance, floor }: GaussianMixtureModel): Twin<MixtureFit> {
  return {
    fit([values]: readonly Column[]) {
      const n = values?.length ?? 0
      if (n === 0) throw broken('model', n, 'at least one record to fit')
      if (n < components) throw broken('model', n, `at least ${components} records to fit`)
      const sorted = Float64Array.from(values!).sort()
      const spread = variance(sorted, () => 1)
      let fit: MixtureFit = {
        weights: Array.from({ length: components }, () => 1 / components),
        means: Array.from({ length: components }, (_, k) => sorted[Math.floor(((k + 0.5) * n) / components)]!),
        variances: Array.from({ length: components }, () => spread + floor),
      }
      let last = Number.NEGATIVE_INFINITY
      for (let iteration = 0; iteration < iterations; iteration++) {
        const { shares, likelihood } = expect(fit, sorted)
        fit = maximise(fit, sorted, shares, floor)
        if (Math.abs(likelihood - last) < tolerance) break
        last = likelihood
      }
      return fit
    },
    sample({ weights, means, variances }, n, random) {
      const bounds = weights.map((_, k) => weights.slice(0, k + 1).reduce((total, weight) => total + weight, 0))
      const record = () => {
        const place = random.uniform()
        const k = bounds.findIndex((bound) => place < bound)
        const chosen = k < 0 ? weights.length - 1 : k
        return means[chosen]! + Math.sqrt(variances[chosen]!) * random.normal()
      }
      return [Float64Array.from({ length: n }, record)]
    },
  }
}

/** Each record's shares, the largest logarithm taken out first, and the mean log-likelihood. */
function expect({ weights, means, variances }: MixtureFit, values: Float64Array) {
  let likelihood = 0
  const shares = Array.from(values, (x) => {
    const logs = weights.map((weight, k) => {
      const variance = variances[k]!
      return Math.log(weight) - 0.5 * (Math.log(2 * Math.PI * variance) + (x - means[k]!) ** 2 / variance)
    })
    const top = Math.max(...logs)
    const sum = logs.reduce((total, log) => total + Math.exp(log - top), 0)
    likelihood += (top + Math.log(sum)) / values.length
    return logs.map((log) => Math.exp(log - top) / sum)
  })
  return { shares, likelihood }
}

/** Weighted moments; a component without records stays where it was. */
function maximise(last: MixtureFit, values: Float64Array, shares: number[][], floor: number): MixtureFit {
  const counts = last.weights.map((_, k) => shares.reduce((total, share) => total + share[k]!, 0))
  const kept = (k: number, found: number, before: number) => (counts[k]! > 0 ? found : before)
  const means = counts.map((count, k) => {
    const sum = values.reduce((total, x, i) => total + shares[i]![k]! * x, 0)
    return kept(k, sum / count, last.means[k]!)
  })
  const variances = counts.map((_, k) => kept(k, variance(values, (i) => shares[i]![k]!) + floor, last.variances[k]!))
  return { weights: counts.map((count) => count / values.length), means, variances }
}

/** Weighted variance, divisor the sum of the weights. */
function variance(values: Float64Array, weight: (i: number) => number): number {
  const total = values.reduce((sum, _, i) => sum + weight(i), 0)
  const mean = values.reduce((sum, x, i) => sum + weight(i) * x, 0) / total
  return values.reduce((sum, x, i) => sum + weight(i) * (x - mean) ** 2, 0) / total
}

/** The definition of the family. */
export const gaussianMixtureDefinition: Definition<'gaussian-mixture'> = {
  kind: 'gaussian-mixture',
  shape,
  origins: ['mixture', 'gaussian', 'multivariate-gaussian', 'exponential', 'table'],
  example: 'gaussian-mixture:components=3,init=warm',
  least,
  exact,
  checkOrigin,
  abilities,
  theory,
  twin,
}
