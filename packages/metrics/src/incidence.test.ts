import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dates, incidence, normalQuantile, wilson } from './index.js'
import { uniforms } from './random.js'

interface Oracle {
  incidence: { events: number[]; stopped: number[]; horizons: number[]; share: number[]; variance: number[] }[]
}
const oracles: Oracle = JSON.parse(readFileSync(new URL('./comparisons.json', import.meta.url), 'utf8'))

it('agrees with Kaplan-Meier and Aalen-Johansen of scipy and exact rationals', () => {
  for (const { events, stopped, horizons, share, variance } of oracles.incidence) {
    const watched = { events: Int32Array.from(events), stopped: Int32Array.from(stopped), horizons }
    const found = incidence(watched)
    expect(found.share).toHaveLength(share.length)
    for (const [g, expected] of share.entries()) {
      expect(found.share[g], `share ${g}`).toBeCloseTo(expected, 13)
      expect(found.variance[g], `variance ${g}`).toBeCloseTo(variance[g]!, 13)
    }
  }
})

it('its interval is that of a proportion of as many trials as its variance is worth', () => {
  const { events, stopped, horizons } = oracles.incidence[3]!
  const watched = { events: Int32Array.from(events), stopped: Int32Array.from(stopped), horizons }
  const { share, variance, low, high } = incidence(watched)
  const z = normalQuantile(0.975)
  const end = share.length - 1
  const [f, n] = [share[end]!, (share[end]! * (1 - share[end]!)) / variance[end]!]
  const reach = z * Math.sqrt((f * (1 - f)) / n + (z / (2 * n)) ** 2)
  expect(low[end]).toBeCloseTo((f + z ** 2 / (2 * n) - reach) / (1 + z ** 2 / n), 12)
  expect(high[end]).toBeCloseTo((f + z ** 2 / (2 * n) + reach) / (1 + z ** 2 / n), 12)
})

describe('with one horizon', () => {
  const chains = fc.array(fc.integer({ min: -1, max: 30 }), { minLength: 1, maxLength: 80 })

  it('is the share come by each generation', () => {
    const found = incidence({ events: Int32Array.of(0, 2, 2, -1, 9), horizons: 3 })
    expect([...found.share]).toEqual([0.2, 0.2, 0.6, 0.6])
    expect([found.low[2], found.high[2]]).toEqual([wilson(3, 5).low, wilson(3, 5).high])
    expect([...found.atRisk]).toEqual([5, 4, 4, 2])
    expect(found.count).toBe(5)
  })

  it('is the ECDF to the last bit, whatever stops beside it: it meets share and median of the dates', () => {
    const one = fc.tuple(chains, fc.array(fc.integer({ min: -1, max: 30 }), { minLength: 80, maxLength: 80 }))
    fc.assert(
      fc.property(one, fc.integer({ min: 0, max: 30 }), ([all, stops], horizon) => {
        // A chain that stopped has no event after that.
        const events = Int32Array.from(all, (date, i) => (stops[i]! >= 0 && date > stops[i]! ? -1 : date))
        const stopped = Int32Array.from(stops.slice(0, all.length))
        const found = dates(events, horizon)
        for (const watched of [
          { events, horizons: horizon },
          { events, horizons: horizon, stopped },
        ]) {
          const { share, low, high, median, count } = incidence(watched)
          for (let g = 0; g <= horizon; g++) {
            const come = events.filter((date) => date >= 0 && date <= g).length
            expect({ share: share[g], low: low[g], high: high[g] }).toEqual(wilson(come, count))
          }
          expect(median).toBe(found.median)
        }
      }),
    )
  })
})

describe('with horizons that differ', () => {
  it('a chain that is no longer watched is no proof that nothing came', () => {
    // Five of ten are watched to 1 only; four of the other five have the event at 3.
    const horizons = [1, 1, 1, 1, 1, 4, 4, 4, 4, 4]
    const events = Int32Array.of(-1, -1, -1, -1, -1, 3, 3, 3, 3, -1)
    const found = incidence({ events, horizons })
    expect(found.share[4]).toBeCloseTo(0.8, 15)
    expect([...found.atRisk]).toEqual([10, 10, 5, 5, 1])
    expect(found.median).toBe(3)
  })

  it('a stop is one: the share never counts those chains as if they could still have the event', () => {
    const events = Int32Array.of(-1, -1, -1, -1, -1, 3, 3, 3, 3, -1)
    const stopped = Int32Array.of(1, 1, 1, 1, 1, -1, -1, -1, -1, -1)
    expect(incidence({ events, stopped, horizons: 4 }).share[4]).toBe(0.4)
  })

  it('holds its last share where nobody is watched any more', () => {
    const found = incidence({ events: Int32Array.of(1, -1, -1), horizons: [6, 2, 3] })
    expect([...found.share]).toEqual([0, 1 / 3, 1 / 3, 1 / 3, 1 / 3, 1 / 3, 1 / 3])
    expect(found.high[6]).toBe(found.high[3])
  })

  it('the interval of the median covers 93 to 97 % over 1000 simulated runs', () => {
    // Geometric dates with median 9, 60 chains watched for 12, 20 or 40 generations.
    const [rate, runs, median] = [0.07, 1000, 9]
    const uniform = uniforms(5)
    const horizons = Float64Array.from({ length: 60 }, (_, i) => [12, 20, 40][i % 3]!)
    let covered = 0
    for (let run = 0; run < runs; run++) {
      const events = Int32Array.from(horizons, (horizon) => {
        const date = Math.floor(Math.log(uniform()) / Math.log1p(-rate))
        return date > horizon ? -1 : date
      })
      const { median_low, median_high } = incidence({ events, horizons })
      if ((median_low ?? 99) <= median && median <= (median_high ?? 99)) covered++
    }
    expect(covered / runs).toBeGreaterThan(0.93)
    expect(covered / runs).toBeLessThan(0.98)
  })
})

it('without chains there is no share', () => {
  const found = incidence({ events: new Int32Array(0), horizons: 1 })
  expect(found).toMatchObject({ count: 0, median: null, median_low: 0, median_high: null })
  expect([found.share[1], found.low[1], found.high[1]]).toEqual([Number.NaN, 0, 1])
})

it('refuses what is none', () => {
  const events = Int32Array.of(1, 2)
  expect(() => incidence({ events, horizons: [3] })).toThrow(
    new RangeError('horizons.length: expected 2 (the chains), got 1'),
  )
  expect(() => incidence({ events, horizons: 2.5 })).toThrow(RangeError)
  expect(() => incidence({ events, horizons: [1, -1] })).toThrow(RangeError)
  expect(() => incidence({ events, horizons: 3, stopped: Int32Array.of(1) })).toThrow(RangeError)
  expect(() => incidence({ events: Int32Array.of(-2), horizons: 3 })).toThrow(RangeError)
  expect(() => incidence({ events, horizons: 3 }, 0)).toThrow(RangeError)
})
