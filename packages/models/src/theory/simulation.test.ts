import { describe, expect, it } from 'vitest'
import { accumulate, mix, mixShares, type Policy, replace, window } from '../index.js'
import { type Drift, drift } from './drift.js'
import { mle, quadratic, unbiased } from './fit.js'
import { fixedKernel } from './kernel-density.js'
import { type StoppedLearner, shortDrift } from './learner.js'
import { normalFactor } from './sampling.js'
import type { TheorySetting } from './setting.js'

// Recursions against chains of records, written as plainly as can be: what the docstrings say, with no formula of moments.

/** A small generator: splitmix-like steps of 32 bits, and Box-Muller. */
class Dice {
  #state = 1
  #spare: number | undefined

  uniform(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0
    let z = Math.imul(this.#state ^ (this.#state >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32
  }

  normal(): number {
    const spare = this.#spare
    this.#spare = undefined
    if (spare !== undefined) return spare
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()))
    const angle = 2 * Math.PI * this.uniform()
    this.#spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }

  /** k of the records, without replacement. */
  some<T>(records: readonly T[], k: number): T[] {
    const left = records.slice()
    for (let i = 0; i < k; i++) {
      const j = i + Math.floor(this.uniform() * (left.length - i))
      const taken = left[j]!
      left[j] = left[i]!
      left[i] = taken
    }
    return left.slice(0, k)
  }
}

interface Record {
  value: number
  real: boolean
}
interface Learner {
  /** Draws n values from a model of mean and variance (of the records' weighted moments and their total weight). */
  variance(within: number, total: number, mean: number): number
  draw(mean: number, variance: number, dice: Dice): number
}

const normal = (dice: Dice, mean: number, variance: number) => mean + Math.sqrt(variance) * dice.normal()
const learners = {
  mle: { variance: (within: number) => within, draw: (mean, variance, dice) => normal(dice, mean, variance) },
  unbiased: {
    variance: (within: number, total: number) => (within * total) / (total - 1),
    draw: (mean, variance, dice) => normal(dice, mean, variance),
  },
  kernel: {
    variance: (within: number) => within + 0.25,
    draw: (mean, variance, dice) => normal(dice, mean, variance),
  },
  // Exponential of mean m + 1, in units of an origin of mean 1 and sd 1.
  exponential: {
    variance: (_: number, __: number, mean: number) => (mean + 1) ** 2,
    draw: (mean, _, dice) => -(mean + 1) * Math.log(1 - dice.uniform()) - 1,
  },
} satisfies { [name: string]: Learner }
const fits = { mle: { ...mle, factor: normalFactor }, unbiased, kernel: fixedKernel(0.5), exponential: quadratic(1, 2) }

/** The mean and variance of the model of each generation of one chain; undefined from where it stops. */
function chain(
  setting: TheorySetting,
  learner: Learner,
  poison: number,
  dice: Dice,
): ({ m: number; v: number } | undefined)[] {
  const { policy, generations, onEmpty, ...stages } = setting
  const n = setting.n as number
  const weights = stages.weights ?? { real: 1, synthetic: 1 }
  const factor = stages.sampling ? normalFactor(stages.sampling)! : 1
  const learn = (set: Record[]) => {
    let [total, sum, squares] = [0, 0, 0]
    for (const { value, real } of set) {
      const weight = real ? weights.real : weights.synthetic
      total += weight
      sum += weight * value
      squares += weight * value * value
    }
    const m = sum / total
    return { m, v: learner.variance(Math.max(0, squares / total - m * m), total, m) }
  }
  const origin = (k: number): Record[] =>
    Array.from({ length: k }, () => ({ value: learner.draw(0, 1, dice), real: true }))
  const passes = ({ real }: Record) =>
    !stages.filter || dice.uniform() >= (real ? stages.filter.falsePositiveRate : stages.filter.truePositiveRate)
  const first = origin(setting.initial as number)
  let set = first
  let everything = first
  const batches = [first]
  const models: ({ m: number; v: number } | undefined)[] = [learn(set)]
  for (let g = 1; g <= generations; g++) {
    const model = models[g - 1]
    if (!model) {
      models.push(undefined)
      continue
    }
    const made = (k: number): Record[] =>
      Array.from({ length: k }, () => ({ value: learner.draw(model.m, factor * model.v, dice), real: false }))
    const toxic = stages.poison && g >= stages.poison.from ? Math.round(stages.poison.share * n) : 0
    const batch = (k: number): Record[] => {
      let records = made(k - toxic)
      if (stages.filter && !stages.filter.topUp) records = records.filter(passes)
      return [...records, ...new Array<Record>(toxic).fill({ value: poison, real: false })]
    }
    if (policy.kind === 'replace') set = batch(n)
    else if (policy.kind === 'accumulate') set = [...set, ...batch(n)]
    else if (policy.kind === 'window') {
      batches.push(batch(n))
      const last = batches.slice(-policy.batches)
      set = (policy.keepReal && last[0] !== first ? [first, ...last] : last).flat()
    } else if (policy.kind === 'accumulate-subsample') {
      everything = [...everything, ...batch(n)]
      const again = () => everything[Math.floor(dice.uniform() * everything.length)]!
      set = policy.replacement ? Array.from({ length: n }, again) : dice.some(everything, n)
    } else {
      set = mixed(policy, n, {
        set,
        first,
        toxic,
        poison,
        made,
        origin,
        passes,
        topUp: stages.filter?.topUp ?? false,
        dice,
      })
    }
    if (set.length > 0) models.push(learn(set))
    else models.push(onEmpty === 'keep' ? model : undefined)
  }
  return models
}

