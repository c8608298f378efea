import { describe, expect, it } from 'vitest'
import { accumulate, mix, type Policy, remainder, replace, window } from '../index.js'
import { drift } from './drift.js'
import { mle, unbiased } from './fit.js'
import { normalFactor } from './sampling.js'
import type { TheorySetting } from './setting.js'

// Expected values: another program's closed forms and recursions, checked there by simulation. Generation g here is the
// fit after g rounds on generated data, so that "5 fits" is generation 4.

const sizes = (n: number, fits: number) => ({ initial: n, n, generations: fits - 1 })
const last = (values: Float64Array) => values.at(-1)!
const subsample = { kind: 'accumulate-subsample', replacement: false } as const

describe('drift', () => {
  const keepLast = window({ batches: 1, keepReal: true })
  it.each<[string, Policy, boolean, number, number, number]>([
    ['replace', replace(), false, 5, 0.623295, 0.376705],
    ['replace', replace(), true, 30, 1, 2.95],
    ['accumulate', accumulate(), false, 5, 0.9272557399305555, 0.07274426006944444],
    ['accumulate', accumulate(), true, 2, 0.9885057471264368, 0.06111111111111111],
    ['window of 3', window({ batches: 3 }), true, 5, 0.9652558287120315, 0.12732164184469638],
    ['window of 3', window({ batches: 3 }), true, 30, 0.7762146976266874, 0.6741039834668647],
    ['real and the last', keepLast, false, 2, 0.9394444444444444, 0.06055555555555556],
    ['real and the last', keepLast, false, 30, 0.9382716049382716, 0.06172839506172839],
    ['real and two', window({ batches: 2, keepReal: true }), true, 5, 0.9799466797922947, 0.06923828604694715],
  ])('of %s, unbiased %s, %i fits: 20 real, then tens', (_, policy, isUnbiased, fits, variance, meanVariance) => {
    const moved = drift({ policy, initial: 20, n: 10, generations: fits - 1 }, isUnbiased ? unbiased : mle)!
    expect(moved.variance.at(-1)).toBeCloseTo(variance, 12)
    expect(moved.meanVariance.at(-1)).toBeCloseTo(meanVariance, 12)
  })

  it.each([
    ['fresh, 5 fits', mix({ real: 0.1 }), 5, 0.842979],
    ['fresh, stationary', mix({ real: 0.1 }), 121, 0.787234],
    ['by chance, 5 fits', mix({ real: 0.1, composition: 'bernoulli' }), 5, 0.841605],
    ['by chance, stationary', mix({ real: 0.1, composition: 'bernoulli' }), 121, 0.78308],
  ] as const)('of a mix with a tenth of 20 real: %s', (_, policy, fits, variance) => {
    const moved = drift({ policy, initial: 20, n: 20, generations: fits - 1 }, mle)!
    expect(moved.variance.at(-1)).toBeCloseTo(variance, 6)
    expect(moved.variance.at(-1)! + moved.meanVariance.at(-1)!).toBeCloseTo(1, 12)
  })

  it('of ten fresh real records of a hundred tends to the two-by-two recursion', () => {
    const moved = drift({ policy: mix({ real: 0.1 }), initial: 100, n: 100, generations: 200 }, mle)!
    expect(moved.variance.at(-1)).toBeCloseTo(0.949748743718593, 9)
    expect(moved.meanVariance.at(-1)).toBeCloseTo(0.050251256281407, 9)
  })

  it('of a fixed mix meets its own recursion, and starts from two points where only they are real', () => {
    const [n, r, a] = [20, 2, 0.1]
    let [F, C] = [1 / n, 1 / n]
    const moved = drift({ policy: mix({ real: a, source: 'fixed' }), initial: n, n, generations: 50 }, mle)!
    for (let g = 0; g <= 50; g++) {
      expect(moved.variance[g]).toBeCloseTo(1 - F, 12)
      F = (a * a) / r + 2 * a * (1 - a) * C + (1 - a) ** 2 * F + ((1 - a) * (1 - F)) / n
      C = a / r + (1 - a) * C
    }
    const start = drift({ policy: mix({ real: a, source: 'fixed' }), initial: r, n, generations: 119 }, mle)!
    expect(start.variance[4]).toBeCloseTo(0.437047, 6)
    expect(start.variance[119]).toBeCloseTo(0.404255, 6)
  })

  it('of accumulate tends to sin(pi / sqrt n) / (pi / sqrt n)', () => {
    const moved = drift({ policy: accumulate(), initial: 10, n: 10, generations: 400 }, mle)!
    expect(moved.variance[19]).toBeCloseTo(0.8475595743697778, 12)
    expect(moved.variance[49]).toBeCloseTo(0.8451076382143026, 12)
    expect(moved.variance[400]).toBeCloseTo(0.8436, 3)
  })
})

