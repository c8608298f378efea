import { GenlossError } from '@genloss/models'
import { describe, expect, it } from 'vitest'
import type { DataInfo } from './data-info.js'
import { description } from './native.js'
import { settle } from './settings.js'
import { stageRules } from './stage-rules.js'

const core = description()
const hash = 'cd'.repeat(32)
const people: DataInfo = {
  name: 'people',
  rows: 50,
  columns: [
    { name: 'age', kind: 'number' },
    { name: 'region', kind: 'text', labels: ['north', 'south', 'east'] },
  ],
}
const data = { [hash]: people }
const table = { kind: 'table', file: 'people', sha256: hash }
const classes = { origin: 'categorical:probabilities=0.5/0.3/0.2,classes=a/b/c' }
const same = { origin: 'linear-regression:dimensions=2', model: 'linear-regression:features=same' }
const settled = (raw: object) => settle({ origin: 'gaussian', n: 100, ...raw }, data, core)

function refusal(raw: object): GenlossError {
  try {
    settled(raw)
  } catch (error) {
    if (error instanceof GenlossError) return error
  }
  throw new Error(`${JSON.stringify(raw)} was accepted`)
}

const filter = 'truePositiveRate=0.8,falsePositiveRate=0.1'
const poison = { share: 0.2, record: 5 }
/** What breaks each rule: what is asked, the setting that is named, and words of the message. */
const broken: [object, string, RegExp][] = [
  [{ ...same, policy: 'mix:real=0.2' }, 'model.features', /'fresh' here, got 'same'.*one number/],
  [{ ...same, n: { start: 100, power: 1 } }, 'model.features', /replace, accumulate or window/],
  [{ ...same, initial: 50 }, 'model.features', /'fresh' here/],
  [{ ...same, filter }, 'model.features', /no filter/],
  [
    { model: 'pareto', origin: 'pareto', sampling: 'temperature=2' },
    'sampling.temperature',
    /no changed law for 'pareto'/,
  ],
  [{ policy: 'mix:real=0.2,source=fixed-stratified' }, 'policy.source', /'fresh' or 'fixed' here.*'categorical' model/],
  [{ sampling: { bias: [1, 2] } }, 'sampling.bias', /'temperature', 'spread' or 'truncate' for 'gaussian'/],
  [{ sampling: { topK: 2 } }, 'sampling.topK', /where there are classes/],
  [{ sampling: { topP: 0.5 } }, 'sampling.topP', /where there are classes/],
  [{ ...classes, sampling: { spread: 2 } }, 'sampling.spread', /no variance of its own/],
  [{ ...classes, sampling: { truncate: 2 } }, 'sampling.truncate', /for normal models/],
  [{ ...classes, sampling: { topK: 4 } }, 'sampling.topK', /at most the 3 classes, got 4/],
  [{ filter, policy: 'mix:real=1' }, 'filter', /has generated records/],
  [{ filter, policy: 'mix:previous=0.2', method: 'draws' }, 'filter', /without 'previous'/],
  [{ filter, policy: 'mix:real=0.2,source=fixed' }, 'filter', /'source' is 'fresh'/],
  [{ filter: `${filter},topUp=true` }, 'filter.topUp', /so take mix/],
  [{ filter: 'truePositiveRate=1,topUp=true', policy: 'mix' }, 'filter.topUp', /some records pass/],
  [{ ...classes, selection: { keep: 0.5 } }, 'selection', /can be put in order/],
  [{ selection: { keep: 0.5 }, policy: 'mix:real=1' }, 'selection', /has generated records/],
  [{ origin: table, poison }, 'poison', /a model of one column/],
  [{ origin: 'multivariate-gaussian:dimensions=2', poison }, 'poison', /several numbers/],
  [{ poison: { ...poison, from: 7 }, generations: 6 }, 'poison.from', /up to 6, the last, got 7/],
  [{ poison, policy: 'mix:real=0.1,composition=bernoulli' }, 'poison', /'stratified'/],
  [{ poison, filter, policy: 'mix:real=0.1' }, 'poison', /without 'filter'/],
  [{ poison, policy: 'mix:real=0.9' }, 'poison.share', /at most 0.1, the share of generated records, got 0.2/],
  [{ weights: { real: 2 }, policy: 'accumulate-subsample' }, 'weights', /takes whole batches/],
  [{ weights: { real: 2 } }, 'weights', /real and generated records in one set/],
  [{ weights: { real: 2 }, model: 'empirical', policy: 'accumulate' }, 'weights', /can weigh its records/],
  [{ n: 'inf', policy: 'accumulate-subsample' }, 'n', /to draw from what was made/],
  [{ n: 'inf', selection: { keep: 0.5 } }, 'n', /to select from candidates/],
  [{ n: 'inf', filter, policy: 'mix:real=0.5' }, 'n', /set filter.topUp/],
  [{ n: 'inf', policy: 'mix:real=0.5,composition=bernoulli' }, 'n', /take stratified/],
]

