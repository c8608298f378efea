// When the last copy of a class or record goes: the exact chain of its count under resampling (Wright-Fisher).

import { binomialLaw } from './binomial.js'
import { fitSizes, type Sizes } from './setting.js'

/** Sizes above this are not computed: the chain's matrix has their square. */
export const largestChain = 500

/**
 * The probability that a class with `count` of n records has none left after 0, 1, ..., `generations` rounds of
 * drawing n records from the last ones: rows [round][count], by backward powers of the transition matrix.
 */
export function extinction(n: number, generations: number): Float64Array[] {
  const transitions = transition(n, n)
  const gone = new Float64Array(n + 1)
  gone[0] = 1
  const rows = [gone]
  for (let g = 0; g < generations; g++) {
    const last = rows[g]!
    rows.push(Float64Array.from(transitions, (law) => dot(law, last)))
  }
  return rows
}

/**
 * The law of a class's count at generations 0..G under `replace`, rows [generation][count]: P_ij = Binomial(j; n', i/n)
 * from n records to n'. Undefined above the largest chain.
 *
 * @param start the law of its count among the `initial` records of generation 0, or a sum of such laws
 */
export function countLaws(start: Float64Array, sizes: Sizes): Float64Array[] | undefined {
  const all = fitSizes(sizes)
  if (Math.max(...all) > largestChain) return undefined
  const rows = [start]
  let [from, to] = [0, 0]
  let transitions: Float64Array[] = []
  for (let g = 1; g < all.length; g++) {
    if (all[g - 1] !== from || all[g] !== to) {
      from = all[g - 1]!
      to = all[g]!
      transitions = transition(from, to)
    }
    const law = new Float64Array(to + 1)
    for (const [i, share] of rows[g - 1]!.entries()) {
      if (share > 0) for (let j = 0; j <= to; j++) law[j]! += share * transitions[i]![j]!
    }
    rows.push(law)
  }
  return rows
}

/**
 * The probability that a class of probability p is gone at generations 0..G under `replace`; generation 0 holds
 * `initial` real records. Undefined above the largest chain.
 */
export function lostClass(probability: number, sizes: Sizes): Float64Array | undefined {
  return gone(sizes, [probability], () => 1)
}

/** E of the number of different original records alive at generations 0..G under `replace`. */
export function distinctAlive(sizes: Sizes): Float64Array | undefined {
  const { initial } = sizes
  if (initial === 'inf' || initial > largestChain) return undefined
  const start = new Float64Array(initial + 1)
  start[1] = initial
  const laws = countLaws(start, sizes)
  return laws && Float64Array.from(laws, (law) => initial - law[0]!)
}

/** E of the number of classes alive at generations 0..G under `replace`. */
export function classesAlive(probabilities: readonly number[], sizes: Sizes): Float64Array | undefined {
  const lost = gone(sizes, probabilities, () => 1)
  return lost?.map((value) => probabilities.length - value)
}

/** E of the true probability of the classes that are gone at generations 0..G under `replace`. */
export function missingMass(probabilities: readonly number[], sizes: Sizes): Float64Array | undefined {
  return gone(sizes, probabilities, (p) => p)
}

/**
 * What a set that keeps all of T_0 has lost for good: E of the number of classes absent from the `initial` real records, and E
 * of their true probability. No later batch can bring them back, and none that is kept is lost.
 */
export function absentAtFirst(
  probabilities: readonly number[],
  initial: Sizes['initial'],
): { classes: number; mass: number } {
  if (initial === 'inf') return { classes: probabilities.filter((p) => p === 0).length, mass: 0 }
  const absent = probabilities.map((p) => Math.exp(initial * Math.log1p(-p)))
  return {
    classes: absent.reduce((sum, value) => sum + value, 0),
    mass: absent.reduce((sum, value, i) => sum + probabilities[i]! * value, 0),
  }
}

/** Sum over the classes of `value` times the probability that the class is gone, at generations 0..G. */
function gone(sizes: Sizes, probabilities: readonly number[], value: (p: number) => number): Float64Array | undefined {
  const { initial } = sizes
  if (initial === 'inf' || initial > largestChain) return undefined
  const start = new Float64Array(initial + 1)
  for (const p of probabilities) {
    const law = binomialLaw(initial, p)
    for (let i = 0; i < start.length; i++) start[i]! += value(p) * law[i]!
  }
  const laws = countLaws(start, sizes)
  return laws && Float64Array.from(laws, (law) => law[0]!)
}

function transition(from: number, to: number): Float64Array[] {
  return Array.from({ length: from + 1 }, (_, count) => binomialLaw(to, count / from))
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
