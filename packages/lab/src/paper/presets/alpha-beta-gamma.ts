// Training sets of three parts: alpha from the last model, beta from the last training set, gamma of real data.

import type { Preset } from '../preset.js'
import { mean, square } from '../readings.js'
import { article, code } from '../sources.js'
import { drifted } from './normal.js'

export const alphaBetaGamma: Preset = {
  name: 'alpha-beta-gamma',
  title: 'training sets of alpha generated, beta kept and gamma real records: what stops the loss',
  sources: { model: article, 'model.estimator': code },
  switches: [
    {
      path: 'policy',
      values: ['mix:previous=0.5,real=0.1'],
      doc: 'beta is previous, gamma is real, alpha is the rest',
    },
    {
      path: 'model.estimator',
      values: ['mle', 'unbiased'],
      doc: 'the biased sd of the code, or the unbiased variance',
    },
  ],
  parts: [
    {
      title: 'a normal law, 100 records a fit',
      experiment: {
        origin: 'gaussian',
        model: 'gaussian:estimator=mle',
        n: 100,
        generations: 199,
        replicates: 8000,
        sweep: { policy: ['replace', 'mix:previous=0.5', 'mix:real=0.1', 'mix:previous=0.25,real=0.25'] },
      },
      quick: { replicates: 1000 },
      findings: [
        {
          quantity: 'mean variance, over the origin',
          reading: mean('variance_ratio'),
          at: [0, 19, 199],
          exact: drifted('variance'),
          remark: 'beta only slows the loss; gamma stops it',
        },
        {
          quantity: 'variance of the mean',
          reading: mean('mean_shift', square),
          at: [19, 199],
          exact: drifted('meanVariance'),
        },
      ],
    },
  ],
}
