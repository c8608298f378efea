// Means and variances where a training set is made of the last batches: an exact recursion over batch means.

import { poisonCount } from './counts.js'
import { type Drift, empty, record } from './drift-record.js'
import { type Dynamics, fitted, type SetMoments } from './fit.js'

/** Batches in use at once, at most: their covariances are a square matrix. */
const mostBatches = 2000

/** A batch that a training set is made of. */
interface Batch {
  /** Its records, each counted with its weight. */
  weight: number
  /** E of its mean, and E of its mean square. */
  mean: number
  squares: number
  /** E of the product of its mean with the sum over the batches in use of weight times mean. */
  sum: number
  /** E of the product of its mean with that of another batch, or with itself. */
  with: Map<Batch, number>
}

/**
 * With Gamma the second moments of batch means and q_b = E[x^2] of batch b (origin: mean 0, variance 1), generation g
 * trained on batches with shares w has M = w' Gamma w and W = w'q - M; a batch drawn from it, its records of variance S,
 * has Gamma w with older batches, M + S/size with itself, and q = M + S.
 */
export function windowing(dynamics: Dynamics): Drift | undefined {
  const { policy, stages, generations, sizes, noise, poison } = dynamics
  if (policy.kind !== 'window' || stages.filter) return undefined
  if (Math.min(policy.batches, generations) > mostBatches) return undefined
  const weights = stages.weights ?? { real: 1, synthetic: 1 }
  const used = new InUse()
  const real = used.join({ weight: weights.real * sizes[0]!, mean: 0, squares: 1 }, noise / sizes[0]!)
  const last: Batch[] = [real]
  const drift = empty(generations)
  for (let g = 0; g <= generations; g++) {
    const { total, ...set } = used.set()
    const { variance, drawn } = fitted(dynamics, set)
    record(drift, g, set, variance)
    if (g === generations) break
    // The new batch is drawn before an old one leaves: it stems from the whole set.
    const n = sizes[g + 1]!
    const toxic = poisonCount(stages, n, g + 1)
    const [own, share] = [(n - toxic) / n, toxic / n]
    const made = used.join(
      {
        weight: weights.synthetic * n,
        mean: own * set.mean + share * poison,
        squares: own * (set.square + drawn) + share * poison ** 2,
      },
      own * own * set.square + (own * noise * drawn) / n + 2 * own * share * set.mean * poison + (share * poison) ** 2,
      (other) => (own * other.sum) / total + share * poison * other.mean,
    )
    last.push(made)
    if (last.length > policy.batches) {
      const oldest = last.shift()!
      if (oldest !== real || !policy.keepReal) used.leave(oldest)
    }
  }
  return drift
}

/** The batches in use, with the sums that the recursion needs, kept up to date as batches join and leave. */
class InUse {
  readonly #batches = new Set<Batch>()

  join(of: Pick<Batch, 'weight' | 'mean' | 'squares'>, square: number, common?: (other: Batch) => number): Batch {
    const batch: Batch = { ...of, sum: of.weight * square, with: new Map() }
    const products = [...this.#batches].map((other): [Batch, number] => [other, common?.(other) ?? 0])
    for (const [other, product] of products) {
      batch.with.set(other, product)
      other.with.set(batch, product)
      batch.sum += other.weight * product
      other.sum += batch.weight * product
    }
    batch.with.set(batch, square)
    this.#batches.add(batch)
    return batch
  }

  leave(batch: Batch): void {
    this.#batches.delete(batch)
    for (const other of this.#batches) {
      other.sum -= batch.weight * other.with.get(batch)!
      other.with.delete(batch)
    }
  }

  /** The moments of the training set. */
  set(): SetMoments & { total: number } {
    let [total, mean, square, squares] = [0, 0, 0, 0]
    for (const { weight } of this.#batches) total += weight
    for (const batch of this.#batches) {
      const share = batch.weight / total
      mean += share * batch.mean
      square += (share * batch.sum) / total
      squares += share * batch.squares
    }
    return { mean, square, within: squares - square, records: total, total }
  }
}
