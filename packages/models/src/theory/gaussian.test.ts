import { describe, expect, it } from 'vitest'
import { mixtureMoments, projectionDivergence } from './expressivity.js'
import { halfLife, LogVarianceLaw, logVarianceRate, medianVariance, varianceBelow } from './gaussian-law.js'
import { gaussianReplace } from './gaussian-replace.js'
import { normalFactor, truncatedVariance } from './sampling.js'
import { expectedTailMass, tailRetention } from './tail-mass.js'

// Expected values: another program's closed forms, inversions and quadratures, checked there by simulation; those of the
// second fit, of truncation and of mixtures from tools/oracles/theory.py. Generation g is the fit after g rounds on
// generated data, so that "5 fits" is generation 4.

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

  it.each([
    [1, 0.259368875881981, -0.2650824776097567, 0.3869128890508382],
    [1.5, 0.1204817714069093, -0.12471381060684061, 0.18133421180637477],
    [2, 0.08174919500924466, -0.08558118816996796, 0.12358747529793163],
  ])('and sizes that grow with power %s, 100 fits', (power, meanVariance, logVariance, w2Squared) => {
    const moments = gaussianReplace({ initial: 20, n: { start: 20, power }, generations: 99 }, true)
    expect(moments.meanVariance.at(-1)).toBeCloseTo(meanVariance, 12)
    expect(moments.logVariance.at(-1)).toBeCloseTo(logVariance, 12)
    expect(moments.w2Squared.at(-1)).toBeCloseTo(w2Squared, 9)
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

  it('stays the origin at n = infinity', () => {
    const moments = gaussianReplace({ initial: 'inf', n: 'inf', generations: 3 }, false)
    for (const values of Object.values(moments)) expect(Math.abs(values.at(-1)! - Math.round(values.at(-1)!))).toBe(0)
    expect([moments.variance[3], moments.meanVariance[3], moments.klForward[3]]).toEqual([1, 0, 0])
  })
})

describe('the law of the variance under replace', () => {
  it.each<[number, boolean, number, number, number]>([
    [10, true, 1, 0.9269814102644975, 0.1244609748856369],
    [10, true, 20, 0.10403941064969677, 0.7624144456949202],
    [10, false, 1, 0.834283269238048, 0.16569173995701486],
    [10, false, 5, 0.34576506938053164, 0.6318019667426773],
    [100, true, 1, 0.9932741144900187, 7.694292195787642e-6],
    [100, true, 50, 0.6045021115206028, 0.4255235805601002],
    [100, false, 50, 0.36572744506741434, 0.6216887930703856],
  ])('n = %i, unbiased %s, %i fits: median and share below a half', (n, unbiased, fits, median, below) => {
    const sizes = { initial: n, n, generations: fits - 1 }
    expect(medianVariance(sizes, unbiased).at(-1)).toBeCloseTo(median, 9)
    expect(varianceBelow(0.5, sizes, unbiased).at(-1)).toBeCloseTo(below, 8)
  })

  it('of two records has the law of one squared normal', () => {
    const law = new LogVarianceLaw([2], true)
    // P(z^2 < 1) and P(z^2 < 1e-6).
    expect(law.cdf(0)).toBeCloseTo(0.6826894921370859, 12)
    expect(law.cdf(Math.log(1e-6))).toBeCloseTo(0.0007978844278283, 12)
    expect(law.cdf(-60)).toBeCloseTo(0, 12)
  })

  it.each<[number, boolean, number, number]>([
    [10, true, 0.5, 7],
    [10, true, 0.01, 41],
    [10, false, 0.5, 4],
    [10, false, 0.01, 22],
    [1000, false, 0.5, 347],
    [1000, false, 0.01, 2301],
  ])('n = %i, unbiased %s: fits until the median is at %s', (n, unbiased, ratio, fits) => {
    expect(halfLife(n, unbiased, ratio)).toBe(fits - 1)
  })

  it.each<[number, boolean, number]>([
    [10, true, -0.11520647041674525],
    [100, true, -0.010135018848272725],
    [1000, true, -0.0010013350018684974],
    [10, false, -0.22056698607457137],
  ])('n = %i, unbiased %s: rate', (n, unbiased, rate) => {
    expect(logVarianceRate(n, unbiased)).toBeCloseTo(rate, 14)
  })
})

describe('the expected tail mass', () => {
  it.each<[number, number, boolean, number, number]>([
    [2, 10, true, 1, 0.05980719236377842],
    [3, 10, true, 1, 0.008026893786363027],
    [2, 10, false, 1, 0.04967028009075866],
    [3, 4, true, 1, 0.01589551857765986],
    [3, 1000, true, 1, 0.0027529750805359563],
    [3, 10, true, 2, 0.013471055929619734],
    [2, 5, false, 2, 0.052153552790081194],
  ])('beyond %s at n = %i, unbiased %s, %i fits', (t, n, unbiased, fits, mass) => {
    expect(expectedTailMass(t, { initial: n, n, generations: fits - 1 }, unbiased).at(-1)! / mass).toBeCloseTo(1, 7)
  })

  // Means over many simulated paths of variances, good to about a hundredth.
  it.each<[number, number, boolean, number, number]>([
    [2, 10, true, 20, 0.14138741910440364],
    [3, 10, true, 20, 0.062334022659816926],
    [2, 50, false, 20, 0.052058161771239585],
    [3, 50, false, 20, 0.011149658831065027],
  ])('beyond %s at n = %i, unbiased %s, %i fits', (t, n, unbiased, fits, mass) => {
    const found = expectedTailMass(t, { initial: n, n, generations: fits - 1 }, unbiased).at(-1)!
    expect(Math.abs(found / mass - 1)).toBeLessThan(0.015)
  })

  it('is the true one at n = infinity, and rises although the median falls', () => {
    expect(tailRetention(0.01, { initial: 1e9, n: 1e9, generations: 2 }, true).at(-1)).toBeCloseTo(1, 7)
    const risen = tailRetention(0.01, { initial: 10, n: 10, generations: 20 }, true)
    expect(risen[20]).toBeGreaterThan(risen[0]!)
  })
})

describe('sampling', () => {
  it.each([
    [0.001, 3.3333328888889104e-7],
    [0.1, 0.0033288910066998027],
    [1, 0.2911250947727932],
    [2, 0.7737413035499232],
    [2.999, 0.9732655051299579],
    [3.001, 0.9734081822376657],
    [5, 0.9999851327963293],
  ])('within %s sd leaves a variance', (k, variance) => {
    expect(truncatedVariance(k) / variance).toBeCloseTo(1, 12)
  })

  it('multiplies the variance by temperature and spread, and knows no classes', () => {
    expect(normalFactor({ temperature: 0.9, spread: 2 })).toBeCloseTo(1.8, 14)
    expect(normalFactor({ topK: 3 })).toBeUndefined()
  })
})

describe('a mixture as a normal law', () => {
  it.each([
    [1, 0.009742769933141042],
    [3, 0.46199461346794507],
  ])('of components at +-%s', (a, divergence) => {
    const components = [-a, a].map((mean) => ({ weight: 0.5, mean, sd: 1 }))
    expect(mixtureMoments(components)).toEqual({ mean: 0, variance: 1 + a * a })
    expect(projectionDivergence(components)).toBeCloseTo(divergence, 12)
  })
})
