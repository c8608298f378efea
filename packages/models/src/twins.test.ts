import { describe, expect, it } from 'vitest'
import type { Column, Random, Twin } from './definition.js'
import {
  categorical,
  copula,
  empirical,
  gaussian,
  gaussianMixture,
  histogram,
  kde,
  linearRegression,
  models,
  multivariateGaussian,
  origins,
} from './index.js'

/** A small generator for the tests: splitmix-like steps of 32 bits, and Box-Muller. */
function random(seed: number): Random {
  let state = seed
  const uniform = () => {
    state = (state + 0x9e3779b9) | 0
    let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32
  }
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  return { uniform, normal, integer: (n) => Math.floor(uniform() * n) }
}

/** Replicates of a chain under replace: what `read` sees of the model of each generation, as mean and its error. */
function chains<F>(twin: Twin<F>, start: (r: Random) => Column[], n: number, G: number, read: (fitted: F) => number) {
  const R = 2000
  const r = random(7)
  const sums = Array.from({ length: G + 1 }, () => ({ sum: 0, squares: 0 }))
  for (let replicate = 0; replicate < R; replicate++) {
    let fitted = twin.fit(start(r))
    for (let g = 0; g <= G; g++) {
      const value = read(fitted)
      sums[g]!.sum += value
      sums[g]!.squares += value * value
      fitted = twin.fit(twin.sample(fitted, n, r))
    }
  }
  return sums.map(({ sum, squares }) => ({ mean: sum / R, error: Math.sqrt((squares - sum ** 2 / R) / R / (R - 1)) }))
}

const cell = { policy: { kind: 'replace' as const }, n: 20, initial: 20, generations: 6 }

function curve(curves: { column: string; statistic: string; values: Float64Array }[], column: string) {
  return curves.find((one) => one.column === column && one.statistic === 'mean')!.values
}

function expectAgreement(found: { mean: number; error: number }[], expected: Float64Array) {
  for (const [g, { mean, error }] of found.entries()) {
    expect(Math.abs(mean - expected[g]!), `generation ${g}`).toBeLessThan(4.5 * error + 1e-12)
  }
}

