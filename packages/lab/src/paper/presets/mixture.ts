// A mixture of two normal laws in the plane, refitted to its own output by expectation maximisation.

import { type CellSettings, drift, fixedKernel } from '@genloss/models'
import type { Preset } from '../preset.js'
import { mean, median } from '../readings.js'
import { withinFactor } from '../rules.js'
import { article, code, recursion } from '../sources.js'

const component = (x: number) => ({ kind: 'multivariate-gaussian', dimensions: 2, mean: [x, 0], weight: 0.5 })

/** Half the trace of the inverse of the covariance of two components with unit covariance; NaN for other origins. */
function inverseVariance({ origin }: CellSettings): number {
  if (origin.kind !== 'mixture' || origin.components.length !== 2) return Number.NaN
  const [a, b] = origin.components
  if (a?.kind !== 'multivariate-gaussian' || b?.kind !== 'multivariate-gaussian') return Number.NaN
  if (a.covariance || b.covariance || a.dimensions !== 2 || a.weight !== b.weight) return Number.NaN
  // Between the components the variance is their half distance squared, along one direction.
  const half = Math.hypot(...[0, 1].map((i) => ((a.mean?.[i] ?? 0) - (b.mean?.[i] ?? 0)) / 2))
  return (1 / (1 + half * half) + 1) / 2
}

export const mixture: Preset = {
  name: 'mixture-2d',
  title: 'a mixture of two normal laws in the plane, refitted 2050 times: components shrink to points',
  sources: {
    origin: article,
    model: article,
    'model.components': article,
    'model.tolerance': code,
    'model.floor': code,
    policy: article,
    n: article,
    generations: article,
  },
  switches: [
    {
      path: 'model.init',
      values: ['k-means++', 'warm', 'random'],
      doc: 'where each fit starts is not known here: anew from clusters, or at the last mixture',
    },
    { path: 'model.floor', values: ['1e-6', '1e-9'], doc: 'what is added to the variances of the components' },
  ],
  parts: [
    {
      title: 'replace, 1000 records a fit, two components',
      experiment: {
        origin: { kind: 'mixture', components: [component(-2), component(2)] },
        model: { kind: 'gaussian-mixture', components: 2, tolerance: 1e-5, floor: 1e-6 },
        policy: 'replace',
        n: 1000,
        generations: 2050,
        replicates: 100,
      },
      quick: { replicates: 8 },
      findings: [
        {
          quantity: 'median sd of the narrower component',
          reading: median('fit_component_sd'),
          at: [0, 499, 999, 2050],
          published: {
            value: (_, at) => (at === 2050 ? 0.01 : Number.NaN),
            source: `${code}, as handed on: about 0.01, the floor`,
            rule: withinFactor(3),
          },
          remark:
            'a floor of 1e-6 is added in every fit and multiplied by what follows: an sd of 0.01 and more, not 0.001',
        },
        {
          quantity: 'mean variance of the whole, over the origin',
          reading: mean('variance_ratio'),
          at: [0, 99, 499],
          exact: {
            value: (settings, at) => {
              const { model } = settings
              if (model.kind !== 'gaussian-mixture' || model.covariance !== 'full') return Number.NaN
              const found = drift(settings, fixedKernel(Math.sqrt(model.floor * inverseVariance(settings))))
              return found?.variance[at] ?? Number.NaN
            },
            source: `${recursion}: an M step conserves mean and covariance and adds the floor`,
          },
        },
      ],
    },
  ],
}
