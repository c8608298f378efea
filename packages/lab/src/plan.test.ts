import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blockText } from './block-text.js'
import { blockBytes, blockDraws, chainBytes, cutBlocks } from './blocks.js'
import { canonical, sha256 } from './canonical.js'
import { CoreTables } from './core-tables.js'
import { parseExperiment } from './experiment.js'
import { description } from './native.js'
import { cellOf, makePlan } from './plan.js'
import { settle } from './settings.js'

const core = description()
const planned = (input: object) => makePlan(parseExperiment({ origin: 'gaussian', n: 100, ...input }), {}, core)

describe('makePlan', () => {
  it('is canonical JSON, and its hash is that of the text', () => {
    const { plan, text, hash } = planned({ columns: ['mean'], generations: 3, replicates: 5, seed: 7 })
    expect(canonical(plan)).toBe(text)
    expect(sha256(text)).toBe(hash)
    expect(text).toMatchInlineSnapshot(
      `"{"axes":[],"base":{"columns":["mean"],"commonRandomNumbers":false,"events":true,"generations":3,"method":"auto","model":{"estimator":"unbiased","kind":"gaussian"},"n":100,"onEmpty":"stop","origin":{"kind":"gaussian","mean":0,"sd":1},"policy":{"kind":"replace"},"record":"all","replicates":5,"seed":"7"},"blocks":[{"cells":[0,1],"replicates":[0,5]}],"columns":["mean","early_state","late_state"],"data":{},"laws":"6b5303aaf3a7b1cef833e1bc1692db5757cf17b984f34a13ff1b0b5fa8f9e708","numerics":1,"version":1}"`,
    )
  })

  it('is the same however the experiment was written', () => {
    const one = planned({ policy: 'mix:real=0.1', sweep: { n: [10, 20] } })
    const two = planned({
      policy: { kind: 'mix', source: 'fresh', real: '0.1' },
      n: '10,20',
      method: 'auto',
      name: 'x',
    })
    expect(two.text).toBe(one.text)
  })

  it('changes with the law of a cell, and with what defaults resolve to', () => {
    const text = (input: object) => planned(input).text
    expect(text({ seed: 1 })).not.toBe(text({}))
    expect(planned({ method: 'draws' }).plan.laws).not.toBe(planned({}).plan.laws)
  })

  it('says which method it took and why', () => {
    expect(planned({}).notes).toEqual([expect.stringMatching(/^method exact: .*own law/)])
    expect(planned({ method: 'draws' }).notes).toEqual([])
  })

  it('says what is approximated, and what records need of memory', () => {
    const notes = (input: object) => planned(input).notes.join('\n')
    expect(notes({ model: 'empirical', n: 'inf' })).toMatch(/infinity is approximated by 1000000.*method draws/s)
    expect(notes({ policy: 'accumulate-subsample', n: 100_000 })).toMatch(/records are kept: up to 84 MB a chain/)
    expect(notes({ policy: 'accumulate-subsample' })).not.toMatch(/records are kept/)
    expect(notes({ policy: 'accumulate', n: 1e6 })).not.toMatch(/records are kept/)
  })

  it('plans a million generations of a million records', () => {
    const { plan, recordBytes } = planned({
      policy: 'accumulate',
      n: 1e6,
      generations: 1e6,
      record: 'log',
      replicates: 1,
    })
    expect(plan.blocks).toHaveLength(1)
    expect(recordBytes).toBe(0)
  })

  it('names the cell of an error', () => {
    expect(() => planned({ n: [10, 1] })).toThrow(
      expect.objectContaining({ path: 'n', hint: expect.stringMatching(/in the cell with n = 1$/) }),
    )
    expect(() => planned({ policy: 'mix:source=fixed', initial: 10, sweep: { 'policy.real': [0, 0.5] } })).toThrow(
      expect.objectContaining({ path: 'policy.real', hint: expect.stringMatching(/policy\.real = 0\.5/) }),
    )
  })

  it('refuses two cells that are one setting', () => {
    const policy = ['mix:real=0.1', 'replace', 'mix:synthetic=0.9,real=0.1']
    const hint = expect.stringMatching(/cells 0 and 2 are the same/)
    expect(() => planned({ policy })).toThrow(expect.objectContaining({ code: 'plan', path: 'sweep', hint }))
    const poison = ['none', { share: 0.1 }, { share: 0, record: 9 }]
    expect(() => planned({ poison })).toThrow(expect.objectContaining({ path: 'sweep', hint }))
  })

  it('derives cells from their index, as the sweep was written', () => {
    const { plan } = planned({ n: [10, 20], policy: ['replace', 'accumulate'] })
    const settings = (index: number) => cellOf(plan, index, core).settings
    expect(settings(1)).toMatchObject({ n: 10, policy: { kind: 'accumulate' } })
    expect(settings(2)).toMatchObject({ n: 20, initial: 20, policy: { kind: 'replace' } })
    for (const index of [-1, 4, 0.5, Number.NaN]) expect(() => settings(index)).toThrow(/a cell from 0 to 3/)
  })

  it('plans many cells in seconds', () => {
    const many = Array.from({ length: 100 }, (_, i) => i + 2)
    const { plan } = planned({ n: many, initial: many, generations: 2, replicates: 1, columns: ['n'] })
    expect(plan.blocks.at(-1)!.cells[1]).toBe(10_000)
    expect(plan.blocks.length).toBeLessThan(20)
  })
})

