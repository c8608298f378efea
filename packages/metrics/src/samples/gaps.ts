/** The gap between the distribution functions of two samples, walked once over their distinct values. */
import { finitePart } from './infinities.js'
import { type Sample, Sum } from './sample.js'

/** What one walk over both distribution functions finds. */
export interface Gaps {
  /** The largest |F(x) - G(x)|. */
  largest: number
  /** The least x at which it is reached; NaN where both functions are the same. */
  at: number
  /** Half of the integral of (F(x) - G(x))^2 over finite x: halves, because a difference of large values could overflow. */
  halfSquares: number
}

/**
 * Walks both distribution functions, distinct value by distinct value; rows that tie are taken together, in both samples
 * at once. Neither sample may be empty.
 */
export function gapsOf(a: Sample, b: Sample): Gaps {
  return a.weights === undefined && b.weights === undefined ? countedGaps(a, b) : weightedGaps(a, b)
}

/** The plain walk; `countedGaps` is the same without weights, five times faster. */
export function weightedGaps(a: Sample, b: Sample): Gaps {
  const { values: inA, weights: ofA } = a
  const { values: inB, weights: ofB } = b
  let [i, j, below, belowB] = [0, 0, 0, 0]
  let [largest, at] = [0, Number.NaN]
  const squares = new Sum()
  let x = Math.min(inA[0]!, inB[0]!)
  for (;;) {
    for (; i < inA.length && inA[i] === x; i++) below += ofA === undefined ? 1 : ofA[i]!
    for (; j < inB.length && inB[j] === x; j++) belowB += ofB === undefined ? 1 : ofB[j]!
    // Both functions end at 1, whatever sums of weights round to.
    if (i === inA.length && j === inB.length) return { largest, at, halfSquares: squares.value }
    const next = Math.min(inA[i] ?? Number.POSITIVE_INFINITY, inB[j] ?? Number.POSITIVE_INFINITY)
    const gap = below / a.total - belowB / b.total
    if (Math.abs(gap) > largest) {
      largest = Math.abs(gap)
      at = x
    }
    const way = next / 2 - x / 2
    if (way < Number.POSITIVE_INFINITY) squares.add(gap * gap * way)
    x = next
  }
}

/** Steps between two looks at whether the largest gap has grown. */
const STRIDE = 4096

function countedGaps(a: Sample, b: Sample): Gaps {
  const { a: ofA, b: ofB } = finitePart(a, b)
  const [n, m] = [a.values.length, b.values.length]
  // In units of 1/(n m), whole numbers as long as they are exact: equal shares of different samples are equal then.
  const isExact = n * m <= Number.MAX_SAFE_INTEGER
  const [perA, perB, whole] = isExact ? [m, n, n * m] : [1 / n, 1 / m, 1]
  let [i, j] = [ofA[0], ofB[0]]
  let x = Number.NEGATIVE_INFINITY
  // What stands at minus infinity is taken already.
  let largest = Math.abs(i * perA - j * perB)
  let start: Start = { i, j, x, end: i + j }
  let [high, low] = [0, 0]
  while (i < ofA[1] || j < ofB[1]) {
    const from = { i, j, x, end: Math.min(ofA[1] + ofB[1], i + j + STRIDE) }
    let [most, least] = [0, 0]
    // Branches that can't be foretold cost more than arithmetic: this loop has none, and its sum is `Sum` by hand.
    while (i + j < from.end) {
      const u = i < ofA[1] ? a.values[i]! : Number.POSITIVE_INFINITY
      const v = j < ofB[1] ? b.values[j]! : Number.POSITIVE_INFINITY
      const next = Math.min(u, v)
      const gap = i * perA - j * perB
      // Among rows that tie there is no gap yet, and no way.
      const seen = next > x ? gap : 0
      most = Math.max(most, seen)
      least = Math.min(least, seen)
      const term = x === Number.NEGATIVE_INFINITY ? 0 : gap * gap * (next / 2 - x / 2)
      const sum = high + term
      const part = sum - high
      low += high - (sum - part) + (term - part)
      high = sum
      x = next
      const step = u <= v ? 1 : 0
      i += step
      j += 1 - step
    }
    if (Math.max(most, -least) <= largest) continue
    largest = Math.max(most, -least)
    start = from
  }
  // The last gap counts as well: rows at plus infinity are still to come.
  const last = Math.abs(i * perA - j * perB)
  const at = last > largest ? x : largest === 0 ? Number.NaN : placeOf(largest)
  return { largest: Math.max(largest, last) / whole, at, halfSquares: (high + low) / whole / whole }

  /** The value at which a gap of this size is first seen in the stretch where it is. */
  function placeOf(size: number): number {
    let { i, j, x } = start
    while (Math.abs(i * perA - j * perB) !== size || !(nextAt(i, j) > x)) {
      x = nextAt(i, j)
      if (a.values[i] === x && i < ofA[1]) i++
      else j++
    }
    return x
  }
  function nextAt(i: number, j: number): number {
    return Math.min(
      i < ofA[1] ? a.values[i]! : Number.POSITIVE_INFINITY,
      j < ofB[1] ? b.values[j]! : Number.POSITIVE_INFINITY,
    )
  }
}

/** Where a stretch of the walk begins: rows taken, the last value taken, and the rows taken at its end. */
interface Start {
  i: number
  j: number
  x: number
  end: number
}
