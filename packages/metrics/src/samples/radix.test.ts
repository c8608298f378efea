import { expect, it } from 'vitest'
import { uniforms } from '../random.js'
import { ascending } from './radix.js'

const uniform = uniforms(31)
const rows = 70_000
const make = (draw: (k: number) => number) => Float64Array.from({ length: rows }, (_, k) => draw(k))

it.each([
  ['of both signs', make(() => uniform() - 0.5)],
  ['of all sizes', make(() => (uniform() - 0.5) * 10 ** (600 * uniform() - 300))],
  ['that differ in their last bits only', make(() => 1 + Math.floor(uniform() * 1000) * Number.EPSILON)],
  [
    'of few kinds, infinities and zeros of both signs among them',
    make((k) => [0, -0, 1, -1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY][k % 6]!),
  ],
  ['that descend', make((k) => -k)],
])('sorts numbers %s', (_, values) => {
  // In the middle of a larger buffer, as a sample without its missing rows is.
  const inside = new Float64Array(rows + 3).subarray(1, rows + 1)
  inside.set(values)
  expect(ascending(inside)).toEqual(values.slice().sort())
})

it('sorts few numbers in place', () => {
  const values = Float64Array.of(3, -1, 2)
  expect(ascending(values)).toBe(values)
  expect(values).toEqual(Float64Array.of(-1, 2, 3))
})