function mixed(
  policy: Extract<Policy, { kind: 'mix' }>,
  n: number,
  {
    set,
    first,
    toxic,
    poison,
    made,
    origin,
    passes,
    topUp,
    dice,
  }: {
    set: Record[]
    first: Record[]
    toxic: number
    poison: number
    made: (k: number) => Record[]
    origin: (k: number) => Record[]
    passes: (record: Record) => boolean
    topUp: boolean
    dice: Dice
  },
): Record[] {
  const { synthetic, previous } = mixShares(policy)
  const one = () => {
    const u = dice.uniform()
    return u < synthetic ? 0 : u < synthetic + previous ? 1 : 2
  }
  if (topUp) {
    const records: Record[] = []
    while (records.length < n) records.push(...(one() === 0 ? made(1) : origin(1)).filter(passes))
    return records
  }
  let counts = [Math.round(synthetic * n), Math.round(previous * n)]
  if (policy.composition === 'bernoulli') {
    const drawn = Array.from({ length: n }, one)
    counts = [drawn.filter((kind) => kind === 0).length, drawn.filter((kind) => kind === 1).length]
  }
  const [s, p] = counts as [number, number]
  const real =
    policy.source === 'fixed'
      ? Array.from({ length: n - s - p }, (_, i) => first[i % first.length]!)
      : origin(n - s - p)
  const toxics = new Array<Record>(toxic).fill({ value: poison, real: false })
  return [...[...made(s - toxic), ...real].filter(passes), ...dice.some(set, p), ...toxics]
}

/** Mean and variance of a learner that stops short, of each generation of one chain of sets of n. */
function shortChain({ left, warm, start, unbiased }: StoppedLearner, n: number, generations: number, dice: Dice) {
  let model = { m: 0, v: 1 }
  return Array.from({ length: generations + 1 }, (_, g) => {
    const values = Array.from({ length: n }, () => normal(dice, model.m, model.v))
    const [m, square] = [0, 1].map((power) => values.reduce((sum, x) => sum + x * x ** power, 0) / n) as [
      number,
      number,
    ]
    const target = { m, v: (square - m * m) * (unbiased ? n / (n - 1) : 1) }
    const from = warm && g > 0 ? model : { m: start.mean, v: start.variance }
    // Steps in E x and E x^2.
    const mean = target.m + left * (from.m - target.m)
    const second = target.v + target.m ** 2 + left * (from.v + from.m ** 2 - target.v - target.m ** 2)
    model = { m: mean, v: second - mean * mean }
    return model
  })
}

const subsample = { kind: 'accumulate-subsample', replacement: false } as const
const poison = { share: 0.2, from: 2, record: 2 }
const filter = { truePositiveRate: 0.6, falsePositiveRate: 0.2, topUp: false }
const before = (
  settings: object,
  composition: 'stratified' | 'bernoulli' = 'stratified',
  source: 'fresh' | 'fixed' = 'fresh',
) => ({ kind: 'mix', source, composition, recycle: false, ...settings }) as const
const weights = { real: 3, synthetic: 0.5 }

