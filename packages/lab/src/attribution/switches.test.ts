import { differenceOf, type Estimate } from '@genloss/metrics'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { all, bit, type Contrast, combine, contrastOf, errors, type Mask, type Way, whole } from './switches.js'

const sum = (contrast: Contrast, loss: readonly number[]): number =>
  [...contrast].reduce((total, [mask, weight]) => total + weight * loss[mask]!, 0)

/** Every order of a list. */
function orders<T>(list: readonly T[]): T[][] {
  return list.length < 2
    ? [[...list]]
    : list.flatMap((one) => orders(list.filter((other) => other !== one)).map((rest) => [one, ...rest]))
}

const games = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 8, maxLength: 8 })

describe('the parts of a loss', () => {
  it.each<Way>(['nested', 'shapley'])('sum to the whole, %s', (way) => {
    fc.assert(
      fc.property(games, (loss) => {
        const parts = errors.map((error) => sum(contrastOf(error, way), loss))
        expect(parts.reduce((a, b) => a + b)).toBeCloseTo(loss[all]! - loss[0]!, 9)
        expect(sum(whole, loss)).toBe(loss[all]! - loss[0]!)
      }),
    )
  })
  it('are by Shapley the mean of what an error adds over all orders', () => {
    fc.assert(
      fc.property(games, (loss) => {
        for (const error of errors) {
          const added = orders(errors).map((order) => {
            const before = order.slice(0, order.indexOf(error)).reduce((mask, other) => mask | bit(other), 0)
            return loss[before | bit(error)]! - loss[before]!
          })
          expect(sum(contrastOf(error, 'shapley'), loss)).toBeCloseTo(added.reduce((a, b) => a + b) / added.length, 9)
        }
      }),
    )
  })
  it('are nested in the order of family, learner, sample', () => {
    expect(errors.map((error) => [...contrastOf(error, 'nested')])).toEqual([
      [
        [1, 1],
        [0, -1],
      ],
      [
        [3, 1],
        [1, -1],
      ],
      [
        [7, 1],
        [3, -1],
      ],
    ])
  })
})

describe('a combination of estimates', () => {
  const at =
    (...estimates: Estimate[]) =>
    (mask: Mask) =>
      estimates[mask]!
  const a = { value: 3, low: 2, high: 5 }
  const b = { value: 1, low: 0.5, high: 1.2 }
  const minus: Contrast = new Map([
    [0, 1],
    [1, -1],
  ])

  it('of two is their difference', () => {
    const { difference, low, high } = differenceOf(a, b)
    const found = combine(minus, at(a, b))
    expect(found.value).toBe(difference)
    expect([found.low, found.high]).toEqual([expect.closeTo(low, 12), expect.closeTo(high, 12)])
  })
  it('has one interval a run: a run less itself is exactly nothing', () => {
    expect(combine(minus, at(a, a))).toEqual({ value: 0, low: 0, high: 0 })
    const twice = combine(
      new Map([
        [0, 0.5],
        [1, 0.5],
      ]),
      at(a, a),
    )
    expect([twice.value, twice.low, twice.high]).toEqual([3, expect.closeTo(2, 12), expect.closeTo(5, 12)])
  })
  it('is infinite with one infinite run, undefined with two that pull apart', () => {
    const endless = (): Estimate => ({ value: Number.POSITIVE_INFINITY, low: Number.NaN, high: Number.NaN })
    expect(combine(minus, at(endless(), b))).toEqual({
      value: Number.POSITIVE_INFINITY,
      low: Number.NaN,
      high: Number.NaN,
    })
    expect(combine(minus, at(b, endless())).value).toBe(Number.NEGATIVE_INFINITY)
    expect(combine(minus, at(endless(), endless())).value).toBeNaN()
  })
  it('has no end where an estimate has none', () => {
    const open = { value: 1, low: Number.NEGATIVE_INFINITY, high: 2 }
    expect(combine(minus, at(open, b))).toMatchObject({ value: 0, low: Number.NEGATIVE_INFINITY })
    expect(combine(minus, at({ value: 1, low: Number.NaN, high: Number.NaN }, b)).low).toBeNaN()
  })
})
