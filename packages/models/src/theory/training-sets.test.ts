import { describe, expect, it } from 'vitest'
import { accumulate, accumulateSubsample, mix, type Policy, replace, window } from '../index.js'
import { composition } from './composition.js'
import type { TheorySetting } from './setting.js'
import { type SetEntry, trainingSets } from './training-sets.js'

const cell = { initial: 20, n: 10, generations: 5 }
const poison = { share: 0.2, from: 2, record: 1 }
const filter = { truePositiveRate: 0.8, falsePositiveRate: 0.1, topUp: false }

const setsOf = (setting: TheorySetting) => [...trainingSets(setting)!.sets]
const words = (set: SetEntry[]) =>
  set.map(
    ({ origin, made, records, certain }) => `${certain ? '' : 'about '}${+records.toFixed(9)} ${origin} of ${made}`,
  )

describe('the entries of training sets', () => {
  // By hand, at generation 3.
  it.each<[string, Policy, string[]]>([
    ['replace', replace(), ['8 generated of 3', '2 poison of 3']],
    [
      'accumulate',
      accumulate(),
      ['20 real of 0', '10 generated of 1', '8 generated of 2', '2 poison of 2', '8 generated of 3', '2 poison of 3'],
    ],
    ['window', window({ batches: 1, keepReal: true }), ['20 real of 0', '8 generated of 3', '2 poison of 3']],
    ['a mix', mix({ real: 0.3 }), ['3 real of 3', '5 generated of 3', '2 poison of 3']],
    ['a fixed mix', mix({ real: 0.3, source: 'fixed' }), ['3 real of 0', '5 generated of 3', '2 poison of 3']],
    [
      'a fixed mix in proportion',
      mix({ real: 0.3, source: 'fixed-stratified' }),
      ['3 real of 0', '5 generated of 3', '2 poison of 3'],
    ],
  ])('of %s', (_, policy, expected) => {
    expect(words(setsOf({ ...cell, policy, poison })[3]!)).toEqual(expected)
  })

  it('are expected numbers where records are drawn from sets or left to chance', () => {
    const at = (setting: object) => words(setsOf({ ...cell, policy: replace(), ...setting })[2]!)
    expect(at({ policy: accumulateSubsample() })).toEqual([
      'about 5 real of 0',
      'about 2.5 generated of 1',
      'about 2.5 generated of 2',
    ])
    // Half of the last set is taken over: of 5 generated and 5 that were real, as many of each as is to be expected.
    expect(at({ policy: mix({ previous: 0.5 }) })).toEqual([
      'about 2.5 real of 0',
      'about 2.5 generated of 1',
      '5 generated of 2',
    ])
    expect(at({ policy: mix({ real: 0.3, composition: 'bernoulli' }) })).toEqual([
      'about 3 real of 2',
      'about 7 generated of 2',
    ])
    expect(at({ policy: replace(), filter })).toEqual(['about 2 generated of 2'])
    expect(at({ policy: mix({ real: 0.3 }), filter })).toEqual(['about 2.7 real of 2', 'about 1.4 generated of 2'])
    expect(at({ policy: accumulateSubsample(), filter })).toEqual([
      'about 8.333333333 real of 0',
      'about 0.833333333 generated of 1',
      'about 0.833333333 generated of 2',
    ])
  })

  it('sum up to the composition of every policy', () => {
    const policies = [
      replace(),
      accumulate(),
      accumulateSubsample(),
      window({ batches: 3 }),
      window({ batches: 2, keepReal: true }),
      mix({ real: 0.2, previous: 0.3 }),
      mix({ real: 0.2, source: 'fixed' }),
    ]
    for (const policy of policies) {
      for (const stages of [{}, { poison }]) {
        const setting = { ...cell, policy, ...stages }
        const known = composition(setting)!
        for (const [g, set] of setsOf(setting).entries()) {
          const sum = (of: (entry: SetEntry) => number) => set.reduce((all, entry) => all + of(entry), 0)
          const all = sum(({ records }) => records)
          expect(all).toBeCloseTo(known.records[g]!, 12)
          expect(sum(({ origin, records }) => (origin === 'real' ? records : 0)) / all).toBeCloseTo(known.real[g]!, 12)
          expect(sum(({ origin, records }) => (origin === 'poison' ? records : 0)) / all).toBeCloseTo(
            known.poison[g]!,
            12,
          )
          expect(sum(({ made, records }) => (g - made) * records) / all).toBeCloseTo(known.age[g]!, 12)
        }
      }
    }
  })

  it('at n = infinity are shares, and have no meaning where some sizes are infinite', () => {
    const found = trainingSets({ initial: 'inf', n: 'inf', generations: 1, policy: accumulate() })!
    expect(found.infinite).toBe(true)
    const [, set] = [...found.sets]
    expect(set!.map(({ records }) => records / set![0]!.records)).toEqual([1, 1])
    expect(trainingSets({ ...cell, initial: 'inf', policy: replace() })).toBeUndefined()
  })
})
