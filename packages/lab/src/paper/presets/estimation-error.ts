// One fit: how far mean and standard deviation of a normal law are off, against the number of records.

import type { Preset } from '../preset.js'
import { mean, sd, square } from '../readings.js'
import { article, code } from '../sources.js'
import { moment } from './normal.js'

/** E|m| of a normal mean with variance 1/n. */
const absoluteError = (variance: number): number => Math.sqrt((2 * variance) / Math.PI)

export const estimationError: Preset = {
  name: 'estimation-error',
  title: 'one fit of a normal law: the error of mean and sd against the number of records',
  sources: { n: article, generations: article, 'model.estimator': code },
  switches: [
    {
      path: 'model.estimator',
      values: ['mle', 'unbiased'],
      doc: 'the biased sd of the code, or the unbiased variance',
    },
  ],
  parts: [
    {
      title: 'a normal law fitted once',
      experiment: {
        origin: 'gaussian',
        model: 'gaussian:estimator=mle',
        generations: 0,
        replicates: 20_000,
        sweep: { n: [10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000] },
      },
      quick: { replicates: 2000 },
      findings: [
        {
          quantity: 'mean |error| of the mean, in sd',
          reading: mean('mean_shift', Math.abs),
          exact: moment(({ meanVariance }) => absoluteError(meanVariance[0]!)),
          remark: 'sqrt(2 / (pi n)): a hundred times the records for a tenth of the error',
        },
        {
          quantity: 'root mean squared error of the sd',
          reading: { ...mean('variance_ratio', (ratio) => square(sd(ratio) - 1)), as: Math.sqrt },
          exact: moment(({ w2Squared, meanVariance }) => Math.sqrt(w2Squared[0]! - meanVariance[0]!)),
        },
      ],
    },
  ],
}
