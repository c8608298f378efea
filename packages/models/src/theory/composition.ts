// What training sets are made of, by origin and age: bookkeeping that no record's value enters.

import type { Curve } from '../definition.js'
import { mixCounts, mixShares } from '../policies.js'
import type { MixPolicy } from '../settings.js'
import { activeStages } from '../stages.js'
import { poisonCount } from './counts.js'
import { batchSizes, type TheorySetting } from './setting.js'

/** Each at generations 0..G: E of a set's records, of the shares of real and of poison records, and of their mean age. */
export interface Composition {
  records: Float64Array
  real: Float64Array
  poison: Float64Array
  /** In generations: a record made for this set has age 0. */
  age: Float64Array
}

/** Records of a set, or of a part of it; `age` is the sum over them. */
interface Made {
  records: number
  real: number
  poison: number
  age: number
}

const nothing: Made = { records: 0, real: 0, poison: 0, age: 0 }

/**
 * The composition of training sets: exact where counts are certain, their expectation where records are mixed by chance.
 * Undefined where the number of records is left to a detector.
 */
export function composition(setting: TheorySetting): Composition | undefined {
  const { policy, generations } = setting
  const stages = activeStages(setting)
  const batches = batchSizes(setting)
  if (!batches || (stages.filter && !stages.filter.topUp)) return undefined
  const column = () => new Float64Array(generations + 1)
  const found: Composition = { records: column(), real: column(), poison: column(), age: column() }
  const { sizes, noise } = batches
  const first = { records: sizes[0]!, real: sizes[0]!, poison: 0, age: 0 }
  let set = first
  let pool = first
  const last = [first]
  for (let g = 0; g <= generations; g++) {
    if (g > 0) {
      const n = sizes[g]!
      const poison = poisonCount(stages, n, g)
      const batch = { records: n, real: 0, poison, age: 0 }
      pool = and(older(pool, 1), batch)
      last.push(batch)
      if (policy.kind === 'replace') set = batch
      else if (policy.kind === 'accumulate') set = pool
      else if (policy.kind === 'accumulate-subsample') set = part(pool, n)
      else if (policy.kind === 'window') set = window(last, policy.batches, policy.keepReal)
      else set = mixed(policy, n, { g, poison, before: older(set, 1), filter: stages.filter })
    }
    found.records[g] = noise === 0 ? Number.POSITIVE_INFINITY : set.records
    found.real[g] = set.real / set.records
    found.poison[g] = set.poison / set.records
    found.age[g] = set.age / set.records
  }
  return found
}

/** The curves of a composition, for any family. */
export function compositionCurves(setting: TheorySetting): Curve[] {
  const found = composition(setting)
  if (!found) return []
  const { records, real, poison, age } = found
  const synthetic = real.map((share, g) => 1 - share - poison[g]!)
  const curve = (column: string, values: Float64Array): Curve => {
    return { column, statistic: 'mean', values, source: 'bookkeeping (docstring of composition)' }
  }
  return [
    curve('n', records),
    curve('real_share', real),
    curve('synthetic_share', synthetic),
    curve('poison_share', poison),
    curve('mean_age', age),
  ]
}

function and(a: Made, b: Made): Made {
  return { records: a.records + b.records, real: a.real + b.real, poison: a.poison + b.poison, age: a.age + b.age }
}

function older(made: Made, generations: number): Made {
  return { ...made, age: made.age + generations * made.records }
}

function part(made: Made, records: number): Made {
  const share = records / made.records
  return { records, real: made.real * share, poison: made.poison * share, age: made.age * share }
}

function window(made: readonly Made[], batches: number, keepReal: boolean): Made {
  const newest = made.length - 1
  const oldest = Math.max(0, newest - batches + 1)
  const kept = keepReal && oldest > 0 ? older(made[0]!, newest) : nothing
  return made.slice(oldest).reduce((sum, batch, i) => and(sum, older(batch, newest - oldest - i)), kept)
}

function mixed(
  policy: MixPolicy,
  n: number,
  { g, poison, before, filter }: { g: number; poison: number; before: Made; filter: TheorySetting['filter'] },
): Made {
  let { synthetic, previous, real } =
    policy.composition === 'stratified' ? mixCounts(policy, n) : scaled(mixShares(policy), n)
  if (filter) {
    const shares = mixShares(policy)
    const [s, r] = [shares.synthetic * (1 - filter.truePositiveRate), shares.real * (1 - filter.falsePositiveRate)]
    synthetic = (n * s) / (s + r)
    previous = 0
    real = (n * r) / (s + r)
  }
  const fresh = { records: real, real, poison: 0, age: policy.source !== 'fresh' ? g * real : 0 }
  return and(and({ records: synthetic, real: 0, poison, age: 0 }, part(before, previous)), fresh)
}

function scaled({ synthetic, previous, real }: { synthetic: number; previous: number; real: number }, n: number) {
  return { synthetic: n * synthetic, previous: n * previous, real: n * real }
}
