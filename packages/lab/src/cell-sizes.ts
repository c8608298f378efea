// The sizes of a cell in numbers: how many records its batches and its training sets have, and what they add up to.

import {
  broken,
  type CellSettings,
  definitionOf,
  largestSize,
  type MixPolicy,
  mixCounts,
  mixShares,
  sizeAt,
  writeSize,
} from '@genloss/models'

/** Sizes in records, over all generations of one chain. */
export interface CellSizes {
  /** The least and the largest number that a generation after the first adds; those of generation 1 where G is 0. */
  least: number
  most: number
  /** All records made: the first training set and what each generation adds. */
  made: number
  /** The largest training set, or the largest pool that training sets are drawn from. */
  largest: number
}

type Sized = Pick<CellSettings, 'n' | 'initial' | 'generations' | 'policy'>

/** Sizes without end are infinite. A schedule that leaves 2^53 is not followed further. */
export function sizesOfCell({ n, initial, generations, policy }: Sized): CellSizes {
  const first = initial === 'inf' ? Number.POSITIVE_INFINITY : initial
  const batches = batchesOf(policy, generations)
  const kept = policy.kind === 'window' && policy.keepReal && batches <= generations ? first : 0
  if (typeof n !== 'object') {
    const size = sizeAt(n, 1)
    const held = first + times(size, Math.min(batches - 1, generations))
    const full = batches <= generations ? kept + size * batches : 0
    return {
      least: size,
      most: size,
      made: first + times(size, generations),
      largest: Math.max(held, full),
    }
  }
  const sizes: CellSizes = { least: sizeAt(n, 1), most: sizeAt(n, 1), made: first, largest: first }
  let held = first
  for (let g = 1; g <= generations && sizes.largest <= largestSize; g++) {
    const size = sizeAt(n, g)
    held += size
    if (g >= batches) held -= g === batches ? first : sizeAt(n, g - batches)
    sizes.least = Math.min(sizes.least, size)
    sizes.most = Math.max(sizes.most, size)
    sizes.made += size
    sizes.largest = Math.max(sizes.largest, held + (g >= batches ? kept : 0))
  }
  return sizes
}

/** No batches have no records, however many each would have. */
function times(size: number, batches: number): number {
  return batches === 0 ? 0 : size * batches
}

/** How many of the last batches a policy holds on to. */
function batchesOf(policy: CellSettings['policy'], generations: number): number {
  if (policy.kind === 'accumulate' || policy.kind === 'accumulate-subsample') return generations + 1
  return policy.kind === 'window' ? policy.batches : 1
}

/** Sizes that the model can be fitted to, that stay within 2^53, and that leave real and earlier records enough. */
export function checkSizes(settings: CellSettings): CellSizes {
  const { origin, model, policy, n, initial } = settings
  const sizes = sizesOfCell(settings)
  const { records, why } = definitionOf(model.kind).least(model as never, origin)
  if (sizes.least < records) throw broken('n', sizes.least, `at least ${records}`, why)
  if (initial !== 'inf' && initial < records) throw broken('initial', initial, `at least ${records}`, why)
  if (n === 'inf') return sizes
  if (sizes.largest > largestSize) {
    const value = typeof n === 'number' ? n : writeSize(n)
    const rule = 'sizes whose training sets stay within 2^53 records'
    throw broken('n', value, rule, `this one grows to ${sizes.largest} or more`)
  }
  if (policy.kind === 'mix') checkMix(policy, settings)
  return sizes
}

/** Real records of a mix: a fixed set must be there, a table has only its rows, the last training set only its own. */
function checkMix(policy: MixPolicy, { n, initial, origin, generations }: CellSettings): void {
  const { previous, real } = mixShares(policy)
  if (policy.source !== 'fresh' && real > 0 && typeof n !== 'number') {
    throw broken('n', writeSize(n), 'one size where the real records are a fixed set', 'take source fresh')
  }
  if (policy.recycle) return
  const set = initial as number
  const there = policy.source !== 'fresh' || origin.kind === 'table' ? set : Number.POSITIVE_INFINITY
  const last = typeof n === 'number' ? Math.min(generations, 2) : generations
  for (let g = 1; g <= Math.max(1, last); g++) {
    const counts = mixCounts(policy, sizeAt(n, g))
    if (real > 0 && counts.real > there) {
      const hint = 'lower policy.real or n, or set policy.recycle to true to use real records more than once'
      throw broken('policy.real', counts.real, `at most the ${there} real records that there are`, hint)
    }
    const before = g === 1 ? set : sizeAt(n, g - 1)
    if (previous > 0 && counts.previous > before) {
      const hint = 'lower policy.previous, or set policy.recycle to true to use records more than once'
      const rule = `at most the ${before} records of generation ${g - 1}'s training set`
      throw broken('policy.previous', counts.previous, rule, hint)
    }
    if (previous === 0 && there === Number.POSITIVE_INFINITY) return
  }
}
