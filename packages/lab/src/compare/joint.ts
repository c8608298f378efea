// What columns of numbers do together: sliced Wasserstein distances of whole rows.

import { samples, uniforms } from '@genloss/metrics'
import { answer, type ChanceAnswer } from './numbers.js'
import type { CompareSettings } from './options.js'
import { type NumberPair, valuesAt } from './pairs.js'

export interface JointComparison {
  /** Columns of numbers that vary in the reference, each divided by its standard deviation there. */
  columns: string[]
  /** Rows with a number in every one of them, and rows left out because one is missing. */
  rows: [number, number]
  left_out: [number, number]
  /** Rows that were projected: all, or a random part of so many. */
  used: [number, number]
  directions: number
  sliced_w1: number
  sliced_w2: number
  /** Of the sliced W1, from a random part of `tested` rows. */
  chance: { sliced_w1: ChanceAnswer; tested: [number, number] } | null
}

const mostProjected = 10_000
const mostTested = 1000
const mostPermutations = 199
const directions = 100

/** Compares rows of several columns of numbers; null where there is no more than one, or no whole row. */
export function compareRows(
  pairs: readonly NumberPair[],
  { permutations, seed }: CompareSettings,
  rows?: readonly [Uint32Array, Uint32Array],
): JointComparison | null {
  if (pairs.length < 2) return null
  const all = [0, 1].map((side) => {
    const own = pairs.map((pair) => (side === 0 ? pair.reference : pair.sample))
    const given = rows?.[side] ?? Uint32Array.from({ length: own[0]!.length }, (_, row) => row)
    return { own, given, whole: given.filter((row) => own.every((values) => Number.isFinite(values[row]))) }
  }) as [Side, Side]
  const [a, b] = all
  if (a.whole.length < 2 || b.whole.length === 0) return null
  const scales = a.own.map((values) => samples.spread(valuesAt(values, a.whole)).sd)
  const kept = scales.flatMap((sd, k) => (sd > 0 ? [k] : []))
  if (kept.length < 2) return null
  const scaled = ({ own }: Side, taken: Uint32Array) =>
    kept.map((k) => valuesAt(own[k]!, taken).map((value) => value / scales[k]!))
  const uniform = uniforms(seed)
  const used = all.map(({ whole }) => some(whole, mostProjected, uniform)) as [Uint32Array, Uint32Array]
  const found = samples.slicedWasserstein(scaled(a, used[0]), scaled(b, used[1]), { directions, seed })
  const tested = used.map((taken) => taken.slice(0, mostTested)) as [Uint32Array, Uint32Array]
  const test = permutations > 0 && {
    sliced_w1: answer(
      samples.slicedTest(scaled(a, tested[0]), scaled(b, tested[1]), {
        permutations: Math.min(permutations, mostPermutations),
        directions: directions / 2,
        seed,
      }),
    ),
    tested: [tested[0].length, tested[1].length] as [number, number],
  }
  return {
    columns: kept.map((k) => pairs[k]!.column),
    rows: [a.whole.length, b.whole.length],
    left_out: [a.given.length - a.whole.length, b.given.length - b.whole.length],
    used: [used[0].length, used[1].length],
    directions,
    sliced_w1: found.w1,
    sliced_w2: found.w2,
    chance: test || null,
  }
}

interface Side {
  own: Float64Array[]
  given: Uint32Array
  whole: Uint32Array
}

/** At most `most` of the rows, each set of so many as likely as any other, in random order. */
function some(rows: Uint32Array, most: number, uniform: () => number): Uint32Array {
  const taken = rows.slice()
  const size = Math.min(most, taken.length)
  for (let k = 0; k < size; k++) {
    const other = k + Math.floor(uniform() * (taken.length - k))
    const kept = taken[k]!
    taken[k] = taken[other]!
    taken[other] = kept
  }
  return taken.slice(0, size)
}
