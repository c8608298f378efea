import fc from 'fast-check'
import { expect, it } from 'vitest'
import { state, wilson } from './index.js'

it('is the share below and its Wilson interval, a generation', () => {
  const values = Float64Array.of(0, 1, 1, 0, 0, 1, 0, 1, Number.NaN)
  const found = state(values, { replicates: 3, generations: 3 })
  expect([...found.count]).toEqual([3, 3, 2])
  expect([...found.share]).toEqual([0, 2 / 3, 1])
  const expected = [wilson(0, 3), wilson(2, 3), wilson(2, 2)]
  expect([...found.low]).toEqual(expected.map(({ low }) => low))
  expect([...found.high]).toEqual(expected.map(({ high }) => high))
})

it('says nothing where no state is defined', () => {
  const found = state(Float64Array.of(Number.NaN), { replicates: 1, generations: 1 })
  expect([found.count[0], found.share[0], found.low[0], found.high[0]]).toEqual([0, Number.NaN, 0, 1])
})

it('takes another confidence', () => {
  const values = Float64Array.of(0, 1, 1, 1)
  const found = state(values, { replicates: 4, generations: 1 }, 0.8)
  expect(found.low[0]).toBe(wilson(3, 4, 0.8).low)
})

it('does not depend on the order of replicates', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(0, 1, Number.NaN), { maxLength: 50 }), (values) => {
      const shape = { replicates: values.length, generations: 1 }
      const reversed = Float64Array.from(values).reverse()
      expect(state(reversed, shape)).toEqual(state(Float64Array.from(values), shape))
    }),
  )
})

it('refuses what is no state', () => {
  expect(() => state(Float64Array.of(0, 0.5), { replicates: 2, generations: 1 })).toThrow(
    new RangeError('values[1]: expected 0, 1 or NaN, got 0.5'),
  )
  expect(() => state(new Float64Array(3), { replicates: 2, generations: 1 })).toThrow(RangeError)
  expect(() => state(new Float64Array(2), { replicates: 2, generations: 1 }, 2)).toThrow(RangeError)
})
