// Exponential, Poisson and Pareto models.

import type { Check } from '../check.js'
import { policies, subsets } from './gaussian.js'

const moments = ['variance_ratio', 'mean_shift']

const byPolicy: Check[] = [...policies, ...subsets].flatMap((policy, i): Check[] => [
  {
    experiment: { origin: 'exponential:mean=2', n: 30, initial: 40, policy },
    at: [1, 6],
    columns: moments,
    quick: i < 2,
  },
  {
    experiment: { origin: 'poisson:mean=3', n: 15, initial: 20, policy },
    at: [1, 6],
    columns: moments,
    quick: i % 3 === 0,
  },
])

const chains: Check[] = [
  {
    experiment: { origin: 'exponential:mean=2', n: 40 },
    at: [0, 6],
    columns: ['entropy', 'fit_rate', 'fit_mean'],
    quick: true,
  },
  { experiment: { origin: 'exponential:mean=2', n: 10, method: 'draws' }, at: [9, 40], columns: ['entropy'] },
  {
    experiment: { origin: 'exponential', model: 'exponential:estimator=unbiased-rate', n: 10 },
    at: [0, 9, 49],
    columns: ['entropy'],
    quick: true,
  },
  { experiment: { origin: 'exponential', n: { start: 10, power: 1 } }, at: [6], columns: ['entropy', ...moments] },
  {
    experiment: { origin: 'poisson:mean=0.5', n: 10 },
    at: [4, 19, 60],
    columns: ['late_state', 'mean_shift'],
    quick: true,
  },
  {
    experiment: { origin: 'poisson:mean=0.5', n: 10, method: 'draws' },
    at: [4, 19],
    columns: ['late_state', 'mean_shift'],
  },
  { experiment: { origin: 'poisson:mean=0.5', n: { list: [10, 20, 5] } }, at: [1, 2, 6], columns: ['late_state'] },
  ...['exact', 'draws'].map((method): Check => {
    const columns = ['fit_log_scale', 'entropy', 'fit_shape']
    return {
      experiment: { origin: 'pareto:scale=2,shape=3', n: 40, method },
      at: [0, 5],
      columns,
      quick: method === 'exact',
    }
  }),
  {
    experiment: { origin: 'pareto:scale=2,shape=3', model: 'pareto:scale=2', n: 40 },
    at: [0, 5],
    columns: ['entropy', 'fit_shape', 'fit_log_scale'],
    quick: true,
  },
  {
    experiment: { origin: 'pareto:scale=2,shape=3', n: 10 },
    at: [19],
    columns: ['fit_log_scale', 'entropy'],
  },
]

/** The list. */
export const oneParameterChecks: readonly Check[] = [...byPolicy, ...chains]
