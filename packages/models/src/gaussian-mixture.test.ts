import { describe, expect, it } from 'vitest'
import { GenlossError, gaussianMixture, models, origins } from './index.js'
import type { MixtureComponent } from './settings.js'

const definition = models['gaussian-mixture']

function refusal(make: () => unknown): GenlossError {
  try {
    make()
  } catch (error) {
    if (error instanceof GenlossError) return error
  }
  throw new Error('it was accepted')
}

const normal = (mean: number, weight: number): MixtureComponent => ({ kind: 'gaussian', mean, sd: 1, weight })

describe('a mixture as origin', () => {
  it('reads components of either kind, in objects and in words', () => {
    expect(origins.mixture()).toEqual(origins.mixture([normal(-2, 0.5), normal(2, 0.5)]))
    const words = ['gaussian:mean=-2,weight=0.25', { kind: 'gaussian', weight: '0.75' }] as never
    expect(origins.mixture(words).components).toEqual([normal(-2, 0.25), normal(0, 0.75)])
    const plane = {
      kind: 'multivariate-gaussian',
      covariance: [
        [1, 0],
        [0, 2],
      ],
      weight: 1,
    } as never
    expect(origins.mixture([plane]).components[0]).toMatchObject({ dimensions: 2 })
    const thirds = origins.mixture([normal(0, 1 / 3), normal(1, 1 / 3), normal(2, 0.333333333333)])
    expect(thirds.components.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 15)
  })

  it.each<[string, unknown, string]>([
    ['weights that do not sum to 1', [normal(0, 0.5), normal(1, 0.4)], 'origin.components'],
    ['a weight left out', [{ kind: 'gaussian' }], 'origin.components[0].weight'],
    ['another kind', [{ kind: 'poisson', weight: 1 }], 'origin.components[0].kind'],
    ['an sd of 0', [{ ...normal(0, 1), sd: 0 }], 'origin.components[0].sd'],
    [
      'dimensions that differ',
      [normal(0, 0.5), { kind: 'multivariate-gaussian', dimensions: 2, weight: 0.5 }],
      'origin.components[1]',
    ],
    ['no component', [], 'origin.components'],
  ])('refuses %s', (_, components, path) => {
    expect(refusal(() => origins.mixture(components as never)).path).toBe(path)
  })
})

describe('a gaussian mixture', () => {
  it('starts at components that there are', () => {
    const given = gaussianMixture({ init: 'given' })
    const check = (model: typeof given, origin: Parameters<NonNullable<typeof definition.checkOrigin>>[1]) => () =>
      definition.checkOrigin!(model, origin)
    expect(check(given, origins.mixture())).not.toThrow()
    expect(check(gaussianMixture({ init: 'given', components: 1 }), origins.gaussian())).not.toThrow()
    expect(refusal(check(given, origins.gaussian())).path).toBe('model.init')
    expect(refusal(check(given, origins.exponential())).hint).toContain('k-means++')
    expect(refusal(() => gaussianMixture({ init: 'given', restarts: 2 })).path).toBe('model.restarts')
  })

  it('has infinitely many records in one dimension only', () => {
    const population = (origin: Parameters<typeof definition.abilities>[1]) =>
      definition.abilities(gaussianMixture(), origin).population
    expect(
      [origins.mixture(), origins.exponential(), origins.table('a.csv', { columns: ['a'] })].map(population),
    ).toEqual([true, true, true])
    expect([origins.multivariateGaussian(2), origins.table('a.csv')].map(population)).toEqual([false, false])
  })

  /** By hand for n = 10 under replace: E v_g = 5 (0.9)^(g + 1) + floor (1 + 0.9 + ... + 0.9^g), beside the origin's 5. */
  it('keeps total moments and adds the floor', () => {
    const cell = { policy: { kind: 'replace' as const }, n: 10, initial: 10, generations: 3 }
    const model = gaussianMixture({ components: 3, floor: 0.5 })
    const [ratio, mean] = definition.theory(model, { ...cell, origin: origins.mixture() })
    expect([ratio!.column, mean!.column]).toEqual(['variance_ratio', 'mean_shift'])
    for (const [g, value] of ratio!.values.entries()) {
      const added = 0.5 * (1 - 0.9 ** (g + 1)) * 10
      expect(value).toBeCloseTo((5 * 0.9 ** (g + 1) + added) / 5, 12)
    }
    expect(definition.theory(model, { ...cell, origin: origins.multivariateGaussian(2) })).toEqual([])
  })
})
