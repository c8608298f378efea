import { describe, expect, it } from 'vitest'
import { parseExperiment, setPaths } from './experiment.js'
import { readAxes, sweptAt } from './sweep.js'

const error = (path: string, message: RegExp, code = 'plan') =>
  expect.objectContaining({ code, path, message: expect.stringMatching(message) })

describe('parseExperiment', () => {
  it('fills in defaults and reads forgiving forms', () => {
    const { name, base, axes } = parseExperiment({ name: 3, origin: 'gaussian', n: '1e3', seed: 7, generations: '20' })
    expect(name).toBe('3')
    expect(axes).toEqual([])
    expect(base).toEqual({
      origin: { kind: 'gaussian', mean: 0, sd: 1 },
      model: { kind: 'gaussian', estimator: 'unbiased' },
      policy: { kind: 'replace' },
      n: 1000,
      generations: 20,
      replicates: 100,
      seed: '7',
      method: 'auto',
      onEmpty: 'stop',
      record: 'all',
      commonRandomNumbers: false,
      events: true,
    })
  })

  it('means the same by shorthand, object and one-key object', () => {
    const one = parseExperiment({ origin: 'categorical:probabilities=0.7/0.2/0.1', policy: 'window:batches=2', n: 9 })
    const two = parseExperiment({
      origin: { kind: 'categorical', probabilities: ['0.7', 0.2, 0.1], classes: [0, 1, 2] },
      model: { kind: 'categorical' },
      policy: { kind: 'window', batches: '2', keepReal: 'false' },
      n: [9][0]!,
      record: 'all',
    })
    expect(one).toEqual(two)
    expect(parseExperiment({ model: 'gaussian', n: 9 }).base.origin).toEqual({ kind: 'gaussian', mean: 0, sd: 1 })
    expect(parseExperiment({ origin: 'table:file=a.csv', n: 9 }).base.model).toEqual({ kind: 'empirical' })
    expect(parseExperiment({ origin: 'gaussian', n: 9, record: 'every:5' }).base.record).toEqual({ every: 5 })
    expect(parseExperiment({ origin: 'gaussian', n: 9, record: 'at:0/5' }).base.record).toEqual({ at: [0, 5] })
  })

  const ok = { origin: 'gaussian', n: 10 }
  it.each<[string, unknown, string, RegExp]>([
    ['no object', 'gaussian', 'experiment', /an object of settings/],
    ['an unknown key', { ...ok, generation: 5 }, 'generation', /did you mean 'generations'/],
    ['a key of later', { ...ok, learner: {} }, 'learner', /not available yet/],
    ['an unknown key inside', { ...ok, policy: { kind: 'mix', reel: 0.1 } }, 'policy.reel', /did you mean 'real'/],
    ['stages in a heap', { ...ok, stages: { poison: {} } }, 'stages', /each stage stands by itself: sampling/],
    ['a misspelt stage', { ...ok, posion: { share: 1 } }, 'posion', /did you mean 'poison'/],
    ['a misspelt setting of a stage', { ...ok, poison: { shaer: 1 } }, 'poison.shaer', /did you mean 'share'/],
    ['a stage that is a number', { ...ok, filter: 3 }, 'filter', /an object of settings, or 'none'/],
    ['half a schedule', { ...ok, n: { start: 5 } }, 'n', /start and power/],
    ['a misspelt kind', { ...ok, policy: 'repalce' }, 'policy.kind', /did you mean 'replace'/],
    ['a misspelt word', { ...ok, model: 'gaussian:estimator=unbaised' }, 'model.estimator', /did you mean 'unbiased'/],
    ['NaN', { ...ok, n: Number.NaN }, 'n', /a whole number from 1 to 2\^53, 'inf', or a schedule.*got NaN/],
    ['a negative', { ...ok, generations: -1 }, 'generations', /a whole number from 0/],
    ['a fraction', { ...ok, replicates: 1.5 }, 'replicates', /a whole number from 1/],
    ['a size over 2^53', { ...ok, n: '9007199254740993' }, 'n', /2\^53/],
    ['too many replicates', { ...ok, replicates: 2 ** 32 }, 'replicates', /4294967295/],
    ['a seed of 2^64', { ...ok, seed: '18446744073709551616' }, 'seed', /2\^64 - 1/],
    ['a seed that was rounded', { ...ok, seed: 1e17 }, 'seed', /in quotes/],
    ['a sum over 1', { ...ok, policy: 'mix:synthetic=0.9,real=0.2' }, 'policy', /at most 1/],
    ['window 0', { ...ok, policy: 'window:batches=0' }, 'policy.batches', /from 1/],
    ['probabilities', { origin: 'categorical:probabilities=0.5/0.4', n: 9 }, 'origin.probabilities', /got 0.9/],
    ['a record rule', { ...ok, record: 'some' }, 'record', /every: k/],
    ['an empty record rule', { ...ok, record: {} }, 'record', /every: k/],
    ['a record key', { ...ok, record: { evry: 5 } }, 'record.evry', /did you mean 'every'/],
    ['every 0', { ...ok, record: { every: 0 } }, 'record.every', /from 1/],
    ['yes', { ...ok, events: 'yes' }, 'events', /true or false/],
    ['a pair', { ...ok, model: 'categorical' }, 'model', /'categorical' takes categorical or table/],
    ['no origin', { n: 10 }, 'origin', /the shortest experiment/],
    ['no probabilities', { model: 'categorical', n: 10 }, 'origin.probabilities', /no default/],
    ['an empty list', { ...ok, n: [] }, 'n', /at least one value/],
    ['a wrong value in a list', { ...ok, n: [10, 'x'] }, 'n[1]', /a whole number/],
    ['a list inside', { ...ok, policy: { kind: 'mix', real: [0.1, 2] } }, 'policy.real[1]', /from 0 to 1/],
    ['repeated columns', { ...ok, columns: ['mean', 'mean'] }, 'columns[1]', /twice/],
    ['watch', { ...ok, watch: [{ name: 'a' }] }, 'watch[0].column', /no default/],
    ['watch twice', { ...ok, watch: [1, 2].map(() => ({ name: 'a', where: [{ b: 1 }] })) }, 'watch[1]', /twice/],
  ])('refuses %s', (_, input, path, message) => {
    expect(() => parseExperiment(input)).toThrow(error(path, message))
  })
})

