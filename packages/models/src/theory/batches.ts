// How far means drift and variances shrink under any whole-batch policy: an exact recursion over batch means.

import { mixShares } from '../policies.js'
import type { MixPolicy, Policy } from '../settings.js'
import { type Batch, type Schedule, type Sizes, scheduleOf } from './schedule.js'

/** Both a generation, in units of the origin's variance. */
export interface Drift {
  /** Var of the fitted mean. For a categorical fit: 1 - E[heterozygosity] / origin's. */
  meanVariance: Float64Array
  /** E of the fitted variance. */
  variance: Float64Array
}

/**
 * Exact drift of mean and variance under a policy, for a fit by sample mean and variance (divisor N, or N - 1 with
 * `unbiased`), from any origin with a variance.
 *
 * With Gamma the covariances of batch means and q_b = E[x^2] of batch b (origin: mean 0, variance 1), generation g
 * trained on N records with batch weights w has M = w' Gamma w and U = (w'q - M) (1 or N/(N-1)); a batch drawn from it
 * has covariance Gamma w with older batches, variance M + U/size and q = M + U. Undefined for policies that do not use
 * whole batches (a fixed mix composed by chance).
 */
export function drift(policy: Policy, sizes: Sizes, unbiased: boolean): Drift | undefined {
  if (policy.kind === 'mix' && policy.composition === 'bernoulli') return byChance(policy, sizes, unbiased)
  const schedule = scheduleOf(policy, sizes)
  return schedule && recursion(schedule, unbiased)
}

interface Row {
  /** Covariance of this batch's mean with its own and with those of older batches, while it is needed. */
  covariance: Map<number, number>
  /** Sum over the batches in use of size times covariance with this one. */
  sum: number
  /** E[x^2]. */
  square: number
}

/** The batches that are alive, with the sums that the recursion needs, kept up to date as batches join and leave. */
class Alive {
  readonly rows: Map<number, Row> = new Map()
  readonly #batches: Batch[]
  readonly #lastUse: Map<number, number>
  readonly #end: number

  constructor({ batches, sets }: Schedule) {
    this.#batches = batches
    this.#lastUse = new Map(sets.flatMap((set, g) => set.map((b): [number, number] => [b, g])))
    this.#end = sets.length - 1
  }

  /** A batch joins those in use: real ones are new and independent of all others. */
  join(b: number): void {
    const { size } = this.#batches[b]!
    if (!this.rows.has(b)) this.rows.set(b, { covariance: new Map([[b, 1 / size]]), sum: 0, square: 1 })
    this.#add(b, size)
    const { covariance } = this.rows.get(b)!
    for (const other of covariance.keys()) if (this.#stays(b) && this.#stays(other)) covariance.delete(other)
  }

  /** A batch leaves those in use, for good. */
  leave(b: number): void {
    this.#add(b, -this.#batches[b]!.size)
    this.rows.delete(b)
    for (const { covariance } of this.rows.values()) covariance.delete(b)
  }

  #add(b: number, size: number): void {
    const own = this.rows.get(b)!.covariance
    for (const [a, row] of this.rows) row.sum += size * ((a > b ? row.covariance.get(b) : own.get(a)) ?? 0)
  }

  #stays(b: number): boolean {
    return this.#lastUse.get(b) === this.#end
  }

  /** A batch drawn from a model of mean variance M and E[x^2] = square, trained on the `total` records in use. */
  draw(b: number, total: number, M: number, square: number): void {
    const covariance = new Map([...this.rows].map(([a, { sum }]): [number, number] => [a, sum / total]))
    covariance.set(b, M + (square - M) / this.#batches[b]!.size)
    this.rows.set(b, { covariance, sum: total * M, square })
  }
}

function recursion(schedule: Schedule, unbiased: boolean): Drift {
  const { batches, sets } = schedule
  const meanVariance = new Float64Array(sets.length)
  const variance = new Float64Array(sets.length)
  const alive = new Alive(schedule)
  let before = new Set<number>()
  for (const [g, all] of sets.entries()) {
    const set = new Set(all.filter((b) => batches[b]!.size > 0))
    for (const b of before) if (!set.has(b)) alive.leave(b)
    for (const b of set) if (!before.has(b)) alive.join(b)
    before = set
    let total = 0
    for (const b of set) total += batches[b]!.size
    let M = 0
    let square = 0
    for (const b of set) {
      const row = alive.rows.get(b)!
      const weight = batches[b]!.size / total
      M += (weight * row.sum) / total
      square += weight * row.square
    }
    meanVariance[g] = M
    variance[g] = (square - M) * (unbiased ? total / (total - 1) : 1)
    for (const b of sets[g + 1] ?? []) {
      if (batches[b]!.from === g && batches[b]!.size > 0) alive.draw(b, total, M, M + variance[g]!)
    }
  }
  return { meanVariance, variance }
}

/**
 * A fresh mix in which each record is real with probability a: E[x^2] = a + (1-a)(M+U), and two different records
 * covary by (1-a)^2 M. Undefined for a fixed real set.
 */
function byChance(policy: MixPolicy, { initial, n, generations }: Sizes, unbiased: boolean): Drift | undefined {
  const { synthetic: b, real: a } = mixShares(policy)
  if (policy.source !== 'fresh' || a + b < 1) return undefined
  const meanVariance = new Float64Array(generations + 1)
  const variance = new Float64Array(generations + 1)
  meanVariance[0] = 1 / initial
  variance[0] = unbiased ? 1 : 1 - 1 / initial
  for (let g = 0; g < generations; g++) {
    const M = meanVariance[g]!
    const square = a + b * (M + variance[g]!)
    const next = square / n + (1 - 1 / n) * b * b * M
    meanVariance[g + 1] = next
    variance[g + 1] = unbiased ? square - b * b * M : square - next
  }
  return { meanVariance, variance }
}
