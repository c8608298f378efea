// Two classes under `replace`: the chain of one count until only one class is left.

import { binomialLaw } from './binomial.js'
import { countLaws } from './extinction.js'
import type { Sizes } from './setting.js'

/**
 * The law of the count of a class of probability p at generations 0..G, rows [generation][count]. Undefined above the
 * largest chain (docstring of countLaws).
 */
export function classCounts(probability: number, sizes: Sizes): Float64Array[] | undefined {
  return sizes.initial === 'inf' ? undefined : countLaws(binomialLaw(sizes.initial, probability), sizes)
}

/** The probability that only one of the classes is left at generations 0..G; undefined above the largest chain. */
export function monomorphic(probabilities: readonly number[], sizes: Sizes): Float64Array | undefined {
  const all = probabilities.map((p) => classCounts(p, sizes))
  if (!all.every((laws) => laws !== undefined)) return undefined
  return Float64Array.from({ length: sizes.generations + 1 }, (_, g) =>
    all.reduce((sum, laws) => sum + laws[g]!.at(-1)!, 0),
  )
}

/**
 * The mean number of fits until one of two classes is left, the fit to n real records counted: 1 + b (I - Q)^-1 1, b the
 * binomial law of the first count among the states that are not absorbing and Q the chain among them.
 */
export function fixationTime(n: number, probability: number): number {
  const inner = n - 1
  const rows = Array.from({ length: inner }, (_, i) => {
    const row = binomialLaw(n, (i + 1) / n)
      .slice(1, n)
      .map((value) => -value)
    row[i]! += 1
    return [...row, 1]
  })
  const times = solve(rows)
  const start = binomialLaw(n, probability)
  return times.reduce((sum, time, i) => sum + start[i + 1]! * time, 1)
}

/** E[p (1 - p) (1 - 2p)] at generations 0..G: it shrinks by (1 - 1/n)(1 - 2/n) each time. */
export function thirdMoment(probability: number, sizes: readonly number[]): Float64Array {
  let value = probability * (1 - probability) * (1 - 2 * probability)
  return Float64Array.from(sizes, (n) => {
    value *= (1 - 1 / n) * (1 - 2 / n)
    return value
  })
}

/** Solves a system given as rows of coefficients and right-hand side, by elimination with partial pivoting. */
function solve(rows: number[][]): number[] {
  const size = rows.length
  for (let column = 0; column < size; column++) {
    let pivot = column
    for (let i = column + 1; i < size; i++) if (Math.abs(rows[i]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = i
    const [from, to] = [rows[pivot]!, rows[column]!]
    rows[column] = from
    rows[pivot] = to
    for (let i = column + 1; i < size; i++) {
      const scale = rows[i]![column]! / from[column]!
      if (scale !== 0) for (let j = column; j <= size; j++) rows[i]![j]! -= scale * from[j]!
    }
  }
  const found = new Array<number>(size).fill(0)
  for (let i = size - 1; i >= 0; i--) {
    let rest = rows[i]![size]!
    for (let j = i + 1; j < size; j++) rest -= rows[i]![j]! * found[j]!
    found[i] = rest / rows[i]![i]!
  }
  return found
}
