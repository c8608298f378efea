import { expect, it } from 'vitest'
import { passage } from './index.js'

const shape = { replicates: 3, generations: 5 }
const values = Float64Array.of(0.2, 0.1, 0, 0, 0, 0.2, 0, 0.1, 0, 0, 0.2, 0.2, Number.NaN, 0.1, 0.1)

it('is the first recorded generation at or beyond the bound', () => {
  expect([...passage(values, shape, { atMost: 0 })]).toEqual([2, 1, -1])
  expect([...passage(values, shape, { atMost: 0.1 })]).toEqual([1, 1, 3])
  expect([...passage(values, shape, { atLeast: 0.2 })]).toEqual([0, 0, 0])
  expect([...passage(values, shape, { atMost: 0 }, [0, 10, 20, 30, 40])]).toEqual([20, 10, -1])
})

it('opens as many in a row as are asked for', () => {
  expect([...passage(values, shape, { atMost: 0, sustain: 2 })]).toEqual([2, 3, -1])
  expect([...passage(values, shape, { atMost: 0, sustain: 4 })]).toEqual([-1, -1, -1])
})

it('refuses what can not be dated', () => {
  expect(() => passage(values, shape, {})).toThrow(RangeError)
  expect(() => passage(values, shape, { atMost: 0, atLeast: 1 })).toThrow(RangeError)
  expect(() => passage(values, shape, { atMost: Number.NaN })).toThrow(RangeError)
  expect(() => passage(values, shape, { atMost: 0, sustain: 0 })).toThrow(RangeError)
  expect(() => passage(values, shape, { atMost: 0 }, [0, 1])).toThrow(RangeError)
  expect(() => passage(values, shape, { atMost: 0, sustain: 2 }, [0, 1, 2, 4, 8])).toThrow(
    new RangeError('recorded[3]: expected 3, since generations in a row are asked for, got 4'),
  )
  expect(() => passage(values, { replicates: 2, generations: 2 }, { atMost: 0 })).toThrow(RangeError)
})
