import { describe, expect, it } from 'vitest'
import * as api from './index.js'
import {
  accumulate,
  accumulateSubsample,
  categorical,
  empirical,
  gaussian,
  linearRegression,
  mix,
  mixCounts,
  mixShares,
  origins,
  replace,
  window,
} from './index.js'

function refusal(make: () => unknown): api.GenlossError {
  try {
    make()
  } catch (error) {
    if (error instanceof api.GenlossError) return error
  }
  throw new Error('it was accepted')
}

describe('factories', () => {
  it('fill in defaults', () => {
    expect(gaussian()).toEqual({ kind: 'gaussian', estimator: 'unbiased' })
    expect(categorical()).toEqual({ kind: 'categorical' })
    expect(gaussian({ steps: 3, rate: 1, start: 'fresh' })).toEqual({ ...gaussian(), steps: 3 })
    expect(categorical({ steps: 3, rate: 0.5, start: 'warm' })).toEqual({
      kind: 'categorical',
      steps: 3,
      rate: 0.5,
      start: 'warm',
    })
    expect(empirical()).toEqual({ kind: 'empirical' })
    expect(linearRegression()).toEqual({ kind: 'linear-regression', features: 'fresh', ridge: 0, noise: 'known' })
    expect(replace()).toEqual({ kind: 'replace' })
    expect(accumulate()).toEqual({ kind: 'accumulate' })
    expect(accumulateSubsample()).toEqual({ kind: 'accumulate-subsample', replacement: false })
    expect(window()).toEqual({ kind: 'window', batches: 1, keepReal: false })
    expect(mix({ real: 0.1 })).toEqual({
      kind: 'mix',
      real: 0.1,
      source: 'fresh',
      composition: 'stratified',
      recycle: false,
    })
    expect(origins.gaussian()).toEqual({ kind: 'gaussian', mean: 0, sd: 1 })
    expect(origins.linearRegression(3)).toEqual({ kind: 'linear-regression', dimensions: 3, noise: 1 })
    expect(origins.table('a.csv', { group: 'g' })).toEqual({ kind: 'table', file: 'a.csv', group: 'g' })
  })

  it.each<[string, () => unknown, string, RegExp]>([
    ['estimator', () => gaussian({ estimator: 'unbaised' as 'mle' }), 'model.estimator', /did you mean 'unbiased'/],
    ['unknown setting', () => gaussian({ estimate: 'mle' } as object), 'model.estimate', /did you mean 'estimator'/],
    ['no settings', () => empirical({ k: 3 } as never), 'model.k', /no settings/],
    ['rate without steps', () => gaussian({ rate: 0.5 }), 'model.rate', /'steps' beside 'rate'/],
    ['start without steps', () => categorical({ start: 'warm' }), 'model.start', /'steps' beside 'start'/],
    ['rate over 1', () => gaussian({ steps: 3, rate: 1.5 }), 'model.rate', /above 0 and up to 1/],
    ['half a step', () => categorical({ steps: 0.5 }), 'model.steps', /whole number from 0/],
    ['NaN', () => origins.gaussian(Number.NaN), 'origin.mean', /a finite number/],
    ['sd', () => origins.gaussian(0, 0), 'origin.sd', /above 0/],
    ['ridge', () => linearRegression({ ridge: -1 }), 'model.ridge', /at least 0/],
    ['noise', () => origins.linearRegression(2, 0), 'origin.noise', /above 0/],
    ['batches', () => window({ batches: 0 }), 'policy.batches', /a whole number from 1/],
    ['share', () => mix({ real: -0.1 }), 'policy.real', /from 0 to 1/],
    ['sum', () => mix({ synthetic: 0.9, real: 0.2 }), 'policy', /sum to at most 1, got 1.1/],
    ['sum below 1', () => mix({ synthetic: 0.9 }), 'policy', /sum to 1, got 0.9 \(leave synthetic out/],
    [
      'chance',
      () => mix({ real: 0.1, source: 'fixed', composition: 'bernoulli' }),
      'policy.composition',
      /take source/,
    ],
    ['replacement', () => accumulateSubsample({ replacement: 1 as never }), 'policy.replacement', /true or false/],
    ['negative probability', () => origins.categorical([1.5, -0.5]), 'origin.probabilities[0]', /from 0 to 1/],
    ['sum of probabilities', () => origins.categorical([0.5, 0.4]), 'origin.probabilities', /got 0.9/],
    ['names', () => origins.categorical([0.5, 0.5], ['a']), 'origin.classes', /as many names/],
    ['repeated names', () => origins.categorical([0.5, 0.5], ['a', 'a']), 'origin.classes[1]', /twice/],
    ['no file', () => origins.table(''), 'origin.file', /text/],
    ['hash', () => origins.table('a.csv', { sha256: 'abc' }), 'origin.sha256', /hexadecimal/],
  ])('refuse a wrong %s', (_, make, path, words) => {
    const error = refusal(make)
    expect(error).toMatchObject({ code: 'plan', path })
    expect(error.message).toMatch(words)
  })
})

describe('probabilities', () => {
  it('are renormalised within rounding, once', () => {
    const off = Array.from({ length: 33 }, () => 0.030303030303030304)
    const { probabilities } = origins.categorical(off)
    expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 14)
    expect(origins.categorical(probabilities).probabilities).toEqual(probabilities)
    const shifted = origins.categorical([0.5, 0.5 + 5e-10]).probabilities
    expect(shifted.reduce((a, b) => a + b)).toBeCloseTo(1, 15)
    expect(origins.categorical(shifted).probabilities).toEqual(shifted)
  })

  it('go by name, and plain numbers as names are left out', () => {
    expect(origins.categorical({ cat: 0.7, dog: 0.3 })).toEqual({
      kind: 'categorical',
      probabilities: [0.7, 0.3],
      classes: ['cat', 'dog'],
    })
    expect(origins.categorical([0.7, 0.3], ['0', '1'])).not.toHaveProperty('classes')
  })
})

