// Linear regression.

import type { Check } from '../check.js'

const origin = 'linear-regression:dimensions=5,noise=2'
const small = 'linear-regression:dimensions=2'
const fitted = 'linear-regression:noise=fitted'
const same = 'linear-regression:features=same'
const risks = ['excess_risk', 'mean_shift']
const noises = ['variance_ratio', 'fit_log_variance', 'entropy', 'kl_forward', 'kl_reverse']

/** The list. */
export const regressionChecks: readonly Check[] = [
  { experiment: { origin, n: 20 }, at: [0, 1, 9], columns: [...risks, 'kl_forward'], quick: true },
  { experiment: { origin, n: 20, method: 'draws' }, at: [0, 9], columns: risks, chains: 0.5 },
  { experiment: { origin, model: fitted, n: 24 }, at: [0, 1, 6], columns: ['excess_risk', ...noises], quick: true },
  { experiment: { origin, model: fitted, n: 24, method: 'draws' }, at: [0, 6], columns: noises, chains: 0.5 },
  {
    experiment: { origin, model: 'linear-regression:features=same,noise=fitted', n: 24 },
    at: [1, 6],
    columns: ['excess_risk', 'fit_log_variance'],
  },
  { experiment: { origin: small, n: { start: 10, factor: 1.2 } }, at: [0, 5], columns: risks },
  { experiment: { origin, n: 20, policy: 'accumulate' }, at: [1, 4, 20], columns: risks, quick: true },
  { experiment: { origin: small, n: 8, initial: 20, policy: 'accumulate' }, at: [1, 6], columns: risks },
  { experiment: { origin, model: same, n: 20, policy: 'accumulate' }, at: [1, 4, 20], columns: risks },
  {
    experiment: { origin, model: same, n: 20, policy: 'accumulate', method: 'draws' },
    at: [4],
    columns: risks,
    chains: 0.5,
  },
  { experiment: { origin, n: 20, policy: 'mix:real=0.2' }, at: [1, 4, 20], columns: risks, quick: true },
  { experiment: { origin: small, n: 10, policy: 'mix:real=0.5,composition=bernoulli' }, at: [1, 5], columns: risks },
  { experiment: { origin, n: 'inf', policy: 'mix:real=0.2' }, at: [4], columns: risks },
]
