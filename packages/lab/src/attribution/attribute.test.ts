import { fileURLToPath } from 'node:url'
import { gaussian, gaussianMixture, origins, theoryOf } from '@genloss/models'
import { describe, expect, it } from 'vitest'
import { run } from '../api.js'
import type { ExperimentInput } from '../experiment.js'
import { type AttributedMeasure, type AttributeOptions, attribute } from './attribute.js'
import { errors, type Way } from './switches.js'

const small = { generations: 5, replicates: 50, seed: 3 }

/** Whatever is parted: the parts, summed in their order, are the total to the last bit. */
function addsUp({ expressivity, approximation, statistical, total }: AttributedMeasure): void {
  for (const [i, value] of total.entries()) {
    const sum = expressivity[i]! + approximation[i]! + statistical[i]!
    if (Number.isFinite(sum)) expect(sum).toBe(value)
    else expect(Number.isFinite(value) && Number.isNaN(sum)).toBe(false)
  }
}

async function partsOf(experiment: ExperimentInput, options: AttributeOptions = {}) {
  const found = await attribute(experiment, options)
  for (const measure of Object.values(found.measures)) addsUp(measure)
  return found
}

const zeros = (generations: number) => new Array<number>(generations + 1).fill(0)

describe('too few records', () => {
  const cell = { origin: origins.gaussian(1, 3), model: gaussian(), n: 50, generations: 10, replicates: 2000, seed: 11 }

  it('are the whole loss of a normal law learned by a normal model, as theory has it', async () => {
    const { measures, settings, runs } = await partsOf(cell)
    for (const { expressivity, approximation } of Object.values(measures)) {
      // 0 for distances; retentions are worked out with rounding.
      for (const value of expressivity) expect(Math.abs(value)).toBeLessThan(1e-12)
      expect(approximation).toEqual(zeros(10))
    }
    const curves = theoryOf(settings)
    for (const name of ['kl_forward', 'kl_reverse', 'variance_ratio', 'tail_p01']) {
      const curve = curves.find(({ column, statistic }) => column === name && statistic === 'mean')!
      const { total, low, high, reference } = measures[name]!
      for (const [g, loss] of total.entries()) {
        const reach = (high.total[g]! - low.total[g]!) / 2 / 1.96
        expect(Math.abs(loss + reference[g]! - curve.values[g]!)).toBeLessThan(4.5 * reach)
      }
    }
    expect(measures.kl_forward!.dominant).toEqual(new Array(11).fill('statistical'))
    // One run at infinity does for family and learner.
    expect(runs.map(({ chains, n }) => [chains, n])).toEqual([
      [2000, 50],
      [1, 'inf'],
    ])
  })

  it('are judged by the chains that a run of the cell has', async () => {
    for (const commonRandomNumbers of [false, true]) {
      const experiment = { ...cell, ...small, commonRandomNumbers }
      const [{ measures }, result] = await Promise.all([attribute(experiment), run(experiment)])
      const { mean, low, high } = result.summary('w2')
      const { total, ...w2 } = measures.w2!
      expect([total, w2.low.total, w2.high.total]).toEqual([[...mean], [...low], [...high]])
    }
  })
})

