import { describe, expect, it } from 'vitest'
import { boolean, type Check, listOf, names, number, oneOf, seed, text, whole } from './check.js'
import { GenlossError } from './error.js'

function refusal(check: Check, value: unknown): GenlossError {
  try {
    check.read(value, 'here')
  } catch (error) {
    if (error instanceof GenlossError) return error
  }
  throw new Error(`${String(value)} was accepted`)
}

const accepted: [string, Check, unknown, unknown][] = [
  ['number', number(), '1e3', 1000],
  ['number', number(), ' .5 ', 0.5],
  ['number', number(), -0, 0],
  ['share', number({ min: 0, max: 1 }), 1, 1],
  ['size', whole(1), '1000.0', 1000],
  ['size', whole(1), '9007199254740992', 2 ** 53],
  ['size', whole(0), 7n, 7],
  ['boolean', boolean, 'true', true],
  ['word', oneOf('fresh', 'fixed'), 'fixed', 'fixed'],
  ['text', text, 3, '3'],
  ['list', listOf(number()), '0.7/0.2/0.1', [0.7, 0.2, 0.1]],
  ['list', listOf(number()), 1, [1]],
  ['list', listOf(number()), new Float64Array([1, 2]), [1, 2]],
  ['names', names, [1, 'b'], ['1', 'b']],
  ['seed', seed, 7, '7'],
  ['seed', seed, '18446744073709551615', '18446744073709551615'],
  ['seed', seed, 2n ** 64n - 1n, '18446744073709551615'],
  ['seed', seed, '007', '7'],
]

const refused: [string, Check, unknown, RegExp][] = [
  ['NaN', number(), Number.NaN, /a finite number/],
  ['infinity', number(), Number.POSITIVE_INFINITY, /a finite number/],
  ['text that is no number', number(), 'ten', /a finite number/],
  ['hexadecimal', number(), '0x10', /a finite number/],
  ['nothing', number(), '', /a finite number/],
  ['a boolean', number(), true, /a finite number/],
  ['over a bound', number({ min: 0, max: 1 }), 1.5, /a number from 0 to 1/],
  ['at an open bound', number({ above: 0 }), 0, /above 0/],
  ['a fraction', whole(1), 1.5, /a whole number from 1 to 2\^53/],
  ['a negative', whole(0), -1, /a whole number/],
  ['over 2^53', whole(0), 2 ** 53 + 2, /2\^53/],
  ['digits lost in a double', whole(0), '9007199254740993', /2\^53/],
  ['an infinite number', whole(1), 'inf', /a whole number/],
  ['a number over both bounds', number({ above: 0, max: 1 }), 2, /above 0 and up to 1/],
  ['yes', boolean, 'yes', /true or false/],
  ['a misspelt word', oneOf('fresh', 'fixed'), 'frehs', /did you mean 'fresh'/],
  ['an empty list', listOf(number()), [], /a list of/],
  ['an object', listOf(number()), {}, /a list of/],
  ['a repeated name', names, ['a', 'a'], /different names/],
  ['a negative seed', seed, -1, /2\^64 - 1/],
  ['a seed of 2^64', seed, '18446744073709551616', /2\^64 - 1/],
  ['a rounded seed', seed, 2 ** 60, /in quotes/],
  ['a fraction of a seed', seed, 1.5, /2\^64 - 1/],
  ['a list as seed', seed, [7], /2\^64 - 1/],
]

describe('checks', () => {
  it.each(accepted)('%s reads %#', (_, check, value, read) => expect(check.read(value, 'here')).toEqual(read))

  it.each(refused)('refuses %s', (_, check, value, words) => {
    const error = refusal(check, value)
    expect(error.code).toBe('plan')
    expect(error.path).toMatch(/^here/)
    expect(error.message).toMatch(words)
  })

  it('names the entry of a list', () => expect(refusal(listOf(number()), [1, 'x']).path).toBe('here[1]'))
})
