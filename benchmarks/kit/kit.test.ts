// The benchmarks' own arithmetic: figures, ratios, targets, and a large table that is the same every time.
import { createHash } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { names, parts } from './large-table.mjs'
import { byTurns } from './measure.mjs'
import { rowsOf, type Suite } from './suite.mjs'
import { figure, median, meets, millions, nanoseconds, timesAsGood } from './units.mjs'

const samples = nanoseconds('sample')
const generations = millions('generations')

describe('figures', () => {
  it('have the least time as the best and the middle of an even number between two', () => {
    expect(figure(samples, 2e9, [4, 2, 8, 6])).toEqual({ best: 1, median: 2.5 })
    expect(figure(generations, 4e6, [4, 2])).toEqual({ best: 2, median: 4 / 3 })
    expect(figure(samples, 1, [undefined])).toBeUndefined()
    expect(median([3, 1, 2])).toBe(2)
  })

  it('know which way is better', () => {
    expect([timesAsGood(samples, 2, 8), timesAsGood(generations, 8, 2)]).toEqual([4, 4])
    expect([meets(samples, 0.9, 0.9), meets(samples, 1, 0.9)]).toEqual([true, false])
    expect([meets(generations, 120, 100), meets(generations, 90, 100)]).toEqual([true, false])
  })
})

describe('a suite', () => {
  const suite: Suite = { name: 's', question: '?', unit: samples, measure: 'cpu', cases: () => [] }

  it('has a row for each of our contenders, with the peers beside it', () => {
    const one = { name: 'c', things: 1e9, contenders: [], targets: { 'genloss avx2': 1 } }
    const costs = new Map([
      ['genloss base', [{ cpu: 3, wall: 4 }]],
      ['genloss avx2', [{ cpu: 2, wall: 2 }]],
      ['numpy', [{ cpu: 6, wall: 6 }]],
    ])
    const [base, avx2] = rowsOf(suite, one, costs)
    expect(base).toMatchObject({ contender: 'genloss base', ours: { best: 3 }, wall: { best: 4 }, target: undefined })
    expect(avx2).toMatchObject({ ours: { best: 2 }, target: 1, met: false, peers: [{ peer: 'numpy', ratio: 3 }] })
  })

  it('runs contenders by turns and forgets the first round', async () => {
    const order: string[] = []
    // A run shorter than a millisecond would be repeated.
    const contender = (name: string) => async () => {
      await setTimeout(5)
      return { wall: order.push(name) }
    }
    const runs = new Map([
      ['a', contender('a')],
      ['b', contender('b')],
    ])
    expect(await byTurns(runs, 3)).toEqual(
      new Map([
        ['a', [{ wall: 3 }, { wall: 5 }]],
        ['b', [{ wall: 4 }, { wall: 6 }]],
      ]),
    )
  })

  it('ends with the error of a run', async () => {
    const broken = async () => {
      throw new Error('no such program')
    }
    await expect(byTurns(new Map([['a', broken]]), 2)).rejects.toThrow('no such program')
  })
})

describe('the large table', () => {
  const text = [...parts(2500, 1)].join('')

  it('has 15 columns and the rows asked for', () => {
    const lines = text.trimEnd().split('\n')
    expect(names).toHaveLength(15)
    expect(lines).toHaveLength(2501)
    expect(new Set(lines.map((line) => line.split(',').length))).toEqual(new Set([15]))
  })

  it('is the same for the same seed', () => {
    const hash = createHash('sha256').update(text).digest('hex')
    expect(hash).toMatchInlineSnapshot(`"c61fb01ac9f05d268adc87bbd01941ad59eda2e2c8a81f418290ff73a4d7f053"`)
    expect([...parts(2500, 2)].join('')).not.toBe(text)
  })
})
