// Kernel density estimates, histograms and mixtures, and normal models of records that are not normal.

import type { Check } from '../check.js'
import { policies, subsets } from './gaussian.js'

const moments = ['variance_ratio', 'mean_shift']
const mixture = {
  kind: 'mixture',
  components: [
    { kind: 'gaussian', mean: -4, sd: 0.5, weight: 0.25 },
    { kind: 'gaussian', mean: 1, sd: 2, weight: 0.75 },
  ],
}
const exponential = 'exponential:mean=2'
const twenty = { n: 20, initial: 30 }

const byPolicy: Check[] = [...policies, ...subsets].flatMap((policy, i): Check[] => [
  {
    experiment: { ...twenty, origin: i % 2 ? mixture : exponential, model: 'gaussian:estimator=mle', policy },
    at: [1, 6],
    columns: moments,
    quick: i % 6 === 1,
    chains: 0.5,
  },
  {
    experiment: { ...twenty, origin: 'gaussian:mean=3,sd=2', model: 'kde:bandwidth=0.6', policy },
    at: [1, 6],
    columns: moments,
    quick: i % 6 === 2,
    chains: 0.5,
  },
  {
    experiment: { ...twenty, origin: i % 2 ? exponential : mixture, model: 'kde:bandwidth=silverman', policy },
    at: [1, 4],
    columns: moments,
    chains: 0.3,
  },
  {
    experiment: { ...twenty, origin: mixture, model: 'histogram:width=0.7', policy },
    at: [1, 6],
    columns: moments,
    quick: i % 6 === 3,
    chains: 0.5,
  },
  {
    experiment: { ...twenty, origin: exponential, model: 'histogram:bins=8', policy, method: 'draws' },
    at: [1, 6],
    columns: moments,
    chains: 0.5,
  },
  {
    experiment: { ...twenty, origin: mixture, model: 'gaussian-mixture:floor=0.2', policy },
    at: [1, 4],
    columns: moments,
    quick: i === 4,
    chains: 0.03,
  },
])

const chains: Check[] = [
  // A fixed kernel saturates, a rule explodes.
  { experiment: { origin: 'gaussian', model: 'kde:bandwidth=0.3', n: 20 }, at: [0, 49], columns: moments, quick: true },
  { experiment: { origin: 'gaussian', model: 'kde', n: 100 }, at: [0, 9], columns: moments, chains: 0.3 },
  {
    experiment: { origin: 'multivariate-gaussian:dimensions=3', model: 'kde', n: 40 },
    at: [0, 3],
    columns: ['variance_ratio'],
    chains: 0.2,
  },
  ...['inf', { start: 15, power: 1 }].map((n): Check => {
    return {
      experiment: { origin: mixture, model: 'kde:bandwidth=0.4', n },
      at: [1, 5],
      columns: moments,
      quick: n === 'inf',
    }
  }),
  // Bins are drawn again, what is within them is not.
  {
    experiment: { origin: 'gaussian', model: 'histogram:width=1', n: 20 },
    at: [0, 9, 39],
    columns: moments,
    quick: true,
  },
  ...['inf', { start: 15, power: 1 }].map((n): Check => {
    return { experiment: { origin: exponential, model: 'histogram:width=0.5', n }, at: [1, 5], columns: moments }
  }),
  { experiment: { origin: mixture, model: 'gaussian-mixture', n: 'inf' }, at: [1, 5], columns: moments, quick: true },
  { experiment: { origin: mixture, n: 'inf' }, at: [0, 5], columns: moments, quick: true },
  {
    experiment: { origin: exponential, model: 'gaussian:steps=3,rate=0.3,start=warm', n: 15 },
    at: [1, 6],
    columns: moments,
  },
]

const stages: Check[] = ['gaussian', 'kde:bandwidth=0.5', 'histogram:width=0.7'].flatMap((model): Check[] => {
  const base = { ...twenty, origin: mixture, model }
  const mix = 'mix:real=0.3'
  return [
    {
      experiment: { ...base, policy: 'accumulate', weights: { real: 3, synthetic: 0.5 } },
      at: [1, 5],
      columns: moments,
      chains: 0.5,
    },
    { experiment: { ...base, poison: { share: 0.1, record: 7 } }, at: [1, 5], columns: moments, chains: 0.5 },
    {
      experiment: { ...base, policy: mix, filter: { truePositiveRate: 0.6, falsePositiveRate: 0.1, topUp: true } },
      at: [1, 5],
      columns: moments,
      chains: 0.5,
    },
    ...(model.startsWith('histogram')
      ? []
      : [
          {
            experiment: { ...base, policy: mix, sampling: { spread: 0.7 } },
            at: [1, 5],
            columns: moments,
            chains: 0.5,
          },
        ]),
  ]
})

/** The list. */
export const densityChecks: readonly Check[] = [...byPolicy, ...chains, ...stages]