describe('a family that is not the origin', () => {
  /** Differential entropy of equal normal laws at -a and a, in nats. */
  function entropy(a: number): number {
    const bell = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)
    let sum = 0
    for (let x = -a - 12; x <= a + 12; x += 1 / 64) {
      const p = 0.5 * bell(x - a) + 0.5 * bell(x + a)
      sum -= (p * Math.log(p)) / 64
    }
    return sum
  }

  it('loses what the normal law of the same moments loses, at once and for ever', async () => {
    const { measures } = await partsOf({ origin: origins.mixture(), model: gaussian(), n: 'inf', ...small })
    const { expressivity, statistical, approximation, dominant } = measures.kl_forward!
    const lost = 0.5 * Math.log(2 * Math.PI * Math.E * 5) - entropy(2)
    for (const value of expressivity) expect(value).toBeCloseTo(lost, 10)
    expect([statistical, approximation]).toEqual([zeros(5), zeros(5)])
    expect(dominant).toEqual(new Array(6).fill('expressivity'))
    // Moments are kept: a measure may see nothing of what another one sees.
    expect(measures.variance_ratio!.total.every((value) => Math.abs(value) < 1e-12)).toBe(true)
    expect(measures.variance_ratio!.dominant[0]).toBe('none')
  })

  it('loses less than nothing where a measure rises', async () => {
    const model = 'multivariate-gaussian:covariance=diagonal'
    const origin = origins.multivariateGaussian({
      covariance: [
        [1, 0.8],
        [0.8, 1],
      ],
    })
    const { measures } = await partsOf({ origin, model, n: 'inf', ...small })
    // S0^-1 of correlation 0.8 times the unit matrix: eigenvalues 1 / (1 +- 0.8).
    expect(measures.variance_min!.expressivity[3]).toBeCloseTo(1 / 1.8 - 1, 12)
    expect(measures.variance_max!.expressivity[3]).toBeCloseTo(4, 12)
    expect(measures.kl_forward!.expressivity[3]).toBeCloseTo(0.5 * (2 + Math.log(1 / 0.36) - 2), 12)
  })
})

describe('a learner that stops short', () => {
  it('loses what its steps leave of the way, twice at each generation', async () => {
    const [mean, sd] = [3, 2]
    const model = gaussian({ steps: 2, rate: 0.5 })
    const { measures } = await partsOf({ origin: origins.gaussian(mean, sd), model, n: 'inf', ...small })
    // From the standard normal law: a quarter of the way is left in E x and in E x^2.
    let [first, second] = [mean, mean ** 2 + sd ** 2]
    for (const [g, value] of measures.kl_forward!.approximation.entries()) {
      first *= 0.75
      second = 0.25 + 0.75 * second
      const variance = second - first ** 2
      const kl = 0.5 * ((sd ** 2 + (mean - first) ** 2) / variance - 1 + Math.log(variance / sd ** 2))
      expect(value, `generation ${g}`).toBeCloseTo(kl, 10)
    }
    expect(measures.kl_forward!.expressivity).toEqual(zeros(5))
    expect(measures.kl_forward!.dominant[5]).toBe('approximation')
  })

  it('is the whole loss of a mixture after two iterations at n = infinity', async () => {
    const experiment = { origin: origins.mixture(), model: gaussianMixture({ iterations: 2 }), n: 'inf' as const }
    const measures = ['kl_forward', 'w2']
    const found = await partsOf({ ...experiment, generations: 3, replicates: 2 }, { measures })
    for (const { expressivity, approximation, dominant } of Object.values(found.measures)) {
      for (const value of expressivity) expect(Math.abs(value)).toBeLessThan(1e-12)
      expect(Math.min(...approximation)).toBeGreaterThan(1e-7)
      expect(dominant).toEqual(new Array(4).fill('approximation'))
    }
  })
})

it.each([
  ['exponential:mean=3', 'exponential:estimator=unbiased-rate'],
  ['poisson:mean=2', 'poisson'],
  ['pareto', 'pareto'],
  ['pareto:scale=2', 'pareto:scale=2'],
  ['multivariate-gaussian:dimensions=3', 'multivariate-gaussian'],
  ['linear-regression:dimensions=2', 'linear-regression:ridge=2'],
  ['categorical:probabilities=0.6/0.3/0.08/0.02', 'categorical'],
  ['mixture', 'gaussian-mixture'],
  ['gaussian', 'gaussian-mixture:components=1'],
  ['mixture', 'kde'],
])('no error of the family where it is that of %s: %s', async (origin, model) => {
  const { measures, runs } = await partsOf({ origin, model, n: 30, ...small, generations: 2 })
  for (const { expressivity } of Object.values(measures)) {
    for (const value of expressivity) expect(Math.abs(value)).toBeLessThan(1e-9)
  }
  expect(runs.some(({ approximated }) => approximated)).toBe(false)
})

