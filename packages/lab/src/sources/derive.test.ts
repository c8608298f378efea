import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countAtLeast, countOf } from './decimal.js'
import { crossing, quantiles, tailCodes } from './derive.js'
import { looksLikeId } from './ids.js'
import type { TableColumn, TextColumn } from './types.js'

const numbers = (name: string, values: number[]): TableColumn => ({
  name,
  kind: 'number',
  values: Float64Array.from(values),
  missing: values.filter(Number.isNaN).length,
  integer: values.every((value) => Number.isNaN(value) || Number.isInteger(value)),
})

function words(name: string, values: string[]): TextColumn {
  const labels = [...new Set(values)]
  return { name, kind: 'text', codes: Uint32Array.from(values, (value) => labels.indexOf(value)), labels, missing: 0 }
}

describe('countOf', () => {
  it('is exact in decimals where doubles are not', () => {
    expect([0.9, 1 - 0.9, 0.8, 1 - 0.8].map((share) => countOf(share, 5000))).toEqual([4500, 500, 4000, 1000])
    expect(countOf(0.29, 100)).toBe(29)
    expect(countOf(0.57, 100)).toBe(57)
    expect([0, 1, 0.5, 0.1].map((share) => countOf(share, 5))).toEqual([0, 5, 3, 1])
    expect(countOf(1e-9, 2 ** 53 - 1)).toBe(9007199)
    expect(countOf(1 / 3, 3e15)).toBe(1e15)
    expect(countOf(0.30000000000000004, 1e15)).toBe(300000000000000)
  })

  it('splits so that both parts add up', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 1e9 }), (thousandths, n) => {
        const share = thousandths / 1000
        expect(countOf(share, n)).toBe(Math.floor((2 * thousandths * n + 1000) / 2000))
        expect(countAtLeast(share, n)).toBe(Math.ceil((thousandths * n) / 1000))
      }),
    )
  })

  it('refuses what is no share or size', () => {
    for (const share of [-0.1, Number.NaN, Number.POSITIVE_INFINITY]) expect(() => countOf(share, 10)).toThrow('share')
    for (const n of [-1, 1.5, 2 ** 53]) expect(() => countOf(0.5, n)).toThrow('n: expected')
  })
})

describe('tailCodes', () => {
  const column = Float64Array.from({ length: 20000 }, (_, k) => (k * 7919) % 20000)

  it('codes nested regions that hold the outermost rows', () => {
    const { codes, count, regions } = tailCodes(column)
    expect(count).toBe(7)
    expect(regions.map(({ side, p, rows, threshold }) => [side, p, rows, threshold])).toEqual([
      ['lower', 0.05, 1000, 999],
      ['upper', 0.05, 1000, 19000],
      ['lower', 0.01, 200, 199],
      ['upper', 0.01, 200, 19800],
      ['lower', 0.001, 20, 19],
      ['upper', 0.001, 20, 19980],
    ])
    for (const { side, threshold, codes: own } of regions) {
      column.forEach((value, row) => {
        expect(own.includes(codes[row]!)).toBe(side === 'lower' ? value <= threshold : value >= threshold)
      })
    }
  })

  it('leaves out levels with fewer than ten rows and sides without a tail', () => {
    expect(tailCodes(column.slice(0, 500)).regions.map(({ p }) => p)).toEqual([0.05, 0.05])
    const many = Float64Array.from({ length: 1000 }, (_, k) => (k < 600 ? 0 : k))
    expect(tailCodes(many).regions.map(({ side, p }) => [side, p])).toEqual([
      ['upper', 0.05],
      ['upper', 0.01],
    ])
    expect(tailCodes(new Float64Array(1000)).regions).toEqual([])
    expect(tailCodes(new Float64Array(0))).toMatchObject({ count: 1, regions: [] })
  })

  it('takes ties in and missing values out', () => {
    const values = Float64Array.from({ length: 400 }, (_, k) => (k < 100 ? Number.NaN : k < 130 ? 1 : k))
    const { codes, regions } = tailCodes(values, [0.05])
    expect(regions.map(({ side, rows }) => [side, rows])).toEqual([
      ['lower', 30],
      ['upper', 15],
    ])
    expect(codes[0]).toBe(0)
  })
})

it('crosses two columns into the pairs that occur', () => {
  const { codes, labels, pairs, rows } = crossing(words('a', ['x', 'y', 'x', 'x']), words('b', ['1', '1', '2', '1']))
  expect([...codes]).toEqual([0, 1, 2, 0])
  expect(labels).toEqual(['x × 1', 'y × 1', 'x × 2'])
  expect(pairs).toEqual([
    [0, 0],
    [1, 0],
    [0, 1],
  ])
  expect(rows).toEqual([2, 1, 1])
})

it('interpolates quantiles so that one half is the median', () => {
  const values = Float64Array.of(4, Number.NaN, 1, 3.5, 1)
  expect(quantiles(values, [0, 0.5, 1])).toEqual([1, 2.25, 4])
  expect(quantiles(Float64Array.of(0, 10), [0.25])).toEqual([2.5])
  expect(quantiles(Float64Array.of(Number.NaN), [0.5])).toEqual([Number.NaN])
  expect(quantiles(Float64Array.of(1e308, 1.5e308), [0.5])[0]).toBeCloseTo(1.25e308, -300)
})

describe('looksLikeId', () => {
  const count = 200
  const each = <T>(make: (k: number) => T): T[] => Array.from({ length: count }, (_, k) => make(k))

  it('knows numbers and words that name rows', () => {
    for (const column of [
      numbers(
        'whatever',
        each((k) => k + 1),
      ),
      numbers(
        'x',
        each((k) => (k * 7) % count),
      ),
      numbers(
        'customer_id',
        each((k) => k * 13),
      ),
      numbers(
        'orderId',
        each((k) => 1000 - 3 * k),
      ),
      numbers(
        'Unnamed: 0',
        each((k) => k * 2),
      ),
      words(
        'email',
        each((k) => `user${k}@example.org`),
      ),
      words(
        'patient id',
        each((k) => `p${k >> 1}`),
      ),
    ]) {
      expect([column.name, looksLikeId(column, count)]).toEqual([column.name, true])
    }
    const exact = {
      ...words('n', ['9007199254740993', '9007199254740995']),
      exact: 'integer beyond 2^53 kept as text' as const,
    }
    expect(looksLikeId(exact, 2)).toBe(true)
  })

  it('leaves measurements and groups alone', () => {
    for (const column of [
      numbers(
        'income',
        each((k) => 1000 + 37 * k),
      ),
      numbers(
        'x',
        each((k) => k + 0.5),
      ),
      numbers(
        'region_id',
        each((k) => k % 5),
      ),
      numbers(
        'paid',
        each((k) => 5 * k),
      ),
      numbers(
        'humid',
        each((k) => 3 * k),
      ),
      numbers(
        'rank',
        each((k) => k >> 1),
      ),
      words(
        'region',
        each((k) => `r${k % 7}`),
      ),
    ]) {
      expect([column.name, looksLikeId(column, count)]).toEqual([column.name, false])
    }
    expect(looksLikeId(numbers('id', [1, 2, 3]), 3)).toBe(false)
  })
})
