// The categorical model: the shares of the classes among the records, and draws with these shares.

import { everyMethod, ofCounts } from './abilities.js'
import { broken } from './check.js'
import type { Column, Curve, Definition, ExactAnswer, TheoryCell, Twin } from './definition.js'
import { checkLearner, learnerFields } from './learner.js'
import type { CategoricalModel, Model } from './settings.js'
import { readKind, type Shape } from './shape.js'
import { drift } from './theory/batches.js'
import { classesAlive } from './theory/extinction.js'

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

function theory(model: CategoricalModel, { origin, policy, ...sizes }: TheoryCell): Curve[] {
  if (origin.kind !== 'categorical' || model.steps !== undefined) return []
  const curves: Curve[] = []
  const moved = drift(policy, sizes, false)
  const start = heterozygosity(origin.probabilities)
  if (moved && start > 0) {
    const ratio = moved.meanVariance.map((value) => 1 - value)
    const source = 'two draws differ unless both stem from one real record (docstring of drift)'
    curves.push({ column: 'heterozygosity_ratio', statistic: 'mean', values: ratio, source })
    const values = ratio.map((value) => value * start)
    curves.push({ column: 'heterozygosity', statistic: 'mean', values, source })
  }
  const alive = policy.kind === 'replace' && classesAlive(origin.probabilities, sizes)
  if (alive) {
    const source = 'powers of the transition matrix of a count (docstring of extinction)'
    curves.push({ column: 'classes_alive', statistic: 'mean', values: alive, source })
  }
  return curves
}

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
