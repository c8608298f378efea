// What theory is told of a cell: policy, sizes and stages; and the sizes of its generations as lists.

import type { Policy, Size, SizeRule, Stages } from '../settings.js'
import { sizesOf } from '../sizes.js'
import { activeStages } from '../stages.js'

/** Records of generation 0's training set, records that each generation adds after it, and G. */
export interface Sizes {
  initial: Size
  n: SizeRule
  generations: number
}

/** The part of a cell that moments depend on. */
export interface TheorySetting extends Sizes, Stages {
  policy: Policy
  /** What an empty training set does: ends the chain, or keeps the last model. */
  onEmpty?: 'stop' | 'keep' | undefined
}

/**
 * What n = infinity stands for where sizes are compared with each other: all batches are of one size, and nothing of
 * them is left to chance (`noise` 0).
 */
const nominal = 2 ** 52

/** The sizes of a setting's new batches, entry 0 being T_0's; `noise` is 0 for n = infinity, else 1. */
export interface BatchSizes {
  sizes: number[]
  noise: 0 | 1
}

/** Undefined where some sizes are infinite and others are not: no limit is defined by that. */
export function batchSizes({ initial, n, generations }: Sizes): BatchSizes | undefined {
  const sizes = sizesOf(n, generations)
  sizes[0] = initial === 'inf' ? Number.POSITIVE_INFINITY : initial
  const infinite = sizes.filter((size) => size === Number.POSITIVE_INFINITY).length
  if (infinite === 0) return { sizes, noise: 1 }
  return infinite === sizes.length ? { sizes: sizes.map(() => nominal), noise: 0 } : undefined
}

/** Whether a setting has stages that change something. */
export function isPlain(setting: Stages): boolean {
  return Object.keys(activeStages(setting)).length === 0
}

/** Whether poison enters in a generation. */
export function isPoisoned({ poison }: Stages, g: number): boolean {
  return poison !== undefined && g >= poison.from && g <= (poison.until ?? g)
}

/** The sizes of the training sets under `replace`, entry 0 being T_0's. */
export function fitSizes({ initial, n, generations }: Sizes): number[] {
  const sizes = sizesOf(n, generations)
  sizes[0] = initial === 'inf' ? Number.POSITIVE_INFINITY : initial
  return sizes
}
