import { describe, expect, it } from 'vitest'
import { accumulate, mix, type Policy, replace, window } from '../index.js'
import { drift } from './batches.js'
import { classesAlive, distinctAlive, lostClass } from './extinction.js'
import { gaussianReplace } from './gaussian-replace.js'
import { digamma, halfStepExcess, lnGamma, trigamma } from './special.js'

// Expected values: another program's closed forms and matrix powers, checked there by simulation. Generation g here is
// the fit after g rounds on generated data, so that "5 fits" is generation 4.

describe('special functions', () => {
  it.each([
    [0.5, -1.9635100260214235, 4.934802200544679, 0.5723649429247001],
    [1, -0.5772156649015329, 1.6449340668482264, 0],
    [4.5, 1.388870926359529, 0.24872510303901035, 2.453736570842442],
    [49.5, 3.8918376507263717, 0.020407455046879994, 142.61728282114598],
  ])('at %s', (x, psi, psi1, lnG) => {
    expect(digamma(x)).toBeCloseTo(psi, 11)
    expect(trigamma(x)).toBeCloseTo(psi1, 13)
    expect(lnGamma(x)).toBeCloseTo(lnG, 11)
  })

  it('keep their digits for large arguments', () => {
    expect(halfStepExcess(5e11) * 8 * 5e11).toBeCloseTo(-1, 12)
    expect(halfStepExcess(4.5)).toBeCloseTo(Math.log(0.9726592741215884), 14)
  })
})

describe('a normal model under replace', () => {
  const names = [
    'variance',
    'varianceVariance',
    'logVariance',
    'logVarianceVariance',
    'meanVariance',
    'sd',
    'w2Squared',
  ]
  it.each<[number, boolean, number, number[]]>([
    [10, true, 1, [1, 0.2222222222, -0.1152064704, 0.248725103, 0.1, 0.9726592741, 0.1546814518]],
    [10, true, 20, [1, 54.3354587028, -2.3041294083, 4.9745020608, 2, 0.5744002778, 2.8511994444]],
    [10, false, 5, [0.59049, 0.6023116098, -1.1028349304, 1.2436255152, 0.40951, 0.6689750704, 0.6620498592]],
    [100, true, 50, [1, 1.7183724448, -0.5067509424, 1.0203727523, 0.5, 0.8813852342, 0.7372295317]],
    [100, false, 50, [0.6050060671, 0.6289798891, -1.0092677351, 1.0203727523, 0.3949939329, 0.685560261, 0.628879478]],
  ])('n = %i, unbiased %s, %i fits', (n, unbiased, fits, values) => {
    const moments = gaussianReplace({ initial: n, n, generations: fits - 1 }, unbiased)
    for (const [i, name] of names.entries()) {
      expect(moments[name as keyof typeof moments].at(-1), name).toBeCloseTo(values[i]!, 9)
    }
  })

  it.each<[number, boolean, number, number, number]>([
    [10, true, 1, 0.14953962193448456, Number.NaN],
    [10, true, 3, Number.NaN, 0.3228097056251179],
    [10, false, 1, Number.NaN, 0.11028349303728568],
    [50, true, 20, 0.7639640658647882, 0.4054697119737358],
    [50, false, 20, 1.2238452503293775, 0.4074967851489264],
  ])('divergences at n = %i, unbiased %s, %i fits', (n, unbiased, fits, forward, reverse) => {
    const moments = gaussianReplace({ initial: n, n, generations: fits - 1 }, unbiased)
    if (!Number.isNaN(forward)) expect(moments.klForward.at(-1)).toBeCloseTo(forward, 12)
    if (!Number.isNaN(reverse)) expect(moments.klReverse.at(-1)).toBeCloseTo(reverse, 12)
  })

  it('diverges forward where a fit has three records or fewer', () => {
    expect(gaussianReplace({ initial: 3, n: 3, generations: 1 }, true).klForward.at(-1)).toBe(Number.POSITIVE_INFINITY)
  })
})

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
  ])('of %s, unbiased %s, %i fits: 20 real, then tens', (_, policy, unbiased, fits, variance, meanVariance) => {
    const moved = drift(policy, { initial: 20, n: 10, generations: fits - 1 }, unbiased)!
    expect(moved.variance.at(-1)).toBeCloseTo(variance, 12)
    expect(moved.meanVariance.at(-1)).toBeCloseTo(meanVariance, 12)
  })

  it.each([
    ['fresh, 5 fits', mix({ real: 0.1 }), 5, 0.842979],
    ['fresh, stationary', mix({ real: 0.1 }), 121, 0.787234],
    ['by chance, 5 fits', mix({ real: 0.1, composition: 'bernoulli' }), 5, 0.841605],
    ['by chance, stationary', mix({ real: 0.1, composition: 'bernoulli' }), 121, 0.78308],
  ] as const)('of a mix with a tenth of 20 real: %s', (_, policy, fits, variance) => {
    const moved = drift(policy, { initial: 20, n: 20, generations: fits - 1 }, false)!
    expect(moved.variance.at(-1)).toBeCloseTo(variance, 6)
    expect(moved.variance.at(-1)! + moved.meanVariance.at(-1)!).toBeCloseTo(1, 12)
  })

  it('of ten fresh real records of a hundred tends to the two-by-two recursion', () => {
    const moved = drift(mix({ real: 0.1 }), { initial: 100, n: 100, generations: 200 }, false)!
    expect(moved.variance.at(-1)).toBeCloseTo(0.949748743718593, 9)
    expect(moved.meanVariance.at(-1)).toBeCloseTo(0.050251256281407, 9)
  })

  it('of a fixed mix meets its own recursion, and starts from two points where only they are real', () => {
    const [n, r, a] = [20, 2, 0.1]
    let [F, C] = [1 / n, 1 / n]
    const moved = drift(mix({ real: a, source: 'fixed' }), { initial: n, n, generations: 50 }, false)!
    for (let g = 0; g <= 50; g++) {
      expect(moved.variance[g]).toBeCloseTo(1 - F, 12)
      F = (a * a) / r + 2 * a * (1 - a) * C + (1 - a) ** 2 * F + ((1 - a) * (1 - F)) / n
      C = a / r + (1 - a) * C
    }
    const start = drift(mix({ real: a, source: 'fixed' }), { initial: r, n, generations: 119 }, false)!
    expect(start.variance[4]).toBeCloseTo(0.437047, 6)
    expect(start.variance[119]).toBeCloseTo(0.404255, 6)
  })

  it('is unknown where training sets are not whole batches, or reuse what is not there', () => {
    const sizes = { initial: 20, n: 20, generations: 5 }
    const byChance = { ...mix({ real: 0.1, source: 'fixed' }), composition: 'bernoulli' as const }
    expect(drift(byChance, sizes, false)).toBeUndefined()
    expect(drift(mix({ real: 0.5, source: 'fixed' }), { ...sizes, initial: 5 }, false)).toBeUndefined()
  })

  it('of accumulate tends to sin(pi / sqrt n) / (pi / sqrt n)', () => {
    const moved = drift(accumulate(), { initial: 10, n: 10, generations: 400 }, false)!
    expect(moved.variance[19]).toBeCloseTo(0.8475595743697778, 12)
    expect(moved.variance[49]).toBeCloseTo(0.8451076382143026, 12)
    expect(moved.variance[400]).toBeCloseTo(0.8436, 3)
  })
})

