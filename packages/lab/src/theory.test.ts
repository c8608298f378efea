import { type CellSettings, type Curve, definitionOf, models } from '@genloss/models'
import { describe, expect, it } from 'vitest'
import { run } from './api.js'
import type { CellResult } from './cell-result.js'
import { description } from './native.js'

const replicates = 4000

/** Statistics of a column at a generation with their standard error: mean, variance or mean square over chains. */
function estimate(cell: CellResult, curve: Curve, g: number): { value: number; error: number } {
  const { generations } = cell.shape
  const column = cell.column(curve.column)
  const at = Float64Array.from({ length: replicates }, (_, r) => column[r * generations + g]!)
  const mean = at.reduce((sum, x) => sum + x, 0) / replicates
  const terms =
    curve.statistic === 'mean' ? at : at.map((x) => (curve.statistic === 'variance' ? (x - mean) ** 2 : x * x))
  const value = terms.reduce((sum, x) => sum + x, 0) / replicates
  const spread = terms.reduce((sum, x) => sum + (x - value) ** 2, 0) / (replicates - 1)
  return { value, error: Math.sqrt(spread / replicates) }
}

const policies = [
  'replace',
  'accumulate',
  'window:batches=2',
  'window:batches=1,keepReal=true',
  'mix:real=0.2',
  'mix:real=0.2,source=fixed',
  'mix:real=0.2,composition=bernoulli',
]
const laws = { origin: 'categorical:probabilities=0.5/0.3/0.15/0.05' }
const cases: [string, object][] = [
  ['gaussian', { origin: 'gaussian:mean=3,sd=2' }],
  ['gaussian mle', { origin: 'gaussian:mean=3,sd=2', model: 'gaussian:estimator=mle' }],
  ['gaussian by draws', { origin: 'gaussian:mean=3,sd=2', method: 'draws' }],
  ['categorical', laws],
  ['categorical by draws', { ...laws, method: 'draws' }],
  ['empirical', { origin: 'gaussian:mean=3,sd=2', model: 'empirical' }],
  ['empirical classes', { ...laws, model: 'empirical' }],
  ['exponential', { origin: 'exponential:mean=2' }],
  ['exponential by draws', { origin: 'exponential:mean=2', method: 'draws' }],
  ['exponential by unbiased rate', { origin: 'exponential', model: 'exponential:estimator=unbiased-rate' }],
  ['poisson', { origin: 'poisson:mean=3' }],
  ['poisson by draws', { origin: 'poisson:mean=3', method: 'draws' }],
  ['pareto', { origin: 'pareto:scale=2,shape=3' }],
  ['pareto by draws', { origin: 'pareto:scale=2,shape=3', method: 'draws' }],
  ['pareto of known scale', { origin: 'pareto:scale=2,shape=3', model: 'pareto:scale=2' }],
]

describe('the core agrees with theory', () => {
  it.each(cases)('%s', async (_, input) => {
    // Few generations: with n = 40 no mean hangs on rare chains yet.
    const result = await run({ ...input, n: 40, initial: 30, generations: 6, replicates, seed: 11, policy: policies })
    let compared = 0
    for (const cell of result.cells) {
      const settings: CellSettings = cell.settings
      const curves = definitionOf(settings.model.kind).theory(settings.model as never, settings)
      for (const curve of curves) {
        for (const g of [0, 1, 2, 6]) {
          const { value, error } = estimate(cell, curve, g)
          const what = `${curve.statistic} of ${curve.column}, ${JSON.stringify(settings.policy)}, generation ${g}`
          expect(Math.abs(value - curve.values[g]!), what).toBeLessThan(4.8 * error + 1e-9)
          compared++
        }
      }
    }
    expect(compared).toBeGreaterThanOrEqual(8)
  })
})

describe('the lists', () => {
  it('of kinds and columns are those of the core', () => {
    const { families } = description()
    expect(families.map(({ kind }) => kind)).toEqual(Object.keys(models))
  })
})
