import { describe, expect, it } from 'vitest'
import { accumulate, mix, replace, window } from '../index.js'
import { drift } from './drift.js'
import { mle, quadratic } from './fit.js'
import { binned, centreMoments } from './histogram.js'
import { fixedKernel, ruledKernel } from './kernel-density.js'
import { choleskyDiagonal, lyapunovExponents, multivariateReplace } from './multivariate.js'
import {
  exponentialReplace,
  inverseGaussianReplace,
  paretoLogScale,
  paretoReplace,
  poissonAbsorbed,
  uniformReplace,
} from './one-parameter.js'
import { accumulateLimit, errorKept, excessRisk, type RegressionLaw } from './regression.js'
import { selectedExponential, selectedNormal } from './selection.js'

// Expected values: another program's closed forms, checked there by simulation. "5 fits" is generation 4.

const sizes = (n: number, fits: number) => ({ initial: n, n, generations: fits - 1 })
const last = (values: Float64Array | undefined) => values!.at(-1)!

describe('a multivariate normal model under replace', () => {
  it.each<[number, number, boolean, number, number[]]>([
    [3, 20, true, 5, [-1.6770261194075342, 1.7667371104102825, 1, 6.720801147288537, 0.75, 0.5734249721032963]],
    [3, 20, false, 1, [-0.4892851070441573, 0.3533474220820565, 0.95, 3.2775, 0.15, 0.85]],
    [5, 50, true, 20, [-6.357290892312086, 4.3512538248360135, 1, 21.553622289324647, 2, 0.18210785331240556]],
    [5, 50, false, 5, [-2.094390406016, 1.0878134562090034, 0.9039207968, 6.729803069177774, 0.480396016, 0.59049]],
  ])('d = %i, n = %i, unbiased %s, %i fits', (d, n, unbiased, fits, values) => {
    const found = multivariateReplace(sizes(n, fits), d, unbiased)
    const { logDet, logDetVariance, trace, squareTrace, meanSquare } = found
    const all = [logDet, logDetVariance, trace, squareTrace, meanSquare, choleskyDiagonal(sizes(n, fits), d, unbiased)]
    for (const [i, value] of values.entries()) expect(last(all[i]) / value).toBeCloseTo(1, 11)
  })

  it.each([
    [1, 0.2094390406016],
    [10, 2.094390406016],
  ])('is %i fits away in divergence', (fits, divergence) => {
    expect(last(multivariateReplace(sizes(50, fits), 5, false).klReverse)).toBeCloseTo(divergence, 12)
  })

  it('of one dimension is the normal model', () => {
    const one = multivariateReplace(sizes(10, 4), 1, true)
    expect(last(one.klForward)).toBeGreaterThan(last(multivariateReplace(sizes(10, 3), 1, true).klForward))
    expect(one.klForward[0]).toBeCloseTo(0.14953962193448456, 12)
    expect(one.traceSquare[3]).toBeCloseTo(one.squareTrace[3]!, 12)
  })

  it('has no volume where records are fewer than its dimensions', () => {
    expect(last(multivariateReplace(sizes(3, 2), 3, true).logDet)).toBe(Number.NEGATIVE_INFINITY)
    expect(last(multivariateReplace(sizes(5, 1), 3, true).klForward)).toBe(Number.POSITIVE_INFINITY)
  })

  it('shrinks along each axis at its own rate', () => {
    const rates = lyapunovExponents(20, 3, true)
    expect(rates[0]).toBeCloseTo(-0.053553922203545934, 13)
    expect(rates[2]).toBeCloseTo(-0.17120098102707537, 13)
    expect(lyapunovExponents(50, 5, false)[4]).toBeCloseTo(-0.12774731444869936, 13)
  })
})

