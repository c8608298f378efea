import { describe, expect, it } from 'vitest'
import type { CrossingAnswer, GroupAnswer, PipelineAnswer, TailAnswer } from './answer.js'
import { type ByRound, chanceOf, inWords, percent } from './chances.js'
import type { Fate } from './fates.js'
import { readOptions } from './options.js'
import { verdictOf } from './verdict.js'

const runs = 200
const settings = readOptions({ file: 'x.csv' })

/** A fate from counts of runs at rounds 5, 10, 20, 50. */
function fate(halved: number[], gone: number[] = [0, 0, 0, 0]): Fate {
  const rounds = (counts: number[], field: 'share' | 'low' | 'high'): ByRound =>
    Object.fromEntries(counts.map((count, i) => [settings.shown[i]!, chanceOf(count, runs)[field]]))
  return {
    halved: rounds(halved, 'share'),
    halved_low: rounds(halved, 'low'),
    halved_high: rounds(halved, 'high'),
    gone: rounds(gone, 'share'),
    gone_low: rounds(gone, 'low'),
    gone_high: rounds(gone, 'high'),
  }
}

const real = { share: 0.1, low: 0.05, high: 0.15 }
const group = (value: string, rows: number, life: Fate): GroupAnswer => ({
  column: 'race',
  value,
  rows,
  missing: false,
  ...real,
  ...life,
})

function pipeline(
  name: string,
  counts: [number, number],
  groups: GroupAnswer[],
  tails: TailAnswer[] = [],
): PipelineAnswer {
  return { name, words: '', real_rows: counts[0], generated_rows: counts[1], groups, tails, crossings: [], gaps: [] }
}

const none = fate([0, 0, 0, 0])
const safe = group('big', 473, none)

