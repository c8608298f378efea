import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { atMost, binomial, exactChain } from './exact-chains.js'
import { audit } from './index.js'
import { expectedShares, poisonedShares, rowsLeft, settledDiversity, settledShare, wayOf } from './laws.js'
import { readOptions } from './options.js'
import { readPipelines } from './pipelines.js'

const folder = mkdtempSync(join(tmpdir(), 'genloss-stages-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const inMemory = { out: null }
const table = (name: string, kinds: Record<string, number>): string => {
  const path = join(folder, `${name}.csv`)
  const rows = Object.entries(kinds).flatMap(([kind, rows]) => Array.from({ length: rows }, () => kind))
  writeFileSync(path, `kind\n${rows.join('\n')}\n`)
  return path
}
const stagesOf = (options: object) => readOptions({ file: 'x.csv', ...options }).stages
const way = (word: string, rows = 100) => readPipelines([word], {}, rows)[0]!

describe('the laws of the stages', () => {
  it('have a good detector do harm by what it takes, and help where rounds are filled up', () => {
    const anchor = way('anchor:10')
    const detector = { found: 0.8, falseAlarms: 0.1 }
    const left = rowsLeft(anchor, stagesOf({ detector }))
    expect(left).toEqual({ real: 9, generated: expect.closeTo(18, 9), poison: 0 })
    // 100 records of which 90 are generated: 0.9495 without, about 0.9353 with, 0.9821 filled up.
    expect(settledDiversity(rowsLeft(anchor, {}))).toBeCloseTo(0.9495, 4)
    expect(settledDiversity(left)).toBeCloseTo(0.9353, 3)
    const filled = rowsLeft(anchor, stagesOf({ detector: { ...detector, topUp: true } }))
    expect(filled.real + filled.generated).toBeCloseTo(100, 9)
    expect(settledDiversity(filled)).toBeCloseTo(0.9821, 4)
    expect(rowsLeft(way('replace'), stagesOf({ detector: { ...detector, topUp: true } })).generated).toBe(100)
    expect(settledDiversity(rowsLeft(way('replace'), {}))).toBe(0)
  })

  it('have poison grow as 1 - (1 - share)^g, to share / (a + share) with fresh real rows', () => {
    const stages = stagesOf({ poison: 0.05 })
    const grown = poisonedShares(way('replace'), stages, 20)
    grown.forEach((share, g) => {
      expect(share).toBeCloseTo(1 - 0.95 ** g, 12)
    })
    expect(poisonedShares(way('anchor:10'), stages, 500).at(-1)).toBeCloseTo(0.05 / 0.15, 9)
    const piled = poisonedShares(way('pile-up'), stages, 2)
    expect(piled[1]).toBeCloseTo(5 / 200, 12)
    expect(piled[2]).toBeCloseTo((5 + 5 + 95 * (5 / 200)) / 300, 12)
  })

  it('have a weight do what more real rows do, and a detector raise the real fraction', () => {
    expect(wayOf(way('anchor:10'), stagesOf({ realWeight: 9 }))).toEqual({ kind: 'anew', real: 0.5, generated: 0.5 })
    const detected = wayOf(way('anchor:10'), stagesOf({ detector: { found: 0.8 } }))
    expect(settledShare(detected, 0.5)).toBeCloseTo(10 / 28 / (1 - (18 / 28) * 0.5), 12)
    expect(expectedShares(wayOf(way('replace'), stagesOf({ poison: 0.1 })), 1, 2)[2]).toBeCloseTo(0.81, 12)
  })
})

describe('an audit with stages', () => {
  it('has the poison of the formula in its chains', async () => {
    const file = table('large', { a: 3600, b: 400 })
    const ways = ['replace', 'anchor', 'keep-all', 'pile-up']
    const { answer } = await audit({ file, poison: 0.03, pipelines: ways, replicates: 100 }, inMemory)
    for (const { name, stages } of answer.pipelines) {
      for (const round of [5, 10, 20, 50]) {
        const { formula, median, low, high } = stages!.poisoned!
        expect(Math.abs(median[round]! - formula[round]!), `${name} ${round}`).toBeLessThan(0.02)
        expect(low[round]).toBeLessThanOrEqual(formula[round]!)
        expect(high[round]).toBeGreaterThanOrEqual(formula[round]!)
      }
    }
    expect(answer.verdict).toMatch(/BEST CASE: sampling loss and poison only\.$/)
    expect(answer.best_case).toBe(true)
  })

  it('has fewer rows a round with a detector, at the exact chances of so few', async () => {
    // Every generated row of an anchor is found: what is left are 20 fresh real rows.
    const file = table('few', { a: 36, b: 4 })
    const options = { file, pipelines: ['anchor:20'], rounds: 3, replicates: 4000, detector: { found: 1 } }
    const { answer } = await audit(options, inMemory)
    const b = answer.pipelines[0]!.groups.find(({ value }) => value === 'b')!
    for (const [state, p] of [
      ['gone', 0.9 ** 20],
      ['halved', atMost(binomial(20, 0.1), 1)],
    ] as const)
      expect(Math.abs(b[state][3]! - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 4000))
    expect(b.sampling_only!.gone[3]).toBeLessThan(b.gone[3]!)
    expect(answer.pipelines[0]!.stages).toMatchObject({
      real_rows: 20,
      generated_rows: 0,
      wrongly_removed: 0,
      real_share: 1,
    })
  })

  it('has a curation as the exact chain whose odds change by its factor', async () => {
    const file = table('picked', { a: 16, b: 4 })
    const options = { file, group: 'kind', pipelines: ['replace'], rounds: 4, replicates: 4000, curate: { b: 0.5 } }
    const { answer } = await audit(options, inMemory)
    const b = answer.pipelines[0]!.groups.find(({ value }) => value === 'b')!
    const law = exactChain(4, 4, (count) => binomial(20, (0.5 * count) / (0.5 * count + 20 - count)))[3]!
    for (const [state, p] of [
      ['gone', atMost(law, 0)],
      ['halved', atMost(law, 2)],
    ] as const)
      expect(Math.abs(b[state][4]! - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 4000))
    expect(b.step).toBeCloseTo(0.5 / 0.9, 12)
  })

  it('has the exact chances of weighted rows', async () => {
    // Rounds of 2 fresh real rows of weight 3 and 2 generated ones: the share is (3 R + G) / 8.
    const file = table('weighed', { a: 3, b: 1 })
    const options = { file, pipelines: ['anchor:2'], rounds: 4, replicates: 4000, realWeight: 3 }
    const { answer } = await audit(options, inMemory)
    const [way] = answer.pipelines
    expect(way!.stages).toMatchObject({ real_share: 0.75, poisoned: null, diversity: null })
    let law = new Map([[0.25, 1]])
    for (let round = 0; round < 4; round++) {
      const next = new Map<number, number>()
      for (const [share, chance] of law)
        binomial(2, 0.25).forEach((p, real) => {
          binomial(2, share).forEach((q, made) => {
            const after = (3 * real + made) / 8
            next.set(after, (next.get(after) ?? 0) + chance * p * q)
          })
        })
      law = next
    }
    const upTo = (most: number) => [...law].reduce((sum, [share, p]) => sum + (share <= most ? p : 0), 0)
    const b = way!.groups.find(({ value }) => value === 'b')!
    for (const [state, p] of [
      ['gone', upTo(0)],
      ['halved', upTo(0.125)],
    ] as const)
      expect(Math.abs(b[state][4]! - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 4000))
  })

  it('leaves out rows that repeat, by a hash of its own', async () => {
    const path = join(folder, 'repeats.csv')
    writeFileSync(
      path,
      `kind,x\n${'a,1\n'.repeat(30)}${Array.from({ length: 12 }, (_, i) => `b,${i}\n`).join('')}a,2\na,\n`,
    )
    const once = await audit({ file: path, pipelines: ['replace'], dedup: true }, inMemory)
    const groups = once.answer.pipelines[0]!.groups.map(({ value, rows }) => [value, rows])
    expect(groups).toEqual([
      ['a', 3],
      ['b', 12],
    ])
    expect(once.answer.read).toMatchObject({ rows: 15, missing: { x: 1 } })
    const twice = await audit({ file: path, pipelines: ['replace'] }, inMemory)
    expect(twice.answer.read.rows).toBe(44)
    const hash = ({ experiment }: typeof once) => (experiment.origin as { sha256: string }).sha256
    expect(hash(once)).not.toBe(hash(twice))
    const save = join(folder, 'never.yaml')
    await expect(audit({ file: path, dedup: true }, { out: null, save })).rejects.toThrow(/no file with 'dedup'/)
  })

  it('refuses what has no meaning, in words of the options', async () => {
    const file = table('small', { a: 30, b: 10 })
    const asked = (options: object) => audit({ file, ...options }, inMemory)
    await expect(asked({ poison: 1 })).rejects.toThrow(/^poison: expected a share/)
    await expect(asked({ poison: 0.1, detector: { found: 0.5 } })).rejects.toThrow(
      /no detector beside it under 'anchor:4'/,
    )
    await expect(asked({ poison: 0.5, pipelines: ['anchor:30'] })).rejects.toThrow(/at most 0.250 under 'anchor:30'/)
    await expect(asked({ curate: { b: 2 } })).rejects.toThrow(/name its column: --group COLUMN/)
    await expect(asked({ group: 'kind', curate: { B: 2 } })).rejects.toThrow(/curate.B: .*did you mean 'b'/)
    await expect(asked({ detector: { found: 1, falseAlarms: 1 } })).rejects.toThrow(/throws every row away/)
    await expect(asked({ realWeight: 0 })).rejects.toThrow(/^realWeight: /)
  })
})
