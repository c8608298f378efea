import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../api.js'
import { readExperimentFile } from '../read-experiment.js'
import type { RunResult } from '../result.js'
import { type BudgetAnswer, budget } from './index.js'

const folder = mkdtempSync(join(tmpdir(), 'genloss-budget-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const wages = new URL('../../../genloss/data/cps-wages-1985.csv', import.meta.url).pathname
const inMemory = { out: null }

/** Shares of chains in which the 27 of 534 are kept, by powers of the matrix of their count in another program. */
const exact = {
  rows: [0, 27, 53, 107, 134, 187, 267],
  random: [0.6707, 0.7066, 0.7629, 0.8647, 0.9019, 0.9517, 0.988],
  stratified: [0.6707, 0.703, 0.9536, 0.9661, 0.9959, 0.998, 1],
  /** 184 and 185 rows at random, 88 and 89 stratified. */
  answers: { random: [0.9495, 0.9502], stratified: [0.9355, 0.9895] },
}

describe('the example table', () => {
  const save = join(folder, 'saved.yaml')
  const out = join(folder, 'run')
  const replicates = 4_000
  const near = (p: number) => 4 * Math.sqrt((p * (1 - p)) / replicates) + 1e-4
  let answer: BudgetAnswer
  beforeAll(async () => {
    answer = (await budget({ file: wages, group: 'race', replicates, realRows: 53 }, { out, save })).answer
  })

  it('needs 89 rows stratified by race, or about 185 at random', () => {
    expect(answer.stratified).toMatchObject({ rows: 89, low: 89, high: 89, group: 'hispanic' })
    const { rows, low, high } = answer.random
    // Near 185 a row more is 0.075 % more chains: a line through nine numbers of rows of 4,000 chains each is good to 1.6 rows.
    expect(Math.abs(rows! - 185)).toBeLessThanOrEqual(7)
    expect(low!).toBeLessThan(rows!)
    expect(high!).toBeGreaterThan(rows!)
    expect(high! - low!).toBeLessThan(15)
    expect(answer.verdict).toMatch(
      /^Keep all 534 real rows in every round if you can\. If you must use a fixed subset, keep 89 rows stratified by race, or about 18\d rows picked at random\. .* BEST CASE: sampling loss only\.$/,
    )
    expect(answer.goal).toBe('every race above half its real share at round 20, in 95 % of runs')
  })

  it('has the exact curve, with its error', () => {
    expect(answer.curve.map(({ rows }) => rows)).toEqual(exact.rows)
    for (const [i, { random, stratified, error }] of answer.curve.entries()) {
      expect(Math.abs(random - exact.random[i]!)).toBeLessThan(near(exact.random[i]!))
      expect(Math.abs(stratified - exact.stratified[i]!)).toBeLessThan(near(exact.stratified[i]!))
      expect(error / (1.96 * Math.sqrt((random * (1 - random)) / replicates))).toBeCloseTo(1, 1)
    }
    const hispanic = answer.groups.find(({ value }) => value === 'hispanic')!
    expect(hispanic.random).toEqual(answer.curve.map(({ random }) => random))
  })

  it('needs more where the generator makes the group too rarely', () => {
    const needs = [answer, ...answer.factors].map(({ random, stratified }) => [stratified.rows!, random.rows!])
    for (const [i, [stratified, random]] of needs.entries()) {
      expect(random).toBeGreaterThan(stratified!)
      if (i > 0) expect(stratified).toBeGreaterThan(needs[i - 1]![0]!)
    }
    expect(answer.factors.map(({ limit }) => limit.toFixed(4))).toEqual(['0.0909', '0.1667', '0.2308'])
  })

  it('says how many rounds a number of rows allows', () => {
    // 53 stratified rows hold at round 20 with 0.9536, and settle below; at random far fewer rounds are allowed.
    const { rows, stratified, random, groups } = answer.real_rows!
    expect(rows).toBe(53)
    expect(random.rounds).toBeLessThan(stratified.rounds ?? Number.POSITIVE_INFINITY)
    expect(groups.find(({ value }) => value === 'hispanic')!.random).toEqual(random)
    expect(groups.find(({ value }) => value === 'white')!.random.rounds).toBeNull()
    expect(answer.verdict).toContain('With 53 real rows every race is kept for')
  })

  it('is what running the saved experiment gives, at the answer and just below', async () => {
    expect(readFileSync(save, 'utf8')).toMatch(/^# Made by 'genloss budget'/)
    const { input } = await readExperimentFile(save)
    const result = await run(input as never, { out })
    expect(result.notes.join('; ')).toContain('parts were there and kept')
    const kept = (source: string, rows: number) => keptIn(result, source, rows)
    for (const [i, rows] of [88, 89].entries()) {
      const p = exact.answers.stratified[i]!
      expect(Math.abs(kept('fixed-stratified', rows) - p)).toBeLessThan(near(p))
    }
    expect(kept('fixed-stratified', 88)).toBeLessThan(0.95)
    expect(kept('fixed-stratified', 89)).toBeGreaterThan(0.95)
    for (const rows of [answer.random.rows! - 1, answer.random.rows!]) {
      // 0.075 % a row.
      const p = exact.answers.random[1]! + 0.00075 * (rows - 185)
      expect(Math.abs(kept('fixed', rows) - p)).toBeLessThan(near(p))
    }
  })
})

/** Share of chains in which hispanic is above half its share at round 20. */
function keptIn({ cells }: RunResult, source: string, rows: number): number {
  const cell = cells.find(({ settings: { policy } }) => {
    return policy.kind === 'mix' && policy.source === source && Math.round(policy.real! * 534) === rows
  })!
  const shares = cell.column('share_race_hispanic').filter((_, i) => i % 2 === 1)
  return shares.filter((share) => share > 27 / 534 / 2).length / shares.length
}

describe('other tables', () => {
  const table = (name: string, text: string) => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }
  const two = (common: number, rare: number) => `g\n${'a\n'.repeat(common)}${'b\n'.repeat(rare)}`

  it('need nothing where nothing is lost', async () => {
    const { answer } = await budget({ file: table('even.csv', two(500, 500)), rounds: 3, replicates: 500 }, inMemory)
    expect(answer.random).toEqual({ rows: 0, share: 0, low: 0, high: 0, group: null })
    expect(answer.stratified.rows).toBe(0)
    expect(answer.verdict).toMatch(/^No real rows are needed for 3 rounds/)
    expect(answer.curve[0]).toMatchObject({ rows: 0, random: 1, stratified: 1 })
  })

  it('need a group of one row itself: 0.95 of all rows at random', async () => {
    const file = table('one.csv', two(99, 1))
    const { answer } = await budget({ file, rounds: 60, replicates: 1000 }, inMemory)
    // Without the row its group is gone by round 60 in all but 1 in 100 runs, and comes back from no set without it.
    expect(answer.random.rows).toBeGreaterThanOrEqual(91)
    expect(answer.random.rows).toBeLessThanOrEqual(98)
    // Stratified, a hundredth of more than 50 rows is rounded up.
    expect(answer.stratified.rows).toBe(51)
  })

  it('may have no answer where rounds are smaller than the table', async () => {
    const { answer } = await budget({ file: wages, group: 'race', rows: 60, replicates: 1000 }, inMemory)
    expect(answer.random).toMatchObject({ rows: null, share: null, low: null, high: null, group: 'hispanic' })
    expect(answer.verdict).toMatch(/Rows picked at random are never enough/)
  })

  it('take the column with the rarest group where none is named, and numbers as groups where asked', async () => {
    const { answer } = await budget({ file: wages, rounds: 1, replicates: 200 }, inMemory)
    expect(answer.column).toBe('sector')
    expect(answer.left_out.columns).toEqual(['gender', 'race', 'occupation'])
    expect(answer.read).toMatchObject({ rows: 534, missing: 0 })
    const numbers = await budget({ file: wages, group: 'union', rounds: 1, replicates: 200 }, inMemory)
    expect(numbers.answer.groups.map(({ value, rows }) => [value, rows])).toEqual([
      ['0', 96],
      ['1', 438],
    ])
  })

  it('are refused in words, before anything is written', async () => {
    const ask = (options: object) => budget({ file: wages, group: 'race', ...options }, { out: join(folder, 'never') })
    await expect(ask({ group: 'rase' })).rejects.toThrow(/^group: expected a column of .*did you mean 'race'/)
    await expect(ask({ rounds: 0 })).rejects.toThrow(/^rounds: /)
    await expect(ask({ confidence: 1 })).rejects.toThrow(/^confidence: /)
    await expect(ask({ realRows: 535 })).rejects.toThrow(/at most 534 real rows/)
    await expect(ask({ realRows: 100, rows: 99 })).rejects.toThrow(/a round has 99 rows/)
    const same = table('same.csv', 'g,x\na,1\na,2\na,3\n')
    await expect(budget({ file: same }, inMemory)).rejects.toThrow(/with 2 to 50 of them/)
    await expect(budget({ file: same, group: 'g' }, inMemory)).rejects.toThrow(/at least two values that repeat/)
    expect(() => readFileSync(join(folder, 'never', 'plan.json'))).toThrow()
  })
})
