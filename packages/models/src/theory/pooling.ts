// Means and variances where everything made so far is kept: `accumulate` and `accumulate-subsample`.

import { binomialWindow } from './binomial.js'
import { poisonCount } from './counts.js'
import { type Drift, empty, record } from './drift-record.js'
import { type Dynamics, fitted, type SetMoments } from './fit.js'

/** E of a pool's mean, of its squared mean and of x^2 over its records. */
interface Moments {
  mean: number
  square: number
  squares: number
}

/** A pool of a certain size, over the share of the chains that have it. */
interface Pool extends Moments {
  share: number
}

/** Sizes that a pool may have at once, at most, where a detector leaves them to chance. */
const mostSizes = 20_000

/**
 * Accumulate: a batch of b records joins a pool of N, M = E[mean^2], S = E of the variance of a drawn record:
 * M' = M + b S / (N+b)^2 and E[x^2]' (N+b) = N E[x^2] + b (M+S).
 *
 * A subsample of n from a pool of N has M + f W and W (1 - f) with f = (N-n) / (n (N-1)), or 1/n with replacement; the
 * batch then covaries with the pool by the pool's M: (N+b)^2 M' = N (N+2b) M + b^2 (M_T + S/b).
 *
 * Behind a detector a batch is of binomial size, and the recursion runs over the pool's sizes, which are independent of
 * its content.
 */
export function pooling(dynamics: Dynamics): Drift | undefined {
  const { policy, stages, generations, sizes, noise, poison } = dynamics
  const { real, synthetic } = stages.weights ?? { real: 1, synthetic: 1 }
  const sampled = policy.kind === 'accumulate-subsample' ? policy : undefined
  const { filter } = stages
  if (sampled && (real !== synthetic || filter)) return undefined
  const initial = sizes[0]!
  const drift = empty(generations)
  let pools = new Map<number, Pool>([[0, { share: 1, mean: 0, square: noise / initial, squares: 1 }]])
  for (let g = 0; g <= generations; g++) {
    // After the last generation nothing joins.
    const n = sizes[g + 1] ?? 0
    const toxic = poisonCount(stages, n, g + 1)
    const batches = batchLaw(n - toxic, filter && 1 - filter.truePositiveRate, noise)
    if (!batches || pools.size > mostSizes) return undefined
    const sum: SetMoments & { variance: number } = { mean: 0, square: 0, within: 0, records: 0, variance: 0 }
    const next = new Map<number, Pool>()
    for (const [made, pool] of pools) {
      // Records of the batches so far are left to chance behind a detector; T_0 beside them is certain.
      const weight = real * initial + synthetic * made
      const set = sampled
        ? subsample(pool, weight, sizes[g]!, sampled.replacement && g > 0, noise)
        : whole(pool, weight)
      const { variance, drawn } = fitted(dynamics, set)
      sum.mean += pool.share * set.mean
      sum.square += pool.share * set.square
      sum.within += pool.share * set.within
      sum.variance += pool.share * variance
      for (const [batch, probability] of batches) {
        const joins = { batch: synthetic * batch, toxic: synthetic * toxic, each: noise * synthetic, drawn, poison }
        add(next, made + batch + toxic, pool.share * probability, joined(pool, weight, set, joins))
      }
    }
    record(drift, g, sum, sum.variance)
    pools = next
  }
  return drift
}

/** What joins a pool: weights of the batch, of poison and of each record, the variance of drawn ones and poison's place. */
interface Joining {
  batch: number
  toxic: number
  each: number
  drawn: number
  poison: number
}

/** The pool with a batch from the model of a training set and with poison. */
function joined(pool: Pool, weight: number, set: SetMoments, { batch, toxic, each, drawn, poison }: Joining): Moments {
  const total = weight + batch + toxic
  const square =
    weight * (weight + 2 * batch) * pool.square +
    batch * batch * set.square +
    each * batch * drawn +
    2 * (weight + batch) * toxic * pool.mean * poison +
    (toxic * poison) ** 2
  return {
    mean: ((weight + batch) * pool.mean + toxic * poison) / total,
    square: square / total ** 2,
    squares: (weight * pool.squares + batch * (set.square + drawn) + toxic * poison ** 2) / total,
  }
}

function batchLaw(n: number, kept: number | undefined, noise: 0 | 1): [number, number][] | undefined {
  if (kept === undefined) return [[n, 1]]
  return noise === 0 ? [[n * kept, 1]] : binomialWindow(n, kept)
}

function whole({ mean, square, squares }: Moments, records: number): SetMoments {
  return { mean, square, within: squares - square, records }
}

function subsample(pool: Moments, weight: number, records: number, replacement: boolean, noise: 0 | 1): SetMoments {
  const { mean, square, within } = whole(pool, weight)
  const left = weight > 1 ? (weight - records) / (weight - 1) : 0
  const f = (noise / records) * (replacement ? 1 : left)
  return { mean, square: square + f * within, within: within * (1 - f), records }
}

/** Averages over the chains that come to have a pool of one size. */
function add(pools: Map<number, Pool>, made: number, share: number, of: Moments): void {
  if (!(share > 1e-30)) return
  const pool = pools.get(made) ?? { share: 0, mean: 0, square: 0, squares: 0 }
  pool.share += share
  const part = share / pool.share
  pool.mean += part * (of.mean - pool.mean)
  pool.square += part * (of.square - pool.square)
  pool.squares += part * (of.squares - pool.squares)
  pools.set(made, pool)
}
