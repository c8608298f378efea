import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gaussianReplace } from '@genloss/models'
import { afterAll, describe, expect, it } from 'vitest'
import type { FittedQuantity, ScalingCurve } from './document.js'
import { scalingDocument } from './document.js'
import { scaling } from './scaling.js'

const folder = mkdtempSync(join(tmpdir(), 'genloss-scaling-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Fewer resamples than by default. */
const fast = { resamples: 200 }

const quantity = ({ quantities }: ScalingCurve, name: string): FittedQuantity =>
  quantities.find((one) => one.name === name)!

/** Intervals of 95 %, where many are looked at: half as wide again, which 3 of 1000 miss. */
function near(truth: number, { value, low, high }: { value: number; low: number; high: number }): void {
  expect(truth).toBeGreaterThan(value - 1.5 * (value - low))
  expect(truth).toBeLessThan(value + 1.5 * (high - value))
}

/** Exact truth in the intervals of values, and theory's own exponent in that of the law. */
function meets({ points, theory_exponent, law, power, with_plateau }: FittedQuantity): void {
  const used = points.filter(({ left_out }) => left_out === null)
  expect(used.length).toBeGreaterThanOrEqual(3)
  for (const point of used) near(point.theory, point)
  near(theory_exponent, (law === 'power' ? power : with_plateau)!.exponent)
}

describe('a normal model under replace', () => {
  const n = [100, 300, 1000, 3000, 10_000]
  const both = scaling(
    {
      ...{ origin: 'gaussian', model: ['gaussian', 'gaussian:estimator=mle'], n },
      ...{ generations: 40, replicates: 1500, seed: 5 },
    },
    {
      measures: ['w2_squared', 'kl_forward', 'mean_shift_squared', 'fit_log_variance', 'variance_ratio'],
      ...fast,
      targets: { w2_squared: [0.03, 0.001], variance_ratio: [0.99, 1.1] },
    },
  )

  it('loses what theory says, with its exponents', async () => {
    for (const curve of (await both).curves) {
      for (const name of ['w2_squared', 'kl_forward', 'mean_shift_squared', 'fit_log_variance', 'variance_ratio']) {
        meets(quantity(curve, name))
      }
      const { power } = quantity(curve, 'mean_shift_squared')
      expect(power!.exponent.value).toBeCloseTo(-1, 1)
      // E ln v falls by 1/n or 2/n a fit: its size is 41/n or 82/n.
      const logs = quantity(curve, 'fit_log_variance')
      expect(logs.departure).toBe('negative')
      const isMle = curve.settings.model.kind === 'gaussian' && curve.settings.model.estimator === 'mle'
      const { value, low, high } = logs.fit.at(1000)
      near((isMle ? 82 : 41) / 1000, { value, low, high })
    }
  })

  it('has its half-life and its first passage, theory beside what is measured', async () => {
    const [unbiased, mle] = (await both).curves.map(({ half_life }) => half_life![0]!)
    expect(unbiased).toMatchObject({ n: 100, theory: { marginal: { generation: 68, fits: 69 } } })
    expect(mle).toMatchObject({ n: 100, theory: { marginal: { generation: 34, fits: 35 } } })
    // The median is beyond the last generation for the unbiased one; no earlier than its interval says.
    expect(unbiased!.marginal.value).toBe(null)
    const { marginal, first_passage: first, theory } = mle!
    expect(marginal.low).toBeLessThanOrEqual(theory!.marginal.generation)
    expect(marginal.high ?? 41).toBeGreaterThanOrEqual(theory!.marginal.generation)
    expect(first!.low).toBeLessThanOrEqual(theory!.first_passage.generation)
    expect(first!.high).toBeGreaterThanOrEqual(theory!.first_passage.generation)
    expect(theory!.first_passage.fits).toBe(24)
  })

  it('has its risk exactly and at first order', async () => {
    for (const [i, unbiased] of [true, false].entries()) {
      const { risk } = (await both).curves[i]!
      expect(risk!.map((point) => point.n)).toEqual(n)
      const { w2Squared } = gaussianReplace({ initial: 300, n: 300, generations: 40 }, unbiased)
      const { exact, first_order, measured, generation } = risk![1]!
      expect([exact, first_order, generation]).toEqual([w2Squared[40], expect.closeTo((1.5 * 41) / 300, 12), 40])
      expect(Math.abs(measured!.value / exact - 1)).toBeLessThan(0.05)
    }
  })

  it('needs the n that theory needs for a target, and says where that is beyond the sizes', async () => {
    const [inside, beyond] = quantity((await both).curves[0]!, 'w2_squared').targets
    const exactly = (size: number) => gaussianReplace({ initial: size, n: size, generations: 40 }, true).w2Squared[40]!
    for (const target of [inside!, beyond!]) {
      expect(exactly(target.low)).toBeGreaterThan(target.value)
      expect(exactly(target.high)).toBeLessThan(target.value)
      expect(target.low).toBeLessThan(target.n)
      expect(target.n).toBeLessThan(target.high)
    }
    expect([inside!.extrapolated, beyond!.extrapolated]).toEqual([false, true])
    const [lost, grown] = quantity((await both).curves[0]!, 'variance_ratio').targets
    // The median of the variance is about exp(-41/n); the law is known to a third there, and bends a little.
    expect(Math.abs(Math.log(lost!.n / (41 / 0.01)))).toBeLessThan(1)
    expect(lost!.extrapolated).toBe(true)
    expect(grown!.n).toBe(Number.POSITIVE_INFINITY)
  })

  it('is one document of plain JSON', async () => {
    const found = await both
    const document = JSON.parse(JSON.stringify(scalingDocument(found)))
    expect(document).toEqual(scalingDocument(found))
    for (const inner of ['fit', 'kind', 'column']) expect(document.curves[0].quantities[0]).not.toHaveProperty(inner)
    expect(document.curves[0].quantities[4].targets[1]).toMatchObject({ value: 1.1, n: null })
  })
})

it('classes lose their heterozygosity as (1 - 1/n)^fits, and nothing at n = inf', async () => {
  const { curves } = await scaling(
    {
      ...{ origin: 'categorical:probabilities=0.5/0.3/0.2', n: [30, 100, 300, 1000, 3000, 'inf'] },
      ...{ generations: 10, replicates: 1000, seed: 2 },
    },
    { ...fast, measures: ['heterozygosity_ratio'], statistic: 'mean' },
  )
  const lost = quantity(curves[0]!, 'heterozygosity_ratio')
  meets(lost)
  expect(lost).toMatchObject({ departure: 'below', infinite: 1, plateau: 'known', law: 'power' })
  for (const { n, theory } of lost.points) expect(theory).toBeCloseTo((1 - 1 / n) ** 11, 12)
})

it('a kernel density widens the law as n^(-2/5)', async () => {
  const { curves } = await scaling(
    {
      ...{ origin: 'gaussian', model: 'kde', n: [1000, 3000, 10_000, 30_000], generations: 0, replicates: 100 },
      ...{ method: 'draws', columns: ['variance_ratio'], seed: 3 },
    },
    { ...fast, measures: ['variance_ratio'], statistic: 'mean' },
  )
  const wide = quantity(curves[0]!, 'variance_ratio')
  meets(wide)
  expect(wide).toMatchObject({ departure: 'above', generation: 0 })
  expect(wide.theory_exponent).toBeCloseTo(-0.4, 1)
})

it('a family that cannot be the origin keeps a loss, which is the plateau', async () => {
  const mixture = { kind: 'mixture', components: [-2, 2].map((mean) => ({ kind: 'gaussian', mean, weight: 0.5 })) }
  const { curves } = await scaling(
    { origin: mixture, model: 'gaussian', n: [10, 30, 100, 300, 1000], generations: 0, replicates: 400, seed: 1 },
    { ...fast, measures: ['w2_squared'] },
  )
  const { plateau, with_plateau } = quantity(curves[0]!, 'w2_squared')
  expect(plateau).toBe('seen')
  expect(with_plateau!.plateau.low).toBeGreaterThan(0)
})

describe('dates', () => {
  it('grow with n; those beyond the last generation are said, and the n for a date is found', async () => {
    const { curves } = await scaling(
      { origin: 'gaussian', n: [10, 20, 40, 80, 160], generations: 500, replicates: 400, sustain: 1, seed: 8 },
      { ...fast, measures: ['late'], targets: { late: 1000 } },
    )
    const late = quantity(curves[0]!, 'late')
    expect(late.points.at(-1)).toMatchObject({ n: 160, left_out: 'beyond', value: Number.POSITIVE_INFINITY })
    // From ln v = 0 to ln 0.01 at 1/n a fit, less what fluctuations do: near, below and in proportion to n.
    const { exponent } = late.power!
    expect(exponent.low).toBeLessThan(1.06)
    expect(exponent.high).toBeGreaterThan(0.98)
    expect(late.contradicted).toEqual([])
    const [target] = late.targets
    expect(target).toMatchObject({ value: 1000, extrapolated: true })
    const { value, low, high } = late.fit.at(target!.n)
    expect(low).toBeLessThan(1001)
    expect(high).toBeGreaterThan(1001)
    expect(Math.abs(value - 1001)).toBeLessThan(10)
  })
})

it('sizes that grow have theory of their own, and a law of their starts', async () => {
  const { curves, growth } = await scaling(
    {
      ...{ origin: 'gaussian', generations: 30, replicates: 300 },
      n: [30, 60, 120].map((start) => ({ start, power: 1.5 })),
    },
    { ...fast, measures: ['w2_squared'] },
  )
  expect(curves).toHaveLength(1)
  expect(curves[0]).toMatchObject({ schedule: { power: 1.5 } })
  expect(curves[0]).not.toHaveProperty('half_life')
  meets(quantity(curves[0]!, 'w2_squared'))
  expect(growth.map(({ limit }) => limit.bounded)).toEqual([true, true, true])
  for (const { limit, risk } of growth) expect(risk!.exact).toBeLessThan(limit.w2_squared)
  const alone = await scaling({ origin: 'gaussian', generations: 5, n: { start: 30, power: 1 } })
  expect([alone.curves, alone.growth[0]!.limit.bounded]).toEqual([[], false])
})

it('what else is swept makes curves, at each generation asked for', async () => {
  const { curves } = await scaling(
    { origin: 'gaussian', policy: ['replace', 'mix:real=0.5'], n: [20, 40, 80], generations: 6, replicates: 50 },
    { ...fast, measures: ['w1', 'early'], at: [2, 6] },
  )
  expect(curves.map(({ swept }) => swept.policy)).toMatchObject([{ kind: 'replace' }, { kind: 'mix', real: 0.5 }])
  const told = curves[0]!.quantities.map(({ name, generation }) => [name, generation])
  expect(told).toEqual([
    ['w1', 2],
    ['w1', 6],
    ['early', null],
  ])
})

it('leaves out what is no law, and says why', async () => {
  const { curves } = await scaling(
    { origin: 'gaussian', n: [5, 50, 500, 2000, 8000], generations: 60, replicates: 2000, seed: 9 },
    { ...fast, measures: ['variance_ratio', 'mean_shift_squared'], targets: { variance_ratio: 0.5 } },
  )
  const ratio = quantity(curves[0]!, 'variance_ratio')
  expect(ratio.points[0]).toMatchObject({ n: 5, left_out: 'all lost' })
  expect(ratio.remarks).toContain('left out n = 5: nearly all is lost')
  // Half of the variance is gone at generation 60 where its half-life is that: 61 fits, n = 61 / ln 2 by and large.
  expect(Math.abs(Math.log(ratio.targets[0]!.n / 88))).toBeLessThan(0.3)
  const [few, more] = quantity(curves[0]!, 'mean_shift_squared').points
  expect([few!.left_out, more!.left_out]).toEqual(['unreliable', 'unreliable'])
})

it('chains that share their random numbers are resampled in pairs, which narrows exponents', async () => {
  const width = async (commonRandomNumbers: boolean) => {
    const settings = { origin: 'gaussian', n: [50, 100, 200, 400], generations: 5, replicates: 300, seed: 4 }
    const { curves } = await scaling({ ...settings, commonRandomNumbers }, { ...fast, measures: ['w1', 'kl_reverse'] })
    return ['w1', 'kl_reverse'].map((name) => {
      const { low, high } = quantity(curves[0]!, name).power!.exponent
      return high - low
    })
  }
  const [shared, own] = [await width(true), await width(false)]
  for (const [i, one] of shared.entries()) expect(one).toBeLessThan(0.7 * own[i]!)
})

describe('a run in a folder', () => {
  const experiment = { origin: 'gaussian', n: [20, 40, 80], generations: 4, replicates: 30, seed: 6 }
  it('is read as it is, and what is missing is made', async () => {
    const out = join(folder, 'run')
    const made = await scaling(experiment, { ...fast, out })
    const again = await scaling(out, fast)
    expect(scalingDocument({ ...again, notes: [] })).toEqual(scalingDocument({ ...made, notes: [] }))
    for (const part of readdirSync(join(out, 'parts'))) rmSync(join(out, 'parts', part))
    const whole = await scaling(out, fast)
    expect(scalingDocument({ ...whole, notes: [] })).toEqual(scalingDocument({ ...made, notes: [] }))
    expect(readdirSync(join(out, 'parts')).length).toBeGreaterThan(0)
  })
  it('must be one, with the measures and generations that are asked for', async () => {
    const out = join(folder, 'run')
    await expect(scaling(join(folder, 'none'))).rejects.toMatchObject({ code: 'input', rule: 'the folder of a run' })
    await expect(scaling(out, { measures: ['kl'] })).rejects.toMatchObject({
      path: 'measures',
      hint: "did you mean 'ks'?",
    })
    await expect(scaling(out, { targets: { lat: 3 } })).rejects.toMatchObject({
      path: 'targets',
      hint: "did you mean 'late'?",
    })
    await expect(scaling(out, { at: [9] })).rejects.toMatchObject({ path: 'at', value: 9 })
  })
})

it('refuses fewer than three sizes, before anything runs', async () => {
  const few = scaling({ origin: 'gaussian', n: [100, 1000], replicates: 100_000 })
  await expect(few).rejects.toMatchObject({ code: 'plan', path: 'n', value: [100, 1000], hint: /^give several/ })
})
