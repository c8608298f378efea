import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copula } from '@genloss/models'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../api.js'
import { readExperimentFile } from '../read-experiment.js'
import { readTable } from '../sources/index.js'
import { synthesize } from '../synthesize.js'
import { atMost, binomial, exactChain } from './exact-chains.js'
import { type AuditAnswer, audit } from './index.js'

const folder = mkdtempSync(join(tmpdir(), 'genloss-modelled-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const wages = new URL('../../../genloss/data/cps-wages-1985.csv', import.meta.url).pathname
const inMemory = { out: null }
const model = 'copula:margin=kde'

describe('an audit with a copula', () => {
  let answer: AuditAnswer
  const save = join(folder, 'saved.yaml')
  const options = { file: wages, group: 'race', model, rounds: 10, replicates: 60 }
  beforeAll(async () => {
    answer = (await audit(options, { ...inMemory, save })).answer
  })

  it('has the misfit of rows that the copula of the table makes', async () => {
    const table = await readTable(wages)
    const modelled = table.columns
      .map(({ name }) => name)
      .filter((name) => !['south', 'union', 'married'].includes(name))
    const columns = table.columns.filter(({ name }) => modelled.includes(name))
    const rows = 200_000
    const made = await synthesize({ ...table, columns }, copula({ margin: 'kde' }), { rows, seed: 5 })
    const { groups, crossings, tails, gaps } = answer.misfit!
    expect(answer.misfit!.model).toMatchObject({ kind: 'copula', margin: 'kde' })
    const shareOf = (test: (row: number) => boolean) => {
      let count = 0
      for (let row = 0; row < rows; row++) if (test(row)) count++
      return count / rows
    }
    // Chance, and what the series of a pair leaves out.
    const near = (given: number, drawn: number, name: string) =>
      expect(Math.abs(given - drawn), name).toBeLessThan(4 * Math.sqrt((given * (1 - given)) / rows) + 0.01 * given)
    for (const { value, share, made: given, ratio } of groups) {
      expect(given).toBeCloseTo(share, 12)
      expect(ratio).toBeCloseTo(1, 9)
      near(
        given,
        shareOf((row) => made.race![row] === value),
        value,
      )
    }
    for (const {
      columns: [a, b],
      values: [x, y],
      made: given,
      rows: real,
    } of crossings) {
      near(
        given,
        shareOf((row) => made[a]![row] === x && made[b]![row] === y),
        `${x} ${y}`,
      )
      expect(real).toBeGreaterThan(0)
    }
    expect(crossings.some(({ ratio }) => ratio < 0.7)).toBe(true)
    expect(crossings.some(({ ratio }) => ratio > 1.5)).toBe(true)
    expect(tails.length).toBe(answer.pipelines[0]!.tails.length)
    const [gap] = gaps
    const meanOf = (value: string) => {
      let [count, sum] = [0, 0]
      for (let row = 0; row < rows; row++)
        if (made.race![row] === value) {
          count++
          sum += made[gap!.column]![row] as number
        }
      return sum / count
    }
    expect(gap!.made).toBeCloseTo(meanOf(gap!.group.value) - meanOf(gap!.reference), 0)
  })

  it('counts the misfit in the fates of crossings, and says so', () => {
    // All real rows stay beside as many made ones: half of what the model takes away is lost in the first round.
    const keepAll = answer.pipelines[2]!
    const misfit = answer.misfit!.crossings
    const place = misfit.reduce((least, { ratio }, i) => (ratio < misfit[least]!.ratio ? i : least), 0)
    const { halved, rows } = keepAll.crossings[place]!
    expect(rows).toBe(misfit[place]!.rows)
    expect(halved[10]).toBeGreaterThan(2 * keepAll.groups[0]!.halved[10]!)
    expect(keepAll.crossings[place]!.at_low).toBeUndefined()
    expect(keepAll.groups[0]!.at_low).toBeDefined()
    expect(answer.verdict).toMatch(/BEST CASE of a gaussian copula: its own misfit is counted, yours may differ\.$/)
    expect(answer.best_case).toBe(true)
    expect(answer.assumptions[0]).toMatchObject({
      name: 'generator',
      value: expect.stringMatching(/^a gaussian copula, margins of numbers kde/),
      option: '--model',
    })
    expect(answer.left_out.undecided).toEqual([])
  })

  it('saves the experiment that gives the same shares', async () => {
    expect(readFileSync(save, 'utf8')).toContain('fits a model to the rows and draws new ones')
    const { input } = await readExperimentFile(save)
    const result = await run(input as never)
    const column = result.cells[0]!.column('share_race_hispanic')
    const atLast = column.filter((_, i) => i % 3 === 2)
    const halved = atLast.filter((share) => share <= 27 / 534 / 2).length / 60
    expect(answer.pipelines[0]!.groups[0]!.halved[10]).toBe(halved)
    expect(column[0]).toBeCloseTo(answer.misfit!.groups[0]!.made, 12)
  })
})

describe('groups of a copula', () => {
  it('are lost at the exact chances of resampled rows, one by one and by counts', async () => {
    const replicates = 4000
    const small = join(folder, 'small.csv')
    writeFileSync(
      small,
      `kind,x\n${Array.from({ length: 20 }, (_, i) => `${i < 2 ? 'rare' : 'common'},${i * i}\n`).join('')}`,
    )
    const law = exactChain(4, 2, (count) => binomial(20, count / 20))[3]!
    const options = { file: small, group: 'kind', pipelines: ['replace'], rounds: 4, replicates, model: 'copula' }
    const { answer } = await audit(options, inMemory)
    const rare = answer.pipelines[0]!.groups.find(({ value }) => value === 'rare')!
    for (const [state, p] of [
      ['gone', atMost(law, 0)],
      ['halved', atMost(law, 1)],
    ] as const)
      expect(Math.abs(rare[state][4]! - p), state).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / replicates))
    expect(answer.assumptions.some(({ source }) => source === 'method exact')).toBe(false)

    const large = await audit({ ...options, rows: 6000, rounds: 1, replicates: 200 }, inMemory)
    expect(large.experiment.method).toBe('exact')
    expect(large.answer.assumptions.find(({ source }) => source === 'method exact')).toMatchObject({
      effect: expect.stringMatching(/approximation/),
    })
    expect(large.answer.pipelines[0]!.groups.find(({ value }) => value === 'rare')!.halved[1]).toBe(0)
  })

  it('are left out and named where no column tells them', async () => {
    const file = join(folder, 'pairs.csv')
    const lines = Array.from({ length: 300 }, (_, i) => `a${i % 24},b${(i * i + (i >> 3)) % 25},${(i * 7) % 31}\n`)
    writeFileSync(file, `a,b,x\n${lines.join('')}`)
    const { answer } = await audit({ file, rounds: 2, replicates: 5, model: 'copula' }, inMemory)
    expect(answer.left_out.undecided.length).toBeGreaterThan(0)
    for (const words of answer.left_out.undecided) expect(words).toMatch(/^a = a\d+ with b = b\d+$/)
    expect(answer.pipelines[0]!.crossings).toEqual([])
    expect(answer.misfit!.crossings).toEqual([])
    expect(answer.pipelines[0]!.groups.length).toBeGreaterThan(24)
    const names = join(folder, 'names.csv')
    writeFileSync(
      names,
      `k,v\n${Array.from({ length: 30 }, (_, i) => `n${Math.floor(i / 1.2)},${i % 3 ? 1 : 2}\n`).join('')}`,
    )
    await expect(audit({ file: names, group: 'k', model: 'copula' }, inMemory)).rejects.toThrow(
      /^model: expected a table with groups or tails that a column of the model tells.*left out: k = n/s,
    )
  })

  it('are left out where columns that stand before theirs tell the same rows', async () => {
    const file = join(folder, 'same.csv')
    const rows = Array.from({ length: 200 }, (_, i) =>
      i < 6 ? ['q', 't', 'z'] : [i % 3 ? 'p' : 'q', i % 2 ? 'r' : 's', 'uvwz'[i % 4]],
    )
    rows.push(...Array.from({ length: 20 }, (_, i) => ['p', 't', 'uv'[i % 2]]))
    writeFileSync(file, `a,b,c\n${rows.map((row) => `${row.join(',')}\n`).join('')}`)
    const { answer } = await audit({ file, rounds: 2, replicates: 5, model: 'copula' }, inMemory)
    expect(answer.left_out.undecided).toContain('b = t with c = z')
    const followed = answer.misfit!.crossings.map(({ columns, values }) => [...columns, ...values].join(' '))
    expect(followed).toContain('a b q t')
    expect(followed).not.toContain('b c t z')
  })

  it('are left out where the own column of a tail leaves a tenth of it in doubt', async () => {
    const file = join(folder, 'edge.csv')
    // Ten rows, each of a value of its own: the one at the edge stands between a member and another row.
    const rows = Array.from({ length: 200 }, (_, i) => `${i % 3 ? 'p' : 'q'},${((i * 77) % 200) ** 1.5}\n`)
    writeFileSync(file, `a,x\n${rows.join('')}`)
    const { answer } = await audit({ file, rounds: 1, replicates: 2, model: 'copula' }, inMemory)
    expect(answer.left_out.undecided).toEqual(['the lowest 5 % of x', 'the highest 5 % of x'])
    expect(answer.misfit!.tails).toEqual([])
  })

  it('have empirical margins that fit at round 0, tails too', async () => {
    const { answer } = await audit({ file: wages, rounds: 1, replicates: 2, model: 'copula' }, inMemory)
    const { groups, tails } = answer.misfit!
    expect(tails.length).toBeGreaterThan(6)
    for (const { ratio } of [...groups, ...tails]) expect(ratio).toBeCloseTo(1, 9)
  })
})

