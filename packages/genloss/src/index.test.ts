import { expect, expectTypeOf, it } from 'vitest'
import * as genloss from './index.js'

it('exports what the documentation names, and nothing by accident', () => {
  expect(Object.keys(genloss).sort()).toEqual([
    'GenlossError',
    'accumulate',
    'accumulateSubsample',
    'attribute',
    'audit',
    'budget',
    'categorical',
    'checkModel',
    'checks',
    'compare',
    'compareCells',
    'copula',
    'defineModel',
    'defineProgram',
    'empirical',
    'exponential',
    'gaussian',
    'gaussianMixture',
    'histogram',
    'kde',
    'lineage',
    'lineageSchema',
    'linearRegression',
    'mix',
    'multivariateGaussian',
    'origins',
    'paper',
    'pareto',
    'poisson',
    'query',
    'readExperimentFile',
    'replace',
    'run',
    'samples',
    'scaling',
    'scalingDocument',
    'scalingOf',
    'synthesize',
    'theoryOf',
    'verify',
    'watch',
    'window',
  ])
})

it('runs with factories, shorthand and a sweep alike', async () => {
  const { gaussian, mix, origins, replace, run } = genloss
  const settings = { n: 20, generations: 3, replicates: 4, seed: 7 }
  const made = await run({ origin: origins.gaussian(), model: gaussian(), policy: mix({ real: 0.1 }), ...settings })
  const written = await run({ origin: 'gaussian', policy: 'mix:real=0.1', ...settings })
  expect(made.shape).toEqual({ replicates: 4, generations: 4 })
  expect(made.columns.variance_ratio).toEqual(written.columns.variance_ratio)
  const swept = await run({ origin: 'gaussian', policy: [replace(), mix({ real: 0.1 })], ...settings })
  expect(swept.cells.map((cell) => cell.settings.policy.kind)).toEqual(['replace', 'mix'])
})

it('takes stages, schedules and infinity as plain values', async () => {
  const { accumulateSubsample, gaussian, origins, run } = genloss
  const made = await run({
    origin: origins.gaussian(),
    model: gaussian({ estimator: 'mle' }),
    policy: accumulateSubsample({ replacement: true }),
    n: { start: 10, power: 1 },
    poison: { share: [0, 0.5], record: 5 },
    onEmpty: 'keep',
    generations: 3,
    replicates: 4,
  })
  expect(made.cells.map(({ swept }) => swept['poison.share'])).toEqual([0, 0.5])
  for (const cell of made.cells) expect(Array.from(cell.columns.n!.subarray(0, 4))).toEqual([10, 20, 30, 40])
  // Half of 20, of 30 and of 40 new records among 100: the pool that the last set is drawn from.
  expect(made.cells.map((cell) => cell.summary('poison_share').mean[3])).toEqual([0, 0.45])
  const classes = { origin: origins.categorical({ cat: 0.7, dog: 0.3 }), sampling: { bias: { dog: 2 } } }
  const biased = await run({ ...classes, shares: 'dog', n: 'inf', generations: 1, replicates: 1 })
  expect(biased.columns.n).toEqual(Float64Array.of(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY))
  expect(biased.columns.share_dog![1]).toBeCloseTo(0.6 / 1.3, 14)
})

it('compares samples in memory, watches them, and has each measure by itself', async () => {
  const { compare, samples, watch } = genloss
  const [real, made] = [{ x: [1, 2, 3, 4] }, { x: Float64Array.of(2, 3, 4, 5) }]
  const { columns } = await compare(real, made)
  expect(columns[0]).toMatchObject({ column: 'x', w1: samples.w1(real.x, made.x), ks: 0.25 })
  expect(await watch(real, made, { limits: { w1: 0.5 } })).toMatchObject({ verdict: 'fail', broken: [{ by: 0.5 }] })
  expect(samples.definitions.map(({ name }) => name)).toContain('w1')
})

it('lays a result beside its theory', async () => {
  const { cells } = await genloss.run({ origin: 'gaussian', model: 'gaussian:estimator=mle', n: 20, generations: 2 })
  const curves = genloss.theoryOf(cells[0]!.settings)
  const mean = curves.find(({ column, statistic }) => column === 'variance_ratio' && statistic === 'mean')!
  expect(mean.values[2]).toBeCloseTo(0.95 ** 3, 14)
})

it('throws a GenlossError with a path and the nearest name', async () => {
  const { GenlossError, gaussian, run } = genloss
  const misspelt = { estimator: 'unbaised' } as unknown as Parameters<typeof gaussian>[0]
  expect(() => gaussian(misspelt)).toThrow(GenlossError)
  const failure = run({ origin: 'gaussian', n: 20, policy: 'replac' })
  await expect(failure).rejects.toMatchObject({ code: 'plan', path: 'policy.kind', hint: "did you mean 'replace'?" })
})

it('stops at once where the signal is aborted before the start', async () => {
  const run = genloss.run({ origin: 'gaussian', n: 20 }, { signal: AbortSignal.abort() })
  await expect(run).rejects.toMatchObject({ code: 'interrupted' })
})

it('has types for what a run gives', () => {
  type Result = Awaited<ReturnType<typeof genloss.run>>
  expectTypeOf<Result['columns'][string]>().toEqualTypeOf<Float64Array>()
  expectTypeOf<Result['shape']>().toEqualTypeOf<genloss.Shape>()
  expectTypeOf<genloss.RunOptions['signal']>().toEqualTypeOf<AbortSignal | undefined>()
})
