// What others stated of the same chains, beside the exact values.

import {
  type CellSettings,
  distinctAlive,
  drift,
  excessRisk,
  fixedKernel,
  logVarianceRate,
  ruledKernel,
} from '@genloss/models'
import type { Expected, Finding, Part, Preset } from '../preset.js'
import { mean, ofNormal } from '../readings.js'
import { withinFactor } from '../rules.js'
import { counts, recursion } from '../sources.js'
import { drifted } from './normal.js'

const size = ({ n }: CellSettings): number => (typeof n === 'number' ? n : Number.NaN)

/** Fits in which the sd falls to 1/e, from the mean of ln variance. */
const folding: Finding = {
  quantity: 'fits in which the sd falls to 1/e',
  reading: { ...mean('variance_ratio', Math.log), as: (log, at) => (-2 * (at + 1)) / log },
  exact: {
    value: ofNormal((settings, unbiased) => -2 / logVarianceRate(size(settings), unbiased)),
    source: '-2 / rate of ln variance (logVarianceRate)',
  },
  published: {
    value: size,
    source: 'Suresh et al. (AISTATS 2025): the sd reduces to zero in roughly n iterations',
    rule: withinFactor(1.1),
    correction: 'n is right with the biased variance; with the unbiased one it is about 2 (n - 1)',
  },
}
const foldings = ['mle', 'unbiased'].map((estimator): Part => {
  return {
    title: `a normal law, replace, estimator ${estimator}`,
    experiment: {
      origin: 'gaussian',
      model: `gaussian:estimator=${estimator}`,
      policy: 'replace',
      n: 100,
      generations: 199,
      replicates: 8000,
    },
    quick: { replicates: 2000 },
    findings: [folding],
  }
})

/** |w - w*|^2 in closed form. */
const risk: Expected = {
  value: (settings, at) => {
    const { origin, model } = settings
    if (origin.kind !== 'linear-regression' || model.kind !== 'linear-regression' || model.ridge > 0) return Number.NaN
    const { dimensions, noise } = origin
    return (
      excessRisk(settings, { dimensions, noiseVariance: noise ** 2, features: model.features, noise: model.noise })?.[
        at
      ] ?? Number.NaN
    )
  },
  source: 'inverse Wishart moments (excessRisk)',
}
/** What one fit adds: sigma^2 d / (n - d - 1). */
function added({ origin, n }: CellSettings): number {
  if (origin.kind !== 'linear-regression' || typeof n !== 'number') return Number.NaN
  return (origin.noise ** 2 * origin.dimensions) / (n - origin.dimensions - 1)
}
const regressions = [
  { policy: 'replace', features: 'fresh' },
  { policy: 'accumulate', features: 'same' },
  { policy: 'accumulate', features: 'fresh' },
].map(({ policy, features }): Part => {
  return {
    title: `linear regression, ${policy}, features ${features}`,
    experiment: {
      origin: 'linear-regression:dimensions=5,noise=1',
      model: `linear-regression:features=${features}`,
      policy,
      n: 20,
      generations: 19,
      replicates: 20_000,
    },
    quick: { replicates: 8000 },
    findings: [
      {
        quantity: 'mean squared error of the plane',
        reading: mean('excess_risk'),
        at: [0, 19],
        exact: risk,
        published: {
          value: (settings, at) =>
            policy === 'replace'
              ? (at + 1) * added(settings)
              : added(settings) *
                Array.from({ length: at + 1 }, (_, j) => 1 / (j + 1) ** 2).reduce((sum, term) => sum + term, 0),
          source: `Gerstgrasser et al., arXiv 2404.01413: ${policy === 'replace' ? 'g' : 'sum of 1 / j^2'} times sigma^2 d / (n - d - 1)`,
          correction: 'an equality where all batches have the same features; where they are fresh it is an upper bound',
        },
      },
    ],
  }
})

const sine = (n: number): number => Math.sin(Math.PI / Math.sqrt(n)) / (Math.PI / Math.sqrt(n))
const pooled = ['mle', 'unbiased'].map((estimator): Part => {
  return {
    title: `a normal law, accumulate, estimator ${estimator}`,
    experiment: {
      origin: 'gaussian',
      model: `gaussian:estimator=${estimator}`,
      policy: 'accumulate',
      n: 10,
      generations: 499,
      replicates: 40_000,
    },
    quick: { replicates: 8000 },
    findings: [
      {
        quantity: 'mean variance, over the origin',
        reading: mean('variance_ratio'),
        exact: drifted('variance'),
        published: {
          value: (settings) => sine(size(settings)),
          source: 'a limit sin(pi / sqrt n) / (pi / sqrt n), perhaps of Kazdan et al., arXiv 2410.16713: from memory',
          correction: 'the limit is that of the biased variance; with the unbiased one more is left',
        },
      },
    ],
  }
})

const kernels = [
  { bandwidth: 0.3, n: 20, at: [0, 49, 199], gains: true },
  { bandwidth: 'scott', n: 100, at: [0, 9, 19], gains: false },
].map(({ bandwidth, n, at, gains }): Part => {
  return {
    title: `kernel density estimate, replace, bandwidth ${bandwidth}`,
    experiment: {
      origin: 'gaussian',
      model: `kde:bandwidth=${bandwidth}`,
      policy: 'replace',
      n,
      generations: at.at(-1)!,
      replicates: 20_000,
    },
    quick: { replicates: 1000 },
    findings: [
      {
        quantity: 'mean variance, over the origin',
        reading: mean('variance_ratio'),
        at,
        exact: {
          value: (settings, g) => {
            const { model } = settings
            if (model.kind !== 'kde') return Number.NaN
            const fit =
              typeof model.bandwidth === 'number' ? fixedKernel(model.bandwidth) : ruledKernel(model.bandwidth)
            return drift(settings, fit)?.variance[g] ?? Number.NaN
          },
          source: recursion,
        },
        ...(gains
          ? {
              published: {
                value: ({ model }: CellSettings, g: number) =>
                  model.kind === 'kde' && typeof model.bandwidth === 'number'
                    ? 1 + (g + 1) * model.bandwidth ** 2
                    : Number.NaN,
                source: 'the rule that every generation adds h^2',
                rule: withinFactor(1.1),
                correction: 'it saturates at n h^2: what is drawn again loses 1/n of its variance each time',
              },
            }
          : { remark: 'with a bandwidth that follows the data it explodes instead of shrinking' }),
      },
    ],
  }
})

const lineages: Part = {
  title: 'records resampled, 100 of them',
  experiment: { origin: 'gaussian', model: 'empirical', policy: 'replace', n: 100, generations: 100, replicates: 4000 },
  quick: { replicates: 1000 },
  findings: [
    {
      quantity: 'mean number of original records alive',
      reading: mean('distinct_alive'),
      at: [1, 10, 20, 50, 100],
      exact: {
        value: (settings, at) =>
          settings.policy.kind === 'replace'
            ? (distinctAlive({ ...settings, generations: at })?.[at] ?? Number.NaN)
            : Number.NaN,
        source: counts,
      },
      published: {
        value: (settings, at) => (2 * size(settings)) / at,
        source: 'the rule of 2 n / g lineages',
        rule: withinFactor(1.05),
        correction:
          'the rule holds near g = n/2 only: 24 % too many at g = n/10, and it tends to 0 while one lineage stays',
      },
    },
  ],
}

export const laterClaims: Preset = {
  name: 'later-claims',
  title: 'what later papers and rules of thumb state of such chains, beside the exact values',
  sources: {},
  parts: [...foldings, ...regressions, ...pooled, ...kernels, lineages],
}
