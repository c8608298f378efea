// Normal models: every policy by both methods, the law of the variance, and what a learner or a size changes.

import type { ExperimentInput } from '../../experiment.js'
import type { Check } from '../check.js'
import { below, budget, sdRatio } from './quantities.js'

const origin = 'gaussian:mean=3,sd=2'
const base = { origin, n: 30, initial: 40 } satisfies ExperimentInput
const mle = 'gaussian:estimator=mle'
const moments = ['variance_ratio', 'mean_shift']
const logs = ['fit_log_variance']
const distances = ['w2', 'kl_forward', 'kl_reverse']
const made = ['n', 'real_share', 'synthetic_share', 'poison_share', 'mean_age']

/** Policies of whole batches. */
export const policies: readonly string[] = [
  'replace',
  'accumulate',
  'window:batches=2',
  'window:batches=1,keepReal=true',
  'mix:real=0.2',
  'mix:real=0.2,source=fixed',
  'mix:real=0.2,composition=bernoulli',
]
/** Policies that draw from sets. */
export const subsets: readonly string[] = [
  'accumulate-subsample',
  'accumulate-subsample:replacement=true',
  'mix:previous=0.4,real=0.2',
  'mix:previous=0.5,real=0.1,source=fixed',
  'mix:previous=0.3,real=0.2,composition=bernoulli',
]

const byPolicy: Check[] = [...policies, ...subsets].flatMap((policy, i): Check[] => [
  { experiment: { ...base, model: mle, policy }, at: [1, 8], columns: moments, more: [budget], quick: i % 3 !== 1 },
  { experiment: { ...base, policy }, at: [0, 1, 6], columns: moments, quick: i % 3 === 1 },
  { experiment: { ...base, policy }, at: [1, 6], columns: made, quick: i % 4 === 0, chains: 0.1 },
])
const byDraws: Check[] = policies.map((policy, i): Check => {
  return { experiment: { ...base, policy, method: 'draws' }, at: [0, 2, 6], columns: moments, quick: i % 3 === 0 }
})

/** Few records, where a common slip shows at once. */
const small: Check[] = [
  { experiment: { origin, model: mle, n: 10 }, at: [0, 4, 9], columns: ['variance_ratio'], quick: true },
  { experiment: { origin, model: mle, n: 10, policy: 'accumulate' }, at: [1, 19], columns: moments, quick: true },
  { experiment: { origin, n: 10, policy: 'accumulate' }, at: [1, 19], columns: moments },
  { experiment: { origin, n: 10, policy: 'accumulate-subsample' }, at: [1, 11], columns: moments, quick: true },
  {
    experiment: { origin, model: mle, n: 20, policy: 'mix:real=0.1,source=fixed' },
    at: [1, 5, 30],
    columns: moments,
    quick: true,
  },
  { experiment: { origin, model: mle, n: 20, policy: 'mix:real=0.1' }, at: [1, 60], columns: moments },
]

const laws: Check[] = [
  {
    experiment: { ...base },
    at: [0, 2, 6],
    columns: [...logs, ...distances, 'tail_p05', 'tail_p01'],
    more: [sdRatio],
    quick: true,
  },
  { experiment: { ...base, model: mle }, at: [0, 6], columns: [...logs, ...distances], more: [sdRatio] },
  // Beyond n/2 generations no mean of the variance can be seen: logarithms, shares and medians can.
  {
    experiment: { origin, n: 10 },
    at: [0, 19, 40],
    columns: [...logs, 'late_state'],
    more: [below(0.5), below(0.10403941064969677)],
    quick: true,
  },
  {
    experiment: { origin, model: mle, n: 10, method: 'draws' },
    at: [4, 21],
    columns: [...logs, 'late_state'],
    more: [below(0.5), below(0.34576506938053164)],
    quick: true,
  },
  { experiment: { origin, n: 10 }, at: [199], columns: logs },
  { experiment: { origin, n: 100 }, at: [0, 49], columns: logs, more: [below(0.5), below(0.6045021115206028)] },
  { experiment: { origin, model: mle, n: 1000 }, at: [345, 346], more: [below(0.5)], columns: logs, chains: 0.3 },
  { experiment: { origin: 'gaussian:mean=1e8,sd=1', n: 30 }, at: [0, 6], columns: [...moments, ...logs] },
]

const sizes: Check[] = [
  {
    experiment: { origin, n: { start: 20, power: 1.5 } },
    at: [0, 3, 9],
    columns: [...moments, ...logs, 'w2'],
    quick: true,
  },
  { experiment: { origin, n: { start: 20, power: 2 } }, at: [99], columns: ['mean_shift', ...logs, 'w2'], chains: 0.3 },
  {
    experiment: { origin, model: mle, n: { start: 20, factor: 1.3 }, policy: 'accumulate' },
    at: [1, 6],
    columns: moments,
  },
  { experiment: { origin, model: mle, n: { list: [30, 20, 10] } }, at: [1, 2, 4], columns: [...moments, 'n'] },
  { experiment: { origin, n: { start: 20, power: 1 }, policy: 'accumulate-subsample' }, at: [1, 6], columns: moments },
  {
    experiment: { origin, n: { start: 20, power: 1 }, policy: 'mix:previous=0.4,real=0.2' },
    at: [1, 6],
    columns: moments,
  },
  { experiment: { origin, n: 20_000, method: 'draws' }, at: [0, 2], columns: [...moments, ...logs], chains: 0.05 },
]

/** The list. */
export const gaussianChecks: readonly Check[] = [...byPolicy, ...byDraws, ...small, ...laws, ...sizes]