describe('combinations without meaning', () => {
  it.each(broken)('%j', (raw, path, words) => {
    const error = refusal(raw)
    expect(error).toMatchObject({ code: 'plan', path })
    expect(error.message).toMatch(words)
  })

  it('are all of the table', () => {
    const rules = stageRules.map(({ path, rule }) => (typeof rule === 'string' ? `${path}: ${rule}` : path))
    const found = broken.flatMap(([raw]) => {
      const { path, rule } = refusal(raw)
      return [path, `${path}: ${rule}`]
    })
    expect(rules.filter((rule) => !found.includes(rule))).toEqual([])
  })

  it('are not looked for in stages that change nothing', () => {
    expect(settled({ weights: 'real=1' }).stages).toEqual({})
    expect(settled({ sampling: { temperature: 1 }, origin: 'pareto' }).stages).toEqual({})
    expect(settled({ poison: { share: 0 }, policy: 'mix:real=1' }).stages).toEqual({})
  })
})

describe('stages of a cell', () => {
  it('have classes by code', () => {
    const bias = (given: unknown) => settled({ ...classes, sampling: { bias: given } }).stages.sampling?.bias
    expect(bias({ b: 2 })).toEqual([1, 2, 1])
    expect(bias('c:0/a:3')).toEqual([3, 1, 0])
    expect(bias([1, 2, 3])).toEqual([1, 2, 3])
    expect(bias({ a: 1 })).toBeUndefined()
    const record = (given: unknown) =>
      settled({ ...classes, poison: { share: 0.1, record: given } }).stages.poison?.record
    expect(['b', 'c', undefined].map(record)).toEqual([1, 2, 0])
    const origin = { ...table, columns: ['region'] }
    const south = settled({ origin, model: 'categorical', poison: { share: 0.1, record: 'south' } })
    expect(south.stages.poison?.record).toBe(1)
    expect(south.settings.poison?.record).toBe('south')
  })

  it.each<[object, string, RegExp]>([
    [{ ...classes, sampling: { bias: [1, 2] } }, 'sampling.bias', /each of the 3 classes/],
    [{ ...classes, sampling: { bias: { d: 2 } } }, 'sampling.bias.d', /did you mean|there are a, b, c/],
    [{ ...classes, sampling: { bias: [0, 0, 0] } }, 'sampling.bias', /above 0/],
    [{ ...classes, poison: { share: 0.1, record: 'd' } }, 'poison.record', /the name of a class/],
    [{ poison: { share: 0.1, record: 'a' } }, 'poison.record', /a finite number/],
    [{ origin: 'exponential', poison: { share: 0.1, record: -1 } }, 'poison.record', /at least 0/],
    [{ origin: 'poisson', poison: { share: 0.1, record: 0.5 } }, 'poison.record', /a whole number/],
    [{ origin: 'pareto', poison: { share: 0.1 } }, 'poison.record', /above 0/],
    [{ origin: 'pareto', model: 'pareto:scale=2', poison: { share: 0.1, record: 1 } }, 'poison.record', /at least 2/],
  ])('%j is refused', (raw, path, words) => {
    expect(refusal(raw)).toMatchObject({ code: 'plan', path, message: expect.stringMatching(words) })
  })

  it('are switched off by none', () => {
    expect(settled({ poison: 'none' }).settings).not.toHaveProperty('poison')
    expect(settled({ poison: null }).settings).not.toHaveProperty('poison')
  })
})

