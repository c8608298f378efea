// The kernel density estimate: a normal kernel at every record of the training set.

import { type Abilities, ofRecords } from './abilities.js'
import { broken, type Check, number, numeric } from './check.js'
import type { Column, Curve, Definition, ExactAnswer, TheoryCell, Twin } from './definition.js'
import { didYouMean } from './error.js'
import { checkOnLine, dimensionsOf, widthOf } from './origins.js'
import type { KdeModel, Model, Origin } from './settings.js'
import { readKind, type Shape } from './shape.js'
import { momentCurves } from './theory/curves.js'
import { drift } from './theory/drift.js'
import { fixedKernel, ruledKernel, ruleFactor } from './theory/kernel-density.js'
import { momentsOf } from './theory/line-law.js'

// --- factory ---

const rules = ['scott', 'silverman'] as const

const bandwidth: Check<KdeModel['bandwidth']> = {
  rule: "'scott', 'silverman' or the kernel's standard deviation, a number above 0",
  read(value, path) {
    const width = numeric(value)
    if (Number.isFinite(width) && width! > 0) return width!
    const found = rules.find((rule) => rule === value)
    if (found) return found
    throw broken(path, value, bandwidth.rule, typeof value === 'string' ? didYouMean(value, rules) : undefined)
  },
}

const shape = {
  kind: 'kde',
  doc: 'A kernel density estimate: a normal kernel at every record.',
  fields: {
    bandwidth: {
      check: bandwidth,
      doc: "a rule on the records' covariance, 'scott' or 'silverman', or the kernel's sd in the data's units",
      fallback: 'scott',
    },
  },
} as const satisfies Shape<KdeModel>

/**
 * A kernel density estimate with normal kernels.
 *
 * @example kde({ bandwidth: 0.3 })
 */
export function kde(settings: Partial<Omit<KdeModel, 'kind'>> = {}): KdeModel {
  return readKind<Model>({ kde: shape }, { ...settings, kind: 'kde' }, 'model') as KdeModel
}

// --- checks ---

function least({ bandwidth }: KdeModel) {
  return typeof bandwidth === 'string'
    ? { records: 2, why: 'a bandwidth rule needs a variance; give model.bandwidth a number, or two records or more' }
    : { records: 1, why: '' }
}

function exact(): ExactAnswer {
  return { exact: false, taken: false, why: 'where its kernels stand depends on every record: no few sums have a law' }
}

/** Of infinitely many records the origin under kernels is left, which a power tail has no closed form for. */
function abilities({ bandwidth }: KdeModel, origin: Origin): Abilities {
  const width = widthOf(origin)
  return {
    ...ofRecords(width === 1 ? number() : undefined, { spread: ['draws'] }, width),
    population: origin.kind !== 'pareto' || typeof bandwidth === 'string',
  }
}

// --- theory ---

const recursion = 'recursion of moments with a kernel (docstrings of drift, fixedKernel and ruledKernel)'

function theory({ bandwidth }: KdeModel, { origin, ...cell }: TheoryCell): Curve[] {
  const law = momentsOf(origin)
  if (law) {
    const fit = typeof bandwidth === 'string' ? ruledKernel(bandwidth) : fixedKernel(bandwidth, law.sd)
    const record = cell.poison?.record
    return momentCurves(
      drift(cell, fit, typeof record === 'number' ? (record - law.mean) / law.sd : undefined),
      recursion,
    )
  }
  // In several dimensions a rule grows every direction alike, and `mean_shift` is a distance.
  if (origin.kind !== 'multivariate-gaussian' || typeof bandwidth !== 'string') return []
  const found = drift(cell, ruledKernel(bandwidth, dimensionsOf(origin)))
  return momentCurves(found, recursion).filter(({ column }) => column === 'variance_ratio')
}

// --- twin ---

export interface KdeFit {
  values: Float64Array
  /** The kernel's sd. */
  bandwidth: number
}

/** One column. */
function twin({ bandwidth }: KdeModel): Twin<KdeFit> {
  return {
    fit([values]: readonly Column[]) {
      const n = values?.length ?? 0
      if (n === 0) throw broken('model', n, 'at least one record to fit')
      const records = Float64Array.from(values!)
      if (typeof bandwidth === 'number') return { values: records, bandwidth }
      const mean = records.reduce((sum, x) => sum + x / n, 0)
      const variance = records.reduce((sum, x) => sum + (x - mean) ** 2 / (n - 1), 0)
      return { values: records, bandwidth: ruleFactor(bandwidth, n) * Math.sqrt(variance) }
    },
    sample({ values, bandwidth }, n, random) {
      const record = () => values[random.integer(values.length)]! + bandwidth * random.normal()
      return [Float64Array.from({ length: n }, record)]
    },
  }
}

/** The definition of the family. */
export const kdeDefinition: Definition<'kde'> = {
  kind: 'kde',
  shape,
  origins: ['gaussian', 'multivariate-gaussian', 'mixture', 'exponential', 'pareto', 'table'],
  example: 'kde:bandwidth=0.3',
  least,
  exact,
  checkOrigin: (_, origin) => checkOnLine('kde', origin),
  abilities,
  theory,
  twin,
}
