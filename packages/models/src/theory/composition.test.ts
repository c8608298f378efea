import { describe, expect, it } from 'vitest'
import { accumulate, accumulateSubsample, mix, type Policy, replace, theoryOf, window } from '../index.js'
import { composition } from './composition.js'

const cell = { initial: 20, n: 10, generations: 3 }
const poison = { share: 0.2, from: 2, record: 1 }

describe('the composition of training sets', () => {
  // Counted by hand at generation 3: records, real ones, poison, and the sum of ages.
  it.each<[string, Policy, number, number, number, number]>([
    ['replace', replace(), 10, 0, 2, 0],
    ['accumulate', accumulate(), 50, 20, 4, 20 * 3 + 10 * 2 + 10],
    ['the last two', window({ batches: 2 }), 20, 0, 4, 10],
    ['real and the last', window({ batches: 1, keepReal: true }), 30, 20, 2, 60],
    ['all batches', window({ batches: 4, keepReal: true }), 50, 20, 4, 90],
    ['a mix', mix({ real: 0.3 }), 10, 3, 2, 0],
    ['a fixed mix', mix({ real: 0.3, source: 'fixed' }), 10, 3, 2, 9],
  ])('of %s', (_, policy, records, real, toxic, age) => {
    const found = composition({ ...cell, policy, poison })!
    expect(found.records[3]).toBe(records)
    expect(found.real[3]! * records).toBeCloseTo(real, 12)
    expect(found.poison[3]! * records).toBeCloseTo(toxic, 12)
    expect(found.age[3]! * records).toBeCloseTo(age, 12)
  })

  it('of a subsample is that of all in expectation', () => {
    const all = composition({ ...cell, policy: accumulate() })!
    const some = composition({ ...cell, policy: accumulateSubsample() })!
    expect(some.real).toEqual(all.real)
    expect(some.age[3]).toBeCloseTo(all.age[3]!, 14)
    expect(some.records[3]).toBe(10)
  })

  it('hands down what is taken from the last set', () => {
    const found = composition({ ...cell, policy: mix({ previous: 0.5 }) })!
    expect(Array.from(found.real)).toEqual([1, 0.5, 0.25, 0.125])
    // Half of the set is a generation older than it was.
    expect(found.age[3]).toBeCloseTo(0.5 + 0.25 + 0.125, 14)
  })

  it('by chance and behind a detector that tops up is an expectation', () => {
    const filter = { truePositiveRate: 0.8, falsePositiveRate: 0.1, topUp: true }
    const found = composition({ ...cell, policy: mix({ real: 0.1 }), filter })!
    expect(found.real[1]).toBeCloseTo(1 / 3, 14)
    expect(composition({ ...cell, policy: replace(), filter: { ...filter, topUp: false } })).toBeUndefined()
  })

  it('at n = infinity has shares and no number', () => {
    const found = composition({ initial: 'inf', n: 'inf', generations: 1, policy: accumulate() })!
    expect([found.records[1], found.real[1]]).toEqual([Number.POSITIVE_INFINITY, 0.5])
  })

  it('is part of the theory of every family', () => {
    const curves = theoryOf({
      ...cell,
      policy: replace(),
      model: { kind: 'poisson' },
      origin: { kind: 'poisson', mean: 1 },
    })
    expect(curves.map(({ column }) => column)).toEqual(expect.arrayContaining(['mean_age', 'variance_ratio']))
  })
})