it.each([
  ['gaussian', 'gaussian'],
  ['mixture', 'histogram'],
  ['mixture', 'kde:bandwidth=0.5'],
  ['gaussian', 'gaussian-mixture:components=1,init=given'],
  ['categorical:probabilities=0.6/0.4', 'categorical:steps=1,rate=0.5'],
  ['multivariate-gaussian:dimensions=2', 'multivariate-gaussian'],
  ['linear-regression:dimensions=2', 'linear-regression'],
])('one chain stands for all at n = infinity: %s, %s', async (origin, model) => {
  const policy = 'mix:real=0.1'
  const { columns } = await run({ origin, model, policy, n: 'inf', generations: 3, replicates: 3 })
  for (const column of Object.values(columns)) expect(column.slice(0, 4)).toEqual(column.slice(8, 12))
})

describe('infinite and undefined losses', () => {
  it('are said, and a median tells more', async () => {
    const cell = { origin: origins.categorical([0.7, 0.25, 0.05]), n: 20, ...small }
    const { measures, notes } = await partsOf(cell, { measures: ['kl_forward', 'tv'] })
    const { expressivity, statistical, total, dominant, share_infinite, low } = measures.kl_forward!
    expect(expressivity).toEqual(zeros(5))
    expect([statistical[5], total[5], low.total[5], dominant[5]]).toEqual([
      ...[Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN, 'statistical'],
    ])
    expect(share_infinite[5]).toBeGreaterThan(0.5)
    expect(notes.join('\n')).toMatch(/kl_forward is infinite in \d+ % of the chains.* so is its mean.*median/)
    const middle = await partsOf(cell, { measures: ['kl_forward'], statistic: 'median' })
    expect(middle.measures.kl_forward!.total[0]).toBeLessThan(1)
  })
  it('hide what comes on top of them', async () => {
    const { measures, notes } = await partsOf({ origin: 'mixture', model: 'histogram', n: 100, ...small })
    const { expressivity, statistical, total, dominant } = measures.kl_forward!
    expect([expressivity[2], statistical[2], total[2], dominant[2]]).toEqual([
      ...[Number.POSITIVE_INFINITY, Number.NaN, Number.POSITIVE_INFINITY, 'expressivity'],
    ])
    expect(notes.join('\n')).toContain('kl_forward is infinite at n = infinity already')
  })
  it('are left out where no generation has a value, unless asked for', async () => {
    const cell = { origin: 'pareto', model: 'gaussian', n: 50, ...small }
    const { measures, notes } = await partsOf(cell)
    expect('tail_lower_p01' in measures).toBe(false)
    expect(notes).toContain('undefined here: tail_lower_p01')
    const asked = await partsOf(cell, { measures: ['tail_lower_p01'] })
    expect(asked.measures.tail_lower_p01!.total).toEqual(new Array(6).fill(Number.NaN))
  })
})

describe('the reference', () => {
  it('is what stages do by themselves', async () => {
    const cell = { origin: 'gaussian', sampling: { temperature: 0.9 }, n: 100, ...small }
    const { measures } = await partsOf(cell, { measures: ['variance_ratio', 'kl_forward'] })
    for (const [g, value] of measures.variance_ratio!.reference.entries()) expect(value).toBeCloseTo(0.9 ** g, 12)
    expect(measures.kl_forward!.expressivity).toEqual(zeros(5))
  })
  it('is run for measures whose value under the origin is not known beforehand', async () => {
    const { measures, notes } = await partsOf(
      { origin: 'mixture', model: 'gaussian', n: 'inf', ...small },
      { measures: ['entropy', 'fit_mean'] },
    )
    // The normal law of variance 5 has ln sqrt(2 pi e 5) nats.
    const { reference, expressivity } = measures.entropy!
    expect(reference[4]! + expressivity[4]!).toBeCloseTo(0.5 * Math.log(2 * Math.PI * Math.E * 5), 10)
    expect(expressivity[4]).toBeGreaterThan(0.1)
    expect(notes).toContain("not parted, since the origin's own family does not have them: fit_mean")
  })
})

