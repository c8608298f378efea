import type { Estimate } from '@genloss/metrics'
import { expect, it } from 'vitest'
import { dominant } from './dominance.js'

const exact = (value: number): Estimate => ({ value, low: value, high: value })
const about = (value: number, reach: number): Estimate => ({ value, low: value - reach, high: value + reach })
const endless: Estimate = { value: Number.POSITIVE_INFINITY, low: Number.NaN, high: Number.NaN }
const unknown: Estimate = { value: Number.NaN, low: Number.NaN, high: Number.NaN }

it.each<[string, Estimate, Estimate, Estimate, string]>([
  ['the largest', exact(0.1), exact(0), about(0.5, 0.1), 'statistical'],
  ['the largest in size, whatever its sign', exact(0.1), exact(-0.5), about(0.2, 0.1), 'approximation'],
  ['none that could be the smaller one', exact(0.1), exact(0), about(0.5, 0.41), 'open'],
  ['none where it may be 0', exact(0), exact(0), about(0.5, 0.6), 'open'],
  ['none beside an interval that reaches as far the other way', about(-0.1, 0.5), exact(0), about(0.5, 0.1), 'open'],
  ['nothing where all is rounding', exact(1e-15), exact(0), exact(-1e-16), 'none'],
  ['an infinite one', endless, exact(0), unknown, 'expressivity'],
  ['none of two infinite ones', endless, endless, exact(0), 'open'],
  ['none beside an unknown one', exact(3), exact(0), unknown, 'open'],
  ['none where there is no interval', exact(0), exact(0), { ...exact(1), low: Number.NaN, high: Number.NaN }, 'open'],
])('%s', (_, expressivity, approximation, statistical, expected) => {
  expect(dominant({ expressivity, approximation, statistical })).toBe(expected)
})

it('knows rounding by the unit of the measure', () => {
  const parts = { expressivity: exact(0), approximation: exact(0), statistical: about(1e-12, 1e-13) }
  expect(dominant(parts)).toBe('none')
  expect(dominant(parts, 1e-11)).toBe('statistical')
  expect(dominant({ ...parts, statistical: exact(0) }, 0)).toBe('none')
})
