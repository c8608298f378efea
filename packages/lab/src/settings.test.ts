import type { MixPolicy } from '@genloss/models'
import { describe, expect, it } from 'vitest'
import type { DataInfo } from './data-info.js'
import { hashesOf } from './laws.js'
import { description } from './native.js'
import { recorded, settle, valueColumns } from './settings.js'

const core = description()
const hash = 'ab'.repeat(32)
const people: DataInfo = {
  name: 'people',
  rows: 50,
  columns: [
    { name: 'age', kind: 'number' },
    { name: 'wage', kind: 'number' },
    { name: 'region', kind: 'text', labels: ['north', 'south'] },
  ],
}
const data = { [hash]: people }
const table = { kind: 'table', file: 'people', sha256: hash }
const settled = (raw: object) => settle({ origin: 'gaussian', n: 100, ...raw }, data, core)
const refusal = (path: string, message: RegExp) =>
  expect.objectContaining({ code: 'plan', path, message: expect.stringMatching(message) })

describe('settle', () => {
  it('fills in what depends on other settings', () => {
    expect(settled({}).settings).toMatchObject({ initial: 100, sustain: 10, generations: 100, replicates: 100 })
    expect(settled({ generations: 12 }).settings.sustain).toBe(2)
    expect(settled({ generations: 0 }).settings.sustain).toBe(1)
    expect(settled({ origin: table, n: undefined }).settings).toMatchObject({ n: 50, initial: 50 })
    expect(settled({ origin: table, n: 7 }).settings).toMatchObject({ n: 7, initial: 50 })
    expect(settled({}).settings.columns).toEqual(
      core.families.find(({ kind }) => kind === 'gaussian')!.columns.map(({ name }) => name),
    )
    expect(settled({ n: 'start:100/power:1.5' }).settings).toMatchObject({
      n: { start: 100, power: 1.5 },
      initial: 100,
    })
    expect(settled({ n: 'inf' }).settings).toMatchObject({ n: 'inf', initial: 'inf', onEmpty: 'stop' })
    expect(settled({ n: undefined, method: 'population' }).settings).toMatchObject({ n: 'inf', method: 'population' })
    expect(settled({ columns: ['tail_p01', 'mean'] }).settings.columns).toEqual(['mean', 'tail_p01'])
    expect(settled({ origin: 'categorical:probabilities=0.5/0.5', shares: 'all' }).settings.shares).toEqual(['0', '1'])
    expect(settled({ origin: { ...table, group: 'region' }, shares: 'south' }).settings.shares).toEqual(['south'])
  })

  it.each([
    [{}, 'exact', /own law/],
    [{ method: 'draws' }, 'draws', /asked for/],
    [{ model: 'empirical' }, 'draws', /one by one/],
    [{ origin: 'categorical:probabilities=0.5/0.5' }, 'exact', /multinomial/],
    [{ origin: table, n: 1000 }, 'exact', /multinomial/],
    [{ origin: table, n: 10 }, 'draws', /costs less/],
    [{ origin: { ...table, columns: ['age'] }, model: 'gaussian' }, 'exact', /real records are drawn/],
  ])('%j takes the method %s', (raw, method, why) => {
    const found = settled(raw)
    expect(found.method).toBe(method)
    expect(found.why).toMatch(why)
  })

  it.each<[string, object, string, RegExp]>([
    ['no n', { n: undefined }, 'n', /no default/],
    ['exact where it is not', { model: 'empirical', method: 'exact' }, 'method', /one by one/],
    ['an unknown column', { columns: ['tail_p1'] }, 'columns[0]', /did you mean 'tail_p\d+'/],
    ['a share as a column', { columns: ['share_a'] }, 'columns[0]', /did you mean|with shares/],
    ['a record beyond G', { generations: 5, record: { at: [3, 6] } }, 'record.at[1]', /up to 5/],
    ['watch without rows', { watch: [{ name: 'a', where: [{ b: '1' }] }] }, 'watch', /rows to follow/],
    ['shares without classes', { shares: 'all' }, 'shares', /with classes/],
    [
      'an unknown class',
      { origin: { ...table, group: 'region' }, shares: 'sooth' },
      'shares[0]',
      /did you mean 'south'/,
    ],
    ['an unknown table', { origin: { ...table, sha256: '00'.repeat(32) } }, 'origin.sha256', /was read/],
    [
      'an unknown column of a table',
      { origin: { ...table, columns: ['aeg'] } },
      'origin.columns[0]',
      /did you mean 'age'/,
    ],
    ['an unknown group', { origin: { ...table, group: 'regoin' } }, 'origin.group', /did you mean 'region'/],
    ['two columns for one', { origin: table, model: 'gaussian' }, 'origin.columns', /age, wage hold numbers/],
    [
      'text for numbers',
      { origin: { ...table, columns: ['region'] }, model: 'gaussian' },
      'origin.columns',
      /no column holds/,
    ],
    [
      'a watched set named as a column',
      { origin: table, watch: [{ name: 'mean_age', where: [{ region: 'north' }] }] },
      'watch[0].name',
      /no column of/,
    ],
    [
      'a watched column',
      { origin: table, watch: [{ name: 'a', where: [{ zone: '1' }] }] },
      'watch[0].where[0].zone',
      /it has age/,
    ],
    [
      'a tail of text',
      { origin: table, watch: [{ name: 'a', column: 'region', side: 'lower', p: 0.1 }] },
      'watch[0].column',
      /numbers/,
    ],
    ['draws of too many', { model: 'empirical', n: 2 ** 32 }, 'n', /2\^32/],
  ])('refuses %s', (_, raw, path, message) => {
    expect(() => settled(raw)).toThrow(refusal(path, message))
  })

  it('gives states and shares columns of their own', () => {
    const columns = (raw: object) => valueColumns(settled({ columns: ['n'], ...raw }).settings)
    expect(columns({})).toEqual(['n', 'early_state', 'late_state'])
    const origin = { kind: 'categorical', probabilities: [0.5, 0.5], classes: ['a', 'b'] }
    expect(columns({ origin, shares: ['b'], events: false })).toEqual(['n', 'share_b'])
  })
})

