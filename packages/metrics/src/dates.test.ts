import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dates, medianRank, wilson } from './index.js'

interface Oracle {
  medianRank: [number, number, number, number][]
  dates: { events: number[]; found: [number, number | null, number | null, number | null] }[]
}
const oracles: Oracle = JSON.parse(readFileSync(new URL('./oracles.json', import.meta.url), 'utf8'))
const chains = fc.array(fc.integer({ min: -1, max: 30 }), { maxLength: 80 })

describe('dates', () => {
  it('agrees with every generation tried by the sign test', () => {
    for (const { events, found } of oracles.dates) {
      const [horizon, median, low, high] = found
      expect(dates(Int32Array.from(events), horizon)).toMatchObject({ median, low, high, count: events.length })
    }
  })

  it('takes its ranks from the binomial law', () => {
    for (const [n, confidence, rank] of oracles.medianRank) expect(medianRank(n, confidence), `n=${n}`).toBe(rank)
  })

  it('a median, an interval and a share', () => {
    const events = Int32Array.of(5, 3, 4, 7, 6, 4, 5, 5, -1, 2)
    const { low: share_low, high: share_high } = wilson(9, 10)
    expect(dates(events, 10)).toEqual({ median: 5, low: 3, high: 7, share: 0.9, share_low, share_high, count: 10 })
    expect([...events]).toEqual([5, 3, 4, 7, 6, 4, 5, 5, -1, 2])
  })

  it('is null beyond the horizon', () => {
    const never = new Int32Array(20).fill(-1)
    expect(dates(never, 10)).toMatchObject({ median: null, low: null, high: null, share: 0, share_low: 0, count: 20 })
    expect(dates(Int32Array.of(1, 2, 8, 9), 5)).toMatchObject({ median: 2, share: 0.5 })
    expect(dates(Int32Array.of(1, 7, 8, 9), 5)).toMatchObject({ median: null, share: 0.25 })
  })

  it('too few chains have the widest interval', () => {
    expect(dates(Int32Array.of(3, 4, 5), 10)).toMatchObject({ median: 4, low: 0, high: null })
    expect(dates(new Int32Array(0), 10)).toEqual({
      ...{ median: null, low: 0, high: null, count: 0 },
      ...{ share: Number.NaN, share_low: 0, share_high: 1 },
    })
  })

  it('the median lies inside its interval, and a longer horizon changes no date that was known', () => {
    const order = (date: number | null): number => date ?? Number.POSITIVE_INFINITY
    fc.assert(
      fc.property(chains, fc.integer({ min: 0, max: 30 }), (events, horizon) => {
        const short = dates(Int32Array.from(events), horizon)
        const long = dates(Int32Array.from(events), 30)
        expect(order(short.low)).toBeLessThanOrEqual(order(short.median))
        expect(order(short.high)).toBeGreaterThanOrEqual(order(short.median))
        for (const end of ['median', 'low', 'high'] as const) {
          if (short[end] !== null) expect(short[end]).toBe(long[end])
        }
        expect(dates(Int32Array.from(events).reverse(), horizon)).toEqual(short)
      }),
    )
  })
})

it('refuses dates and horizons that are none', () => {
  expect(() => dates(Int32Array.of(1, -2), 5)).toThrow(
    new RangeError('events[1]: expected a generation or -1 (never), got -2'),
  )
  expect(() => dates(Int32Array.of(1), -1)).toThrow(RangeError)
  expect(() => dates(Int32Array.of(1), 2, 1)).toThrow(RangeError)
})
