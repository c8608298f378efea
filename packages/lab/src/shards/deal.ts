// Deals the blocks of a plan to shards so that all have about the same work.

import type { Shard } from './shard.js'

/**
 * The blocks of one shard, most costly first. Blocks are dealt from the most costly one down, each to the shard with the
 * least work so far (Graham's longest-processing-time rule: no shard has more than 4/3 - 1/(3n) of the best possible
 * share). It depends on the costs and the number of shards alone, so every shard finds the same deal by itself.
 *
 * @param costs the cost of each block, in any unit
 */
export function dealt(costs: ArrayLike<number>, { index, count }: Shard): number[] {
  const own: number[] = []
  for (const [block, shard] of deal(costs, count)) if (shard === index - 1) own.push(block)
  return own
}

/** Every block, most costly first, with its shard, counted from 0: as `dealt`, for all shards at once. */
export function* deal(costs: ArrayLike<number>, count: number): Generator<[block: number, shard: number]> {
  const order = Array.from(costs, (_, block) => block).sort((a, b) => costs[b]! - costs[a]! || a - b)
  const shards = new Least(count)
  for (const block of order) yield [block, shards.give(costs[block]!)]
}

/** A binary heap of shards by work; of equal ones the first comes first. */
class Least {
  readonly #work: Float64Array
  readonly #heap: Uint32Array

  constructor(count: number) {
    this.#work = new Float64Array(count)
    this.#heap = Uint32Array.from({ length: count }, (_, shard) => shard)
  }

  /** The shard with the least work, which gets `cost` more. */
  give(cost: number): number {
    const heap = this.#heap
    const shard = heap[0]!
    this.#work[shard]! += cost
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2]
      let least = at
      if (left < heap.length && this.#isBefore(heap[left]!, heap[least]!)) least = left
      if (right < heap.length && this.#isBefore(heap[right]!, heap[least]!)) least = right
      if (least === at) return shard
      const moved = heap[at]!
      heap[at] = heap[least]!
      heap[least] = moved
      at = least
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [one, other] = [this.#work[a]!, this.#work[b]!]
    return one < other || (one === other && a < b)
  }
}