describe('twins agree with theory', () => {
  it('multivariate gaussian', () => {
    const model = multivariateGaussian()
    const origin = origins.multivariateGaussian(2)
    const expected = curve(models['multivariate-gaussian'].theory(model, { ...cell, origin }), 'fit_log_det')
    const twin = models['multivariate-gaussian'].twin(model) as Twin<{ covariance: number[][] }>
    const start = (r: Random) => [0, 1].map(() => Float64Array.from({ length: 20 }, () => r.normal()))
    const logDet = ({ covariance: s }: { covariance: number[][] }) =>
      Math.log(s[0]![0]! * s[1]![1]! - s[0]![1]! * s[1]![0]!)
    expectAgreement(chains(twin, start, 20, 6, logDet), expected)
  })

  it('gaussian mixture', () => {
    const model = gaussianMixture({ components: 2, floor: 0.05 })
    const origin = origins.mixture()
    const expected = curve(models['gaussian-mixture'].theory(model, { ...cell, origin }), 'variance_ratio')
    const twin = models['gaussian-mixture'].twin(model) as Twin<{
      weights: number[]
      means: number[]
      variances: number[]
    }>
    const start = (r: Random) => [Float64Array.from({ length: 20 }, () => (r.integer(2) === 0 ? -2 : 2) + r.normal())]
    // The mixture at -2 and 2 of sd 1 has variance 5.
    const ratio = (fit: { weights: number[]; means: number[]; variances: number[] }) => {
      const total = (of: (k: number) => number) => fit.weights.reduce((sum, weight, k) => sum + weight * of(k), 0)
      const mean = total((k) => fit.means[k]!)
      return total((k) => fit.variances[k]! + (fit.means[k]! - mean) ** 2) / 5
    }
    expectAgreement(chains(twin, start, 20, 6, ratio), expected)
  })

  const variance = (values: ArrayLike<number>) => {
    const mean = Array.from(values).reduce((sum, x) => sum + x / values.length, 0)
    return Array.from(values).reduce((sum, x) => sum + (x - mean) ** 2 / values.length, 0)
  }

  it.each([0.5, 'scott'] as const)('kde %s', (bandwidth) => {
    const model = kde({ bandwidth })
    const expected = curve(models.kde.theory(model, { ...cell, origin: origins.gaussian(3, 2) }), 'variance_ratio')
    const twin = models.kde.twin(model) as Twin<{ values: Float64Array; bandwidth: number }>
    expectAgreement(
      chains(twin, normals, 20, 6, (fit) => (variance(fit.values) + fit.bandwidth ** 2) / 4),
      expected,
    )
  })

  it.each(['empirical', 'normal'] as const)('copula of %s margins', (margin) => {
    const twin = models.copula.twin(copula({ margin })) as Twin<{ correlations: number[][] }>
    const r = random(7)
    const n = 600
    const rows = Array.from({ length: n }, () => {
      const [a, b, c] = [r.normal(), r.normal(), r.normal()]
      return [Math.round(4 * a), 0.8 * a + 0.6 * b, -0.6 * a + 0.8 * c] as const
    })
    const columns = [
      Float64Array.from(rows, ([x]) => x),
      Float64Array.from(rows, ([, y]) => Math.round(10 * y) / 10),
      Uint32Array.from(rows, ([, , z]) => (z > -0.3 ? 1 : 0) + (z > 1 ? 1 : 0)),
    ]
    const fitted = twin.fit(columns)
    // Latent correlations 0.8, -0.6 and -0.48 within four standard errors, of classes somewhat larger ones.
    const expectNear = ({ correlations }: { correlations: number[][] }, [a, b, c]: number[], errors: number) => {
      expect(Math.abs(correlations[0]![1]! - a!)).toBeLessThan((errors * (1 - a! ** 2)) / Math.sqrt(n))
      expect(Math.abs(correlations[0]![2]! - b!)).toBeLessThan((1.3 * errors * (1 - b! ** 2)) / Math.sqrt(n))
      expect(Math.abs(correlations[1]![2]! - c!)).toBeLessThan((1.3 * errors * (1 - c! ** 2)) / Math.sqrt(n))
    }
    expectNear(fitted, [0.8, -0.6, -0.48], 4)
    const { correlations } = fitted
    const made = twin.sample(fitted, n, r)
    const small = made.map((column) => column.map((x) => Math.round(10 * x) / 10))
    expectNear(twin.fit(small), [correlations[0]![1]!, correlations[0]![2]!, correlations[1]![2]!], 4)
    if (margin === 'empirical')
      expect(new Set(made[0])).toEqual(new Set([...columns[0]!].filter((x) => made[0]!.includes(x))))
  })

  it('histogram', () => {
    const model = histogram({ width: 1.5 })
    const expected = curve(
      models.histogram.theory(model, { ...cell, origin: origins.gaussian(3, 2) }),
      'variance_ratio',
    )
    const twin = models.histogram.twin(model) as Twin<{ counts: Map<number, number> }>
    const between = ({ counts }: { counts: Map<number, number> }) =>
      variance([...counts].flatMap(([bin, count]) => new Array<number>(count).fill(bin)))
    expectAgreement(
      chains(twin, normals, 20, 6, (fit) => (1.5 ** 2 * (between(fit) + 1 / 12)) / 4),
      expected,
    )
  })

  it.each(['fresh', 'same'] as const)('linear regression, %s features', (features) => {
    const model = linearRegression({ features, noise: 'fitted' })
    const curves = models['linear-regression'].theory(model, { ...cell, origin: origins.linearRegression(2) })
    const twin = models['linear-regression'].twin(model) as Twin<{ weights: number[]; noise: number }>
    const start = (r: Random) => [0, 1, 2].map(() => Float64Array.from({ length: 20 }, () => r.normal()))
    const risk = ({ weights }: { weights: number[] }) => weights.reduce((sum, w) => sum + w * w, 0)
    expectAgreement(chains(twin, start, 20, 6, risk), curve(curves, 'excess_risk'))
    expectAgreement(
      chains(twin, start, 20, 6, ({ noise }) => 2 * Math.log(noise)),
      curve(curves, 'fit_log_variance'),
    )
  })

  const normals = (r: Random) => [Float64Array.from({ length: 20 }, () => 3 + 2 * r.normal())]

  it.each(['mle', 'unbiased'] as const)('gaussian %s', (estimator) => {
    const model = gaussian({ estimator })
    const expected = curve(
      models.gaussian.theory(model, { ...cell, origin: origins.gaussian(3, 2) }),
      'fit_log_variance',
    )
    const twin = models.gaussian.twin(model) as Twin<{ variance: number }>
    expectAgreement(
      chains(twin, normals, 20, 6, ({ variance }) => Math.log(variance)),
      expected,
    )
  })

  it('categorical', () => {
    const origin = origins.categorical([0.6, 0.3, 0.1])
    const expected = curve(models.categorical.theory(categorical(), { ...cell, origin }), 'heterozygosity')
    const twin = models.categorical.twin(categorical()) as Twin<Float64Array>
    const start = (r: Random) => twin.sample(Float64Array.from(origin.probabilities), 20, r)
    expectAgreement(
      chains(twin, start, 20, 6, (shares) => 1 - shares.reduce((sum, p) => sum + p * p, 0)),
      expected,
    )
  })

  it('empirical', () => {
    const origin = origins.gaussian(3, 2)
    const curves = models.empirical.theory(empirical(), { ...cell, origin })
    const twin = models.empirical.twin(empirical()) as Twin<Column[]>
    const distinct = ([column]: Column[]) => new Set(column).size
    expectAgreement(chains(twin, normals, 20, 6, distinct), curve(curves, 'distinct_alive'))
  })

  it('empirical twins draw whole rows', () => {
    const twin = models.empirical.twin(empirical()) as Twin<readonly Column[]>
    const rows = [Float64Array.of(10, 11, 12), Uint32Array.of(0, 1, 2)]
    const [values, codes] = twin.sample(twin.fit(rows), 50, random(1))
    expect(Array.from(values!, (value) => value - 10)).toEqual(Array.from(codes!))
  })
})