describe('sweeps', () => {
  const grid = (input: object) => {
    const { axes } = parseExperiment({ origin: 'gaussian', ...input })
    const cells = axes.reduce((product, { values }) => product * values.length, 1)
    return Array.from({ length: cells }, (_, index) => sweptAt(axes, index))
  }

  it('are grids with the last axis fastest', () => {
    expect(grid({ n: '10, 20', policy: { kind: 'mix', real: [0, 0.1] } })).toEqual([
      { n: 10, 'policy.real': 0 },
      { n: 10, 'policy.real': 0.1 },
      { n: 20, 'policy.real': 0 },
      { n: 20, 'policy.real': 0.1 },
    ])
  })

  it('come from lists, from sweep, and from ranges', () => {
    const range = (n: object) => grid({ sweep: { n } }).map((cell) => cell.n)
    expect(grid({ n: 5, sweep: { n: [1e3, '2000'] } })).toEqual([{ n: 1000 }, { n: 2000 }])
    expect(range({ from: 10, to: 1e5, steps: 5, scale: 'log' })).toEqual([10, 100, 1000, 1e4, 1e5])
    expect(range({ from: 1, to: 3, steps: 5 })).toEqual([1, 2, 3])
    const real = { from: 0.001, to: 0.1, steps: 3, scale: 'log' }
    expect(grid({ n: 5, policy: 'mix', sweep: { 'policy.real': real } }).map((cell) => cell['policy.real'])).toEqual([
      0.001, 0.01, 0.1,
    ])
    expect(grid({ n: 5, policy: ['replace', 'mix:real=0.1'] })[1]).toMatchObject({ policy: { kind: 'mix', real: 0.1 } })
  })

  it('zip paths that are joined by commas', () => {
    expect(
      grid({
        sweep: {
          'policy, n': [
            ['replace', 5],
            ['accumulate', '7'],
          ],
        },
      }),
    ).toEqual([
      { policy: { kind: 'replace' }, n: 5 },
      { policy: { kind: 'accumulate' }, n: 7 },
    ])
  })

  it('zip paths with values or a range each', () => {
    const n = { from: 10, to: 1000, steps: 3, scale: 'log' }
    expect(
      grid({ policy: 'mix', sweep: { 'n, policy.real, seed': { n, 'policy.real': '0,0.1,0.2', seed: [1, 1, 2] } } }),
    ).toEqual([
      { n: 10, 'policy.real': 0, seed: '1' },
      { n: 100, 'policy.real': 0.1, seed: '1' },
      { n: 1000, 'policy.real': 0.2, seed: '2' },
    ])
    // Rounded sizes that are equal stay: their partners differ.
    const close = { n: { from: 1, to: 2, steps: 4 }, seed: { from: 1, to: 4, steps: 4 } }
    expect(grid({ sweep: { 'n,seed': close } }).map((cell) => cell.n)).toEqual([1, 1, 2, 2])
  })

  it.each([
    [{ n: [1, 2], seed: [1, 2, 3] }, 'sweep.n,seed.seed', /as many values as n has: 2/],
    [{ n: [1, 2], sed: [1, 2] }, 'sweep.n,seed', /values of n and seed/],
    [{ from: 1, to: 2, steps: 2 }, 'sweep.n,seed', /values of n and seed/],
  ])('refuse to zip %j', (zipped, path, rule) => {
    expect(() => grid({ sweep: { 'n,seed': zipped } })).toThrow(
      expect.objectContaining({ code: 'plan', path, rule: expect.stringMatching(rule) }),
    )
  })

  it('reach into stages and schedules', () => {
    expect(grid({ n: 5, poison: { share: [0, 0.1], record: 3 } })).toEqual([
      { 'poison.share': 0 },
      { 'poison.share': 0.1 },
    ])
    expect(grid({ n: 5, poison: ['none', 'share=0.1', { share: '0.2' }] })).toEqual([
      { poison: 'none' },
      { poison: { share: 0.1, from: 1, record: 0 } },
      { poison: { share: 0.2, from: 1, record: 0 } },
    ])
    expect(grid({ n: 'inf,100,start:100/power:1.5' }).map((cell) => cell.n)).toEqual([
      'inf',
      100,
      { start: 100, power: 1.5 },
    ])
    expect(grid({ n: { start: [10, 20], power: 1 } })).toEqual([{ 'n.start': 10 }, { 'n.start': 20 }])
    expect(grid({ n: 10, sweep: { 'n.power': { from: 0, to: 1, steps: 3 } } })).toEqual(
      [0, 0.5, 1].map((power) => ({ 'n.power': power })),
    )
    expect(grid({ n: 5, sweep: { 'sampling.topK, onEmpty': [['2', 'keep']] } })).toEqual([
      { 'sampling.topK': 2, onEmpty: 'keep' },
    ])
    // A list of factors is one value.
    expect(grid({ n: 5, sampling: { bias: [1, 2] } })).toEqual([{}])
    expect(grid({ n: { list: [5, 6] } })).toEqual([{}])
  })

  it('keep what stands beside a swept setting', () => {
    const { base } = parseExperiment({
      origin: 'gaussian',
      n: 10,
      poison: { record: 3 },
      sweep: { 'poison.share': [0.1], 'n.power': [1, 2] },
    })
    expect(base).toMatchObject({ n: { start: 10 }, poison: { from: 1, record: 3 } })
    expect(parseExperiment({ origin: 'gaussian', n: 10, poison: 'none', filter: null }).base).not.toHaveProperty(
      'poison',
    )
  })

  it('leave what they vary out of the base', () => {
    const { base } = parseExperiment({
      origin: 'gaussian',
      n: 5,
      policy: 'mix:real=0.5',
      sweep: { n: [1, 2], policy: ['replace'] },
    })
    expect(base).not.toHaveProperty('n')
    expect(base).not.toHaveProperty('policy')
  })

  const ok = { origin: 'gaussian', n: 10 }
  it.each<[string, object, string, RegExp]>([
    ['an unknown path', { 'policy.reel': [1] }, 'sweep.policy.reel', /did you mean 'policy.batches'|path of a setting/],
    ['an unknown path in a stage', { 'poison.shrae': [1] }, 'sweep.poison.shrae', /did you mean 'poison.share'/],
    ['a wrong value in a stage', { 'poison.share': [0.1, 2] }, 'sweep.poison.share[1]', /from 0 to 1/],
    ['a kind of a stage', { 'poison.kind': ['a'] }, 'sweep.poison.kind', /path of a setting/],
    [
      'a stage beside its settings',
      { poison: ['none'], 'poison.share': [0.1] },
      'sweep.poison.share',
      /varied already/,
    ],
    ['a misspelt path', { generation: [1] }, 'sweep.generation', /did you mean 'generations'/],
    ['a setting of the whole run', { columns: [['mean']] }, 'sweep.columns', /whole run/],
    ['a wrong value', { n: [10, -1] }, 'sweep.n[1]', /a whole number/],
    ['equal values', { n: [10, '10'] }, 'sweep.n[1]', /different values/],
    [
      'equal objects',
      { policy: ['mix', 'mix:real=0,source=fresh', 'replace', { kind: 'replace' }] },
      'sweep.policy[3]',
      /different/,
    ],
    ['no value', { n: [] }, 'sweep.n', /at least one value/],
    ['a short tuple', { 'policy,n': [['replace']] }, 'sweep.policy,n[0]', /a list of 2 values/],
    ['a tuple with a wrong value', { 'policy,n': [['replace', 0]] }, 'sweep.policy,n[0][1]', /a whole number/],
    ['overlapping paths', { policy: ['replace'], 'policy.real': [0.1] }, 'sweep.policy.real', /varied already/],
    ['a range from 0 in logs', { n: { from: 0, to: 10, steps: 3, scale: 'log' } }, 'sweep.n.from', /above 0/],
    ['a range of one', { n: { from: 0, to: 10, steps: 1 } }, 'sweep.n.steps', /from 2/],
    ['a range with a misspelt key', { n: { from: 1, to: 10, stesp: 3 } }, 'sweep.n.stesp', /did you mean 'steps'/],
  ])('refuse %s', (_, sweep, path, message) => {
    expect(() => parseExperiment({ ...ok, sweep })).toThrow(error(path, message))
  })

  it('refuse a list and an entry over the same setting, and too many cells', () => {
    expect(() => parseExperiment({ ...ok, n: [1, 2], sweep: { n: [3] } })).toThrow(error('sweep.n', /varied already/))
    const many = Array.from({ length: 4000 }, (_, i) => i + 1)
    expect(() => parseExperiment({ ...ok, sweep: { n: many, initial: many } })).toThrow(error('sweep', /at most/))
    expect(() => parseExperiment({ ...ok, sweep: [] })).toThrow(error('sweep', /path: values/))
  })

  it('without axes are one cell', () => {
    expect(readAxes([], {})).toEqual([])
    expect(sweptAt([], 0)).toEqual({})
  })
})

