import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonical, sha256 } from './canonical.js'

// The package is CommonJS and its types say otherwise, so it is required.
const reference = createRequire(import.meta.url)('canonicalize') as (value: unknown) => string

describe('canonical', () => {
  it('is what another program writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4, noUnicodeString: false }), (value) => {
        expect(canonical(value)).toBe(reference(value))
      }),
      { seed: 7, numRuns: 500 },
    )
  })

  it('is RFC 8785 with words for infinity', () => {
    const value = { b: [1e21, -0, 0.1, 1e-7], a: { z: Number.POSITIVE_INFINITY, y: undefined, é: 'ü"\n' } }
    expect(canonical(value)).toBe('{"a":{"z":"inf","é":"ü\\"\\n"},"b":[1e+21,0,0.1,1e-7]}')
    expect(canonical(2 ** 53)).toBe('9007199254740992')
    expect(canonical([Number.NEGATIVE_INFINITY])).toBe('["-inf"]')
  })

  it('does not depend on the order of keys', () => {
    expect(canonical({ a: 1, b: { c: 2, d: 3 } })).toBe(canonical({ b: { d: 3, c: 2 }, a: 1 }))
  })

  it.each([
    [{ a: [Number.NaN] }, 'a[0]'],
    [{ a: { b: 1n } }, 'a.b'],
  ])('refuses %s', (value, path) => {
    expect(() => canonical(value)).toThrow(expect.objectContaining({ code: 'plan', path }))
  })

  it('is hashed as UTF-8', () => {
    expect(sha256('{}')).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a')
    expect(sha256('é')).toBe(sha256(new Uint8Array([0xc3, 0xa9])))
  })
})
