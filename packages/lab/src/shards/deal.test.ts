import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dealt } from './deal.js'

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)

/** The same rule, looked up plainly. */
function plainly(costs: number[], count: number): number[][] {
  const shards = Array.from({ length: count }, () => ({ work: 0, blocks: [] as number[] }))
  const order = costs.map((_, block) => block).sort((a, b) => costs[b]! - costs[a]! || a - b)
  for (const block of order) {
    const least = shards.reduce((best, shard) => (shard.work < best.work ? shard : best))
    least.work += costs[block]!
    least.blocks.push(block)
  }
  return shards.map(({ blocks }) => blocks)
}

describe('blocks dealt to shards', () => {
  const costs = fc.array(fc.integer({ min: 1, max: 1000 }), { maxLength: 60 })

  it('each have one, the one that a plain search finds', () => {
    fc.assert(
      fc.property(costs, fc.integer({ min: 1, max: 12 }), (costs, count) => {
        const shards = Array.from({ length: count }, (_, i) => dealt(costs, { index: i + 1, count }))
        expect(shards).toEqual(plainly(costs, count))
        expect(shards.flat().sort((a, b) => a - b)).toEqual(costs.map((_, block) => block))
      }),
    )
  })

  it('differ in work by one block at most', () => {
    fc.assert(
      fc.property(costs, fc.integer({ min: 1, max: 12 }), (costs, count) => {
        const work = Array.from({ length: count }, (_, i) =>
          sum(dealt(costs, { index: i + 1, count }).map((block) => costs[block]!)),
        )
        expect(Math.max(...work) - Math.min(...work)).toBeLessThanOrEqual(Math.max(0, ...costs))
      }),
    )
  })

  it('a cell a thousandfold as costly does not burden one shard', () => {
    const skewed = [...Array.from({ length: 3 }, () => 1000), ...Array.from({ length: 1000 }, () => 1)]
    const work = [1, 2, 3, 4].map((index) => sum(dealt(skewed, { index, count: 4 }).map((block) => skewed[block]!)))
    expect(Math.max(...work)).toBe(1000)
  })
})
