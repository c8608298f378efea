import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { uniforms } from '@genloss/metrics'
import { describe, expect, it } from 'vitest'
import { limitRules, readLimits, readLimitsFile, watch } from './index.js'

const words = (rows: number, every: number) =>
  Array.from({ length: rows }, (_, k) => (k % every === 0 ? 'north' : 'south'))
const numbers = (rows: number, scale: number, seed = 1) => {
  const uniform = uniforms(seed)
  return Float64Array.from({ length: rows }, () => scale * uniform())
}
const real = { x: numbers(600, 1), region: words(600, 10) }

describe('watch', () => {
  it('passes what is within its limits, and says by how much the rest is beyond', async () => {
    const same = await watch(real, real, { limits: { ks: 0.1, tail: 0.5, share: 0.5 } })
    expect(same).toMatchObject({ verdict: 'pass', broken: [], checked: 1 + 2 + 2, significance: null })
    const { verdict, broken } = await watch(real, { ...real, x: numbers(600, 0.5) }, { limits: 'ks=0.1,tail=0.5' })
    expect(verdict).toBe('fail')
    const ks = broken.find(({ limit }) => limit === 'ks')!
    expect(ks).toMatchObject({ column: 'x', group: null, what: 'x', least: null, most: 0.1, p: 0.001 })
    expect(ks.by).toBeCloseTo(ks.value - 0.1, 14)
    expect(broken.find(({ limit }) => limit === 'tail')).toMatchObject({
      what: 'highest 5 % of x',
      value: 0,
      by: 0.5,
      rows: [30, 0],
    })
    // The farthest in parts of the limit comes first.
    expect(broken[0]).toBe(ks)
  })

  it('looks into groups, and a group that is gone breaks every limit', async () => {
    const x = real.x.map((value, k) => (k % 10 === 0 ? value / 2 : value))
    const { broken } = await watch(real, { ...real, x }, { group: 'region', limits: { ks: 0.3 } })
    expect(broken).toMatchObject([
      { limit: 'ks', column: 'x', group: { column: 'region', value: 'north' }, rows: [60, 60] },
    ])
    const gone = await watch(
      real,
      { ...real, region: words(600, 1000).fill('south') },
      { group: 'region', limits: 'ks=0.9' },
    )
    expect(gone.broken).toMatchObject([{ what: 'every column, region = north', value: Number.NaN, rows: [60, 0] }])
    const share = await watch(real, { ...real, region: words(600, 30) }, { limits: 'share=0.5' })
    expect(share.broken).toMatchObject([{ limit: 'share', what: 'region = north' }])
    expect(share.broken[0]!.value).toBeCloseTo(1 / 3, 14)
    const apart = await watch(real, { ...real, x }, { group: 'region', limits: { ks: 0.01, groups: { ks: 0.9 } } })
    expect(apart.broken.map(({ group }) => group)).toEqual([null])
  })

  it('without limits asks that half is kept, beyond chance', async () => {
    const few = { x: numbers(40, 1, 5), region: words(40, 4) }
    expect(await watch(few, { x: numbers(40, 1, 9), region: words(40, 4) })).toMatchObject({
      verdict: 'pass',
      significance: 0.001,
    })
    const { verdict, broken } = await watch(real, { x: numbers(600, 0.3), region: words(600, 60) })
    expect(verdict).toBe('fail')
    expect(new Set(broken.map(({ limit }) => limit))).toEqual(new Set(['tail', 'share', 'variance_ratio']))
  })

  it('with a significance does not count what chance gives', async () => {
    const [a, b] = [{ x: [1, 2, 3, 4] }, { x: [1, 2, 3, 9] }]
    expect((await watch(a, b, { limits: 'ks=0.2' })).verdict).toBe('fail')
    const { verdict, by_chance } = await watch(a, b, { limits: 'ks=0.2', significance: 0.05 })
    expect(verdict).toBe('pass')
    expect(by_chance).toMatchObject([{ limit: 'ks', value: 0.25, by: expect.closeTo(0.05) }])
  })

  it('infinite is beyond every limit, a column without values too, and what is not defined is not checked', async () => {
    const found = await watch({ w: ['a', 'b'] }, { w: ['a', 'a'] }, { limits: 'kl_forward=5,rare_retention=1' })
    expect(found.broken).toMatchObject([{ limit: 'kl_forward', value: Number.POSITIVE_INFINITY }])
    expect(found.unchecked).toMatchObject([{ limit: 'rare_retention', what: 'w', reason: 'undefined' }])
    const empty = await watch({ x: [1, 2] }, { x: [Number.NaN, Number.NaN] }, { limits: 'ks=0.5,missing=0.1,rows=1' })
    expect(empty.broken.map(({ limit }) => limit).sort()).toEqual(['ks', 'missing', 'rows'])
  })

  it('every limit can be held', async () => {
    const wide = { ...real, region: words(600, 30), y: numbers(600, 1, 2) }
    const other = {
      x: numbers(600, 0.9, 3),
      y: numbers(600, 1.3, 4),
      region: words(600, 60).map((w) => (w === 'north' ? 'east' : w)),
    }
    for (const { name, side } of limitRules) {
      // Nothing is above a least of a million or below a most of -1.
      const { broken, checked } = await watch(wide, other, {
        limits: { [name]: side === 'least' ? 1e6 : -1 },
        permutations: 19,
      })
      expect([name, broken.length > 0, broken.length === checked]).toEqual([name, true, true])
      const { verdict } = await watch(wide, other, {
        limits: { [name]: side === 'least' ? -1 : 1e6 },
        permutations: 19,
      })
      expect([name, verdict]).toEqual([name, name === 'kl_forward' || name === 'kl_reverse' ? 'fail' : 'pass'])
    }
  })
})

