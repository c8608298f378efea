import { describe, expect, it } from 'vitest'
import { sizeAt, sizesOf } from './sizes.js'

describe('sizes', () => {
  it('are a number, infinity, or a list whose last entry holds on', () => {
    expect(sizesOf(7, 2)).toEqual([7, 7, 7])
    expect(sizesOf('inf', 1)).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY])
    expect(sizesOf({ list: [100, 200] }, 3)).toEqual([100, 200, 200, 200])
    expect(sizesOf({ list: [5, 6, 7] }, 0)).toEqual([5])
  })

  it('grow as a power or by a factor, rounded up', () => {
    expect(sizesOf({ start: 20, power: 1.5 }, 3)).toEqual([20, 57, 104, 160])
    expect(sizesOf({ start: 20, power: 0 }, 2)).toEqual([20, 20, 20])
    expect(sizesOf({ start: 100, factor: 1.5 }, 3)).toEqual([100, 150, 225, 338])
    expect(sizesOf({ start: 100, factor: 0.1 }, 4)).toEqual([100, 10, 1, 1, 1])
  })

  it('do not take a rounding error for a record more', () => {
    // 100 * 1.1 is 110.00000000000001 and 100 * 1.1^2 is 121.00000000000001 in doubles.
    expect(sizesOf({ start: 100, factor: 1.1 }, 3)).toEqual([100, 110, 121, 134])
    expect(sizeAt({ start: 10, power: 0.1 }, 1023)).toBe(20)
  })
})
