// Classes and resampled records.

import type { Check } from '../check.js'
import { policies, subsets } from './gaussian.js'
import { budget, lost, third } from './quantities.js'

const origin = 'categorical:probabilities=0.5/0.3/0.15/0.05'
const base = { origin, n: 30, initial: 40, shares: 'all' }
const diversity = ['heterozygosity_ratio', 'share_0', 'share_3']

const byPolicy: Check[] = [...policies, ...subsets].map((policy, i): Check => {
  return { experiment: { ...base, policy }, at: [0, 1, 8], columns: diversity, quick: i % 3 === 0 }
})
const byDraws: Check[] = [...policies, ...subsets].map((policy, i): Check => {
  return { experiment: { ...base, policy, method: 'draws' }, at: [1, 6], columns: diversity, quick: i % 4 === 1 }
})

const extinction: Check[] = [
  ...['accumulate', 'window:batches=1,keepReal=true'].map((policy): Check => {
    return { experiment: { ...base, policy }, at: [1, 8], columns: ['classes_alive', 'missing_mass'] }
  }),
  {
    experiment: { ...base },
    at: [0, 2, 9],
    columns: ['classes_alive', 'missing_mass'],
    more: [lost(3)],
    quick: true,
  },
  {
    experiment: { origin: 'categorical:probabilities=0.3/0.7', n: 10, shares: 'all' },
    at: [1, 9, 30],
    columns: ['heterozygosity_ratio', 'late_state'],
    more: [third, lost(0)],
    quick: true,
  },
  { experiment: { origin, n: { start: 10, power: 1 } }, at: [1, 6], columns: ['classes_alive', 'missing_mass'] },
  {
    experiment: { origin: { kind: 'categorical', probabilities: new Array(100).fill(0.01) }, n: 100 },
    at: [0, 4, 19],
    columns: ['classes_alive', 'heterozygosity_ratio'],
    chains: 0.3,
  },
]

/** Records that are drawn again and again, as numbers and as classes. */
const bootstrap: Check[] = [
  {
    experiment: { origin: 'gaussian', model: 'empirical', n: 20 },
    at: [0, 1, 5, 20],
    columns: ['distinct_alive', 'variance_ratio', 'mean_shift'],
    more: [budget],
    quick: true,
    chains: 0.5,
  },
  ...[...policies, ...subsets].slice(1).map((policy): Check => {
    const experiment = { origin: 'gaussian:mean=3,sd=2', model: 'empirical', n: 15, initial: 20, policy }
    return { experiment, at: [1, 6], columns: ['variance_ratio', 'mean_shift'], more: [budget], chains: 0.5 }
  }),
  { experiment: { origin, n: 40, model: 'empirical' }, at: [1, 6], columns: ['heterozygosity_ratio'] },
]

/** The list. */
export const classChecks: readonly Check[] = [...byPolicy, ...byDraws, ...extinction, ...bootstrap]
