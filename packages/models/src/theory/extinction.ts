// When the last copy of a class or record goes: the exact chain of its count under resampling (Wright-Fisher).

import type { Sizes } from './schedule.js'
import { lnGamma } from './special.js'

/** Sizes above this are not computed: the chain's matrix has their square. */
export const largestChain = 500

/**
 * The probability that a class with `count` of n records has none left after 0, 1, ..., `generations` rounds of
 * drawing n records from the last ones: rows [round][count], by backward powers of the transition matrix.
 */
export function extinction(n: number, generations: number): Float64Array[] {
  const transitions = Array.from({ length: n + 1 }, (_, count) => binomialLaw(n, count / n))
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
 * The probability that a class of probability p is gone at generations 0..G under `replace`; generation 0 holds
 * `initial` real records. Undefined above the largest chain.
 */
export function lostClass(probability: number, sizes: Sizes): Float64Array | undefined {
  const byCount = lostFromCounts(sizes)
  if (!byCount) return undefined
  const start = binomialLaw(sizes.initial, probability)
  return Float64Array.from(byCount, (lost) => dot(start, lost))
}

/** E of the number of different original records alive at generations 0..G under `replace`. */
export function distinctAlive(sizes: Sizes): Float64Array | undefined {
  const byCount = lostFromCounts(sizes)
  return byCount && Float64Array.from(byCount, (lost) => sizes.initial * (1 - lost[1]!))
}

/** E of the number of classes alive at generations 0..G under `replace`. */
export function classesAlive(probabilities: readonly number[], sizes: Sizes): Float64Array | undefined {
  const byCount = lostFromCounts(sizes)
  if (!byCount) return undefined
  const start = new Float64Array(sizes.initial + 1)
  for (const probability of probabilities) {
    const law = binomialLaw(sizes.initial, probability)
    for (let i = 0; i < start.length; i++) start[i]! += law[i]!
  }
  return Float64Array.from(byCount, (lost) => probabilities.length - dot(start, lost))
}

/** [generation][count among the `initial` records]: probability that the class is gone by then. */
function lostFromCounts({ initial, n, generations }: Sizes): Float64Array[] | undefined {
  if (Math.max(initial, n) > largestChain) return undefined
  const present = new Float64Array(initial + 1)
  present[0] = 1
  const later = generations > 0 ? extinction(n, generations - 1) : []
  const first = Array.from({ length: initial + 1 }, (_, count) => binomialLaw(n, count / initial))
  return [present, ...later.map((lost) => Float64Array.from(first, (law) => dot(law, lost)))]
}

/** The binomial law of 0..n. */
function binomialLaw(n: number, p: number): Float64Array {
  const law = new Float64Array(n + 1)
  if (p <= 0 || p >= 1) {
    law[p <= 0 ? 0 : n] = 1
    return law
  }
  const whole = lnGamma(n + 1)
  for (let k = 0; k <= n; k++) {
    law[k] = Math.exp(whole - lnGamma(k + 1) - lnGamma(n - k + 1) + k * Math.log(p) + (n - k) * Math.log1p(-p))
  }
  return law
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
