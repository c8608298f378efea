/** Wasserstein distances of two samples on the line. */
import { type Finite, finitePart } from './infinities.js'
import { type Sample, Sum, sampleOf, squareScale, type Values, weightAt } from './sample.js'

/** The distances of orders 1 and 2, in the unit of the values. */
export interface Wasserstein {
  w1: number
  w2: number
}

/** Wasserstein distance of order 1: the mean way that a row has to be moved; `definitions.w1`. */
export function w1(a: Values, b: Values): number {
  return wasserstein(a, b).w1
}

/** Wasserstein distance of order 2, over all of (0, 1), tails included; `definitions.w2`. */
export function w2(a: Values, b: Values): number {
  return wasserstein(a, b).w2
}

/** Both distances in one walk over the two quantile functions. */
export function wasserstein(a: Values, b: Values): Wasserstein {
  const [first, second] = [sampleOf(a), sampleOf(b)]
  if (first.total === 0 || second.total === 0) return { w1: Number.NaN, w2: Number.NaN }
  const finite = finitePart(first, second)
  if (!finite.balanced) return { w1: Number.POSITIVE_INFINITY, w2: Number.POSITIVE_INFINITY }
  const [i, endA] = finite.a
  const [j, endB] = finite.b
  if (i === endA || j === endB) return { w1: 0, w2: 0 }
  const least = Math.min(first.values[i]!, second.values[j]!)
  const most = Math.max(first.values[endA - 1]!, second.values[endB - 1]!)
  const scale = squareScale(least, most)
  const isPaired = first.weights === undefined && second.weights === undefined && first.total === second.total
  const { ways, squares } = isPaired ? paired(first, second, finite, scale) : merged(first, second, finite, scale)
  return { w1: ways / scale, w2: Math.sqrt(squares) / scale }
}

/** Means of the way and of its square, of scaled values. */
interface Ways {
  ways: number
  squares: number
}

/** Samples of equal size: the k-th of one goes to the k-th of the other. */
function paired({ values: inA, total }: Sample, { values: inB }: Sample, { a, b }: Finite, scale: number): Ways {
  const shift = b[0] - a[0]
  // Two-sums by hand (see `Sum`): calls for each of 1e7 rows cost more than the arithmetic.
  let [high, low, highSquare, lowSquare] = [0, 0, 0, 0]
  for (let i = a[0]; i < a[1]; i++) {
    const way = Math.abs(inA[i]! * scale - inB[i + shift]! * scale)
    const sum = high + way
    const part = sum - high
    low += high - (sum - part) + (way - part)
    high = sum
    const square = way * way
    const sumSquare = highSquare + square
    const partSquare = sumSquare - highSquare
    lowSquare += highSquare - (sumSquare - partSquare) + (square - partSquare)
    highSquare = sumSquare
  }
  return { ways: (high + low) / total, squares: (highSquare + lowSquare) / total }
}

/** Any two samples: a value of `a` has room for weight x total of b, and the other way round. */
function merged(a: Sample, b: Sample, finite: Finite, scale: number): Ways {
  let [i, endA] = finite.a
  let [j, endB] = finite.b
  const [ways, squares] = [new Sum(), new Sum()]
  let ofA = weightAt(a, i) * b.total
  let ofB = weightAt(b, j) * a.total
  for (;;) {
    const mass = Math.min(ofA, ofB)
    const way = Math.abs(a.values[i]! * scale - b.values[j]! * scale)
    ways.add(mass * way)
    squares.add(mass * way * way)
    ofA -= mass
    ofB -= mass
    if (ofA === 0) {
      if (++i === endA) break
      ofA = weightAt(a, i) * b.total
    }
    if (ofB === 0) {
      if (++j === endB) break
      ofB = weightAt(b, j) * a.total
    }
  }
  return { ways: ways.value / a.total / b.total, squares: squares.value / a.total / b.total }
}
