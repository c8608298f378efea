/** What two samples have at minus and plus infinity, for the measures that integrate over finite values. */
import { type Sample, weightBetween } from './sample.js'

/** The finite part of two samples. */
export interface Finite {
  /** Places of the first finite value, and behind the last one. */
  a: [from: number, to: number]
  b: [from: number, to: number]
  /** Whether both samples have the same mass at minus infinity, and the same at plus infinity. */
  balanced: boolean
}

/** Where finite values stand in both samples, and whether their infinities cancel. */
export function finitePart(a: Sample, b: Sample): Finite {
  const ends = { a: finitePlaces(a), b: finitePlaces(b) }
  const isSame = (ofA: number, ofB: number): boolean => {
    const [left, right] = [ofA * b.total, ofB * a.total]
    // Whole numbers below 2^53 are exact; of weights that are no counts the last digits say nothing.
    return Math.abs(left - right) <= 1e-12 * Math.max(left, right)
  }
  const balanced =
    isSame(weightBetween(a, 0, ends.a[0]), weightBetween(b, 0, ends.b[0])) &&
    isSame(weightBetween(a, ends.a[1], a.values.length), weightBetween(b, ends.b[1], b.values.length))
  return { ...ends, balanced }
}

function finitePlaces({ values }: Sample): [number, number] {
  let [from, to] = [0, values.length]
  while (from < to && values[from] === Number.NEGATIVE_INFINITY) from++
  while (to > from && values[to - 1] === Number.POSITIVE_INFINITY) to--
  return [from, to]
}
