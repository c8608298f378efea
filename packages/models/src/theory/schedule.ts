// Which batches each generation learns from: whole-batch policies as lists, for the recursion over batch means.

import { mixCounts, mixShares } from '../policies.js'
import type { MixPolicy, Policy } from '../settings.js'

/** Records that entered together: real ones, or drawn from the model of a generation. */
export interface Batch {
  size: number
  from: 'real' | number
}

/** `sets[g]` lists the batches of generation g's training set; a batch stands after the model that made it. */
export interface Schedule {
  batches: Batch[]
  sets: number[][]
}

export interface Sizes {
  /** Records of generation 0's training set. */
  initial: number
  /** Records a generation after that. */
  n: number
  generations: number
}

/** The schedule of a policy, or undefined where training sets are not made of whole batches. */
export function scheduleOf(policy: Policy, sizes: Sizes): Schedule | undefined {
  switch (policy.kind) {
    case 'replace':
      return windowed({ ...sizes, batches: 1, keepReal: false })
    case 'accumulate':
      return windowed({ ...sizes, batches: sizes.generations + 1, keepReal: false })
    case 'window':
      return windowed({ ...sizes, batches: policy.batches, keepReal: policy.keepReal })
    case 'mix':
      return mixed(policy, sizes)
  }
}

function windowed(window: Sizes & { batches: number; keepReal: boolean }): Schedule {
  const { initial, n, generations, batches, keepReal } = window
  const all: Batch[] = [{ size: initial, from: 'real' }]
  for (let g = 0; g < generations; g++) all.push({ size: n, from: g })
  const sets = all.map((_, newest) => {
    const oldest = Math.max(0, newest - batches + 1)
    const last = Array.from({ length: newest - oldest + 1 }, (_, i) => oldest + i)
    return keepReal && oldest > 0 ? [0, ...last] : last
  })
  return { batches: all, sets }
}

function mixed(policy: MixPolicy, { initial, n, generations }: Sizes): Schedule | undefined {
  if (policy.composition !== 'stratified' || mixShares(policy).previous > 0) return undefined
  const { synthetic, real } = mixCounts(policy, n)
  const fixed = policy.source === 'fixed'
  if (fixed && real > initial) return undefined
  const first = fixed ? [real, initial - real] : [initial]
  const batches: Batch[] = first.map((size) => ({ size, from: 'real' as const }))
  const sets = [batches.map((_, i) => i)]
  for (let g = 0; g < generations; g++) {
    const set = fixed ? [0] : []
    set.push(batches.push({ size: synthetic, from: g }) - 1)
    if (!fixed) set.push(batches.push({ size: real, from: 'real' }) - 1)
    sets.push(set)
  }
  return { batches, sets }
}
