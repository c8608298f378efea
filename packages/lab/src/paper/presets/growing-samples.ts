// Samples that grow with the generations: the distance stays bounded where they grow faster than linearly.

import type { Preset } from '../preset.js'
import { mean, square } from '../readings.js'
import { article } from '../sources.js'
import { moment } from './normal.js'

export const growingSamples: Preset = {
  name: 'growing-samples',
  title: 'samples of 20 (1 + g)^p records: the distance stays bounded for p > 1 only',
  sources: { origin: article, model: article, policy: article, 'model.estimator': `${article}, theorem 3.1` },
  parts: [
    {
      title: 'replace, the unbiased variance, growing samples',
      experiment: {
        origin: 'gaussian',
        model: 'gaussian:estimator=unbiased',
        policy: 'replace',
        generations: 999,
        replicates: 8000,
        sweep: { n: ['start:20/power:1', 'start:20/power:1.5', 'start:20/power:2'] },
      },
      quick: { replicates: 2000 },
      findings: [
        {
          quantity: 'variance of the mean',
          reading: mean('mean_shift', square),
          at: [9, 99, 999],
          exact: moment(({ meanVariance }, at) => meanVariance[at]!),
          remark: 'the sum of 1 / n_g; its limit is zeta(p) / 20 for p > 1, and there is none for p = 1',
        },
        {
          quantity: 'E of W2^2 to the origin',
          reading: mean('w2', square),
          at: [9, 99, 999],
          exact: moment(({ w2Squared }, at) => w2Squared[at]!),
        },
      ],
    },
  ],
}