describe('limits', () => {
  it('are read from text, objects and files', async () => {
    const one = { column: null, least: null, most: 0.1, where: 'all' }
    expect(readLimits('ks = 0.1, a.b.tail=0.5,variance_ratio=0.5..2')).toEqual([
      { name: 'ks', ...one },
      { name: 'tail', column: 'a.b', least: 0.5, most: null, where: 'all' },
      { name: 'variance_ratio', column: null, least: 0.5, most: 2, where: 'all' },
    ])
    const folder = mkdtempSync(join(tmpdir(), 'genloss-limits-'))
    const path = join(folder, 'limits.yaml')
    writeFileSync(
      path,
      'ks: 0.1\ncolumns:\n  age: { w1: 2, variance_ratio: 0.5..2 }\ngroups: { tail: { least: 0.3 } }\n',
    )
    expect(readLimits(await readLimitsFile(path))).toEqual([
      { name: 'ks', ...one, where: 'whole' },
      { name: 'w1', column: 'age', least: null, most: 2, where: 'whole' },
      { name: 'variance_ratio', column: 'age', least: 0.5, most: 2, where: 'whole' },
      { name: 'tail', column: null, least: 0.3, most: null, where: 'groups' },
    ])
    writeFileSync(path, 'ks: high\n')
    await expect(readLimitsFile(path)).rejects.toThrow(
      `${path}: limits.ks: expected a number, or two as 0.5..2, got 'high'`,
    )
    await expect(readLimitsFile(join(folder, 'none.yaml'))).rejects.toThrow('expected a file of limits, or name=value')
    rmSync(folder, { recursive: true })
  })

  it.each([
    ['kss=1', "limits.kss: expected the name of a limit, got 'kss' (did you mean 'ks'?"],
    ['ks', "expected a file, or name=value, got 'ks'"],
    ['ks=', "limits.ks: expected a number, or two as 0.5..2, got ''"],
    ['ks=2..1', 'limits.ks: expected the smaller end first'],
    [{}, 'limits: expected at least one limit'],
    [{ ks: { least: 1, mots: 2 } }, "limits.ks.mots: expected 'least' or 'most'"],
    [{ columns: { x: { ks: Number.NaN } } }, 'limits.columns.x.ks: expected a number'],
  ])('%j is refused', (limits, message) => {
    expect(() => readLimits(limits as never)).toThrow(message)
  })

  it.each([
    ['y.ks=1', "limits.y.ks: expected a column that is compared, got 'y'"],
    ['region.ks=1', 'limits.region.ks: expected one of numbers'],
    ['sliced_w1=1', 'limits.sliced_w1: expected two or more columns of numbers'],
    ['x.sliced_w1=1', 'limits.x.sliced_w1: expected no column'],
  ])('%s does not fit the table', async (limits, message) => {
    await expect(watch(real, real, { limits, permutations: 9 })).rejects.toThrow(message)
  })
})