describe('mix', () => {
  it('gives the rest to the share that is left out, exactly in decimals', () => {
    expect(mixShares(mix({ real: 0.1 }))).toEqual({ synthetic: 0.9, previous: 0, real: 0.1 })
    expect(mixShares(mix({ synthetic: 0.9, real: 0.1 }))).toEqual({ synthetic: 0.9, previous: 0, real: 0.1 })
    expect(mixShares(mix({ synthetic: 0.7, previous: 0 }))).toEqual({ synthetic: 0.7, previous: 0, real: 0.3 })
    expect(mixShares(mix({ synthetic: 0.5, real: 0.3 }))).toEqual({ synthetic: 0.5, previous: 0.2, real: 0.3 })
    expect(mixShares(mix({ previous: 0.2, real: 0.1 }))).toEqual({ synthetic: 0.7, previous: 0.2, real: 0.1 })
    expect(mixShares(mix())).toEqual({ synthetic: 1, previous: 0, real: 0 })
  })

  it('turns shares into the rows that were meant', () => {
    for (const [synthetic, real] of [
      [0.8, 1000],
      [0.9, 500],
      [0.95, 250],
    ] as const) {
      expect(mixCounts(mix({ synthetic, previous: 0 }), 5000).real).toBe(real)
    }
    expect(mixCounts(mix({ real: 0.1 }), 2 ** 53)).toEqual({
      synthetic: 8106479329266893,
      previous: 0,
      real: 900719925474099,
    })
    expect(mixCounts(mix({ real: 1e-7 }), 1e8)).toEqual({ synthetic: 1e8 - 10, previous: 0, real: 10 })
    expect(mixCounts(mix({ real: 0.5 }), 101)).toEqual({ synthetic: 51, previous: 0, real: 50 })
    expect(mixCounts(mix({ previous: 0.25, real: 0.25 }), 10)).toEqual({ synthetic: 5, previous: 3, real: 2 })
  })
})

describe('shorthand', () => {
  it.each([
    ['replace', replace()],
    ['window:batches=2,keepReal=true', window({ batches: 2, keepReal: true })],
    ['mix:real=0.1,source=fresh', mix({ real: 0.1 })],
    ['accumulate-subsample:replacement=true', accumulateSubsample({ replacement: true })],
  ])('%s', (shorthand, policy) => expect(api.readPolicy(shorthand)).toEqual(policy))

  it('keeps commas and slashes of files', () =>
    expect(api.readOrigin('table:file=/data/a,b.csv,columns=age/wage')).toEqual({
      kind: 'table',
      file: '/data/a,b.csv',
      columns: ['age', 'wage'],
    }))

  it.each(['', ':real=1', 'mix:real', 'mix:=1', 'mix:real=0.1,real=0.2'])('refuses %j', (shorthand) =>
    expect(refusal(() => api.readPolicy(shorthand)).path).toMatch(/^policy/),
  )

  it('has parts in parentheses', () => {
    const mixture = 'mixture:components=(gaussian:mean=-4,sd=0.5,weight=0.25)/(gaussian:mean=1,weight=0.75)'
    const origin = api.readOrigin(mixture)
    expect(origin).toEqual(
      origins.mixture([
        { kind: 'gaussian', mean: -4, sd: 0.5, weight: 0.25 },
        { kind: 'gaussian', mean: 1, sd: 1, weight: 0.75 },
      ]),
    )
    const written = api.writeShorthand({ ...origin })
    expect(written).toBe(mixture.replace('mean=1,', 'mean=1,sd=1,'))
    expect(api.readOrigin(written)).toEqual(origin)
    const open = refusal(() => api.readOrigin('mixture:components=(gaussian:mean=-4,sd=0.5'))
    expect(open.path).toBe('origin.components[0]')
    expect(refusal(() => api.readOrigin('mixture:components=(gaussian:mean=-4),scale=2')).path).toBe('origin.scale')
  })

  it('is what a short form reads back to', () => {
    const policy = mix({ real: 0.1 })
    expect(api.writeShorthand(api.stripDefaults(api.policies.mix.fields, { ...policy }))).toBe('mix:real=0.1')
  })
})

describe('kinds', () => {
  it('are named with the nearest one', () => {
    expect(refusal(() => api.readModel('gausian')).message).toBe(
      "model.kind: expected 'gaussian', 'categorical', 'empirical', 'exponential', 'poisson', 'pareto', 'multivariate-gaussian', 'kde', 'histogram', 'gaussian-mixture', 'copula', 'linear-regression' or 'module', got 'gausian' (did you mean 'gaussian'?)",
    )
    expect(refusal(() => api.readPolicy({ real: 0.1 })).path).toBe('policy.kind')
    expect(refusal(() => api.readPolicy(7)).path).toBe('policy')
    expect(refusal(() => api.readPolicy({ kind: 'toString' })).path).toBe('policy.kind')
  })

  it('have an example that reads', () => {
    for (const { kind, example } of Object.values(api.models)) expect(api.readModel(example).kind).toBe(kind)
  })
})