describe('recorded', () => {
  it.each([
    ['all', 3, [0, 1, 2, 3]],
    ['log', 0, [0]],
    ['log', 30, [0, 1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 25, 30]],
    [{ every: 10 }, 25, [0, 10, 20]],
    [{ at: [7, 3] }, 25, [0, 3, 7]],
  ] as const)('%j up to %i', (record, generations, list) => {
    expect(recorded({ record: record as never, generations })).toEqual(list)
  })
})

describe('hashes', () => {
  const law = (raw: object) => hashesOf(settled(raw), 1, data).law
  const cell = (raw: object) => hashesOf(settled(raw), 1, data).hash

  it('are pinned: a change here moves every random number', () => {
    expect(law({})).toMatchInlineSnapshot(`"869d766816c6e0a9592a9c4aa9107cfd"`)
    expect(law({ policy: 'mix:real=0.1', model: 'gaussian:estimator=mle' })).toMatchInlineSnapshot(
      `"39ad3da547d750ff4c059158b8456502"`,
    )
    expect(law({ origin: table, method: 'exact' })).toMatchInlineSnapshot(`"e12fd4ae6f4085729d4edb38ecdd873b"`)
    expect(law({ commonRandomNumbers: true })).toBe('44136fa355b3678a1146ad16f7e8649e')
    expect(cell({ seed: 7 })).toMatchInlineSnapshot(`"aae556f901bb4ea3888fcac7c0f75522"`)
  })

  it('of laws leave out defaults and what does not change the law', () => {
    const plain = law({})
    const spelt = {
      origin: 'gaussian:mean=0,sd=1',
      model: 'gaussian:estimator=unbiased',
      policy: 'replace',
      initial: 100,
    }
    expect(law(spelt)).toBe(plain)
    expect(
      law({ generations: 7, replicates: 3, seed: 9, record: 'log', events: false, columns: ['n'], sustain: 2 }),
    ).toBe(plain)
    expect(law({ method: 'exact' })).toBe(plain)
    expect(law({ policy: 'mix:real=0.1' })).toBe(law({ policy: 'mix:synthetic=0.9,real=0.1,source=fresh' }))
    expect(
      law({ n: { list: [100] }, poison: 'share=0,record=7', sampling: {}, weights: 'real=1', onEmpty: 'stop' }),
    ).toBe(plain)
    const classes = { origin: 'categorical:probabilities=0.5/0.5,classes=a/b' }
    expect(law({ ...classes, poison: { share: 0.1, record: 'b' } })).toBe(
      law({ ...classes, poison: 'share=0.1,record=b,from=1' }),
    )
    expect(law({ ...classes, sampling: { bias: { b: 2 } } })).toBe(
      law({ ...classes, sampling: { bias: [1, 2], topP: 1 } }),
    )
    expect(law({ model: 'gaussian:steps=3,rate=1,start=fresh' })).toBe(law({ model: 'gaussian:steps=3' }))
    expect(law({ n: 'inf' })).toBe(law({ method: 'population', n: 7 }))
    expect(law({ origin: { ...table, file: 'elsewhere.csv' } })).toBe(law({ origin: table, initial: 50 }))
  })

  it('of laws differ where the law does', () => {
    const all = [
      {},
      { n: 101 },
      { initial: 99 },
      { method: 'draws' },
      { policy: 'accumulate' },
      { policy: 'window' },
      { policy: 'window:batches=2' },
      { policy: 'mix' },
      { policy: 'mix:real=0.1' },
      { policy: 'mix:real=0.1,source=fixed' },
      { policy: 'mix:real=0.1,composition=bernoulli' },
      { model: 'gaussian:estimator=mle' },
      { origin: 'gaussian:sd=2' },
      { origin: 'categorical:probabilities=0.5/0.5' },
      { origin: table },
      { n: 'inf' },
      { n: { start: 100, power: 1 } },
      { n: { start: 100, factor: 1.01 } },
      { policy: 'accumulate-subsample' },
      { policy: 'accumulate-subsample:replacement=true' },
      { policy: 'mix:previous=0.1' },
      { policy: 'mix:previous=0.1,real=0.1' },
      { model: 'gaussian:steps=3' },
      { model: 'gaussian:steps=3,start=warm' },
      { sampling: { temperature: 0.5 } },
      { filter: 'truePositiveRate=0.1' },
      { filter: 'truePositiveRate=0.1', onEmpty: 'keep' },
      { selection: { keep: 0.5 } },
      { selection: { keep: 0.5, by: 'lowest' } },
      { poison: { share: 0.1 } },
      { poison: { share: 0.1, from: 2 } },
      { poison: { share: 0.1, record: 1 } },
      { policy: 'accumulate', weights: { real: 2 } },
    ]
    expect(new Set(all.map(law)).size).toBe(all.length)
  })

  it('of cells tell seeds and lengths apart, whatever the random numbers share', () => {
    const all = [{}, { seed: 1 }, { generations: 5 }, { replicates: 5 }, { sustain: 3 }, { commonRandomNumbers: true }]
    expect(new Set(all.map(cell)).size).toBe(all.length)
    expect(cell({ record: 'log', columns: ['n'] })).toBe(cell({}))
    expect(cell({ n: 1000, commonRandomNumbers: true })).not.toBe(cell({ commonRandomNumbers: true }))
  })

  it('keep the mix that was written, in the settings', () => {
    expect((settled({ policy: 'mix:synthetic=0.9,real=0.1' }).settings.policy as MixPolicy).synthetic).toBe(0.9)
  })
})
