import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clopperPearson, type Proportion, upperBoundOfZero, wilson } from './index.js'

const oracles: Record<string, number[][]> = JSON.parse(readFileSync(new URL('./oracles.json', import.meta.url), 'utf8'))

type Interval = (successes: number, trials: number, confidence?: number) => Proportion

function agrees(name: string, interval: Interval): void {
  for (const [successes, trials, confidence, low, high] of oracles[name] as [
    number,
    number,
    number,
    number,
    number,
  ][]) {
    const found = interval(successes, trials, confidence)
    expect(Math.abs(found.low - low)).toBeLessThanOrEqual(1e-12 * low + 1e-16)
    expect(Math.abs(found.high - high)).toBeLessThanOrEqual(1e-12 * high)
    expect(found.share).toBe(successes / trials)
  }
}

describe('against scipy and mpmath', () => {
  it('wilson', () => agrees('wilson', wilson))
  it('clopperPearson', () => agrees('clopperPearson', clopperPearson))
})

it('27 rows of 534 are 5.1 %, 3.5 to 7.3', () => {
  const { share, low, high } = wilson(27, 534)
  expect([share, low, high].map((x) => (100 * x).toFixed(1))).toEqual(['5.1', '3.5', '7.3'])
})

it('ends are exact', () => {
  expect(wilson(0, 17).low).toBe(0)
  expect(wilson(17, 17).high).toBe(1)
  expect(clopperPearson(0, 17).low).toBe(0)
  expect(clopperPearson(17, 17).high).toBe(1)
  for (const interval of [wilson, clopperPearson]) {
    expect(interval(0, 0)).toEqual({ share: Number.NaN, low: 0, high: 1 })
  }
})

describe('upperBoundOfZero', () => {
  it('is 1 - 0.05^(1/n), the rule of three for large n', () => {
    expect(upperBoundOfZero(1)).toBeCloseTo(0.95, 15)
    expect(upperBoundOfZero(30)).toBeCloseTo(1 - 0.05 ** (1 / 30), 14)
    expect(upperBoundOfZero(1e12) * 1e12).toBeCloseTo(Math.log(20), 9)
    expect(upperBoundOfZero(0)).toBe(1)
  })

  it('is the upper end of the two-sided exact interval at twice the error', () => {
    for (const n of [1, 2, 10, 1000]) expect(upperBoundOfZero(n)).toBeCloseTo(clopperPearson(0, n, 0.9).high, 12)
  })
})

describe('properties', () => {
  const trial = fc
    .integer({ min: 1, max: 100_000 })
    .chain((trials) => fc.tuple(fc.integer({ min: 0, max: trials }), fc.constant(trials)))
  const confidence = fc.double({ min: 0.5, max: 0.999, noNaN: true })

  it.each([
    ['wilson', wilson],
    ['clopperPearson', clopperPearson],
  ] as const)('%s holds the share, lies inside [0, 1] and is symmetric', (_, interval) => {
    fc.assert(
      fc.property(trial, confidence, ([successes, trials], level) => {
        const { share, low, high } = interval(successes, trials, level)
        expect(low).toBeGreaterThanOrEqual(0)
        expect(high).toBeLessThanOrEqual(1)
        expect(low).toBeLessThanOrEqual(share)
        expect(high).toBeGreaterThanOrEqual(share)
        const mirrored = interval(trials - successes, trials, level)
        expect(mirrored.low).toBeCloseTo(1 - high, 11)
      }),
    )
  })
})

it('refuses what is no count', () => {
  expect(() => wilson(3, 2)).toThrow(new RangeError('successes: expected at most 2 (the trials), got 3'))
  expect(() => wilson(-1, 2)).toThrow(RangeError)
  expect(() => wilson(0.5, 2)).toThrow(RangeError)
  expect(() => wilson(1, Number.NaN)).toThrow(RangeError)
  expect(() => wilson(1, 2, 1)).toThrow('confidence: expected a number strictly between 0 and 1, got 1')
  expect(() => clopperPearson(1, 2, 0)).toThrow(RangeError)
  expect(() => upperBoundOfZero(1.5)).toThrow(RangeError)
})