describe('a subsample of everything so far', () => {
  it.each([
    [false, false, 2, 0.8313157894736842, 0.1686842105263158],
    [true, false, 1, 1, 0.1],
    [true, false, 2, 0.9736842105263158, 0.17368421052631577],
    [true, false, 12, 1.0406646898808154, 0.2724613009499779],
    [false, true, 2, 0.78975, 0.21025],
  ])('of 10, unbiased %s, replacement %s, %i fits', (isUnbiased, replacement, fits, variance, meanVariance) => {
    const moved = drift({ policy: { ...subsample, replacement }, ...sizes(10, fits) }, isUnbiased ? unbiased : mle)!
    expect(last(moved.variance)).toBeCloseTo(variance, 12)
    expect(last(moved.meanVariance)).toBeCloseTo(meanVariance, 12)
  })

  it.each([
    [10, 0.8, 20, 0.5996354830226159],
    [50, 0.95, 5, 0.9052925838446841],
  ])('of %i, heterozygosity %s, %i fits', (n, start, fits, value) => {
    expect(start * last(drift({ policy: subsample, ...sizes(n, fits) }, mle)!.within)).toBeCloseTo(value, 12)
  })
})

describe('a subsample with replacement', () => {
  it('of later sets is a factor 1 - 1/n more than of the pool', () => {
    // Q' = Q (1 - (f + (1 - f)/n) / (g+1)^2) with f = 1/n from generation 1 on; T_0 is no subsample.
    const [n, moved] = [10, drift({ policy: { ...subsample, replacement: true }, ...sizes(10, 6) }, mle)!]
    let [pool, f] = [1 - 1 / n, 0]
    for (let g = 0; g <= 5; g++) {
      expect(moved.within[g]).toBeCloseTo(pool * (1 - f), 14)
      pool *= 1 - (f + (1 - f) / n) / (g + 2) ** 2
      f = 1 / n
    }
  })
})

describe('real records', () => {
  it.each([
    ['fresh', mix({ real: 0.5 }), 10, 0.875],
    ['fixed', mix({ real: 0.5, source: 'fixed' }), 10, 0.75],
    ['by chance', mix({ real: 0.5, composition: 'bernoulli' }), 10, 0.8709677419354839],
    ['by chance', mix({ real: 0.1, composition: 'bernoulli' }), 20, 0.7830802603036876],
    ['by chance', mix({ real: 0.5, composition: 'bernoulli' }), 100, 0.9867109634551495],
  ] as const)('%s, %j of %i, in the long run', (_, policy, n, variance) => {
    // A fixed set that is all of generation 0's is the one that closed forms are about.
    const initial = policy.source === 'fixed' ? n / 2 : n
    expect(last(drift({ policy, initial, n, generations: 1000 }, mle)!.variance)).toBeCloseTo(variance, 12)
  })

  it.each([
    [10, 0.13846153846153847, 1.0769230769230769],
    [100, 0.01337837837837838, 1.0067567567567568],
  ])('half of %i, unbiased, in the long run', (n, meanVariance, variance) => {
    const moved = drift({ policy: mix({ real: 0.5 }), ...sizes(n, 1000) }, unbiased)!
    expect(last(moved.meanVariance)).toBeCloseTo(meanVariance, 12)
    expect(last(moved.variance)).toBeCloseTo(variance, 12)
  })
})

