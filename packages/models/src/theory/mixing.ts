// Means and variances of sets that are made anew each generation, by `replace` and `mix`: a recursion in three numbers.

import { mixCounts, mixShares } from '../policies.js'
import type { Policy } from '../settings.js'
import { type Counts, countsOf } from './counts.js'
import { type Drift, empty, record } from './drift-record.js'
import { type Dynamics, type Fitted, fitted, type SetMoments } from './fit.js'
import { isPoisoned } from './setting.js'

/** What the recursion carries from one generation to the next; variances in units of the origin's. */
interface State extends SetMoments, Fitted {
  /** E of the product of the set's mean with that of the fixed real set. */
  common: number
}

/**
 * With s generated, p previous and r real records of weights 1 in a set of N, M = E[mean^2], W = E of the variance with
 * divisor N, S = E of the variance of a drawn record, C = E[mean x mean of the fixed real set], R = Var of that mean:
 *
 * M' N'^2 = (s+p)^2 M + 2 (s+p) r C + r^2 R + s S + p W (N-p)/(N-1), E[x^2]' N' = s (M+S) + p (M+W) + r,
 * W' = E[x^2]' - M', C' = ((s+p) C + r R)/N'.
 *
 * The p records are drawn from the last set without replacement. R is 1/r for fresh records, and C is 0 then. Poison,
 * k records of one value, adds its cross terms. Counts by chance are averaged over (docstring of countsOf).
 */
export function mixing(dynamics: Dynamics): Drift | undefined {
  const { policy, stages, onEmpty, generations, sizes, noise, fit } = dynamics
  const initial = sizes[0]!
  const fixed = policy.kind === 'mix' && policy.source === 'fixed' ? initial : undefined
  const finish: Finish = (set) => ({ ...set, ...fitted(dynamics, set) })
  const weight = (stages.weights?.real ?? 1) * initial
  const first = {
    mean: 0,
    square: noise / initial,
    within: 1 - noise / initial,
    records: weight,
    common: noise / initial,
  }
  let state = finish(first)
  const drift = empty(generations)
  record(drift, 0, state, state.variance)
  const laws = new Map<string, Counts[] | undefined>()
  const maps = new Map<string, Update>()
  for (let g = 1; g <= generations; g++) {
    const n = sizes[g]!
    const size = sizes[g - 1]!
    if (!isThere(policy, n, size, initial)) return undefined
    const key = `${n} ${isPoisoned(stages, g)}`
    if (!laws.has(key)) laws.set(key, countsOf(policy, stages, n, g, noise))
    const counts = laws.get(key)
    if (!counts || (stages.weights?.real !== stages.weights?.synthetic && counts.some((one) => one.previous > 0))) {
      return undefined
    }
    if (!maps.has(`${key} ${size}`)) {
      const step = new Step(dynamics, size, fixed)
      const next = (last: State) =>
        average(counts, (one) => {
          const total = one.generated + one.previous + one.real + one.poison
          if (total < 0.5) return onEmpty === 'keep' ? last : undefined
          return total > (fit.least ?? 1) - 0.5 ? finish(step.next(last, one)) : undefined
        })
      maps.set(`${key} ${size}`, counts.length > worthwhile ? affine(next) : next)
    }
    const next = maps.get(`${key} ${size}`)!(state)
    if (!next) return undefined
    state = next
    record(drift, g, state, state.variance)
  }
  return drift
}

type Update = (last: State) => State | undefined
type Finish = (set: SetMoments & { common: number }) => State

/** Laws of more counts than this are averaged over once, not in each generation. */
const worthwhile = 8

const keys = ['mean', 'square', 'within', 'records', 'common', 'variance', 'drawn'] as const
/** Where fewer chains than this share go on, moments of those that do mean nothing. */
const fewest = 1e-12

const zero: State = { mean: 0, square: 0, within: 0, records: 0, common: 0, variance: 0, drawn: 0 }

