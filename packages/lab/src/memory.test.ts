import { describe, expect, it } from 'vitest'
import { run } from './api.js'
import { checkMemory, recordBytes } from './memory.js'
import { description } from './native.js'
import { settle } from './settings.js'

const core = description()
const bytes = (raw: object) => recordBytes(settle({ origin: 'gaussian', n: 1000, generations: 10, ...raw }, {}, core))

describe('records of a chain', () => {
  it('are kept only where a model, a policy or a stage needs them', () => {
    expect(['replace', 'accumulate', 'window:batches=9', 'mix:real=0.5'].map((policy) => bytes({ policy }))).toEqual([
      0, 0, 0, 0,
    ])
    const classes = { origin: 'categorical:probabilities=0.5/0.5' }
    expect(bytes({ ...classes, policy: 'accumulate-subsample', method: 'draws' })).toBe(0)
    expect(bytes({ n: 'inf', sampling: { temperature: 0.5 } })).toBe(0)
    // Training set, new batch, pool; and places of the chosen ones.
    expect(bytes({ policy: 'accumulate-subsample' })).toBe((1000 + 1000 + 11_000) * 8 + 1000 * 16)
    expect(bytes({ selection: { keep: 0.1 } })).toBe((1000 + 10_000) * 8 + 10_000 * 16)
    expect(bytes({ model: 'empirical' })).toBe(2000 * 12)
    expect(bytes({ model: 'empirical', policy: 'accumulate' })).toBe((11_000 + 1000) * 12)
  })

  it('grow with what is kept beside the training set', () => {
    const empirical = (policy: string, more = {}) => bytes({ model: 'empirical', policy, ...more }) / 12
    expect(empirical('window:batches=3,keepReal=true')).toBe(4000 + 1000 + 4000)
    expect(empirical('mix:real=0.5,source=fixed')).toBe(1000 + 1000 + 1000 + 500)
    expect(empirical('replace', { onEmpty: 'keep' })).toBe(3000)
    expect(empirical('replace', { n: { start: 100, power: 1 } })).toBe(1100 + 1100)
  })
})

describe('a run that would not fit', () => {
  const gibibyte = 2 ** 30

  it('is refused, with what would help', () => {
    expect(() => checkMemory(gibibyte, 100, 4, 8 * gibibyte)).not.toThrow()
    expect(() => checkMemory(2 * gibibyte, 100, 4, 8 * gibibyte)).toThrow(
      /n: expected records that fit in 80 % .* 8.00 GiB, got '2.00 GiB of records a chain, 4 at once' \(take fewer threads/,
    )
    expect(() => checkMemory(2 * gibibyte, 2, 4, 8 * gibibyte)).not.toThrow()
    expect(() => checkMemory(9 * gibibyte, 1, 1, 8 * gibibyte)).toThrow(/\(take a smaller n\)/)
  })

  it('says so before it starts', async () => {
    const large = { origin: 'gaussian', policy: 'accumulate-subsample', n: 1e12, generations: 3, replicates: 1 }
    await expect(run(large, { threads: 1 })).rejects.toMatchObject({ code: 'usage', path: 'n' })
  })
})
