import { describe, expect, it } from 'vitest'
import { activeStages, GenlossError, readStage, type StageName, type Stages, stageNames, stages } from './index.js'

function refusal(make: () => unknown): GenlossError {
  try {
    make()
  } catch (error) {
    if (error instanceof GenlossError) return error
  }
  throw new Error('it was accepted')
}

describe('stages', () => {
  it('fill in defaults, from objects and from text', () => {
    expect(readStage('poison', { share: 0.05 })).toEqual({ share: 0.05, from: 1, record: 0 })
    expect(readStage('poison', 'share=0.05,record=cat,until=9')).toEqual({
      share: 0.05,
      from: 1,
      until: 9,
      record: 'cat',
    })
    expect(readStage('filter', { truePositiveRate: '0.8' })).toEqual({
      truePositiveRate: 0.8,
      falsePositiveRate: 0,
      topUp: false,
    })
    expect(readStage('selection', 'keep=0.5')).toEqual({ keep: 0.5, by: 'highest' })
    expect(readStage('weights', { synthetic: 0.5 })).toEqual({ real: 1, synthetic: 0.5 })
    expect(readStage('sampling', 'topK=3,temperature=0.7')).toEqual({ temperature: 0.7, topK: 3 })
    expect(readStage('sampling', 'none')).toBeUndefined()
  })

  it('name classes by code, by list or by name', () => {
    const bias = (value: unknown) => readStage('sampling', { bias: value })!.bias
    expect(bias([2, '1'])).toEqual([2, 1])
    expect(bias('2/1')).toEqual([2, 1])
    expect(bias('cat:2/dog=0.5')).toEqual({ cat: 2, dog: 0.5 })
    expect(bias({ cat: '2' })).toEqual({ cat: 2 })
    const record = (value: unknown) => readStage('poison', { share: 0.1, record: value })!.record
    expect([3, '3', '1.0', 'cat', -0].map(record)).toEqual([3, 3, '1.0', 'cat', 0])
  })

  it.each<[string, StageName, unknown, string, RegExp]>([
    ['a misspelt setting', 'poison', { shaer: 0.1 }, 'poison.shaer', /did you mean 'share'/],
    ['a kind', 'poison', { kind: 'mix', share: 1 }, 'poison.kind', /no kind/],
    ['no share', 'poison', {}, 'poison.share', /no default/],
    ['a share over 1', 'poison', { share: 1.1 }, 'poison.share', /from 0 to 1/],
    ['poison of the first set', 'poison', { share: 0.1, from: 0 }, 'poison.from', /from 1/],
    ['an end before the start', 'poison', { share: 0.1, from: 5, until: 4 }, 'poison.until', /from 5/],
    ['no record', 'poison', { share: 0.1, record: [] }, 'poison.record', /a number, or the name/],
    ['NaN as record', 'poison', { share: 0.1, record: Number.NaN }, 'poison.record', /a number/],
    ['no rate', 'filter', { topUp: true }, 'filter.truePositiveRate', /no default/],
    ['a detector of everything', 'filter', 'truePositiveRate=1,falsePositiveRate=1,topUp=true', 'filter.topUp', /pass/],
    ['nothing kept', 'selection', { keep: 0 }, 'selection.keep', /a number from 1e-9 to 1/],
    ['an order that is none', 'selection', { keep: 0.5, by: 'highst' }, 'selection.by', /did you mean 'highest'/],
    ['temperature 0', 'sampling', { temperature: 0 }, 'sampling.temperature', /above 0/],
    ['no class', 'sampling', { topK: 0 }, 'sampling.topK', /from 1/],
    ['a mass over 1', 'sampling', { topP: 2 }, 'sampling.topP', /above 0 and up to 1/],
    ['a negative factor', 'sampling', { bias: { a: -1 } }, 'sampling.bias.a', /at least 0/],
    ['no factor', 'sampling', { bias: {} }, 'sampling.bias', /a factor/],
    ['no weight', 'weights', { real: 0, synthetic: 0 }, 'weights', /above 0/],
    ['a number', 'weights', 2, 'weights', /an object of settings/],
  ])('refuse %s', (_, name, value, path, words) => {
    const error = refusal(() => readStage(name, value))
    expect(error).toMatchObject({ code: 'plan', path })
    expect(error.message).toMatch(words)
  })

  it('wait for settings that come later', () => {
    const later = new Set(['share'])
    expect(readStage('poison', { record: 5, from: 3 }, 'poison', { later })).toEqual({ record: 5, from: 3 })
  })

  it('are active where they change something', () => {
    const idle: Stages = {
      sampling: { temperature: 1, topP: 1, spread: 1 },
      filter: { truePositiveRate: 0, falsePositiveRate: 0, topUp: true },
      selection: { keep: 1, by: 'highest' },
      poison: { share: 0, from: 1, record: 5 },
      weights: { real: 1, synthetic: 1 },
    }
    expect(activeStages(idle)).toEqual({})
    const active: Stages = {
      sampling: { temperature: 0.5, truncate: 3, topK: 2 },
      filter: { truePositiveRate: 0, falsePositiveRate: 0.1, topUp: false },
      selection: { keep: 0.5, by: 'central' },
      poison: { share: 0.1, from: 1, record: 5 },
      weights: { real: 2, synthetic: 2 },
    }
    expect(activeStages(active)).toEqual(active)
    expect(activeStages({ sampling: { temperature: 1, topK: 2 } })).toEqual({ sampling: { topK: 2 } })
  })

  it('say of every setting what it is', () => {
    expect(stageNames).toEqual(['sampling', 'filter', 'selection', 'poison', 'weights'])
    for (const name of stageNames) {
      expect(stages[name].kind).toBe(name)
      for (const { doc, check } of Object.values(stages[name].fields)) expect(`${doc}${check.rule}`).toMatch(/\w/)
    }
  })
})