/** The same update as a matrix: every moment of the next set is an affine function of those of the last one. */
function affine(next: Update): Update {
  const origin = next(zero)
  if (!origin) return () => undefined
  const columns = keys.map((key) => next({ ...zero, [key]: 1 })!)
  return (last) => {
    const made = { ...origin }
    for (const [i, from] of keys.entries()) {
      for (const key of keys) made[key] += last[from] * (columns[i]![key] - origin[key])
    }
    return made
  }
}

/** The mean over the counts with which chains go on; undefined where none do. */
function average(counts: readonly Counts[], of: (one: Counts) => State | undefined): State | undefined {
  const next: State = { ...zero }
  let alive = 0
  for (const one of counts) {
    const made = of(one)
    if (!made) continue
    alive += one.probability
    for (const key of keys) next[key] += one.probability * made[key]
  }
  if (alive < fewest) return undefined
  for (const key of keys) next[key] /= alive
  return next
}

/** Whether the last set and the fixed real set have the records that a set of n takes from them. */
function isThere(policy: Policy, n: number, size: number, initial: number): boolean {
  if (policy.kind !== 'mix') return true
  // Of how many records a fixed set is must be certain.
  if (policy.source !== 'fresh' && policy.composition === 'bernoulli') return false
  // Proportions by largest remainder have no moments in closed form.
  if (policy.source === 'fixed-stratified') return false
  const { previous, real } = policy.composition === 'bernoulli' ? mixShares(policy) : mixCounts(policy, n)
  const most = policy.composition === 'bernoulli' && previous > 0 ? n : previous
  return most <= size && (policy.source === 'fresh' || policy.recycle || real <= initial)
}

/** One generation's step for given counts. */
class Step {
  readonly #weights: { real: number; synthetic: number }
  /** Records of the last set, and of T_0 where a part of it is the fixed real set. */
  readonly #size: number
  readonly #initial: number | undefined
  readonly #noise: 0 | 1
  readonly #poison: number

  constructor({ stages, noise, poison }: Dynamics, size: number, initial: number | undefined) {
    this.#weights = stages.weights ?? { real: 1, synthetic: 1 }
    this.#size = size
    this.#initial = initial
    this.#noise = noise
    this.#poison = poison
  }

  /** The next set's moments. */
  next(last: State, { generated, previous, real, poison }: Counts): SetMoments & { common: number } {
    const { real: a, synthetic: b } = this.#weights
    const [size, noise] = [this.#size, this.#noise]
    const total = b * (generated + previous + poison) + a * real
    const drift = (b * (generated + previous)) / total
    const share = (a * real) / total
    const toxic = (b * poison) / total
    const spread = this.#initial === undefined ? noise / real : noise * this.#fixedVariance(real)
    const common = this.#initial === undefined ? 0 : last.common
    const left = size > 1 ? (size - previous) / (size - 1) : 0
    const square =
      drift * drift * last.square +
      2 * drift * share * common +
      (real > 0 ? share * share * spread : 0) +
      ((noise * b * b) / total ** 2) * (generated * last.drawn + previous * left * last.within) +
      2 * drift * toxic * last.mean * this.#poison +
      (toxic * this.#poison) ** 2
    const squares =
      (b / total) * (generated * (last.square + last.drawn) + previous * (last.square + last.within)) +
      share +
      toxic * this.#poison ** 2
    return {
      mean: drift * last.mean + toxic * this.#poison,
      square,
      within: squares - square,
      records: total,
      common: drift * common + (real > 0 ? share * spread : 0),
    }
  }

  /** Var of the mean of the fixed set: the first records of T_0, all of them several times over where they are too few. */
  #fixedVariance(real: number): number {
    const initial = this.#initial!
    const copies = Math.floor(real / initial)
    const more = real - copies * initial
    return (more * (copies + 1) ** 2 + (initial - more) * copies ** 2) / real ** 2
  }
}
