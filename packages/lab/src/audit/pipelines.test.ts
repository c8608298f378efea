import { type MixPolicy, mixCounts, readPolicy } from '@genloss/models'
import { describe, expect, it } from 'vitest'
import { readOptions, shownRounds } from './options.js'
import { readPipelines } from './pipelines.js'

describe('pipelines', () => {
  it('have both counts, the anchor a tenth of the rows, keep-all as many generated rows as real ones', () => {
    const found = readPipelines(['replace', 'anchor', 'keep-all', 'pile-up'], {}, 534)
    expect(found.map(({ name, realRows, generatedRows, n }) => [name, realRows, generatedRows, n])).toEqual([
      ['replace', 0, 534, 534],
      ['anchor:53', 53, 481, 534],
      ['keep-all', 534, 534, 534],
      ['pile-up', 534, 534, 534],
    ])
    expect(found.map(({ policy }) => policy.kind)).toEqual(['replace', 'mix', 'window', 'accumulate'])
  })

  it('keep their counts through the share that the plan holds', () => {
    for (const [real, n] of [
      [53, 534],
      [1, 3],
      [2, 3],
      [333_333, 1_000_000],
      [7, 4_999],
      [999_999_937, 2_999_999_999],
    ] as const) {
      const [pipeline] = readPipelines([`anchor:${real}`], { rows: n }, n)
      expect(mixCounts(pipeline!.policy as MixPolicy, n)).toEqual({ real, synthetic: n - real, previous: 0 })
    }
  })

  it('are policies for a table of any size', () => {
    for (let n = 1; n <= 3000; n++) {
      const [pipeline] = readPipelines(['anchor'], {}, n)
      const policy = readPolicy(readPolicy(pipeline!.policy)) as MixPolicy
      const { realRows: real, generatedRows: synthetic } = pipeline!
      expect([n, mixCounts(policy, n)]).toEqual([n, { real, synthetic, previous: 0 }])
    }
  })

  it('follow --rows and --generated', () => {
    const found = readPipelines(['replace', 'anchor', 'keep-all'], { rows: 5340, generated: 100 }, 534)
    expect(found.map(({ name, n }) => [name, n])).toEqual([
      ['replace', 5340],
      ['anchor:534', 5340],
      ['keep-all', 100],
    ])
  })

  it('are taken once, and refused in words', () => {
    expect(readPipelines(['anchor:53', 'anchor', 'anchor:60'], {}, 534).map(({ name }) => name)).toEqual([
      'anchor:53',
      'anchor:60',
    ])
    const read = (word: string) => () => readPipelines([word], { rows: 100 }, 534)
    expect(read('keepall')).toThrow(/got 'keepall' \(did you mean 'keep-all'\?\)/)
    expect(read('replace:5')).toThrow(/expected 'replace', 'anchor:ROWS', 'keep-all' or 'pile-up', got 'replace:5'/)
    expect(read('anchor:10%')).toThrow(/a count of rows, not a share/)
    expect(read('anchor:0')).toThrow(/ROWS a whole number of at least 1/)
    expect(read('anchor:101')).toThrow(/at most 100 real rows/)
    expect(() => readPipelines(['anchor:600'], { rows: 1000 }, 534)).toThrow(/at most 534 real rows/)
  })
})

describe('options', () => {
  it('show 5, 10, 20, 50 as far as the rounds go, and the last', () => {
    expect([1, 5, 7, 20, 50, 100].map(shownRounds)).toEqual([
      [1],
      [5],
      [5, 7],
      [5, 10, 20],
      [5, 10, 20, 50],
      [5, 10, 20, 50, 100],
    ])
  })

  it('are checked by name', () => {
    const read = (options: object) => () => readOptions({ file: 'x.csv', ...options })
    expect(read({ rounds: 0 })).toThrow(/^rounds: expected a whole number from 1 to 10000, got 0/)
    expect(read({ keep: Number.NaN })).toThrow(/^keep: /)
    expect(read({ seed: -1 })).toThrow(/^seed: /)
    expect(read({ seed: 2 ** 60 })).toThrow(/^seed: /)
    expect(read({ rows: 2.5 })).toThrow(/^rows: /)
    expect(readOptions({ file: 'x.csv', seed: 2n ** 64n - 1n }).seed).toBe('18446744073709551615')
  })
})