const cases: [string, keyof typeof learners, Omit<TheorySetting, 'initial' | 'n' | 'generations'>][] = [
  ['subsample', 'unbiased', { policy: subsample }],
  ['subsample with replacement', 'mle', { policy: { ...subsample, replacement: true } }],
  ['subsample, exponential', 'exponential', { policy: subsample }],
  ['subsample, poison', 'mle', { policy: subsample, poison }],
  ['previous', 'unbiased', { policy: before({ synthetic: 0.6, previous: 0.4 }) }],
  ['previous and real', 'mle', { policy: before({ previous: 0.4, real: 0.2 }) }],
  ['previous and fixed real', 'unbiased', { policy: before({ previous: 0.4, real: 0.2 }, 'stratified', 'fixed') }],
  ['previous by chance', 'mle', { policy: before({ previous: 0.4, real: 0.2 }, 'bernoulli') }],
  ['previous by chance, kernel', 'kernel', { policy: before({ previous: 0.3, real: 0.1 }, 'bernoulli') }],
  ['previous, exponential', 'exponential', { policy: before({ previous: 0.4, real: 0.2 }) }],
  ['real, weighted', 'unbiased', { policy: mix({ real: 0.2 }), weights }],
  ['fixed real, weighted', 'mle', { policy: mix({ real: 0.2, source: 'fixed' }), weights }],
  ['real by chance, weighted', 'mle', { policy: mix({ real: 0.2, composition: 'bernoulli' }), weights }],
  ['accumulate, weighted', 'unbiased', { policy: accumulate(), weights }],
  ['window, weighted', 'mle', { policy: window({ batches: 2, keepReal: true }), weights }],
  ['window, kernel', 'kernel', { policy: window({ batches: 2 }) }],
  ['window, exponential', 'exponential', { policy: window({ batches: 2 }) }],
  ['replace, poison', 'unbiased', { policy: replace(), poison }],
  ['accumulate, poison', 'mle', { policy: accumulate(), poison }],
  ['accumulate, poison, exponential', 'exponential', { policy: accumulate(), poison }],
  ['window, poison', 'unbiased', { policy: window({ batches: 2, keepReal: true }), poison }],
  ['real, poison', 'mle', { policy: mix({ real: 0.2 }), poison }],
  ['fixed real, poison', 'mle', { policy: mix({ real: 0.2, source: 'fixed' }), poison }],
  ['replace, filter, keep', 'mle', { policy: replace(), filter, onEmpty: 'keep' }],
  ['real, filter', 'mle', { policy: mix({ real: 0.2 }), filter }],
  ['real by chance, filter', 'mle', { policy: mix({ real: 0.2, composition: 'bernoulli' }), filter }],
  ['real, filter, topped up', 'unbiased', { policy: mix({ real: 0.2 }), filter: { ...filter, topUp: true } }],
  ['accumulate, filter', 'unbiased', { policy: accumulate(), filter }],
  ['accumulate, filter, poison', 'mle', { policy: accumulate(), filter, poison }],
  ['replace, filter, poison', 'mle', { policy: replace(), filter, poison }],
  ['replace, cut and heated', 'mle', { policy: replace(), sampling: { temperature: 1.2, spread: 0.9 } }],
  ['accumulate, heated', 'mle', { policy: accumulate(), sampling: { temperature: 1.5 } }],
]

describe('recursions meet chains of records', () => {
  it.each(cases)('%s (%s)', (_, name, of) => {
    const setting: TheorySetting = { initial: 6, n: 5, generations: 4, ...of }
    const found = drift(setting, fits[name], of.poison ? 2 : undefined)!
    const dice = new Dice()
    agree(
      found,
      Array.from({ length: 3000 }, () => chain(setting, learners[name], 2, dice)),
    )
  })

  it.each([
    [false, false],
    [true, false],
    [true, true],
  ])('a learner that stops short: warm %s, unbiased %s', (warm, isUnbiased) => {
    const learner = { left: 0.4, warm, start: { mean: -1, variance: 2 }, unbiased: isUnbiased }
    const dice = new Dice()
    agree(
      shortDrift({ initial: 5, n: 5, generations: 4 }, learner)!,
      Array.from({ length: 20_000 }, () => shortChain(learner, 5, 4, dice)),
    )
  })
})

/** Chains have the means, variances of means and mean variances that were found, within 4.4 standard errors. */
function agree(found: Drift, chains: ({ m: number; v: number } | undefined)[][]) {
  for (const g of [0, 1, 2, 4]) {
    const alive = chains.flatMap((models) => models[g] ?? [])
    const means = moments(alive.map(({ m }) => m))
    const around = moments(alive.map(({ m }) => (m - found.mean[g]!) ** 2))
    const variances = moments(alive.map(({ v }) => v))
    const scores = [
      (means.mean - found.mean[g]!) / means.error,
      (around.mean - found.meanVariance[g]!) / around.error,
      (variances.mean - found.variance[g]!) / variances.error,
    ]
    expect(Math.max(...scores.map(Math.abs)), `generation ${g}: ${scores}`).toBeLessThan(4.4)
  }
}

function moments(values: number[]): { mean: number; error: number } {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length
  const spread = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1)
  return { mean, error: Math.sqrt(spread / values.length) }
}