describe('linear regression', () => {
  const law = (dimensions: number, more: Partial<RegressionLaw> = {}): RegressionLaw => {
    return { dimensions, noiseVariance: 1, features: 'fresh', noise: 'known', ...more }
  }
  const risk = (policy: Parameters<typeof drift>[0]['policy'], n: number, fits: number, of: RegressionLaw) =>
    excessRisk({ policy, ...sizes(n, fits) }, of)

  it.each([
    ['replace', replace(), 20, 1, law(5), 0.35714285714285715],
    ['replace', replace(), 20, 10, law(5), 3.5714285714285716],
    ['replace, fitted noise', replace(), 50, 10, law(10, { noise: 'fitted' }), 2.564102564102564],
    ['replace, same features', replace(), 20, 10, law(5, { features: 'same' }), 3.5714285714285716],
    ['accumulate', accumulate(), 20, 5, law(5), 0.4890666562026596],
    ['accumulate, same features', accumulate(), 20, 5, law(5, { features: 'same' }), 0.522718253968254],
    ['accumulate, same features', accumulate(), 50, 5, law(10, { features: 'same' }), 0.37528490028490025],
    ['a tenth real', mix({ real: 0.1 }), 50, 2, law(10), 0.4703197619512074],
    ['a tenth real', mix({ real: 0.1 }), 50, 30, law(10), 1.5402078940177604],
    ['half real', mix({ real: 0.5 }), 50, 5, law(10), 0.3744026978135533],
    ['half real', mix({ real: 0.5 }), 50, 30, law(10), 0.3756117695618841],
  ] as const)('%s, n = %s, %s fits', (_, policy, n, fits, of, value) => {
    expect(last(risk(policy, n, fits, of))).toBeCloseTo(value, 12)
  })

  it('keeps the whole error of all rows and none of no rows', () => {
    expect(errorKept(50, 50, 10)).toBeCloseTo(1, 13)
    expect(errorKept(0, 50, 10)).toBeCloseTo(0, 14)
    expect(errorKept(45, 50, 10)).toBeGreaterThan(0.81)
  })

  it('by chance lies near the even share', () => {
    const chance = last(risk(mix({ real: 0.5, composition: 'bernoulli' }), 50, 30, law(10)))
    expect(chance).toBeGreaterThan(0.3756117695618841)
    expect(chance).toBeLessThan(0.39)
  })

  it('tends to its limits', () => {
    expect(last(risk(accumulate(), 20, 20_000, law(5)))).toBeCloseTo(accumulateLimit(20, law(5)), 4)
    expect(last(risk(accumulate(), 20, 20_000, law(5, { features: 'same' })))).toBeCloseTo(0.5874764524457952, 4)
    expect(accumulateLimit(50, law(10))).toBeCloseTo(0.3952, 4)
  })

  it('is silent where nothing is known', () => {
    expect(risk(window({ batches: 2 }), 20, 3, law(5))).toBeUndefined()
    expect(risk(mix({ real: 0.5, source: 'fixed' }), 20, 3, law(5))).toBeUndefined()
    expect(risk(accumulate(), 20, 3, law(5, { noise: 'fitted' }))).toBeUndefined()
    expect(last(risk(replace(), 6, 1, law(5)))).toBeNaN()
  })
})

describe('one-parameter models under replace', () => {
  it('exponential', () => {
    const chain = exponentialReplace(sizes(10, 10), 'mle')
    expect(last(chain.logMean)).toBeCloseTo(-0.5083250392732497, 12)
    expect(last(chain.logVariance)).toBeCloseTo(1.0516633568168576, 12)
    expect(last(chain.mean)).toBe(1)
    expect(last(chain.square)).toBeCloseTo(2.5937424601000023, 11)
    expect(last(chain.inverse)).toBeCloseTo(2.8679719907924426, 11)
    const rate = exponentialReplace(sizes(10, 50), 'unbiased-rate')
    expect(last(rate.logMean)).toBeCloseTo(2.7264005865250684, 11)
    expect(last(exponentialReplace(sizes(100, 50), 'unbiased-rate').logMean)).toBeCloseTo(0.25210013017491484, 11)
  })

  it('Pareto', () => {
    const known = paretoReplace(sizes(10, 20), false)
    expect(3 * last(known.inverse)).toBeCloseTo(24.6757900199099, 10)
    expect(Math.log(3) - last(known.logMean)).toBeCloseTo(2.1152623672146094, 12)
    const fitted = paretoReplace(sizes(10, 20), true)
    expect(last(fitted.mean) / 3).toBeCloseTo(0.04052555153018978, 12)
    expect(Math.log(3) - last(fitted.logMean)).toBeCloseTo(4.337484589436833, 12)
    expect(3 * last(paretoReplace(sizes(10, 1), true).inverse)).toBeCloseTo(3.75, 12)
    expect(last(paretoLogScale(3, sizes(10, 20)))).toBeCloseTo(0.29280778180314354, 12)
  })

  it.each([
    [10, 5, 0.21005233818279667],
    [10, 20, 0.6324052630222827],
    [10, 100, 0.9069091018238824],
    [100, 20, 0.010231863924384117],
  ])('Poisson, n = %i, absorbed after %i fits', (n, fits, gone) => {
    expect(last(poissonAbsorbed(0.5, sizes(n, fits)))).toBeCloseTo(gone, 12)
  })

  it('Poisson of growing sizes is absorbed less', () => {
    const growing = last(poissonAbsorbed(0.5, { initial: 10, n: { start: 10, power: 1 }, generations: 19 }))
    expect(growing).toBeLessThan(0.1)
    // Two fits: exp(-n_0 m (1 - exp(-n_1 / n_0))).
    const two = last(poissonAbsorbed(0.5, { initial: 10, n: { list: [10, 30] }, generations: 1 }))
    expect(two).toBeCloseTo(Math.exp(-5 * (1 - Math.exp(-3))), 14)
  })

  it('uniform by the largest record, inverse Gaussian', () => {
    expect(last(uniformReplace(sizes(10, 5)).mean)).toBeCloseTo(0.620921323059155, 14)
    expect(last(uniformReplace(sizes(100, 20)).mean)).toBeCloseTo(0.8195444703372954, 14)
    expect(last(uniformReplace(sizes(100, 20)).logMean)).toBeCloseTo(-0.2, 14)
    expect(last(uniformReplace(sizes(10, 1), true).logMean)).toBeCloseTo(-0.004689820195675071, 15)
    expect(last(inverseGaussianReplace(sizes(100, 5))) / 2).toBeCloseTo(0.47549502494999996, 14)
  })

  it.each([
    ['exponential', mix({ real: 0.1 }), 1, 20, 60, 0.34479903865403644],
    ['exponential', mix({ real: 0.3 }), 1, 50, 2, 0.03008],
    ['exponential', mix({ real: 0.3 }), 1, 50, 60, 0.04032258064516128],
    ['exponential', accumulate(), 1, 10, 20, 0.1670985094237931],
    ['Poisson', mix({ real: 0.1 }), 0, 20, 2, 0.0905],
    ['geometric of mean 2', replace(), 1, 10, 5, 3.66306 / 6],
  ] as const)('variance of the mean: %s, %s', (_, policy, v2, n, fits, variance) => {
    expect(last(drift({ policy, ...sizes(n, fits) }, quadratic(v2))!.meanVariance)).toBeCloseTo(variance, 12)
  })
})

