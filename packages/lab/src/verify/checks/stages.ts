// What stages do to moments and to classes, and models without statistical error.

import type { ExperimentInput } from '../../experiment.js'
import type { Check } from '../check.js'
import { policies } from './gaussian.js'

const moments = ['variance_ratio', 'mean_shift']
const mle = 'gaussian:estimator=mle'
const normal = { origin: 'gaussian:mean=3,sd=2', n: 15, initial: 20 } satisfies ExperimentInput
const classes = { origin: 'categorical:probabilities=0.5/0.3/0.15/0.05', n: 15, initial: 20, shares: 'all' }
const diversity = ['heterozygosity_ratio', 'share_3']
const poison = { share: 0.1, from: 2, record: 7 }
const filter = { truePositiveRate: 0.6, falsePositiveRate: 0.2 }

const sampling: Check[] = [
  { experiment: { ...normal, model: mle, sampling: { temperature: 1.2 } }, at: [1, 6], columns: moments, quick: true },
  { experiment: { ...normal, sampling: { spread: 0.8 }, policy: 'accumulate' }, at: [1, 6], columns: moments },
  { experiment: { ...normal, model: mle, sampling: { truncate: 1.5 } }, at: [1, 4], columns: moments, quick: true },
  {
    experiment: { ...normal, sampling: { temperature: 1.1, truncate: 2 }, policy: 'mix:real=0.2' },
    at: [1, 4],
    columns: moments,
  },
  {
    experiment: { origin: 'exponential', n: 20, sampling: { temperature: 1.2 } },
    at: [1, 5],
    columns: ['entropy', 'fit_mean'],
  },
]

const detectors: Check[] = [
  { experiment: { ...normal, model: mle, policy: 'replace', filter }, at: [1, 6], columns: moments, quick: true },
  { experiment: { ...normal, policy: 'accumulate', filter }, at: [1, 6], columns: moments },
  { experiment: { ...normal, policy: 'mix:real=0.3', filter }, at: [1, 6], columns: moments, quick: true },
  {
    experiment: { ...normal, model: mle, policy: 'mix:real=0.3,composition=bernoulli', filter },
    at: [1, 6],
    columns: moments,
  },
  {
    experiment: { ...normal, model: mle, policy: 'mix:real=0.3', filter: { ...filter, topUp: true } },
    at: [1, 6],
    columns: moments,
  },
  {
    experiment: {
      origin: 'categorical:probabilities=0.5/0.5',
      n: 100,
      policy: 'mix:real=0.1',
      filter: { truePositiveRate: 0.8, falsePositiveRate: 0.1 },
    },
    at: [1, 40],
    columns: ['heterozygosity_ratio'],
    quick: true,
  },
  {
    experiment: { ...normal, model: mle, n: 2, filter, onEmpty: 'keep' },
    at: [1, 3],
    columns: moments,
  },
]

/** What a verifier prefers. */
const curated: Check[] = ['highest', 'lowest'].flatMap((by): Check[] => [
  {
    experiment: { ...normal, model: by === 'highest' ? mle : 'gaussian', selection: { keep: 0.4, by } },
    at: [1, 3],
    columns: moments,
    quick: by === 'highest',
  },
  {
    experiment: { origin: 'exponential:mean=2', n: 15, selection: { keep: 0.5, by } },
    at: [1, 3],
    columns: ['fit_mean'],
  },
])

const poisoned: Check[] = policies.slice(0, 6).flatMap((policy, i): Check[] => [
  { experiment: { ...normal, policy, poison }, at: [2, 5], columns: moments, quick: i === 1 },
  {
    experiment: { ...classes, policy, poison: { share: 0.1, from: 1, record: '3' } },
    at: [1, 6],
    columns: [...diversity, 'poison_share'],
    quick: i === 0 || i === 5,
  },
])
const poisonedLaws: Check[] = [
  {
    experiment: { origin: 'exponential', n: 20, policy: 'accumulate', poison: { ...poison, record: 3 } },
    at: [1, 5],
    columns: moments,
  },
  { experiment: { origin: 'poisson:mean=3', n: 20, poison: { ...poison, until: 3 } }, at: [3, 5], columns: moments },
]

const weighted: Check[] = policies.slice(1, 7).flatMap((policy, i): Check[] => [
  {
    experiment: { ...normal, policy, weights: { real: 3, synthetic: 0.5 } },
    at: [1, 6],
    columns: moments,
    quick: i < 2,
  },
  { experiment: { ...classes, policy, weights: { real: 2, synthetic: 1 } }, at: [1, 6], columns: diversity },
])

/** Learners that stop short, from one start each time or from the last model. */
const learners: Check[] = ['fresh', 'warm'].flatMap((start): Check[] => [
  {
    experiment: { ...normal, model: `gaussian:estimator=mle,steps=3,rate=0.3,start=${start}` },
    at: [0, 1, 5],
    columns: moments,
    quick: start === 'warm',
  },
  { experiment: { ...normal, model: `gaussian:steps=2,rate=0.5,start=${start}` }, at: [1, 5], columns: moments },
  {
    experiment: { ...classes, model: `categorical:steps=3,rate=0.3,start=${start}` },
    at: [0, 1, 5],
    columns: diversity,
    quick: start === 'fresh',
  },
  {
    experiment: { origin: normal.origin, n: 'inf', model: `gaussian:steps=1,rate=0.5,start=${start}` },
    at: [0, 1, 10],
    columns: moments,
    quick: true,
  },
])

const endless = { n: 'inf' }
/** No chain differs from another there: measured and theory are equal. */
const population: Check[] = [
  ...policies.slice(0, 5).map((policy): Check => {
    const experiment = { origin: normal.origin, ...endless, policy, sampling: { temperature: 0.9 } }
    return { experiment, at: [1, 10], columns: moments, quick: true }
  }),
  {
    experiment: { origin: normal.origin, ...endless, sampling: { truncate: 1 } },
    at: [1, 5],
    columns: moments,
    quick: true,
  },
  ...policies.slice(0, 5).map((policy): Check => {
    const experiment = { origin: classes.origin, shares: 'all', ...endless, policy, sampling: { temperature: 1.1 } }
    return { experiment, at: [1, 10], columns: ['heterozygosity', 'entropy', 'share_3'] }
  }),
  ...[{ bias: [1, 1, 1, 2] }, { topK: 3 }, { topP: 0.9 }].map((changed): Check => {
    const experiment = { origin: classes.origin, shares: 'all', ...endless, sampling: changed, policy: 'mix:real=0.3' }
    return { experiment, at: [1, 5], columns: ['heterozygosity', 'share_3'] }
  }),
  {
    experiment: { origin: 'exponential:mean=2', ...endless, sampling: { temperature: 1.1 } },
    at: [1, 5],
    columns: ['fit_mean', 'entropy'],
  },
  { experiment: { origin: 'pareto:scale=2,shape=3', ...endless }, at: [1, 5], columns: ['fit_shape', 'entropy'] },
]

/** The list. */
export const stageChecks: readonly Check[] = [
  ...sampling,
  ...detectors,
  ...curated,
  ...poisoned,
  ...poisonedLaws,
  ...weighted,
  ...learners,
  ...population,
]
