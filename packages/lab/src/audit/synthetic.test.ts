import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { shareRatio, uniforms, wilson } from '@genloss/metrics'
import { afterAll, describe, expect, it } from 'vitest'
import { atMost, binomial, exactChain } from './exact-chains.js'
import { openFactor } from './factors.js'
import { audit } from './index.js'

const folder = mkdtempSync(join(tmpdir(), 'genloss-synthetic-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const inMemory = { out: null }
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const lines = (count: number, line: (i: number) => string) => Array.from({ length: count }, (_, i) => line(i)).join('')

/** 200 real rows: 20 of b; 1,000 generated ones: 50 of b, 4 of a kind that is new. */
const real = file('real.csv', `kind,pay\n${lines(180, (i) => `a,${100 + i}\n`)}${lines(20, (i) => `b,${i}\n`)}`)
const made = file(
  'made.csv',
  `pay,kind\n${lines(946, (i) => `${100.5 + i / 6},a\n`)}${lines(50, (i) => `${i / 2 + 0.25},b\n`)}${lines(4, () => '7.125,c\n')}`,
)

describe('an audit with generated rows', () => {
  it('measures the factor of every set with the errors of both samples, and is no best case', async () => {
    const { answer } = await audit({ file: real, synthetic: made, pipelines: ['replace', 'anchor'] }, inMemory)
    expect(answer.best_case).toBe(false)
    expect(answer.verdict).not.toContain('BEST CASE')
    expect(answer.verdict).toContain('made it at 0.50 times its share')
    const [replace, anchor] = answer.pipelines
    const b = replace!.groups.find(({ value }) => value === 'b')!
    const { low, high } = shareRatio({ successes: 50, trials: 1000 }, { successes: 20, trials: 200 })
    expect(b.factor).toEqual({ rows: 50, share: 0.05, factor: 0.5, low, high })
    expect(b.formula!.halves).toBeCloseTo(1, 12)
    expect(b.formula!.share[5]).toBeCloseTo(0.5 ** 5, 12)
    expect(anchor!.groups.find(({ value }) => value === 'b')!.formula!.settles).toBeCloseTo(0.1 / (1 - 0.9 * 0.5), 12)
    expect(b.halved[5]).toBeGreaterThan(0.95)
    expect(b.sampling_only!.halved[5]).toBeLessThan(0.3)
    expect(b.at_low!.halved[5]).toBeGreaterThanOrEqual(b.at_high!.halved[5]!)
    // Rows more than there are to learn from do not help.
    expect(b.tenfold!.halved[50]).toBeGreaterThan(0.95)
    const tail = replace!.tails.find(({ side, p }) => side === 'lower' && p === 0.05)!
    expect(tail.factor!.rows).toBe(18 + 4)
    expect(answer.synthetic).toMatchObject({ rows: 1000, unseen: [{ column: 'kind', rows: 4, values: ['c'] }] })
    const gap = replace!.gaps[0]!
    expect(gap.made!.gap).toBeCloseTo(12.5 - (100.5 + 945 / 12), 9)
    expect(gap.made!.low).toBeLessThan(gap.made!.difference!)
  })

  it('gives each run a factor that the generated rows leave open', async () => {
    const few = file('few.csv', `kind,pay\n${lines(36, (i) => `a,${i}.5\n`)}${lines(4, (i) => `b,${i}.25\n`)}`)
    const options = { file: real, group: 'kind', synthetic: few, pipelines: ['replace'], rounds: 1, replicates: 2000 }
    const { answer } = await audit(options, inMemory)
    const b = answer.pipelines[0]!.groups.find(({ value }) => value === 'b')!
    // After one round the count is binomial with a share whose weights are gamma draws: averaged here over many.
    const uniform = uniforms(11)
    const chances = Array.from({ length: 4000 }, () => {
      const [own, other] = [openFactor(4, 4, uniform) * 0.1, openFactor(36, 36, uniform) * 0.9]
      return atMost(binomial(200, own / (own + other)), 10)
    })
    const mean = chances.reduce((sum, p) => sum + p, 0) / chances.length
    const spread = Math.sqrt(chances.reduce((sum, p) => sum + (p - mean) ** 2, 0) / chances.length)
    // 200 factors of 10 runs each, against an average that has an error of its own.
    const error = Math.sqrt(spread ** 2 / 200 + 0.25 / 2000 + spread ** 2 / chances.length)
    expect(Math.abs(b.halved[1]! - mean)).toBeLessThan(4 * error)
    expect(mean).toBeGreaterThan(4 * b.sampling_only!.halved[1]!)
    expect(b.halved_low[1]).toBeLessThan(b.halved[1]!)
  })

  it('says none made as an upper bound, and does not take it for never', async () => {
    const none = file('none.csv', `kind,pay\n${lines(40, (i) => `a,${100 + i}.5\n`)}`)
    const { answer } = await audit({ file: real, synthetic: none, group: 'kind', pipelines: ['replace'] }, inMemory)
    const b = answer.pipelines[0]!.groups.find(({ value }) => value === 'b')!
    expect(b.factor).toMatchObject({ rows: 0, factor: 0, low: 0 })
    expect(b.factor!.high).toBeGreaterThan(0.5)
    expect(answer.verdict).toMatch(/made none of it \(at most 0\.\d\d times its share\)/)
    expect(b.halved[5]).toBeGreaterThan(0.9)
    expect(b.at_high!.gone[5]).toBeLessThan(1)
  })

  it('reads labels that are the same number as the same, and passes over columns that the other file lacks', async () => {
    const ones = file('ones.csv', `flag,x\n${lines(60, (i) => `${Number(i < 12)},${i * i}\n`)}`)
    const floats = file('floats.csv', `flag,y\n${lines(60, (i) => `${Number(i < 6)}.0,${i}\n`)}`)
    const { answer } = await audit({ file: ones, group: 'flag', synthetic: floats, pipelines: ['replace'] }, inMemory)
    const one = answer.pipelines[0]!.groups.find(({ value }) => value === '1')!
    expect(one.factor).toMatchObject({ rows: 6, factor: 0.5 })
    expect(answer.read.skipped).toContainEqual({ column: 'x', why: `not in ${floats}` })
    const other = file('other.csv', 'colour\nred\n')
    await expect(audit({ file: ones, synthetic: other }, inMemory)).rejects.toThrow(/it shares none of them/)
    await expect(audit({ file: ones, group: 'x', synthetic: floats }, inMemory)).rejects.toThrow(
      /group: expected a column of .*floats.csv, got 'x'/,
    )
    await expect(audit({ file: ones, synthetic: ones }, inMemory)).rejects.toThrow(/it is the same file/)
  })

  it('refuses groups that are written in another way, and passes over other such columns', async () => {
    const upper = file('upper.csv', `kind,side,x\n${lines(40, (i) => `${'AB'[i % 2]},L,${i}\n`)}`)
    const lower = file('lower.csv', `kind,side,x\n${lines(40, (i) => `${'ab'[i % 2]},${'LR'[i % 2]},${i}\n`)}`)
    const asked = audit({ file: lower, group: 'kind', synthetic: upper }, inMemory)
    await expect(asked).rejects.toThrow(
      /values of kind as in .*lower.csv, got .*A.*there it is 'a', 'b'; are they written/,
    )
    const { answer } = await audit({ file: lower, synthetic: upper, pipelines: ['replace'] }, inMemory)
    expect(answer.read.skipped).toContainEqual({ column: 'kind', why: `no value in common with ${upper}` })
    expect(answer.pipelines[0]!.groups.map(({ column }) => column)).toEqual(['side', 'side'])
  })

  it('counts copies of real rows, ids left out', async () => {
    const rows = lines(50, (i) => `${i},${i % 3},${i * 7}\n`)
    const own = file('own.csv', `id,kind,x\n${rows}`)
    const copied = file('copied.csv', 'id,kind,x\n900,0,0\n901,1,7\n902,1,8\n903,2,14\n')
    const { answer } = await audit({ file: own, group: 'kind', synthetic: copied, pipelines: ['replace'] }, inMemory)
    expect(answer.synthetic!.copies).toEqual({ rows: 3, share: 0.75, first: [1, 2, 4], columns: ['kind', 'x'] })
  })

  it('holds correlations against the real ones', async () => {
    const x = (i: number) => (i * 7919) % 101
    const noise = (i: number) => (i * 104_729) % 37
    const own = file('pairs.csv', `a,b\n${lines(300, (i) => `${x(i)},${2 * x(i) + noise(i)}\n`)}`)
    const apart = file('apart.csv', `a,b\n${lines(500, (i) => `${x(i) + 0.5},${2 * x(i * i) + noise(i)}\n`)}`)
    const { answer } = await audit({ file: own, synthetic: apart, pipelines: ['replace'] }, inMemory)
    const [pair] = answer.correlations
    expect(pair!.columns).toEqual(['a', 'b'])
    // By the definition: covariance over both standard deviations; Fisher's interval.
    const pairs = Array.from({ length: 300 }, (_, i) => [x(i), 2 * x(i) + noise(i)] as const)
    const mean = (of: (pair: readonly [number, number]) => number) => pairs.reduce((sum, one) => sum + of(one), 0) / 300
    const [ma, mb] = [mean(([a]) => a), mean(([, b]) => b)]
    const cov = mean(([a, b]) => (a - ma) * (b - mb))
    const r = cov / Math.sqrt(mean(([a]) => (a - ma) ** 2) * mean(([, b]) => (b - mb) ** 2))
    expect(pair!.r).toBeCloseTo(r, 12)
    expect(pair!.low).toBeCloseTo(Math.tanh(Math.atanh(r) - 1.959964 / Math.sqrt(297)), 6)
    expect(pair!.made!.difference).toBeCloseTo(pair!.made!.r - r, 12)
    expect(pair!.made!.difference_high).toBeLessThan(-0.5)
    expect(pair!.holdout).toBeNull()
  })

  it('has no temperature beside it', async () => {
    const asked = audit({ file: real, synthetic: made, temperature: 0.5 }, inMemory)
    await expect(asked).rejects.toThrow(/temperature: expected none beside 'synthetic'/)
  })
})

describe('real rows kept aside', () => {
  const aside = file('aside.csv', `kind,pay\n${lines(90, (i) => `a,${300 + i}\n`)}${lines(10, (i) => `b,${50 + i}\n`)}`)

  it('are refused where they stand in the table, with their rows, unless that is allowed', async () => {
    const mixed = file('mixed.csv', `${readFileSync(aside, 'utf8')}a,101\nb,3\nb,4\n`)
    const out = join(folder, 'never')
    const asked = audit({ file: real, holdout: mixed }, { out })
    await expect(asked).rejects.toThrow(
      /mixed.csv: expected real rows that are not in .*real.csv, got '3 of 103 rows that are in it' \(rows 101, 102, 103;/,
    )
    expect(() => readFileSync(join(out, 'plan.json'))).toThrow()
    const { answer } = await audit({ file: real, holdout: mixed, allowOverlap: true, pipelines: ['replace'] }, inMemory)
    expect(answer.holdout!.copies).toMatchObject({ rows: 3, first: [101, 102, 103] })
  })

  it('are held against the table as the generated rows are', async () => {
    const { answer } = await audit({ file: real, synthetic: made, holdout: aside, pipelines: ['replace'] }, inMemory)
    const b = answer.pipelines[0]!.groups.find(({ value }) => value === 'b')!
    expect(b.holdout).toMatchObject({ rows: 10, factor: 1 })
    expect(answer.holdout!.copies.rows).toBe(0)
  })
})

describe('what the table leaves open', () => {
  it('is the chance at the ends of the share, and ten times the rows are run', async () => {
    const [own, rows, replicates] = [6, 40, 4000]
    const table = file('open.csv', `kind\n${'a\n'.repeat(rows - own)}${'b\n'.repeat(own)}`)
    const { answer } = await audit({ file: table, pipelines: ['replace'], rounds: 5, replicates }, inMemory)
    const b = answer.pipelines[0]!.groups.find(({ value }) => value === 'b')!
    const { low, high } = wilson(own, rows)
    const lost = (start: number, n: number) => {
      const laws = exactChain(5, start, (count, round) => binomial(n, count / (round === 0 ? rows : n)))
      return atMost(laws[4]!, Math.floor((n * start) / rows / 2 + 1e-9))
    }
    const band = (p: number) => 4 * Math.sqrt((p * (1 - p)) / replicates) + 1e-9
    for (const [found, exact] of [
      [b.at_low!.halved[5]!, lost(Math.round(low * rows), rows)],
      [b.at_high!.halved[5]!, lost(Math.round(high * rows), rows)],
      [b.tenfold!.halved[5]!, lost(own, 10 * rows)],
    ] as const)
      expect(Math.abs(found - exact)).toBeLessThan(band(exact))
    expect(answer.tenfold_rows).toBe(400)
    expect(answer.verdict).toMatch(/\(\d+ to \d+ % as 6 rows leave its real share open\)/)
  })
})

describe('settings of the generator', () => {
  it('are a power of the shares of a column, and leave what is likeliest', async () => {
    const table = file('hot.csv', `kind\n${'a\n'.repeat(60)}${'b\n'.repeat(30)}${'c\n'.repeat(10)}`)
    const options = { file: table, pipelines: ['replace'], rounds: 1, replicates: 4000 }
    const cold = (await audit({ ...options, temperature: 0.5 }, inMemory)).answer
    const c = cold.pipelines[0]!.groups.find(({ value }) => value === 'c')!
    // p^2 in proportion: 0.01 / (0.36 + 0.09 + 0.01).
    const p = 0.01 / 0.46
    expect(c.step).toBeCloseTo(p / 0.1, 12)
    const exact = binomial(100, p)
    expect(Math.abs(c.gone[1]! - exact[0]!)).toBeLessThan(4 * Math.sqrt((exact[0]! * (1 - exact[0]!)) / 4000))
    expect(cold.verdict).toMatch(/BEST CASE: sampling loss and temperature 0\.5 only\.$/)
    const numbers = file('numbers.csv', `x\n${lines(300, (i) => `${(i * 7919) % 1009}\n`)}`)
    const asked = audit({ file: numbers, temperature: 0.5 }, inMemory)
    await expect(asked).rejects.toThrow(/temperature: expected a table with columns of words/)
    const nucleus = (await audit({ ...options, topP: 0.9 }, inMemory)).answer
    expect(nucleus.pipelines[0]!.groups.map(({ gone }) => gone[1])).toEqual([1, 0, 0])
  })
})