describe('kernels and bins under replace', () => {
  const moved = (fit: Parameters<typeof drift>[1], n: number, fits: number) =>
    drift({ policy: replace(), ...sizes(n, fits) }, fit)!

  it.each([
    [20, 1, 1.04, 0.05],
    [20, 50, 1.7384440197786297, 3.7615559802213703],
    [100, 2, 1.1592, 0.0208],
    [100, 50, 4.159951462899702, 1.340048537100298],
  ])('a kernel of sd 0.3, n = %i, %i fits', (n, fits, variance, meanVariance) => {
    const found = moved(fixedKernel(0.3), n, fits)
    expect(last(found.variance)).toBeCloseTo(variance, 12)
    expect(last(found.meanVariance)).toBeCloseTo(meanVariance, 12)
  })

  it.each([
    [20, 2, 1.5667749621230944],
    [20, 3, 1.9611460340736706],
    [20, 10, 9.441328602944953],
    [100, 1, 1.1484893192461114],
    [100, 20, 15.941868179753373],
  ])("Scott's rule, n = %i, %i fits", (n, fits, variance) => {
    expect(last(moved(ruledKernel('scott'), n, fits).variance) / variance).toBeCloseTo(1, 12)
  })

  it("Silverman's rule is wider by (4/3)^(1/5)", () => {
    const added = 20 ** -0.4 * (4 / 3) ** 0.4
    expect(moved(ruledKernel('silverman'), 20, 1).variance[0]).toBeCloseTo(0.95 + added, 12)
  })

  it('tends to n h^2', () => {
    expect(last(moved(fixedKernel(0.3), 100, 3000).variance)).toBeCloseTo(9, 9)
  })

  it('bins inflate once', () => {
    // Width 0.5: the variance of centres is 1.0208333 for a standard normal law.
    const masses = [0.0227501319481792, 0.1359051219832779, 0.3413447460685429]
    const { mean, variance } = centreMoments([...masses, ...masses.toReversed()], [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5])
    expect(mean).toBeCloseTo(0, 15)
    const found = moved(binned(1 / 12 / variance), 50, 3)
    expect(found.variance[0]! * variance).toBeCloseTo(variance * 0.98 + 1 / 12, 12)
    expect(found.variance[2]! * variance).toBeCloseTo(variance * 0.98 ** 3 + 1 / 12, 12)
  })

  it('a fit of moments neither inflates nor depends on the origin', () => {
    expect(last(moved(mle, 10, 5).variance)).toBeCloseTo(0.9 ** 5, 14)
  })
})

describe('the highest of several candidates', () => {
  it.each([
    // n of m: mean and variance, from moments of order statistics (tools/oracles/theory.py).
    [2, 3, 0.42314218766081724, 0.5865033284336559],
    [2, 4, 0.6631933776393049, 0.4486711045782079],
    [3, 4, 0.3431251243346547, 0.6324474030521385],
  ])('%i of %i normal ones', (n, m, mean, variance) => {
    const found = selectedNormal(n, m)
    expect(found.mean).toBeCloseTo(mean, 12)
    expect(found.variance).toBeCloseTo(variance, 12)
  })

  it('are all of them where none is left out', () => {
    expect(selectedNormal(4, 4)).toEqual({ mean: 0, variance: 1 })
    expect(selectedExponential(4, 4, 'highest')).toBe(1)
    expect(selectedExponential(4, 4, 'lowest')).toBe(1)
  })

  it('of exponential ones are one more step away each', () => {
    // The larger of two is 1 + 1/2 away, the smaller 1/2.
    expect(selectedExponential(1, 2, 'highest')).toBe(1.5)
    expect(selectedExponential(1, 2, 'lowest')).toBe(0.5)
    expect(selectedExponential(2, 3, 'highest') * 2 + selectedExponential(1, 3, 'lowest')).toBeCloseTo(3, 14)
  })
})