describe('block texts', () => {
  it('are what the core parses', () => {
    const { plan } = planned({
      columns: ['mean'],
      generations: 3,
      replicates: 5,
      policy: 'mix:real=0.1',
      record: 'log',
    })
    const { text, tables } = blockText(plan.blocks[0]!, (i) => cellOf(plan, i, core), new CoreTables(new Map()), 1)
    expect(tables).toEqual([])
    expect(text).toMatchInlineSnapshot(
      `"{"cells":[{"generations":3,"index":0,"initial":100,"law":"2f9b87d2758651573bbf03373129e09d","method":"exact","model":{"estimator":"unbiased","kind":"gaussian"},"n":100,"origin":{"kind":"gaussian","mean":0,"sd":1},"policy":{"composition":"stratified","kind":"mix","previous":0,"real":0.1,"recycle":false,"source":"fresh","synthetic":0.9},"record":[0,1,2,3],"replicates":[0,5],"seed":"0","sustain":1}],"columns":["mean","early_state","late_state"],"events":true,"numerics":1,"watch":[]}"`,
    )
  })

  it('have the stages that change something, with all their settings, classes by code', () => {
    const one = (input: object) => {
      const { plan } = planned({ columns: ['n'], events: false, ...input })
      const { text } = blockText(plan.blocks[0]!, (i) => cellOf(plan, i, core), new CoreTables(new Map()), 1)
      return JSON.parse(text).cells[0]
    }
    const origin = { kind: 'categorical', probabilities: [0.5, 0.3, 0.2], classes: ['a', 'b', 'c'] }
    const staged = one({
      origin,
      n: 'start:100/power:1.5',
      policy: 'mix:real=0.5',
      sampling: { bias: { c: 2 }, temperature: '0.5' },
      poison: 'share=0.1,record=b',
      weights: { synthetic: 0.5 },
    })
    expect(staged).toMatchObject({ n: { start: 100, power: 1.5 }, initial: 100 })
    expect(staged.stages).toEqual({
      sampling: { temperature: 0.5, bias: [1, 1, 2] },
      poison: { share: 0.1, from: 1, until: null, record: 1 },
      weights: { real: 1, synthetic: 0.5 },
    })
    const filtered = one({ filter: 'truePositiveRate=0.9', onEmpty: 'keep' })
    expect(filtered.stages).toEqual({ filter: { truePositiveRate: 0.9, falsePositiveRate: 0, topUp: false } })
    expect(filtered.onEmpty).toBe('keep')
    expect(one({ selection: 'keep=0.5' }).stages).toEqual({ selection: { keep: 0.5, by: 'highest' } })
    expect(one({ n: 'inf' })).toMatchObject({ n: 'inf', initial: 'inf', method: 'population' })
    expect(one({ poison: { share: 0 }, sampling: { temperature: 1 } })).not.toHaveProperty('stages')
    expect(one({})).not.toHaveProperty('onEmpty')
    expect(one({ policy: 'accumulate-subsample' }).policy).toEqual({ kind: 'accumulate-subsample', replacement: false })
    expect(one({ model: 'gaussian:steps=3,rate=0.5' }).model).toEqual({
      kind: 'gaussian',
      estimator: 'unbiased',
      steps: 3,
      rate: 0.5,
    })
  })

  it('follow classes by their codes', () => {
    const origin = { kind: 'categorical', probabilities: [0.5, 0.5], classes: ['a', 'b'] }
    const { plan } = planned({ origin, shares: 'b', columns: ['n'], events: false })
    const { text } = blockText(plan.blocks[0]!, (i) => cellOf(plan, i, core), new CoreTables(new Map()), 1)
    expect(JSON.parse(text)).toMatchObject({
      columns: ['n', 'share_b'],
      watch: [{ name: 'share_b', column: 0, codes: [1] }],
      cells: [{ origin: { kind: 'categorical', probabilities: [0.5, 0.5] } }],
    })
  })
})

