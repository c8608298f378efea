import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { chiSquareTail, logRank } from './index.js'
import { uniforms } from './random.js'

interface Oracle {
  chiSquareTail: [x: number, freedom: number, p: number][]
  logRank: { groups: { events: number[]; horizons: number[] }[]; statistic: number; p: number }[]
}
const oracles: Oracle = JSON.parse(readFileSync(new URL('./comparisons.json', import.meta.url), 'utf8'))
const watched = ({ events, horizons }: Oracle['logRank'][0]['groups'][0]) => ({
  events: Int32Array.from(events),
  horizons,
})

it('the tail of chi-square agrees with mpmath', () => {
  for (const [x, freedom, p] of oracles.chiSquareTail) {
    expect(chiSquareTail(x, freedom) / p, `${x}, ${freedom}`).toBeCloseTo(1, 11)
  }
  expect([chiSquareTail(0, 3), chiSquareTail(Number.POSITIVE_INFINITY, 3)]).toEqual([1, 0])
  expect(() => chiSquareTail(-1, 1)).toThrow(RangeError)
  expect(() => chiSquareTail(1, 0)).toThrow(RangeError)
})

it('agrees with scipy and lifelines', () => {
  for (const { groups, statistic, p } of oracles.logRank) {
    const found = logRank(groups.map(watched))
    expect(found.statistic).toBeCloseTo(statistic, 9)
    expect(found.p / p).toBeCloseTo(1, 8)
    expect(found.freedom).toBe(groups.length - 1)
  }
})

it('is the same in any order of groups, and expects as many events as there are', () => {
  for (const { groups } of oracles.logRank) {
    const found = logRank(groups.map(watched))
    const reversed = logRank([...groups].reverse().map(watched))
    expect(reversed.statistic).toBeCloseTo(found.statistic, 9)
    const sum = (values: number[]) => values.reduce((all, value) => all + value, 0)
    expect(sum(found.expected)).toBeCloseTo(sum(found.seen), 9)
  }
})

it('the p-value of groups of one law is uniform', () => {
  const uniform = uniforms(5)
  const group = (size: number, horizon: number) => ({
    events: Int32Array.from({ length: size }, () => {
      const date = Math.floor(Math.log(uniform()) / Math.log(0.9))
      return date > horizon ? -1 : date
    }),
    horizons: horizon,
  })
  const runs = 2000
  let below = 0
  for (let run = 0; run < runs; run++) if (logRank([group(40, 15), group(60, 30), group(50, 10)]).p < 0.05) below++
  expect(Math.abs(below / runs - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / runs))
})

it('says 1 where nothing can be compared', () => {
  const never = { events: Int32Array.of(-1, -1), horizons: 5 }
  expect(logRank([never, never])).toMatchObject({ statistic: 0, freedom: 0, p: 1 })
  expect(logRank([never, { events: new Int32Array(0), horizons: 5 }])).toMatchObject({ freedom: 0, p: 1 })
  expect(() => logRank([never])).toThrow(new RangeError('groups.length: expected at least 2, got 1'))
})

it('chains that stopped stay at risk for shares and leave for rates', () => {
  const a = { events: Int32Array.of(1, -1, -1, -1), horizons: 3, stopped: Int32Array.of(-1, 0, 0, 0) }
  const b = { events: Int32Array.of(1, 1, 1, 1), horizons: 3, stopped: new Int32Array(4).fill(-1) }
  const shares = logRank([
    { ...a, stopped: undefined },
    { ...b, stopped: undefined },
  ] as never)
  const rates = logRank([a, b])
  expect(shares.p).toBeLessThan(0.1)
  expect(rates.statistic).toBe(0)
})

it('never leaves [0, 1]', () => {
  const group = fc.array(fc.integer({ min: -1, max: 9 }), { maxLength: 12 })
  fc.assert(
    fc.property(fc.array(group, { minLength: 2, maxLength: 4 }), (groups) => {
      const { statistic, p } = logRank(groups.map((events) => ({ events: Int32Array.from(events), horizons: 7 })))
      expect(statistic).toBeGreaterThanOrEqual(0)
      expect(p).toBeGreaterThanOrEqual(0)
      expect(p).toBeLessThanOrEqual(1)
    }),
  )
})
