import { describe, expect, it } from 'vitest'
import { didYouMean, fromNative, GenlossError } from './error.js'

describe('GenlossError', () => {
  it('says path, rule, value and hint in one line', () => {
    const error = new GenlossError({
      code: 'plan',
      path: 'model.estimator',
      value: 'unbaised',
      rule: "'unbiased' or 'mle'",
      hint: "did you mean 'unbiased'?",
    })
    expect(error.message).toBe(
      "model.estimator: expected 'unbiased' or 'mle', got 'unbaised' (did you mean 'unbiased'?)",
    )
    expect(error.placed('a.yaml:3:9').message).toMatch(/^a\.yaml:3:9: model\.estimator: expected/)
    expect(error.placed('a.yaml:3:9').path).toBe('model.estimator')
  })

  it.each([
    [undefined, 'nothing'],
    [Number.NaN, 'NaN'],
    [-0, '0'],
    [2n ** 70n, '1180591620717411303424'],
    [{ kind: 'mix' }, '{"kind":"mix"}'],
    ['x'.repeat(200), `'${'x'.repeat(77)}...'`],
  ])('shows %s', (value, shown) => {
    expect(new GenlossError({ code: 'plan', path: 'n', value, rule: 'a size' }).message).toBe(
      `n: expected a size, got ${shown}`,
    )
  })

  it('goes into JSON whatever its value is', () => {
    const text = JSON.stringify(new GenlossError({ code: 'plan', path: 'n', value: 2n ** 64n, rule: 'a size' }))
    expect(JSON.parse(text)).toMatchObject({ code: 'plan', path: 'n', value: '18446744073709551616' })
  })
})

describe('fromNative', () => {
  it('reads the parts that the core wrote', () => {
    const parts = { code: 'data', path: 'cells[0].n', value: 0, rule: 'at least 1', hint: 'more' }
    expect(fromNative(new Error(JSON.stringify(parts)))).toMatchObject(parts)
  })

  it.each(['panicked at x.rs', '17', 'null', '{"code":"data"}'])('keeps other text: %s', (text) => {
    expect(fromNative(new Error(text))).toMatchObject({ code: 'native', value: text })
  })

  it('takes only codes that exist, and leaves a GenlossError alone', () => {
    expect(fromNative(new Error('{"code":"boom","path":"a","rule":"b"}')).code).toBe('native')
    const error = new GenlossError({ code: 'io', path: 'out', rule: 'a folder' })
    expect(fromNative(error)).toBe(error)
  })
})

describe('didYouMean', () => {
  const words = ['replace', 'accumulate', 'window', 'mix', 'keepReal']
  it.each([
    ['repalce', 'replace'],
    ['Replace', 'replace'],
    ['keep_real', 'keepReal'],
    ['mux', 'mix'],
    ['acumulate', 'accumulate'],
  ])('%s -> %s', (word, near) => expect(didYouMean(word, words)).toBe(`did you mean '${near}'?`))

  it.each(['gaussian', 'x', ''])('nothing is near %j', (word) => expect(didYouMean(word, words)).toBeUndefined())
})