describe('cutBlocks', () => {
  const { settings } = settle({ origin: 'gaussian', n: 10, generations: 9, columns: ['n'], events: false }, {}, core)

  it('covers every replicate of every cell once, within the limit', () => {
    const cells = fc.array(
      fc.record({ replicates: fc.integer({ min: 1, max: 300 }), sustain: fc.integer({ min: 1, max: 2 }) }),
      {
        minLength: 1,
        maxLength: 30,
      },
    )
    fc.assert(
      fc.property(cells, fc.integer({ min: 1, max: 50_000 }), (given, limit) => {
        const all = given.map((some) => ({ settings: { ...settings, ...some } }))
        const blocks = cutBlocks(all.length, (i) => all[i]!, limit)
        const seen = all.map(({ settings: { replicates } }) => new Uint8Array(replicates))
        for (const {
          cells: [from, to],
          replicates,
        } of blocks) {
          let bytes = 0
          for (let cell = from; cell < to; cell++) {
            for (let r = replicates[0]; r < replicates[1]; r++) seen[cell]![r]!++
            bytes += chainBytes(all[cell]!.settings) * (replicates[1] - replicates[0])
            if (to - from > 1) expect(replicates).toEqual([0, all[cell]!.settings.replicates])
          }
          expect(bytes <= limit || (to - from === 1 && replicates[1] - replicates[0] === 1)).toBe(true)
        }
        expect(seen.every((cell) => cell.every((count) => count === 1))).toBe(true)
        const order = blocks.map(({ cells: [from], replicates: [first] }) => from * 1000 + first)
        expect(order).toEqual([...order].sort((a, b) => a - b))
      }),
    )
  })

  it('asks for each cell once, in order', () => {
    const asked: number[] = []
    cutBlocks(5, (i) => {
      asked.push(i)
      return { settings }
    })
    expect(asked).toEqual([0, 1, 2, 3, 4])
  })

  it('keeps cells apart whose columns or rows differ, and cuts at multiples of 64 chains', () => {
    const other = { ...settings, columns: ['mean'] }
    expect(cutBlocks(2, (i) => ({ settings: i ? other : settings }))).toHaveLength(2)
    const large = { ...settings, replicates: 1_000_000, generations: 99 }
    const blocks = cutBlocks(1, () => ({ settings: large }))
    expect(blocks.length).toBe(Math.ceil((chainBytes(large) * 1_000_000) / blockBytes))
    expect(blocks.slice(0, -1).every(({ replicates }) => replicates[1] % 64 === 0)).toBe(true)
  })

  it('cuts what draws many records by work, so that a stopped run keeps most of it', () => {
    const large = { ...settings, n: 1_000_000, generations: 49, replicates: 200 }
    expect(cutBlocks(1, () => ({ settings: large, method: 'exact' }))).toHaveLength(1)
    const blocks = cutBlocks(3, () => ({ settings: large, method: 'draws' }))
    expect(blocks.every(({ replicates: [from, to] }) => (to - from) * 50e6 <= blockDraws)).toBe(true)
    expect(blocks.reduce((sum, { replicates: [from, to] }) => sum + to - from, 0)).toBe(600)
  })
})
