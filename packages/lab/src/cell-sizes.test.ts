import type { Policy, SizeRule } from '@genloss/models'
import { readPolicy, sizeAt } from '@genloss/models'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CellSizes, sizesOfCell } from './cell-sizes.js'
import { description } from './native.js'
import { settle } from './settings.js'

const core = description()
const settled = (raw: object) => settle({ origin: 'gaussian', n: 100, ...raw }, {}, core)
const refusal = (path: string, message: RegExp) =>
  expect.objectContaining({ code: 'plan', path, message: expect.stringMatching(message) })

/** The same, set by set. */
function plain(policy: Policy, n: SizeRule, initial: number, generations: number): CellSizes {
  const batches = [initial]
  for (let g = 1; g <= generations; g++) batches.push(sizeAt(n, g))
  const sum = (sizes: number[]) => sizes.reduce((a, b) => a + b, 0)
  const sets = batches.map((_, g) => {
    const made = batches.slice(0, g + 1)
    if (policy.kind === 'accumulate' || policy.kind === 'accumulate-subsample') return sum(made)
    if (policy.kind !== 'window') return made.at(-1)!
    const last = made.slice(-policy.batches)
    return sum(last) + (policy.keepReal && last.length < made.length ? initial : 0)
  })
  const later = generations === 0 ? [sizeAt(n, 1)] : batches.slice(1)
  return { least: Math.min(...later), most: Math.max(...later), made: sum(batches), largest: Math.max(...sets) }
}

describe('sizesOfCell', () => {
  it('adds up what a plain walk over the training sets adds up', () => {
    const policies = ['replace', 'accumulate', 'accumulate-subsample', 'mix:real=0.5'].map((text) => readPolicy(text))
    const window = fc.record({ batches: fc.integer({ min: 1, max: 9 }), keepReal: fc.boolean() })
    const policy = fc.oneof(
      fc.constantFrom(...policies),
      window.map((settings): Policy => ({ kind: 'window', ...settings })),
    )
    const start = fc.integer({ min: 1, max: 50 })
    const n: fc.Arbitrary<SizeRule> = fc.oneof(
      start,
      fc.record({ start, power: fc.double({ min: -2, max: 2, noNaN: true }) }),
      fc.record({ start, factor: fc.double({ min: 0.5, max: 1.5, noNaN: true }) }),
      fc.record({ list: fc.array(start, { minLength: 1, maxLength: 4 }) }),
    )
    fc.assert(
      fc.property(policy, n, start, fc.integer({ min: 0, max: 12 }), (policy, n, initial, generations) => {
        expect(sizesOfCell({ policy, n, initial, generations })).toEqual(plain(policy, n, initial, generations))
      }),
    )
  })

  it('knows infinity', () => {
    for (const policy of ['replace', 'accumulate', 'window:keepReal=true'].map((text) => readPolicy(text))) {
      const sizes = sizesOfCell({ policy, n: 'inf', initial: 'inf', generations: 3 })
      expect(Object.values(sizes)).toEqual(new Array(4).fill(Number.POSITIVE_INFINITY))
    }
  })
})

describe('sizes of a cell', () => {
  it.each<[string, object, string, RegExp]>([
    ['one record', { n: 1 }, 'n', /at least 2.*N - 1/],
    ['fewer records than features', { origin: 'linear-regression:dimensions=4', n: 3 }, 'n', /at least 4, got 3/],
    [
      'as many records as features under fitted noise',
      { origin: 'linear-regression:dimensions=4', model: 'linear-regression:noise=fitted,ridge=1', n: 4 },
      'n',
      /at least 5, got 4/,
    ],
    ['one first record', { initial: 1 }, 'initial', /at least 2/],
    ['a schedule that shrinks to one record', { n: { start: 100, factor: 0.5 } }, 'n', /at least 2, got 1/],
    ['a pool over 2^53', { policy: 'accumulate', n: 2 ** 53 }, 'n', /stay within 2\^53/],
    ['a window over 2^53', { policy: 'window:batches=2', n: 2 ** 52 + 1, initial: 10 }, 'n', /stay within 2\^53/],
    ['real ones over 2^53', { policy: 'window:keepReal=true', n: 2 ** 53 - 50, initial: 100 }, 'n', /2\^53/],
    ['a schedule over 2^53', { n: 'start:2/factor:2' }, 'n', /2\^53 records, got 'start:2\/factor:2'/],
    ['a fixed set larger than T_0', { policy: 'mix:real=0.5,source=fixed', initial: 10 }, 'policy.real', /the 10 real/],
    ['a fixed set that grows', { policy: 'mix:real=0.5,source=fixed', n: 'start:10/power:1' }, 'n', /one size/],
    ['more of T_0 than it has', { policy: 'mix:previous=0.5', initial: 10 }, 'policy.previous', /10 .* generation 0/],
    [
      'more of a later set than it has',
      { policy: 'mix:previous=0.9', n: { list: [50, 50, 100] } },
      'policy.previous',
      /at most the 50 records of generation 1's training set, got 90/,
    ],
  ])('refuse %s', (_, raw, path, message) => {
    expect(() => settled(raw)).toThrow(refusal(path, message))
  })

  it('allow records to serve again where asked', () => {
    expect(settled({ policy: 'mix:real=0.5,source=fixed,recycle=true', initial: 10 }).settings.initial).toBe(10)
    expect(settled({ policy: 'mix:previous=0.5,recycle=true', initial: 10 }).settings.initial).toBe(10)
    expect(settled({ policy: 'mix:real=0.5,source=fixed', initial: 50 }).settings.initial).toBe(50)
    expect(settled({ model: 'gaussian:estimator=mle', n: 1 }).settings.n).toBe(1)
    expect(settled({ policy: 'mix:real=0.5', n: 'start:10/power:1' }).settings.initial).toBe(10)
  })
})
