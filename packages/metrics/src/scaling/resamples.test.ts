import { describe, expect, it } from 'vitest'
import { quantile } from '../quantile.js'
import { uniforms } from '../random.js'
import { pairedMedians, resampledMeans, resampledMedians, resamplesOfInterval, spreadDates } from './resamples.js'

const options = { resamples: 4000, seed: 3 }
const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length
const sd = (values: Float64Array) => {
  const centre = mean(values)
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)))
}
function exponentials(count: number, seed: number): Float64Array {
  const next = uniforms(seed)
  return Float64Array.from({ length: count }, () => -Math.log(next()))
}

describe('means of resamples', () => {
  it.each([50, 5000])('of %i values spread as sd / sqrt(n) about their mean', (count) => {
    const values = exponentials(count, 1)
    const found = resampledMeans(values, options)
    const error = sd(values) / Math.sqrt(count)
    expect(Math.abs(mean(found) - mean(values))).toBeLessThan((4 * error) / Math.sqrt(options.resamples))
    // The spread of 4000 values is known to 1.1 %; above 2000 values 1000 groups have one of 2.2 %.
    expect(sd(found) / error).toBeGreaterThan(0.92)
    expect(sd(found) / error).toBeLessThan(1.08)
  })
  it('come again under the same seed, and go in pairs in lists of one length', () => {
    const values = exponentials(30, 1)
    const twice = values.map((value) => 2 * value)
    const found = resampledMeans(values, options)
    expect(resampledMeans(twice, options)).toEqual(found.map((value) => 2 * value))
    expect(resampledMeans(values, { ...options, seed: 4 })).not.toEqual(found)
  })
})

describe('medians of resamples', () => {
  it.each([
    [9, false],
    [10, false],
    [10, true],
    [101, true],
  ])('of %i values (whole: %s) have the law of medians of draws', (count, isWhole) => {
    const values = exponentials(count, 2)
    const found = resampledMedians(values, { ...options, isWhole })
    const drawn = pairedMedians(values, { ...options, isWhole })
    // Two empirical laws of 4000 values each differ by at most 2.2 sqrt(2 / 4000) in all but 1 of 10,000 cases.
    const points = [...new Set([...found, ...drawn])]
    const share = (of: Float64Array, x: number) => of.filter((value) => value <= x).length / of.length
    const apart = Math.max(...points.map((x) => Math.abs(share(found, x) - share(drawn, x))))
    expect(apart).toBeLessThan(2.2 * Math.sqrt(2 / options.resamples))
  })
  it('of two middle values are their mean, or with whole values the lower one', () => {
    const values = [1, 2, 3, 4]
    const allowed = new Set([1, 1.5, 2, 2.5, 3, 3.5, 4])
    for (const one of resampledMedians(values, options)) expect(allowed).toContain(one)
    for (const one of resampledMedians(values, { ...options, isWhole: true })) expect(values).toContain(one)
  })
  it('count dates that never came as the latest', () => {
    const values = [3, 5, Number.POSITIVE_INFINITY]
    const never = resampledMedians(values, options).filter((value) => value === Number.POSITIVE_INFINITY).length
    // P(at least two of three draws are the last) = 7/27.
    expect(Math.abs(never / options.resamples - 7 / 27)).toBeLessThan(0.005)
  })
})

it('values of an interval have its quantiles', () => {
  const found = resamplesOfInterval({ value: 2, low: 1.5, high: 3 }, { resamples: 40_000, seed: 1 })
  expect(quantile(found, 0.5)).toBeCloseTo(2, 1)
  expect(quantile(found, 0.025) / 1.5).toBeCloseTo(1, 1)
  expect(quantile(found, 0.975) / 3).toBeCloseTo(1, 1)
  expect(() => resamplesOfInterval({ value: 2, low: -1, high: 3 }, options)).toThrow(/^low: expected/)
})

it('dates are spread over their generation', () => {
  const found = spreadDates(new Float64Array(1000).fill(7), 1)
  expect(Math.min(...found)).toBeGreaterThan(6.5)
  expect(Math.max(...found)).toBeLessThan(7.5)
  expect(sd(found)).toBeCloseTo(1 / Math.sqrt(12), 2)
})
