import { describe, expect, it } from 'vitest'
import { accumulate, mix, replace, window } from '../index.js'
import { absentAtFirst, classesAlive, distinctAlive, extinction, lostClass, missingMass } from './extinction.js'
import { populationShares } from './population.js'
import { sampledShares } from './sampling.js'
import { classCounts, fixationTime, monomorphic, thirdMoment } from './wright-fisher.js'

// Expected values: another program's matrix powers, checked there by simulation. Generation g is the fit after g rounds on
// generated data.

const zipf = Array.from({ length: 100 }, (_, k) => 1 / (k + 1))
const zipfSum = zipf.reduce((a, b) => a + b, 0)
const zipfian = zipf.map((p) => p / zipfSum)
const uniform = (classes: number) => Array.from({ length: classes }, () => 1 / classes)
const sizes = (n: number, fits: number) => ({ initial: n, n, generations: fits - 1 })

describe('extinction', () => {
  it('of a class with 2 of 20 records', () => {
    const lost = lostClass(0.1, sizes(20, 50))!
    expect(lost[0]).toBeCloseTo(0.121577, 6)
    expect(lost[1]).toBeCloseTo(0.261613, 6)
    expect(lost[9]).toBeCloseTo(0.675792, 6)
    expect(lost[49]).toBeCloseTo(0.88048, 5)
  })

  it('of the original records', () => {
    const small = distinctAlive(sizes(10, 201))!
    for (const [rounds, alive] of [
      [0, 10],
      [1, 6.5132155990000005],
      [2, 4.937466750872823],
      [5, 2.9953153132106705],
      [20, 1.2958831276291771],
      [200, 1.0000000016956523],
    ] as const) {
      expect(small[rounds]).toBeCloseTo(alive, 9)
    }
    const large = distinctAlive(sizes(100, 201))!
    expect(large[10]).toBeCloseTo(16.1389355325143, 8)
    expect(large[50]).toBeCloseTo(4.112184240203753, 8)
    expect(large[200]).toBeCloseTo(1.4013961485357385, 8)
  })

  it.each([
    ['10 uniform', uniform(10), 50, 5, 8.08310849186531],
    ['10 uniform', uniform(10), 50, 20, 3.9963846888671197],
    ['100 uniform', uniform(100), 100, 5, 27.100711724730036],
    ['100 uniform', uniform(100), 100, 100, 2.3044088738651496],
    ['100 of Zipf', zipfian, 100, 1, 41.353057335865806],
    ['100 of Zipf', zipfian, 100, 20, 7.680301086808667],
    ['100 of Zipf', zipfian, 100, 100, 2.2151432566626825],
  ] as const)('%s classes, n = %s, alive after %s fits', (_, probabilities, n, fits, alive) => {
    expect(classesAlive(probabilities, sizes(n, fits))!.at(-1)).toBeCloseTo(alive, 8)
  })

  it('takes true mass away', () => {
    const missing = missingMass(zipfian, sizes(100, 5))!
    expect(missing[0]).toBeCloseTo(0.2413722105400787, 9)
    expect(missing[1]).toBeCloseTo(0.3163732177804035, 9)
    expect(missing[4]).toBeCloseTo(0.43893813057486303, 9)
  })

  it('of classes that the first set lacks is for good', () => {
    expect(absentAtFirst(uniform(5), 10).classes).toBeCloseTo(0.5368709120000003, 14)
    expect(absentAtFirst(uniform(20), 50).classes).toBeCloseTo(1.5388995055342631, 13)
    expect(absentAtFirst(zipfian, 100).mass).toBeCloseTo(0.2413722105400787, 12)
    expect(absentAtFirst([0.5, 0.5, 0], 'inf')).toEqual({ classes: 1, mass: 0 })
  })

  it('of sizes that change follows each size', () => {
    // Five records, then three: a class with one of five is gone with probability (4/5)^3.
    const lost = distinctAlive({ initial: 5, n: { list: [5, 3, 2] }, generations: 2 })!
    expect(lost[1]).toBeCloseTo(5 * (1 - 0.8 ** 3), 12)
    const law = [0, 1, 2, 3].map((k) => [1, 3, 3, 1][k]! * 0.2 ** k * 0.8 ** (3 - k))
    expect(lost[2]).toBeCloseTo(5 * (1 - law.reduce((sum, p, k) => sum + p * (1 - k / 3) ** 2, 0)), 12)
  })

  it('by rounds agrees with the law of counts', () => {
    const rows = extinction(20, 6)
    const law = classCounts(0.3, sizes(20, 7))!
    const gone = (counts: Float64Array, row: Float64Array) => counts.reduce((sum, p, i) => sum + p * row[i]!, 0)
    expect(gone(law[0]!, rows[6]!)).toBeCloseTo(law[6]![0]!, 12)
  })

  it('is left alone where the matrix would be large', () => {
    expect(classesAlive([0.5, 0.5], { initial: 10, n: 10_000, generations: 1 })).toBeUndefined()
    expect(distinctAlive({ initial: 'inf', n: 'inf', generations: 1 })).toBeUndefined()
  })
})

