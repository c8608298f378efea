import { describe, expect, it } from 'vitest'
import { GenlossError, size, sizeRule, writeSize } from './index.js'

describe('sizes as they are written', () => {
  it.each<[unknown, unknown]>([
    [100, 100],
    ['1e3', 1000],
    ['inf', 'inf'],
    ['Infinity', 'inf'],
    [Number.POSITIVE_INFINITY, 'inf'],
    ['start:100/power:1.5', { start: 100, power: 1.5 }],
    ['start=100/factor=1.1', { start: 100, factor: 1.1 }],
    ['list:100/200/400', { list: [100, 200, 400] }],
    [
      { start: '100', power: -0.5 },
      { start: 100, power: -0.5 },
    ],
    [{ list: [5, '6'] }, { list: [5, 6] }],
    [{ start: 100, power: 0 }, 100],
    [{ start: 100, factor: 1 }, 100],
    ['list:7', 7],
    [{ list: [7, 7] }, 7],
  ])('%j is %j', (written, read) => expect(sizeRule.read(written, 'n')).toEqual(read))

  it.each<[string, unknown, string, RegExp]>([
    ['none', 0, 'n', /a whole number from 1 to 2\^53, 'inf', or a schedule/],
    ['a fraction', 1.5, 'n', /whole number/],
    ['minus infinity', Number.NEGATIVE_INFINITY, 'n', /whole number/],
    ['words', 'many', 'n', /whole number/],
    ['a start alone', 'start:100', 'n', /start and power/],
    ['both ways to grow', { start: 1, power: 1, factor: 2 }, 'n', /start and power/],
    ['a start and a list', { start: 1, list: [1] }, 'n', /or a list/],
    ['a misspelt setting', { start: 1, powr: 1 }, 'n.powr', /did you mean 'power'/],
    ['an infinite start', { start: 'inf', power: 1 }, 'n.start', /whole number/],
    ['factor 0', { start: 1, factor: 0 }, 'n.factor', /above 0/],
    ['an empty list', { list: [] }, 'n.list', /a list/],
    ['a list with a fraction', 'list:100/1.5', 'n.list[1]', /whole number/],
  ])('refuse %s', (_, written, path, words) => {
    const read = () => sizeRule.read(written, 'n')
    expect(read).toThrow(GenlossError)
    expect(read).toThrow(expect.objectContaining({ code: 'plan', path, message: expect.stringMatching(words) }))
  })

  it('of many digits lose none', () => expect(sizeRule.read(9007199254740992n, 'n')).toBe(2 ** 53))

  it('of the first set are constant', () => {
    expect([size.read('inf', 'initial'), size.read('10', 'initial')]).toEqual(['inf', 10])
    expect(() => size.read('start:1/power:1', 'initial')).toThrow(/initial: expected a whole number.*or 'inf'/)
  })

  it('read back as they are written', () => {
    for (const rule of [5, 'inf', { start: 3, power: 1.5 }, { start: 3, factor: 0.5 }, { list: [1, 2] }] as const) {
      expect(sizeRule.read(writeSize(rule as never), 'n')).toEqual(rule)
    }
  })
})
