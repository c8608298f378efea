// The theorem on normal laws, with what is exact where it is of first order or in expectation only.

import { type CellSettings, expectedTailMass, fitSizes, logVarianceRate, normalTails } from '@genloss/models'
import type { Expected, Finding, Preset, Published } from '../preset.js'
import { mean, median, ofNormal, sd } from '../readings.js'
import { below, toDigits, withinFactor } from '../rules.js'
import { article, chain, code, inversion } from '../sources.js'
import { medianSd, moment } from './normal.js'

const theorem = `${article}, theorem 3.1`

/** (3/2) sum 1/M_i in units of the origin's variance. */
const firstOrder = (settings: CellSettings, at: number): number =>
  1.5 *
  fitSizes(settings)
    .slice(0, at + 1)
    .reduce((sum, size) => sum + 1 / size, 0)

const risk: Published = {
  value: firstOrder,
  source: `${theorem}: the risk (3/2) sum of 1 / M_i, in units of the variance`,
  rule: withinFactor(1.05),
}
const squaredDistance: Finding = {
  quantity: 'E of W2^2 to the origin',
  reading: { steps: 'w2_squared' },
  exact: moment(({ w2Squared }, at) => w2Squared[at]!),
}
const rate: Finding = {
  quantity: 'ln of the variance, a fit',
  reading: { ...mean('variance_ratio', Math.log), as: (log, at) => log / (at + 1) },
  exact: {
    value: ofNormal(({ n }, unbiased) => (typeof n === 'number' ? logVarianceRate(n, unbiased) : Number.NaN)),
    source: 'psi((n-1)/2) - ln(div/2), the almost sure limit (logVarianceRate)',
  },
  remark: 'negative: every chain ends with variance 0',
}

/** Mass of a fitted normal law beyond `t` sd of the origin from its mean, on both sides. */
function massBeyond(t: number): (ratio: number, shift: number) => number {
  const upper = (z: number) => (z >= 0 ? normalTails(z) / 2 : 1 - normalTails(-z) / 2)
  return (ratio, shift) => upper((t - shift) / Math.sqrt(ratio)) + upper((t + shift) / Math.sqrt(ratio))
}
const moments = ['variance_ratio', 'mean_shift']
const medianMass: Expected = {
  value: ({ n, model }, at) =>
    n === 10 && model.kind === 'gaussian' && model.estimator === 'unbiased'
      ? ({ 4: 6.9e-4, 19: 1.5e-11 }[at] ?? Number.NaN)
      : Number.NaN,
  source: 'chains of another program, a simulation itself',
  rule: toDigits(1),
}

export const theoremPreset: Preset = {
  name: 'theorem',
  title: 'normal model collapse: the variance to 0, E of W2^2 without bound, and where that needs care',
  sources: { origin: article, model: article, policy: article, 'model.estimator': theorem },
  switches: [{ path: 'model.estimator', values: ['unbiased', 'mle'], doc: 'the theorem is for the unbiased variance' }],
  parts: [
    {
      title: 'the unbiased variance, n = 100',
      experiment: {
        origin: 'gaussian',
        model: 'gaussian:estimator=unbiased',
        policy: 'replace',
        n: 100,
        generations: 999,
        replicates: 8000,
      },
      quick: { replicates: 2000 },
      findings: [
        {
          ...squaredDistance,
          at: [0, 9, 99, 999],
          published: {
            ...risk,
            correction: 'the risk is of first order: beyond n fits each one adds 1/n of the variance, not 3/2 of that',
          },
        },
        {
          quantity: 'median sd, in sd of the origin',
          reading: median('variance_ratio', sd),
          at: [99, 999],
          exact: medianSd,
        },
        { ...rate, at: [999] },
      ],
    },
    {
      title: 'the biased variance of the code, n = 100',
      sources: { 'model.estimator': code },
      experiment: {
        origin: 'gaussian',
        model: 'gaussian:estimator=mle',
        policy: 'replace',
        n: 100,
        generations: 999,
        replicates: 8000,
      },
      quick: { replicates: 2000 },
      findings: [
        {
          ...squaredDistance,
          at: [0, 99, 999],
          published: {
            ...risk,
            correction:
              'the theorem is for the unbiased variance: with the biased one E of W2^2 = 2 (1 - k^g) stays under 2',
          },
        },
        { ...rate, at: [999] },
      ],
    },
    {
      title: 'the unbiased variance, n = 10: what chains do, and what their mean says',
      experiment: {
        origin: 'gaussian',
        model: 'gaussian:estimator=unbiased',
        policy: 'replace',
        n: 10,
        generations: 999,
        replicates: 40_000,
      },
      quick: { replicates: 4000 },
      findings: [
        {
          quantity: 'plain mean of W2^2 over the chains',
          reading: mean('w2', (distance) => distance ** 2),
          at: [999],
          exact: {
            value: moment(({ w2Squared }, at) => w2Squared[at]!).value,
            source: `${chain}: E of W2^2`,
            rule: below,
          },
          remark: 'only the expectation grows without bound; an average over chains does not show it',
        },
        {
          quantity: 'median of |change| of W2^2 since generation 499',
          reading: median([['w2', 499], 'w2'], (before, after) => Math.abs(after * after - before * before)),
          at: [999],
          exact: {
            value: () => 1e-6,
            source: 'W2^2 of a chain converges: the sum of its variances is finite',
            rule: below,
          },
        },
        {
          quantity: 'mean mass of the model beyond 3 sd (truth 0.0027)',
          reading: mean(moments, massBeyond(3)),
          at: [0, 4, 19],
          exact: {
            value: ofNormal(
              (settings, unbiased, at) => expectedTailMass(3, { ...settings, generations: at }, unbiased)[at]!,
            ),
            source: 'quadrature over the law of the variance (expectedTailMass)',
          },
          remark: '"tails disappear" is true of nearly every chain; their mean mass rises first',
        },
        {
          quantity: 'median mass of the model beyond 3 sd (truth 0.0027)',
          reading: median(moments, massBeyond(3)),
          at: [4, 19],
          exact: medianMass,
        },
        {
          quantity: 'median sd, in sd of the origin',
          reading: median('variance_ratio', sd),
          at: [4, 19],
          exact: { ...medianSd, source: inversion },
        },
      ],
    },
  ],
}
