import { describe, expect, it } from 'vitest'
import { gammaDraw, incompleteBeta, uniforms } from './index.js'

describe('gamma draws', () => {
  it('have the mean and the variance of the shape', () => {
    const uniform = uniforms(5)
    for (const shape of [0.5, 1, 2.5, 40]) {
      const draws = Array.from({ length: 20_000 }, () => gammaDraw(shape, uniform))
      const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length
      const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length
      expect(Math.abs(mean - shape)).toBeLessThan(4 * Math.sqrt(shape / draws.length))
      // Var of the squared deviation: (mu4 - var^2) / n, with mu4 = 3 a^2 + 6 a.
      expect(Math.abs(variance - shape)).toBeLessThan(4 * Math.sqrt((2 * shape ** 2 + 6 * shape) / draws.length))
    }
  })

  it('make a beta of two: the share below its quantiles is right', () => {
    const uniform = uniforms(9)
    const [a, b, runs] = [1.5, 4, 20_000]
    const shares = Array.from({ length: runs }, () => {
      const x = gammaDraw(a, uniform)
      return x / (x + gammaDraw(b, uniform))
    })
    for (const at of [0.05, 0.2, 0.4, 0.7]) {
      const p = incompleteBeta(at, a, b)
      const found = shares.filter((share) => share <= at).length / runs
      expect(Math.abs(found - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / runs))
    }
  })

  it('refuse what is no shape', () => {
    expect(() => gammaDraw(0, Math.random)).toThrow(RangeError)
  })
})
