// Multivariate normal models.

import type { Check } from '../check.js'
import { policies } from './gaussian.js'

const standard = 'multivariate-gaussian:dimensions=3'
const correlated = {
  kind: 'multivariate-gaussian',
  dimensions: 3,
  mean: [1, -2, 0.5],
  covariance: [
    [4, 1, 0],
    [1, 2, -0.5],
    [0, -0.5, 1],
  ],
}
const moments = ['variance_ratio', 'mean_shift']
const volumes = ['fit_log_det', 'partial_variance']
const distances = ['kl_forward', 'kl_reverse', 'entropy']
const mle = 'multivariate-gaussian:estimator=mle'
const diagonal = 'multivariate-gaussian:covariance=diagonal'

const byPolicy: Check[] = policies.flatMap((policy, i): Check[] => [
  {
    experiment: { origin: correlated, model: mle, n: 30, initial: 40, policy },
    at: [1, 6],
    columns: moments,
    quick: i === 1,
  },
  {
    experiment: { origin: standard, model: diagonal, n: 20, initial: 30, policy },
    at: [1, 5],
    columns: moments,
    chains: 0.5,
  },
])

const laws: Check[] = [
  {
    experiment: { origin: correlated, n: 30 },
    at: [0, 5],
    columns: [...moments, ...volumes, ...distances],
    quick: true,
  },
  {
    experiment: { origin: correlated, n: 30, method: 'draws' },
    at: [0, 5],
    columns: [...volumes, ...distances],
    chains: 0.5,
  },
  {
    experiment: { origin: 'multivariate-gaussian:dimensions=5', model: mle, n: 50 },
    at: [0, 4, 19],
    columns: [...volumes, 'kl_reverse'],
    chains: 0.5,
  },
  {
    experiment: { origin: standard, model: diagonal, n: 30 },
    at: [0, 5],
    columns: [...moments, ...volumes, ...distances],
  },
  // Fewer records than dimensions: no volume, and a support that stays as small as it once was.
  {
    experiment: { origin: 'multivariate-gaussian:dimensions=6', n: { list: [10, 4, 8] } },
    at: [0, 1, 3],
    columns: ['support_dimension', 'variance_ratio'],
    chains: 0.2,
  },
  { experiment: { origin: correlated, n: 20, sampling: { temperature: 1.2 } }, at: [1, 4], columns: moments },
  {
    experiment: { origin: correlated, n: 20, policy: 'mix:real=0.3', weights: { real: 2 } },
    at: [1, 4],
    columns: moments,
  },
  {
    experiment: { origin: correlated, n: 'inf', sampling: { spread: 0.8 }, policy: 'accumulate' },
    at: [1, 5],
    columns: moments,
  },
]

/** The list. */
export const multivariateChecks: readonly Check[] = [...byPolicy, ...laws]