describe('methods', () => {
  it.each<[object, string, RegExp]>([
    [{ sampling: { temperature: 0.5 } }, 'exact', /own law/],
    [{ sampling: { truncate: 3 } }, 'draws', /cut off have no closed law/],
    [{ selection: { keep: 0.5 } }, 'draws', /needs the records/],
    [{ policy: 'accumulate-subsample' }, 'draws', /subset of records/],
    [{ policy: 'mix:previous=0.1' }, 'draws', /subset of records/],
    [{ ...classes, policy: 'accumulate-subsample' }, 'exact', /multinomial/],
    [{ ...classes, policy: 'mix:previous=0.1', sampling: { topK: 2 } }, 'exact', /multinomial/],
    [{ filter, poison: { share: 0.1 }, weights: 'real=2', policy: 'window:batches=2' }, 'exact', /own law/],
    [{ origin: table, n: 10 }, 'draws', /costs less/],
    [{ origin: table, n: 10, policy: 'accumulate', weights: { real: 2 } }, 'exact', /resampled one by one/],
    [{ origin: table, n: 10, sampling: { temperature: 2 } }, 'exact', /copies of rows/],
    [{ n: 'inf' }, 'population', /no sampling error/],
    [{ method: 'population', n: 7 }, 'population', /no sampling error/],
    [{ n: 'inf', sampling: { truncate: 3 } }, 'population', /no sampling error/],
  ])('%j is run by %s', (raw, method, why) => {
    expect(settled(raw)).toMatchObject({ method, why: expect.stringMatching(why) })
  })

  it.each<[object, string, RegExp]>([
    [{ method: 'exact', sampling: { truncate: 3 } }, 'method', /cut off/],
    [{ method: 'exact', policy: 'accumulate-subsample' }, 'method', /drawn and kept/],
    [
      { method: 'draws', origin: table, policy: 'accumulate', weights: { real: 2 } },
      'method',
      /'exact' or 'auto' here/,
    ],
    [{ method: 'draws', n: 'inf' }, 'method', /'population' or 'auto'/],
    [{ n: 'inf', policy: 'mix:previous=0.1' }, 'n', /subset of records/],
    [{ initial: 'inf' }, 'initial', /or 'inf' for n as well/],
    [{ n: 'inf', initial: 10 }, 'initial', /'inf' where n is infinite/],
  ])('%j is refused', (raw, path, words) => {
    expect(refusal(raw)).toMatchObject({ code: 'plan', path, message: expect.stringMatching(words) })
  })

  it('take a large number where a family has no infinity', () => {
    const many = settled({ model: 'empirical', n: 'inf' })
    expect(many.settings).toMatchObject({ n: 1e6, initial: 1e6, method: 'auto' })
    expect(many.method).toBe('draws')
    expect(many.remarks).toEqual([
      expect.stringMatching(/approximated by 1000000 records: 'empirical' of a 'gaussian'/),
    ])
    expect(settled({ model: 'empirical', n: 50_000, method: 'population' }).settings.n).toBe(5e6)
    expect(refusal({ model: 'empirical', n: 'inf', policy: 'accumulate-subsample' }).path).toBe('n')
    expect(settled({ origin: table, n: 'inf' })).toMatchObject({ method: 'population', settings: { initial: 'inf' } })
  })
})