describe('the verdict', () => {
  it('names the first to go, by which round, what is left of it, and the least that keeps it', () => {
    const small = group('small', 27, fate([20, 60, 120, 150], [0, 10, 50, 90]))
    const pipelines = [
      pipeline('replace', [0, 500], [small, safe]),
      pipeline('anchor:50', [50, 450], [group('small', 27, fate([0, 5, 20, 24])), safe]),
      pipeline('keep-all', [500, 500], [group('small', 27, none), safe]),
    ]
    expect(verdictOf(pipelines, 500, settings)).toBe(
      'race = small (27 of 500 rows) goes first. ' +
        "If each round learns only from the last round's output, its share is half or less at round 20 in 60 % of simulated runs, " +
        'and at round 50 no row of it is left in 45 %. ' +
        '50 real rows beside 450 generated ones in every round bring that to 12 % at worst; ' +
        'all 500 real rows beside 500 generated ones in every round keep it (halved in under 2 %). ' +
        'BEST CASE: sampling loss only.',
    )
  })

  it('takes the earliest round, then the likeliest, and counts the others', () => {
    const groups = [group('a', 5, fate([0, 150, 180, 190])), group('b', 9, fate([0, 110, 190, 195])), safe]
    const text = verdictOf([pipeline('replace', [0, 500], groups)], 500, settings)
    expect(text).toMatch(/^race = a \(5 of 500 rows\) goes first\./)
    expect(text).toContain('1 more group goes by round 50.')
    expect(text).not.toContain('real rows beside')
  })

  it('speaks of missing values and of single rows only where there is nothing else', () => {
    const gone = fate([150, 190, 195, 199])
    const small = group('small', 27, fate([20, 60, 120, 150]))
    const none = { ...group('missing', 9, gone), missing: true }
    const text = (groups: GroupAnswer[]) => verdictOf([pipeline('replace', [0, 500], groups)], 500, settings)
    expect(text([none, group('one', 1, gone), small, safe])).toMatch(/^race = small .* 2 more groups go by round 50\./)
    expect(text([none])).toMatch(/^race = missing/)
  })

  it('says when nothing shown keeps the group', () => {
    const lost = fate([0, 10, 50, 150])
    const pipelines = [
      pipeline('replace', [0, 500], [group('small', 27, lost)]),
      pipeline('anchor:1', [1, 499], [group('small', 27, fate([0, 10, 50, 140]))]),
    ]
    expect(verdictOf(pipelines, 500, settings)).toContain(
      '1 real row beside 499 generated ones in every round brings that to 70 % at worst, which does not keep it.',
    )
  })

  it('names the nearest where nothing is likely lost, and where nothing is lost at all', () => {
    const risky = [pipeline('replace', [0, 500], [group('small', 27, fate([0, 0, 10, 60])), safe])]
    expect(verdictOf(risky, 500, settings)).toMatch(
      /^race = small \(27 of 500 rows\) is the group most at risk\. If each round .* at round 50 in 30 % of simulated runs\./,
    )
    const calm = verdictOf([pipeline('replace', [0, 500], [safe, group('small', 27, none)])], 500, settings)
    expect(calm).toMatch(
      /^Within 50 rounds nothing that was followed is lost\. race = small \(27 of 500 rows\) comes nearest/,
    )
    expect(calm).toContain('under 2 %')
  })

  it('does not hide a tail that goes behind groups that stay', () => {
    const tail: TailAnswer = {
      column: 'wage',
      side: 'lower',
      p: 0.05,
      edge: 9,
      rows: 25,
      ...real,
      ...fate([0, 0, 90, 130]),
    }
    const pipelines = [
      pipeline('replace', [0, 500], [safe], [tail]),
      pipeline('keep-all', [500, 500], [safe], [{ ...tail, ...none }]),
    ]
    const text = verdictOf(pipelines, 500, settings)
    expect(text).toMatch(
      /^Within 50 rounds no group is likely to be lost, but the lowest 5 % of wage \(25 of 500 rows\) is\. If each round .* at round 50 in 65 % of simulated runs\./,
    )
    expect(text).toContain('all 500 real rows beside 500 generated ones in every round keep it'.replace('all', 'All'))
  })

  it('says nothing is lost only where nothing at all is at risk', () => {
    const crossing = {
      columns: ['a', 'b'],
      values: ['x', 'y'],
      rows: 6,
      ...real,
      ...fate([0, 0, 20, 70]),
    } as CrossingAnswer
    const risky = { ...pipeline('replace', [0, 500], [safe]), crossings: [crossing] }
    expect(verdictOf([risky], 500, settings)).toMatch(
      /^Within 50 rounds no group is likely to be lost, but a = x with b = y \(6 of 500 rows\) is at risk\. If/,
    )
  })

  it('names what is likely to go before what is at some risk', () => {
    const tail = (counts: number[]): TailAnswer => ({
      column: 'wage',
      side: 'upper',
      p: 0.01,
      edge: 9,
      rows: 12,
      ...real,
      ...fate(counts),
    })
    const crossing = {
      columns: ['a', 'b'],
      values: ['x', 'y'],
      rows: 6,
      ...real,
      ...fate([0, 0, 90, 150]),
    } as CrossingAnswer
    const some = { ...pipeline('replace', [0, 500], [safe], [tail([0, 0, 10, 20])]), crossings: [crossing] }
    expect(verdictOf([some], 500, settings)).toMatch(
      /^Within 50 rounds no group is likely to be lost, but a = x with b = y \(6 of 500 rows\) is\./,
    )
    const risky = group('small', 27, fate([0, 0, 10, 60]))
    const both = pipeline('replace', [0, 500], [risky, safe], [tail([0, 0, 90, 150])])
    expect(verdictOf([both], 500, settings)).toMatch(
      /^race = small .* is the group most at risk\..* The highest 1 % of wage \(12 of 500 rows\) goes sooner: at round 50 in 75 %\./,
    )
  })

  it('speaks of tails where there are no groups, and of another share than half', () => {
    const tail: TailAnswer = {
      column: 'wage',
      side: 'upper',
      p: 0.01,
      edge: 9,
      rows: 12,
      ...real,
      ...fate([0, 0, 0, 180]),
    }
    const text = verdictOf([pipeline('pile-up', [500, 500], [], [tail])], 500, readOptions({ file: 'x', keep: 0.3 }))
    expect(text).toContain('The highest 1 % of wage (12 of 500 rows) goes first.')
    expect(text).toContain(
      'With 500 real and 500 generated rows in every round, its share is at most 0.3 of the real one',
    )
  })
})

describe('chances', () => {
  it('are never printed as a bare 0 or 100', () => {
    expect([0, 1, 2, 100, 198, 199, 200].map((count) => percent(chanceOf(count, 200)))).toEqual([
      '<2',
      '1',
      '1',
      '50',
      '99',
      '99',
      '>98',
    ])
    expect([1, 9999].map((count) => percent(chanceOf(count, 10_000)))).toEqual(['<1', '>99'])
    expect(percent(chanceOf(0, 1))).toBe('<95')
    expect(inWords(chanceOf(200, 200))).toBe('over 98 %')
  })

  it('carry an upper bound where nothing happened', () => {
    expect(chanceOf(0, 200)).toEqual({ share: 0, low: 0, high: expect.closeTo(1 - 0.05 ** (1 / 200), 12) })
    expect(chanceOf(27, 534).low).toBeCloseTo(0.035, 3)
    expect(chanceOf(27, 534).high).toBeCloseTo(0.0725, 3)
  })
})