describe('a detector', () => {
  it.each([
    [100, 0.9, 0.8, 0.1, false, 0.9353195746857302],
    [100, 0.9, 0.8, 0.1, true, 0.9821428571428571],
    [100, 0.9, 0.5, 0.5, true, 0.9495204442200909],
    [200, 0.5, 0.9, 0.2, true, 0.9949378163864758],
  ])('of pools of %i, %s generated, rates %s and %s, topped up %s', (n, s, t, f, topUp, variance) => {
    const filter = { truePositiveRate: t, falsePositiveRate: f, topUp }
    const cell: TheorySetting = { policy: mix({ real: remainder([s]) }), ...sizes(n, 1000), onEmpty: 'keep', filter }
    expect(last(drift(cell, mle)!.variance)).toBeCloseTo(variance, 10)
  })

  it('that marks everything generated ends a chain, or keeps its model', () => {
    const filter = { truePositiveRate: 1, falsePositiveRate: 0, topUp: false }
    const cell = { policy: replace(), ...sizes(10, 3), filter }
    expect(drift(cell, mle)).toBeUndefined()
    expect(drift({ ...cell, onEmpty: 'keep' }, mle)!.variance).toEqual(Float64Array.of(0.9, 0.9, 0.9))
  })

  it('of many records hardly differs from one that tops up', () => {
    const filter = { truePositiveRate: 0.5, falsePositiveRate: 0.5, topUp: false }
    const cell: TheorySetting = { policy: mix({ real: 0.2 }), ...sizes(2000, 50), filter }
    const moved = drift(cell, mle)!
    const full = drift({ ...cell, filter: { ...filter, truePositiveRate: 0, falsePositiveRate: 0 }, n: 1000 }, mle)!
    expect(last(moved.meanVariance) / last(full.meanVariance)).toBeCloseTo(1, 2)
  })
})

describe('poison', () => {
  const distance = Math.hypot(0.99, 0.1)
  it.each([
    ['replace', replace(), 2, 0.0595],
    ['replace', replace(), 50, 0.9198152362905831],
    ['accumulate', accumulate(), 10, 0.10164891088175476],
    ['accumulate', accumulate(), 50, 0.16956079918402756],
    ['a fifth real', mix({ real: 0.2 }), 5, 0.14535156250000003],
    ['a fifth real', mix({ real: 0.2 }), 20, 0.20716280004812143],
  ] as const)('%s, %s, %i fits', (_, policy, fits, share) => {
    const poison = { share: 0.05, from: 1, record: 3 }
    const moved = drift({ policy, ...sizes(100, fits), poison }, mle, distance)!
    expect(0.01 + (0.99 * last(moved.mean)) / distance).toBeCloseTo(share, 12)
  })

  it('that ends is forgotten by new real records', () => {
    const poison = { share: 0.1, from: 1, until: 2, record: 3 }
    const moved = drift({ policy: mix({ real: 0.5 }), ...sizes(100, 5), poison }, mle, 3)!
    expect(moved.mean[2]).toBeCloseTo(0.3 * 0.4 + 0.3, 14)
    expect(moved.mean[4]).toBeCloseTo(moved.mean[2]! / 4, 14)
  })
})