describe('extinction', () => {
  it('of a class with 2 of 20 records', () => {
    const lost = lostClass(0.1, { initial: 20, n: 20, generations: 49 })!
    expect(lost[0]).toBeCloseTo(0.121577, 6)
    expect(lost[1]).toBeCloseTo(0.261613, 6)
    expect(lost[9]).toBeCloseTo(0.675792, 6)
    expect(lost[49]).toBeCloseTo(0.88048, 5)
  })

  it('of the original records', () => {
    const small = distinctAlive({ initial: 10, n: 10, generations: 20 })!
    expect(small[0]).toBe(10)
    expect(small[1]).toBeCloseTo(6.513215599, 9)
    expect(small[20]).toBeCloseTo(1.2958831276, 9)
    const large = distinctAlive({ initial: 100, n: 100, generations: 50 })!
    expect(large[10]).toBeCloseTo(16.1389355325, 8)
    expect(large[50]).toBeCloseTo(4.1121842402, 8)
  })

  it('leaves classes alive', () => {
    const uniform = Array.from({ length: 100 }, () => 0.01)
    const alive = classesAlive(uniform, { initial: 100, n: 100, generations: 99 })!
    expect(alive[4]).toBeCloseTo(27.1007117247, 8)
    expect(alive[19]).toBeCloseTo(9.086863981, 8)
    expect(alive[99]).toBeCloseTo(2.3044088739, 8)
  })

  it('is left alone where the matrix would be large', () => {
    expect(classesAlive([0.5, 0.5], { initial: 10, n: 10_000, generations: 1 })).toBeUndefined()
  })
})
