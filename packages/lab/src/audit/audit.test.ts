import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { extinction } from '@genloss/models'
import { afterAll, describe, expect, it } from 'vitest'
import { run } from '../api.js'
import { readExperimentFile } from '../read-experiment.js'
import { atMost, binomial, convolve, exactChain, shifted } from './exact-chains.js'
import { type AuditAnswer, audit } from './index.js'
import { auditFolder } from './save.js'

const folder = mkdtempSync(join(tmpdir(), 'genloss-audit-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const rare = join(folder, 'rare.csv')
writeFileSync(rare, `category\n${'common\n'.repeat(18)}${'rare\n'.repeat(2)}`)
const wages = new URL('../../../genloss/data/cps-wages-1985.csv', import.meta.url).pathname

const inMemory = { out: null }
const [real, rows] = [2, 20]

describe('the answer', () => {
  const replicates = 10_000
  const band = (p: number) => 4 * Math.sqrt((p * (1 - p)) / replicates) + 1e-9

  it('has the exact chances that 2 of 20 rows are lost', async () => {
    const known: Record<number, number> = { 1: 0.121577, 2: 0.261613, 10: 0.675792, 50: 0.88048 }
    const powers = extinction(rows, 50)
    for (const rounds of [1, 2, 50]) {
      const { answer } = await audit({ file: rare, pipelines: ['replace'], rounds, replicates }, inMemory)
      const group = answer.pipelines[0]!.groups.find(({ value }) => value === 'rare')!
      expect(group).toMatchObject({ column: 'category', rows: 2, share: 0.1 })
      for (const [round, lost] of Object.entries(group.gone)) {
        const exact = powers[Number(round)]![real]!
        expect(known[Number(round)] ?? exact).toBeCloseTo(exact, 5)
        expect(Math.abs(lost - exact)).toBeLessThan(band(exact))
      }
    }
  })

  it('has the exact chances of every way to train on', async () => {
    const pipelines = ['replace', 'anchor:5', 'keep-all', 'pile-up']
    const { answer } = await audit({ file: rare, pipelines, rounds: 10, replicates, seed: 3 }, inMemory)
    /** Rare rows of those that a round learns from, and how many they all are. */
    const laws: Record<string, { laws: number[][]; all: (round: number) => number }> = {
      replace: { laws: exactChain(10, real, (count) => binomial(rows, count / rows)), all: () => rows },
      'anchor:5': {
        laws: exactChain(10, real, (count) => convolve(binomial(5, real / rows), binomial(15, count / rows))),
        all: () => rows,
      },
      'keep-all': {
        laws: exactChain(10, real, (count, round) =>
          shifted(binomial(rows, count / (round === 0 ? rows : 2 * rows)), real),
        ),
        all: () => 2 * rows,
      },
      'pile-up': {
        laws: exactChain(10, real, (count, round) => shifted(binomial(rows, count / (rows * (round + 1))), count)),
        all: (round) => rows * (round + 1),
      },
    }
    for (const { name, groups } of answer.pipelines) {
      const group = groups.find(({ value }) => value === 'rare')!
      for (const round of [5, 10]) {
        const law = laws[name]!.laws[round - 1]!
        const halved = atMost(law, Math.floor((laws[name]!.all(round) * real) / rows / 2))
        expect(Math.abs(group.halved[round]! - halved), `${name} halved ${round}`).toBeLessThan(band(halved))
        expect(Math.abs(group.gone[round]! - atMost(law, 0)), `${name} gone ${round}`).toBeLessThan(
          band(atMost(law, 0)),
        )
      }
    }
  })

  it('has dates that double where the rows double', async () => {
    const runs = 4000
    const found = [40, 80].map(async (rare, i) => {
      const file = join(folder, `rare-${rare}.csv`)
      writeFileSync(file, `category\n${'common\n'.repeat(9 * rare)}${'rare\n'.repeat(rare)}`)
      const asked = { file, pipelines: ['replace'], rounds: 50 * (i + 1), replicates: runs, seed: i }
      const { answer } = await audit(asked, inMemory)
      return answer.pipelines[0]!.groups.find(({ value }) => value === 'rare')!
    })
    const [small, large] = await Promise.all(found)
    for (const [round, later] of [
      [10, 20],
      [50, 100],
    ] as const) {
      const p = small!.halved[round]!
      expect(p).toBeGreaterThan(0.05)
      // Halves are counted by whole rows: half a row's chance is left beside the error of both simulations.
      expect(Math.abs(large!.halved[later]! - p)).toBeLessThan(4 * Math.sqrt((2 * p * (1 - p)) / runs) + 0.01)
    }
  })

  it('has the form of the document, with intervals and bounds', async () => {
    const { answer } = await audit({ file: wages, group: 'race' }, inMemory)
    expect(Object.keys(answer)).toEqual(
      expect.arrayContaining(['verdict', 'best_case', 'read', 'assumptions', 'pipelines', 'run']),
    )
    expect(answer).toMatchObject({
      best_case: true,
      rounds: [5, 10, 20, 50],
      replicates: 200,
      run: null,
      read: { rows: 534, columns: 11, missing: {} },
    })
    expect(answer.verdict).toMatch(/race = hispanic \(27 of 534 rows\) .* BEST CASE: sampling loss only\.$/)
    expect(answer.pipelines.map(({ name, real_rows, generated_rows }) => [name, real_rows, generated_rows])).toEqual([
      ['replace', 0, 534],
      ['anchor:53', 53, 481],
      ['keep-all', 534, 534],
    ])
    const [hispanic] = answer.pipelines[2]!.groups
    expect(hispanic).toMatchObject({ column: 'race', value: 'hispanic', rows: 27, halved: { 50: 0 }, gone: { 50: 0 } })
    expect([hispanic!.share, hispanic!.low, hispanic!.high].map((share) => share.toFixed(3))).toEqual([
      '0.051',
      '0.035',
      '0.073',
    ])
    expect(hispanic!.halved_high[50]).toBeCloseTo(0.0149, 4)
    for (const assumption of answer.assumptions)
      expect(assumption).toMatchObject({ name: expect.any(String), effect: expect.any(String) })
    expect(answer.assumptions.find(({ name }) => name === 'rows a round')).toMatchObject({
      value: 534,
      option: '--rows',
    })
    expect(everyFinite(answer)).toBe(true)
  })

  it('follows gaps: the real one at first, undefined once a group is gone', async () => {
    const file = join(folder, 'pay.csv')
    writeFileSync(file, `kind,pay\n${'a,9\na,11\na,10\n'.repeat(10)}${'b,8\n'.repeat(10)}`)
    const { answer } = await audit({ file, pipelines: ['replace'], rounds: 200, replicates: 400 }, inMemory)
    const [gap] = answer.pipelines[0]!.gaps
    const { groups } = answer.pipelines[0]!
    expect(gap).toMatchObject({ column: 'pay', group: { value: 'b' }, reference: 'a', gap: -2, rows: [10, 30] })
    expect(gap!.median[5]).toBeCloseTo(-2, 1)
    const gone = groups.reduce((sum, group) => sum + group.gone[200]!, 0)
    expect(gone).toBeGreaterThan(0.9)
    expect(gap!.undefined[200]).toBeCloseTo(gone, 12)
  })
})

function everyFinite(answer: AuditAnswer): boolean {
  return !/null/.test(JSON.stringify({ ...answer, run: '', synthetic: '', holdout: '', misfit: '' }))
}

describe('the run', () => {
  it('is kept in its folder, goes on from it, and is what a saved experiment reproduces', async () => {
    const out = join(folder, 'run')
    const save = join(folder, 'saved.yaml')
    const first = await audit({ file: wages, group: 'race', replicates: 70 }, { out, save, threads: 1 })
    const again = await audit({ file: wages, group: 'race', replicates: 70 }, { out, threads: 2 })
    expect(again.answer).toEqual(first.answer)
    expect(first.answer.run).toBe(out)
    expect(readFileSync(save, 'utf8')).toMatch(/^# Made by 'genloss audit'/)
    const { input } = await readExperimentFile(save)
    const result = await run(input as never, { out })
    expect(result.notes.join('; ')).toContain('parts were there and kept')
    const column = result.cells[0]!.column('share_race_hispanic')
    const atLast = column.filter((_, i) => i % 5 === 4)
    const halved = atLast.filter((share) => share <= 27 / 534 / 2).length / 70
    expect(first.answer.pipelines[0]!.groups[0]!.halved[50]).toBe(halved)
  })

  it('has a folder of the name of the file, and of the plan where another audit has that one', async () => {
    const plan = { text: '{"one":1}', hash: 'a'.repeat(64) }
    expect(await auditFolder('audit-x', plan, folder)).toBe(join(folder, 'audit-x'))
    mkdirSync(join(folder, 'audit-x'))
    writeFileSync(join(folder, 'audit-x', 'plan.json'), plan.text)
    expect(await auditFolder('audit-x', plan, folder)).toBe(join(folder, 'audit-x'))
    const other = { text: '{"two":2}', hash: 'b'.repeat(64) }
    expect(await auditFolder('audit-x', other, folder)).toBe(join(folder, 'audit-x-bbbbbbbb'))
  })

  it('checks everything before it writes', async () => {
    const out = join(folder, 'never')
    const wrong = [{ group: 'rase' }, { pipelines: ['anker:5'] }, { rounds: 0 }, { keep: 2 }]
    for (const options of wrong) await expect(audit({ file: wages, ...options }, { out })).rejects.toThrow()
    await expect(audit({ file: wages, group: 'rase' }, { out })).rejects.toThrow(/did you mean 'race'/)
    expect(() => readFileSync(join(out, 'plan.json'))).toThrow()
  })
})