describe('n = infinity', () => {
  const endless = { initial: 'inf', n: 'inf', generations: 10 } as const
  const policies = [replace(), accumulate(), subsample, window({ batches: 3 }), mix({ real: 0.1 })]

  it('leaves nothing to chance under any policy', () => {
    for (const policy of policies) {
      const moved = drift({ policy, ...endless }, unbiased)!
      expect(Math.max(...moved.meanVariance)).toBe(0)
      expect(last(moved.variance)).toBeCloseTo(1, 12)
    }
  })

  it('keeps what sampling does', () => {
    const of = (sampling: object, policy: TheorySetting['policy'] = replace()) =>
      drift({ policy, ...endless, sampling }, { ...mle, factor: normalFactor })!.variance
    expect(last(of({ temperature: 0.9 }))).toBeCloseTo(0.3486784401, 12)
    expect(of({ truncate: 1 })[1]).toBeCloseTo(0.29112509477279314, 12)
    expect(of({ spread: 0.5 }, accumulate())[1]).toBeCloseTo(0.75, 12)
    expect(last(of({ spread: 0.5 }, mix({ real: 0.1 })))).toBeCloseTo(0.1 / 0.55, 3)
  })

  it('has no limit beside finite sets', () => {
    expect(drift({ policy: accumulate(), initial: 100, n: 'inf', generations: 1 }, mle)).toBeUndefined()
  })
})

describe('growing sets', () => {
  const growing = { initial: 20, n: { start: 20, power: 1 }, generations: 99 }

  it('bound the drift', () => {
    const moved = drift({ policy: replace(), ...growing }, unbiased)!
    expect(last(moved.meanVariance)).toBeCloseTo(0.259368875881981, 12)
    const factors = Array.from({ length: 100 }, (_, g) => 1 - 1 / (20 * (1 + g)))
    expect(last(drift({ policy: replace(), ...growing }, mle)!.variance)).toBeCloseTo(
      factors.reduce((a, b) => a * b, 1),
      12,
    )
  })

  it('accumulate by 1 - n_j / N_j^2', () => {
    const moved = drift({ policy: accumulate(), ...growing, generations: 3 }, mle)!
    const [a, b, c, d] = [20, 60, 120, 200]
    const product = [1 - 1 / a, 1 - 40 / b ** 2, 1 - 60 / c ** 2, 1 - 80 / d ** 2].reduce((x, y) => x * y)
    expect(last(moved.variance)).toBeCloseTo(product, 13)
  })
})

describe('no recursion', () => {
  const cell = { initial: 20, n: 20, generations: 5 }
  const fixed = mix({ real: 0.5, source: 'fixed' })
  const filter = { truePositiveRate: 0.5, falsePositiveRate: 0.1, topUp: false }
  it.each<[string, TheorySetting]>([
    ['fixed real records that are not there', { ...cell, initial: 5, policy: fixed }],
    ['a fixed set by chance', { ...cell, policy: { ...fixed, composition: 'bernoulli' } }],
    ['a fixed set behind a detector', { ...cell, policy: fixed, filter }],
    ['a window behind a detector', { ...cell, policy: window({ batches: 2 }), filter }],
    ['last records that are not there', { ...cell, initial: 5, policy: { ...mix(), previous: 0.5 } }],
    [
      'last records that count unequally',
      { ...cell, policy: { ...mix(), previous: 0.5 }, weights: { real: 2, synthetic: 1 } },
    ],
    ['a selection', { ...cell, policy: replace(), selection: { keep: 0.5, by: 'highest' } }],
    ['classes at a temperature', { ...cell, policy: replace(), sampling: { temperature: 2 } }],
    ['poison without a place', { ...cell, policy: replace(), poison: { share: 0.1, from: 1, record: 'a' } }],
  ])('for %s', (_, setting) => {
    expect(drift(setting, mle)).toBeUndefined()
  })

  it('but for real records that may serve again', () => {
    const policy = { ...mix({ real: 0.5, source: 'fixed' }), recycle: true }
    const moved = drift({ policy, initial: 5, n: 20, generations: 1000 }, mle)!
    expect(last(moved.variance)).toBeLessThan(0.8)
  })
})