describe('the model of an audit', () => {
  it.each([
    [{ synthetic: wages }, /^synthetic: expected none beside 'model'/],
    [{ temperature: 0.8 }, /^temperature: expected none beside 'model'/],
    [{ topP: 0.9 }, /^topP: expected none beside 'model'/],
    [{ detector: { found: 0.5 } }, /^detector: expected none beside 'model'/],
    [{ poison: 0.1 }, /^poison: expected none beside 'model'/],
    [{ realWeight: 2 }, /^realWeight: expected none beside 'model'/],
    [{ curate: { hispanic: 2 } }, /^curate: expected none beside 'model'/],
    [{ model: 'kde' }, /^model: expected 'copula', or 'empirical'/],
    [{ model: 'copula:margins=wages:kde' }, /^model\.margins\.wages: .*did you mean 'wage'/s],
    [
      { model: 'copula:margins=union:kde' },
      /^model\.margins\.union: expected a column that is followed.*only the numbers/s,
    ],
  ])('is refused with %j', async (more, words) => {
    await expect(audit({ file: wages, group: 'race', model: 'copula', ...more }, inMemory)).rejects.toThrow(words)
  })

  it('is no model where whole rows are resampled', async () => {
    const options = { file: wages, group: 'race', rounds: 2, replicates: 10 }
    const plain = await audit(options, inMemory)
    const named = await audit({ ...options, model: 'empirical' }, inMemory)
    expect(named.answer).toEqual(plain.answer)
    expect(plain.answer.misfit).toBeNull()
  })
})