describe('Shapley values', () => {
  const cell = { origin: origins.gaussian(3, 2), model: gaussian({ steps: 2, rate: 0.5 }), n: 20, ...small }
  const parted = (way: Way) => partsOf(cell, { way, measures: ['kl_forward', 'variance_ratio'] })

  it('part the same loss in another way, with as many runs as it takes', async () => {
    const [nested, shapley] = await Promise.all([parted('nested'), parted('shapley')])
    for (const name of ['kl_forward', 'variance_ratio']) {
      const [a, b] = [nested.measures[name]!, shapley.measures[name]!]
      for (const [i, total] of a.total.entries()) expect(b.total[i]).toBeCloseTo(total, 10)
      expect(b.approximation[5]).not.toBeCloseTo(a.approximation[5]!, 3)
      // The family is the origin's own: no order of switches makes an error of it.
      expect(b.expressivity).toEqual(zeros(5))
    }
    expect(nested.runs).toHaveLength(3)
    expect(shapley.runs).toHaveLength(4)
  })
})

it('approximates what has no method at n = infinity, and says so', async () => {
  const policy = 'accumulate-subsample'
  const cell = { origin: 'gaussian', policy, n: 100, generations: 1, replicates: 20 }
  const { measures, runs, notes } = await partsOf(cell, { measures: ['kl_forward'] })
  expect(runs.at(-1)).toMatchObject({ n: 1e6, approximated: true, chains: 4 })
  expect(notes.join('\n')).toContain('n = infinity is approximated by 1000000 records')
  expect(Math.abs(measures.kl_forward!.expressivity[1]!)).toBeLessThan(1e-4)
})

it('takes exact shares at n = infinity, and says where batches are alike there only', async () => {
  const policy = 'mix:real=0.5,composition=bernoulli'
  const mixed = await partsOf({ origin: 'mixture', model: 'gaussian', policy, n: 20, ...small })
  expect(mixed.runs.map(({ approximated }) => approximated)).toEqual([false, false])
  expect(mixed.notes.join('\n')).not.toContain('of one size')
  const n = { start: 20, power: 1 }
  const pooled = await partsOf({ origin: 'mixture', model: 'gaussian', policy: 'accumulate', n, ...small })
  expect(pooled.notes.join('\n')).toContain('all of one size')
})

it('takes tables, whose reference is their empirical distribution', async () => {
  const file = fileURLToPath(new URL('../../../genloss/data/cps-wages-1985.csv', import.meta.url))
  const origin = { kind: 'table', file, columns: ['wage'] }
  const model = 'gaussian-mixture:components=1'
  const { measures, settings } = await partsOf({ origin, model, ...small })
  expect(settings.n).toBe(534)
  // All rows are the first training set.
  expect(measures.ks!.statistical[0]).toBeCloseTo(0, 12)
  expect(measures.ks!.expressivity[0]).toBeGreaterThan(0.05)
  expect(measures.ks!.dominant[0]).toBe('expressivity')
  expect('kl_forward' in measures).toBe(false)
})

describe('refused', () => {
  const cell = { origin: 'gaussian', n: 50, ...small }
  it.each<[string, ExperimentInput, AttributeOptions, object]>([
    ['a sweep', { ...cell, n: [50, 100] }, {}, { code: 'plan', path: 'n', rule: 'one cell' }],
    ['a name that is no measure', cell, { measures: ['w3'] }, { code: 'plan', path: 'measures[0]', value: 'w3' }],
    ['a column that is no loss', cell, { measures: ['mean_age'] }, { code: 'plan', path: 'measures[0]' }],
    ['no measure', cell, { measures: [] }, { code: 'plan', path: 'measures' }],
    ['columns without a loss', { ...cell, columns: ['mean_age'] }, {}, { code: 'plan', path: 'columns' }],
  ])('%s', async (_, experiment, options, error) => {
    await expect(attribute(experiment, options)).rejects.toMatchObject(error)
  })
  it('nothing else: one value in a list is no sweep, and columns are measures', async () => {
    const { measures } = await partsOf({ ...cell, n: [50], columns: ['w1', 'n'] })
    expect(Object.keys(measures)).toEqual(['w1'])
    expect(errors.map((error) => measures.w1![error].length)).toEqual([6, 6, 6])
  })
})
