// The categorical model: the shares of the classes among the records, and draws with these shares.

import { everyMethod, ofCounts } from './abilities.js'
import { broken } from './check.js'
import type { Column, Curve, Definition, ExactAnswer, TheoryCell, Twin } from './definition.js'
import { checkLearner, learnerFields } from './learner.js'
import { classNames } from './origins.js'
import type { CategoricalModel, CategoricalOrigin, Model, Policy } from './settings.js'
import { readKind, type Shape } from './shape.js'
import { drift } from './theory/drift.js'
import { absentAtFirst, classesAlive, missingMass } from './theory/extinction.js'
import { mle } from './theory/fit.js'
import { shareLeft, shortDrift } from './theory/learner.js'
import { populationShares } from './theory/population.js'
import { fitSizes, isPlain, type TheorySetting } from './theory/setting.js'
import { monomorphic } from './theory/wright-fisher.js'

// --- factory ---

const shape = {
  kind: 'categorical',
  doc: 'The share of each class of one column.',
  fields: learnerFields,
  whole: checkLearner,
} as const satisfies Shape<CategoricalModel>

/** A categorical model: refitting it is resampling of classes (Wright-Fisher). */
export function categorical(settings: Omit<CategoricalModel, 'kind'> = {}): CategoricalModel {
  return readKind<Model>({ categorical: shape }, { ...settings, kind: 'categorical' }, 'model') as CategoricalModel
}

// --- checks ---

function exact(): ExactAnswer {
  return {
    exact: true,
    taken: true,
    why: 'the counts of the classes are the whole training set, and they are multinomial',
  }
}

// --- theory ---

const descent = 'two draws differ unless both stem from one real record (docstring of drift)'
const martingale = 'shares keep their mean but for poison (docstring of drift)'
const first = 'the classes of T_0 (docstring of absentAtFirst)'
const chain = 'powers of the transition matrix of a count (docstring of countLaws)'

function theory(model: CategoricalModel, { origin, ...cell }: TheoryCell): Curve[] {
  if (origin.kind !== 'categorical') return []
  if (model.steps !== undefined) return stopped(model, origin, cell)
  const { probabilities } = origin
  const poisoned = poisonedClass(cell, origin)
  if (fitSizes(cell).every((size) => size === Number.POSITIVE_INFINITY)) {
    return shareCurves(populationShares(probabilities, cell, poisoned), origin)
  }
  const curves = diversity(origin, cell, poisoned)
  if (!isPlain(cell)) return curves
  if (keepsFirst(cell.policy)) return [...curves, ...kept(probabilities, cell)]
  if (cell.policy.kind !== 'replace') return curves
  const alive = classesAlive(probabilities, cell)
  const missing = missingMass(probabilities, cell)
  if (alive) curves.push({ column: 'classes_alive', statistic: 'mean', values: alive, source: chain })
  if (missing) curves.push({ column: 'missing_mass', statistic: 'mean', values: missing, source: chain })
  const single = isLateMonomorphic(probabilities, cell) && monomorphic(probabilities, cell)
  if (single) curves.push({ column: 'late_state', statistic: 'mean', values: single, source: chain })
  return curves
}

/** Whether all of T_0 is in every training set. */
function keepsFirst(policy: Policy): boolean {
  return policy.kind === 'accumulate' || (policy.kind === 'window' && policy.keepReal)
}

/** Classes that T_0 has stay for good, and no other one comes. */
function kept(probabilities: readonly number[], { initial, generations }: TheorySetting): Curve[] {
  const { classes, mass } = absentAtFirst(probabilities, initial)
  const constant = (value: number) => new Float64Array(generations + 1).fill(value)
  const alive = constant(probabilities.length - classes)
  return [
    { column: 'classes_alive', statistic: 'mean', values: alive, source: first },
    { column: 'missing_mass', statistic: 'mean', values: constant(mass), source: first },
  ]
}

/** E of heterozygosity under any policy that `drift` knows; a poisoned class is a distance from the origin's shares. */
function diversity(origin: CategoricalOrigin, cell: TheorySetting, poisoned: number | undefined): Curve[] {
  const { probabilities } = origin
  const start = heterozygosity(probabilities)
  if (!(start > 0)) return []
  const away = poisoned === undefined ? undefined : distance(probabilities, poisoned) / Math.sqrt(start)
  const found = drift(cell, mle, away)
  if (!found) return []
  const values = found.within.map((value) => value * start)
  const shares = classNames(origin).map((name, code): Curve => {
    const pull = away ? found.mean.map((mean) => mean / away) : new Float64Array(found.mean.length)
    const towards = code === poisoned ? 1 : 0
    const shares = pull.map((part) => (1 - part) * probabilities[code]! + part * towards)
    return { column: `share_${name}`, statistic: 'mean', values: shares, source: martingale }
  })
  return [
    { column: 'heterozygosity_ratio', statistic: 'mean', values: found.within, source: descent },
    { column: 'heterozygosity', statistic: 'mean', values, source: descent },
    ...shares,
  ]
}