describe('two classes', () => {
  it('are counted', () => {
    const law = classCounts(0.3, sizes(10, 100))!.at(-1)!
    expect(law[0]).toBeCloseTo(0.6999851043121508, 9)
    expect(law[5]).toBeCloseTo(3.5045905822813e-6, 12)
    expect(law[10]).toBeCloseTo(0.29998510431215325, 9)
    expect(monomorphic([0.3, 0.7], sizes(10, 100))!.at(-1)).toBeCloseTo(law[0]! + law[10]!, 9)
  })

  it.each([
    [10, 0.5, 12.590518197723286],
    [10, 0.1, 5.753276486962973],
    [50, 0.5, 67.51717166740676],
    [50, 0.02, 9.12679465679089],
    [100, 0.3, 120.23141398689029],
    [100, 0.01, 10.536923063848203],
  ])('n = %i, p = %s: fits until one is left', (n, p, time) => {
    expect(fixationTime(n, p) / time).toBeCloseTo(1, 9)
  })

  it('lose their third moment', () => {
    const moments = thirdMoment(0.3, new Array<number>(100).fill(10))
    expect(moments[0]).toBeCloseTo(0.06048000000000001, 14)
    expect(moments[99]! / 4.544948109726119e-16).toBeCloseTo(1, 10)
    const law = classCounts(0.3, sizes(10, 5))!.at(-1)!
    const seen = law.reduce((sum, p, k) => sum + p * (k / 10) * (1 - k / 10) * (1 - k / 5), 0)
    expect(seen).toBeCloseTo(moments[4]!, 14)
  })
})

describe('classes at n = infinity', () => {
  const shares = [0.5, 0.3, 0.15, 0.05]
  const endless = { initial: 'inf', n: 'inf', generations: 10 } as const

  it.each([
    [0.9, 1, 0.04060633516575393],
    [0.9, 10, 0.0010721470971026452],
    [1.1, 1, 0.05908669084183705],
    [1.1, 10, 0.14383617840307114],
  ])('temperature %s, generation %i', (temperature, g, rarest) => {
    const rows = populationShares(shares, { ...endless, policy: replace(), sampling: { temperature } })!
    expect(rows[g]![3]).toBeCloseTo(rarest, 12)
  })

  it('favoured by a factor multiply it each time', () => {
    const sampling = { bias: [1, 1, 1, 2] }
    const rows = populationShares(shares, { ...endless, policy: replace(), sampling })!
    expect(rows[3]![3]! / rows[3]![0]!).toBeCloseTo(8 * 0.1, 12)
    // Half of everything so far in each set: (p_0 + p_0 twice favoured) / 2.
    const kept = populationShares(shares, { ...endless, policy: accumulate(), sampling })!
    expect(kept[1]![0]).toBeCloseTo((0.5 + 0.5 / 1.05) / 2, 12)
  })

  it('are cut by number and by mass', () => {
    for (const sampling of [{ topK: 2 }, { topP: 0.79 }]) {
      const [a, b, ...none] = sampledShares(shares, sampling)!
      expect([a, b]).toEqual([0.625, expect.closeTo(0.375, 14)])
      expect(none).toEqual([0, 0])
    }
    expect(sampledShares(shares, { topP: 0.81 })!.map((p) => p > 0)).toEqual([true, true, true, false])
    expect(sampledShares([0.4, 0.3, 0.3], { topK: 2 })).toBeUndefined()
    expect(sampledShares(shares, { truncate: 2 })).toBeUndefined()
  })

  it('behind a detector, weighted, and poisoned', () => {
    const sampling = { temperature: 0.5 }
    const squares = [0.25, 0.09, 0.0225, 0.0025].map((p) => p / 0.365)
    const filter = { truePositiveRate: 0.8, falsePositiveRate: 0.1, topUp: false }
    const policy = mix({ real: 0.1 })
    const seen = populationShares(shares, { ...endless, policy, sampling, filter })!
    // s' = 0.18 / (0.18 + 0.09).
    expect(seen[1]![3]).toBeCloseTo((2 * squares[3]! + 0.05) / 3, 12)
    const weights = { real: 9, synthetic: 1 }
    const weighted = populationShares(shares, { ...endless, policy, sampling, weights })!
    expect(weighted[1]![3]).toBeCloseTo((squares[3]! + 0.05) / 2, 12)
    const poison = { share: 0.05, from: 2, record: 3 }
    const poisoned = populationShares(shares, { ...endless, policy: replace(), poison }, 3)!
    expect(poisoned[1]![3]).toBe(0.05)
    expect(poisoned[4]![3]).toBeCloseTo(1 - 0.95 * 0.95 ** 3, 12)
    const kept = window({ batches: 1, keepReal: true })
    const beside = populationShares(shares, { ...endless, policy: kept, poison }, 3)!
    expect(beside[2]![3]).toBeCloseTo((0.05 + 0.95 * 0.05 + 0.05) / 2, 12)
    const before = mix({ real: 0.2 })
    const mixed = populationShares(shares, { ...endless, policy: before, poison }, 3)!
    expect(mixed[2]![3]).toBeCloseTo(0.05 * 0.95 + 0.05, 12)
  })
})
