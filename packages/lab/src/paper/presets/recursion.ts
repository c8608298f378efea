// The recursion in one dimension: each generation a normal law, fitted to records of the last one, or of all so far.

import type { Finding, Preset } from '../preset.js'
import { mean, median, sd, share, square } from '../readings.js'
import { toDigits } from '../rules.js'
import { article, code } from '../sources.js'
import { atSize, drifted, medianSd, moment, shareBelow } from './normal.js'

const sources = {
  origin: article,
  model: article,
  policy: article,
  n: article,
  generations: article,
  'model.estimator': code,
}
const switches = [
  {
    path: 'model.estimator',
    values: ['mle', 'unbiased'],
    doc: 'the biased sd of the code, or the unbiased variance of the theorem',
  },
]
/** A thousand fits: generation 0 is the first. */
const experiment = {
  origin: 'gaussian',
  model: 'gaussian:estimator=mle',
  generations: 999,
  sweep: { n: [100, 500, 1000, 10_000] },
}

const meanLog: Finding = {
  quantity: 'mean of ln sd',
  reading: mean('variance_ratio', (ratio) => Math.log(ratio) / 2),
  exact: moment(({ logVariance }, at) => logVariance[at]! / 2),
}

export const recursionReplace: Preset = {
  name: 'recursion-replace',
  title: 'a normal law refitted to its own output, 1000 times: the sd goes to 0',
  sources,
  switches,
  parts: [
    {
      title: 'replace: each fit sees only what the last model made',
      experiment: { ...experiment, policy: 'replace', replicates: 20_000 },
      quick: { replicates: 2000 },
      findings: [
        {
          quantity: 'median sd, in sd of the origin',
          reading: median('variance_ratio', sd),
          exact: medianSd,
          published: {
            value: atSize({ 100: 4.1e-5, 500: 0.135, 1000: 0.368 }),
            source: `${code}, as handed on: about 4.1e-5, 0.135 and 0.368 with its biased sd`,
            rule: toDigits(2),
          },
        },
        meanLog,
        {
          quantity: 'share of chains with 1 % of the variance or less',
          reading: share(['variance_ratio'], (ratio) => ratio <= 0.01),
          exact: shareBelow(0.01),
        },
      ],
    },
  ],
}

export const recursionAccumulate: Preset = {
  name: 'recursion-accumulate',
  title: 'the same where every fit sees all that was ever made: the variance stays',
  sources,
  switches,
  parts: [
    {
      title: 'accumulate: each fit sees the real records and all that models made',
      experiment: { ...experiment, policy: 'accumulate', replicates: 20_000 },
      quick: { replicates: 2000 },
      findings: [
        {
          quantity: 'mean variance, over the origin',
          reading: mean('variance_ratio'),
          exact: drifted('variance'),
          remark: 'with the biased sd it tends to sin(pi / sqrt n) / (pi / sqrt n)',
        },
        { quantity: 'variance of the mean', reading: mean('mean_shift', square), exact: drifted('meanVariance') },
        { quantity: 'median sd, in sd of the origin', reading: median('variance_ratio', sd) },
      ],
    },
  ],
}
