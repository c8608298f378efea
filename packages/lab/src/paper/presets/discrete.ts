// Discrete laws: what is not drawn is gone, and in the end one class is left.

import { type CellSettings, classCounts, classesAlive, fitSizes, fixationTime, monomorphic } from '@genloss/models'
import type { Part, Preset } from '../preset.js'
import { mean, share } from '../readings.js'
import { article, counts } from '../sources.js'

function probabilities({ origin, policy }: CellSettings): readonly number[] {
  return origin.kind === 'categorical' && policy.kind === 'replace' ? origin.probabilities : []
}

/** Closed forms of the chain of counts, for classes that are resampled under `replace`. */
function form(value: (classes: readonly number[], settings: CellSettings, at: number) => number | undefined) {
  return (settings: CellSettings, at: number): number => {
    const classes = probabilities(settings)
    return (classes.length > 0 ? value(classes, settings, at) : undefined) ?? Number.NaN
  }
}

const misses = [10, 100, 1000].map((n): Part => {
  return {
    title: `an event of probability 1/${n} and ${n} records`,
    experiment: {
      origin: { kind: 'categorical', probabilities: [1 / n, 1 - 1 / n] },
      model: 'categorical',
      policy: 'replace',
      n,
      generations: 0,
      replicates: 40_000,
      shares: 'all',
    },
    quick: { replicates: 8000 },
    findings: [
      {
        quantity: 'share of training sets without the event',
        reading: share(['share_0'], (p) => p === 0),
        exact: {
          value: form(([p], { n: size }) => (typeof size === 'number' ? Math.exp(size * Math.log1p(-p!)) : undefined)),
          source: '(1 - p)^n, which tends to 1/e for p = 1/n',
        },
      },
    ],
  }
})

export const discrete: Preset = {
  name: 'discrete',
  title: 'discrete laws: rare events are missed, then classes die, and one is left for good',
  sources: { model: article, policy: article },
  parts: [
    ...misses,
    {
      title: 'two classes, 10 records: absorption',
      experiment: {
        origin: 'categorical:probabilities=0.3/0.7',
        model: 'categorical',
        policy: 'replace',
        n: 10,
        generations: 199,
        replicates: 40_000,
        shares: 'all',
      },
      quick: { replicates: 8000 },
      findings: [
        {
          quantity: 'share of chains with one class left',
          reading: share(['classes_alive'], (alive) => alive === 1),
          at: [9, 49, 199],
          exact: {
            value: form((classes, settings, at) => monomorphic(classes, { ...settings, generations: at })?.[at]),
            source: counts,
          },
          remark: 'a law on one class is the only one that stays as it is',
        },
        {
          quantity: 'share of chains with only the rarer class left',
          reading: share(['share_0'], (p) => p === 1),
          exact: {
            value: form(([p], settings, at) => classCounts(p!, settings)?.[at]?.at(-1)),
            source: `${counts}; its limit is the probability of the class`,
          },
        },
        {
          quantity: 'mean number of fits until one class is left',
          reading: { until: { column: 'classes_alive', atMost: 1 } },
          exact: {
            value: form((classes, { n }) =>
              classes.length === 2 && typeof n === 'number' && n <= 200 ? fixationTime(n, classes[0]!) : undefined,
            ),
            source: 'absorption time of the chain of counts (fixationTime)',
          },
        },
      ],
    },
    {
      title: 'five classes, 100 records: the rare ones go first',
      experiment: {
        origin: 'categorical:probabilities=0.5/0.3/0.15/0.04/0.01',
        model: 'categorical',
        policy: 'replace',
        n: 100,
        generations: 499,
        replicates: 20_000,
      },
      quick: { replicates: 4000 },
      findings: [
        {
          quantity: 'mean number of classes alive',
          reading: mean('classes_alive'),
          at: [0, 9, 99, 499],
          exact: {
            value: form((classes, settings, at) => classesAlive(classes, { ...settings, generations: at })?.[at]),
            source: counts,
          },
        },
        {
          quantity: 'mean heterozygosity, over the origin',
          reading: mean('heterozygosity_ratio'),
          at: [0, 9, 99, 499],
          exact: {
            value: form((_, settings, at) =>
              fitSizes(settings)
                .slice(0, at + 1)
                .reduce((product, n) => product * (1 - 1 / n), 1),
            ),
            source: '(1 - 1/n) a fit',
          },
        },
      ],
    },
  ],
}