describe('rules', () => {
  it('an empty training set can not be fitted', () => {
    for (const { twin } of Object.values(models)) {
      expect(() => twin({} as never).fit([new Float64Array(0)])).toThrow(/at least one record/)
    }
  })

  it('the unbiased variance needs two records', () => {
    expect(models.gaussian.least(gaussian(), origins.gaussian()).records).toBe(2)
    expect(models.gaussian.least(gaussian({ estimator: 'mle' }), origins.gaussian()).records).toBe(1)
  })

  it('copies of rows are counted where that is less work than drawing them', () => {
    const ask = (n: number) => models.empirical.exact({ origin: origins.table('a.csv'), n, rows: 100 })
    expect(ask(2000)).toMatchObject({ exact: true, taken: true })
    expect(ask(1999)).toMatchObject({ exact: true, taken: false })
    expect(models.empirical.exact({ origin: origins.gaussian(), n: 99, rows: undefined }).exact).toBe(false)
    expect(models.gaussian.exact({ origin: origins.table('a.csv'), n: 9, rows: 100 }).taken).toBe(true)
  })

  it('theory is silent where it knows nothing', () => {
    expect(models.gaussian.theory(gaussian(), { ...cell, origin: origins.table('a.csv') })).toEqual([])
    expect(models.gaussian.theory(gaussian(), { ...cell, n: 1, origin: origins.gaussian() })).toEqual([])
    const one = models.categorical.theory(categorical(), { ...cell, origin: origins.categorical([1]) })
    expect(one.map(({ column }) => column)).toEqual(['classes_alive', 'missing_mass'])
  })
})
