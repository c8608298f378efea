/** Tails of a reference, and how much of them a sample still holds. */
import { refuse } from '../shape.js'
import { placesBelow, type Sample, sampleOf, type Values, weightAt, weightBetween } from './sample.js'
import type { Side } from './shortfall.js'

/** The levels that the native core follows. */
export const tailLevels = [0.05, 0.01, 0.001] as const

/** One tail of a reference: its edge, and the weight of the reference's rows at or beyond it. */
export interface TailSide {
  edge: number
  weight: number
}

/** The outermost rows of a reference on both sides; null where p/2 of them is less than one row. */
export interface TailRegion {
  lower: TailSide
  upper: TailSide
}

/**
 * The tail on one side: the outermost ceil(p x rows) rows and those that tie with the last of them; null for an empty
 * reference. The rule of `genloss audit`.
 */
export function tail(reference: Values, p: number, side: Side): TailSide | null {
  checkLevel(p)
  const sample = sampleOf(reference)
  if (sample.total === 0) return null
  return outside(sample, Math.ceil(p * sample.total * (1 - 1e-12)), side)
}

/**
 * The tail region on both sides together: floor(p/2 x rows) rows on each and those that tie with the last of them. The
 * rule of the native core for tables (`tail_p05`, `tail_p01`, `tail_p001` of a run).
 */
export function tailRegion(reference: Values, p: number): TailRegion | null {
  checkLevel(p)
  const sample = sampleOf(reference)
  const rows = Math.floor(0.5 * p * sample.total * (1 + 1e-12))
  if (rows === 0) return null
  return { lower: outside(sample, rows, 'lower'), upper: outside(sample, rows, 'upper') }
}

function checkLevel(p: number): void {
  if (!(p > 0 && p < 1)) refuse('p', 'a number above 0 and below 1', p)
}

/** The outermost `rows` rows of a sample that has as many, with those that tie. */
function outside(sample: Sample, rows: number, side: Side): TailSide {
  const edge = sample.values[placeOf(sample, rows, side)]!
  return { edge, weight: tailWeight(sample, edge, side) }
}

/** The place at which `rows` rows are reached, counted from the side. */
function placeOf(sample: Sample, rows: number, side: Side): number {
  const count = sample.values.length
  const place = (k: number): number => (side === 'lower' ? k : count - 1 - k)
  if (sample.weights === undefined) return place(rows - 1)
  let sum = 0
  let k = -1
  while (k < count - 1 && sum < rows) sum += weightAt(sample, place(++k))
  return place(k)
}

/** The weight of a sample's rows at or beyond an edge. */
export function tailWeight(sample: Values, edge: number, side: Side): number {
  const found = sampleOf(sample)
  return side === 'lower'
    ? weightBetween(found, 0, placesBelow(found, edge, true))
    : weightBetween(found, placesBelow(found, edge, false), found.values.length)
}

/**
 * Tail retention (share of the sample's rows in the reference's tail) / (share of the reference's): 0.5 says that the tail
 * is half as thick as it was. `lower` and `upper` take p on that side, `both` p/2 on each. `definitions.tail_retention`.
 */
export function tailRetention(reference: Values, sample: Values, p: number, side: Side | 'both'): number {
  const [a, b] = [sampleOf(reference), sampleOf(sample)]
  const sides: (Side | 'both')[] = side === 'both' ? ['lower', 'upper'] : [side]
  const region = side === 'both' ? tailRegion(a, p) : undefined
  let [before, after] = [0, 0]
  for (const one of sides as Side[]) {
    const found = side === 'both' ? (region?.[one] ?? null) : tail(a, p, one)
    if (found === null || b.total === 0) return Number.NaN
    before += found.weight
    after += tailWeight(b, found.edge, one)
  }
  return after / b.total / (before / a.total)
}