/** A learner that stops short, under `replace`; a fresh one begins at equal shares. */
function stopped(model: CategoricalModel, origin: CategoricalOrigin, cell: TheorySetting): Curve[] {
  const { probabilities } = origin
  const spread = heterozygosity(probabilities)
  if (cell.policy.kind !== 'replace' || !isPlain(cell) || !(spread > 0)) return []
  const equal = 1 / probabilities.length
  const away = Math.hypot(...probabilities.map((p) => p - equal))
  const start = { mean: away / Math.sqrt(spread), variance: (1 - equal) / spread }
  const left = shareLeft(model.steps!, model.rate ?? 1)
  const found = shortDrift(cell, { left, warm: model.start === 'warm', start, unbiased: false })
  if (!found) return []
  const source = 'linear steps in the mean parameters (docstring of shortDrift)'
  const shares = classNames(origin).map((name, code): Curve => {
    const pull = away > 0 ? found.mean.map((mean) => mean / start.mean) : new Float64Array(found.mean.length)
    const values = pull.map((part) => probabilities[code]! + part * (equal - probabilities[code]!))
    return { column: `share_${name}`, statistic: 'mean', values, source }
  })
  return [{ column: 'heterozygosity_ratio', statistic: 'mean', values: found.variance, source }, ...shares]
}

/** The distance of a class, as a vector with a single 1, from the shares. */
function distance(shares: readonly number[], code: number): number {
  return Math.hypot(...shares.map((p, i) => p - (i === code ? 1 : 0)))
}

function poisonedClass({ poison }: TheorySetting, origin: CategoricalOrigin): number | undefined {
  const record = poison?.record
  if (record === undefined) return undefined
  const code = classNames(origin).indexOf(String(record))
  return code < 0 ? undefined : code
}

/** Curves of shares that are not random. */
function shareCurves(rows: number[][] | undefined, origin: CategoricalOrigin): Curve[] {
  if (!rows) return []
  const source = 'shares under n = infinity (docstring of populationShares)'
  const start = heterozygosity(origin.probabilities)
  const curve = (column: string, of: (shares: readonly number[]) => number): Curve => ({
    column,
    statistic: 'mean',
    values: Float64Array.from(rows, of),
    source,
  })
  return [
    curve('heterozygosity', heterozygosity),
    ...(start > 0 ? [curve('heterozygosity_ratio', (shares) => heterozygosity(shares) / start)] : []),
    curve('entropy', (shares) => shares.reduce((sum, p) => sum - (p > 0 ? p * Math.log(p) : 0), 0)),
    ...classNames(origin).map((name, code) => curve(`share_${name}`, (shares) => shares[code]!)),
  ]
}

/** A model of two classes is late exactly when one is left where the least heterozygosity is above the threshold. */
function isLateMonomorphic(probabilities: readonly number[], cell: TheorySetting): boolean {
  const least = Math.min(...fitSizes(cell).map((n) => heterozygosity([1 / n, 1 - 1 / n])))
  const start = heterozygosity(probabilities)
  return start > 0 && least > late * start
}
const late = 0.01

/** The probability that two independent draws differ: 1 - sum p^2. */
export function heterozygosity(probabilities: readonly number[]): number {
  return 1 - probabilities.reduce((sum, p) => sum + p * p, 0)
}

// --- twin ---

/** Shares by code. */
export type CategoricalFit = Float64Array

function twin(): Twin<CategoricalFit> {
  return {
    fit([codes]: readonly Column[]) {
      if (!codes?.length) throw broken('model', codes?.length ?? 0, 'at least one record to fit')
      let most = 0
      for (const code of codes) most = Math.max(most, code)
      const counts = new Float64Array(most + 1)
      for (const code of codes) counts[code]!++
      return counts.map((count) => count / codes.length)
    },
    sample(shares, n, random) {
      return [Uint32Array.from({ length: n }, () => pick(shares, random.uniform()))]
    },
  }
}

/** The class in which u falls when the shares are laid end to end; rounding never ends beyond the last one in use. */
function pick(shares: CategoricalFit, u: number): number {
  let left = u
  let last = 0
  for (let code = 0; code < shares.length; code++) {
    if (shares[code] === 0) continue
    last = code
    left -= shares[code]!
    if (left < 0) return code
  }
  return last
}

/** The definition of the family. */
export const categoricalDefinition: Definition<'categorical'> = {
  kind: 'categorical',
  shape,
  origins: ['categorical', 'table'],
  example: 'categorical',
  least: () => ({ records: 1, why: '' }),
  exact,
  abilities: () => ofCounts({ temperature: everyMethod, bias: everyMethod, topK: everyMethod, topP: everyMethod }),
  theory,
  twin,
}