describe('setPaths', () => {
  const base = { origin: 'gaussian', n: 10, policy: 'mix:real=0.1', sweep: { generations: [1, 2] } }

  it('sets one value and sweeps several', () => {
    expect(setPaths(base, ['n=20', 'policy.real=0,0.5', 'generations=7'])).toEqual({
      origin: 'gaussian',
      n: '20',
      generations: '7',
      policy: 'mix:real=0.1',
      sweep: { 'policy.real': ['0', '0.5'] },
    })
    expect(setPaths(base, [{ path: 'policy.real', values: [0.3] }])).toMatchObject({
      policy: { kind: 'mix', real: 0.3 },
    })
    expect(setPaths({ n: [1, 2] }, [{ path: 'n', values: [3, 4] }])).toEqual({ sweep: { n: [3, 4] } })
  })

  it('reaches into stages and schedules, whatever they were', () => {
    const set = (input: object, path: string, value: unknown) => setPaths(input as never, [{ path, values: [value] }])
    expect(set({ n: 5 }, 'poison.share', '0.05')).toEqual({ n: 5, poison: { share: '0.05' } })
    expect(set({ poison: 'record=3' }, 'poison.share', 0.1)).toEqual({ poison: { record: '3', share: 0.1 } })
    expect(set({ poison: 'none' }, 'poison.share', 0.1)).toEqual({ poison: { share: 0.1 } })
    expect(set({ n: 100 }, 'n.power', 1)).toEqual({ n: { start: 100, power: 1 } })
    expect(set({ n: 'start:100/power:2' }, 'n.power', 1)).toEqual({ n: { start: '100', power: 1 } })
    expect(setPaths({}, ['poison=share=0.05,record=9'])).toEqual({ poison: 'share=0.05,record=9' })
  })

  it('keeps the commas of shorthand', () => {
    expect(setPaths({}, ['policy=replace,mix:real=0.1,source=fixed'])).toEqual({
      sweep: { policy: ['replace', 'mix:real=0.1,source=fixed'] },
    })
  })

  it('refuses what is no path=value', () => expect(() => setPaths(base, ['n'])).toThrow(error('set', /path=value/)))
})
