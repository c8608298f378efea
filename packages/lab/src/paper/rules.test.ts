import { describe, expect, it } from 'vitest'
import { above, agrees, below, type Rule, toDigits, withinErrors, withinFactor } from './rules.js'

/** A standard error of 0.1 below, 0.2 above. */
const chains = 1e6
const ours = { value: 2, low: 2 - 0.196, high: 2 + 0.392, chains }
const few = { ...ours, chains: 8 }
const fixed = { value: 2, low: 2, high: 2, chains }
const unbounded = { value: 2, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, chains }
const nothing = { value: Number.NaN, low: Number.NaN, high: Number.NaN, chains: 0 }

describe('agreement', () => {
  it.each<[string, Rule, typeof ours, number, boolean]>([
    ['errors are those of the side', withinErrors, ours, 2.99, true],
    ['', withinErrors, ours, 3.01, false],
    ['', withinErrors, ours, 1.51, true],
    ['', withinErrors, ours, 1.49, false],
    // 17.10257 / 2.36462, quantiles of t with 7 degrees of freedom, from its closed form.
    ['few chains widen it', withinErrors, few, 2 + 0.392 * 7.232, true],
    ['', withinErrors, few, 2 + 0.392 * 7.234, false],
    ['one chain has none', withinErrors, { value: 2, low: Number.NaN, high: Number.NaN, chains: 1 }, 9, true],
    ['without errors only rounding is left', withinErrors, fixed, 2 + 1e-10, true],
    ['', withinErrors, fixed, 2 + 1e-8, false],
    ['a known number is as good as its digits', toDigits(2), fixed, 2.04, true],
    ['', toDigits(2), fixed, 2.06, false],
    ['', toDigits(2), ours, 1.46, true],
    ['', toDigits(2), ours, 1.44, false],
    ['', toDigits(1), { value: 4e-5, low: 4e-5, high: 4e-5, chains }, 4.4e-5, true],
    ['size', withinFactor(3), unbounded, 5.9, true],
    ['', withinFactor(3), unbounded, 6.1, false],
    ['', withinFactor(3), unbounded, 0.67, true],
    ['', withinFactor(3), unbounded, 0.66, false],
    ['', withinFactor(3), unbounded, -2, false],
    ['the whole interval lies on a side', below, ours, 2.4, true],
    ['', below, ours, 2.3, false],
    ['', above, ours, 1.8, true],
    ['', above, ours, 1.9, false],
    ['what was not measured agrees with nothing', withinErrors, nothing, 2, false],
    ['', withinFactor(3), nothing, 2, false],
  ])('%s', (_, rule, estimate, known, expected) => {
    expect(agrees(rule, estimate, known)).toBe(expected)
  })
})
