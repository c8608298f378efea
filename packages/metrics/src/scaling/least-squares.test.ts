import { expect, it } from 'vitest'
import { fitPlateau, fitPower, type LawParameters } from './least-squares.js'
import oracles from './oracles.json' with { type: 'json' }

interface Found {
  amplitude: number
  exponent: number
  chiSquare: number
  plateau?: number
}

function agrees(law: LawParameters, { amplitude, exponent, chiSquare, plateau = 0 }: Found): void {
  // The valley of a law with a plateau is flat: where chi-square is the same to 1e-9 its numbers are the same to 1e-4.
  expect(Math.abs(law.chiSquare - chiSquare)).toBeLessThan(1e-8 * (1 + chiSquare))
  expect(law.exponent / exponent).toBeCloseTo(1, 3)
  expect((law.sign * Math.exp(law.logAmplitude)) / amplitude).toBeCloseTo(1, 2)
  if (plateau === 0) expect(law.plateau).toBe(0)
  else expect(law.plateau / plateau).toBeCloseTo(1, 3)
}

it.each(oracles.leastSquares)('$name, as scipy.optimize has it', (row) => {
  const { sizes, values, errors, bounds } = row
  const points = sizes.map((size, i) => ({
    ...{ x: Math.log(size), y: Math.log(values[i]!), error: errors[i]!, isBound: bounds[i]! },
  }))
  agrees(fitPower(points), row.power)
  agrees(fitPlateau(points, false), row.loss)
  agrees(fitPlateau(points, true), row.free)
  // From a law that is near, as resamples are fitted.
  const near = { ...fitPlateau(points, true), exponent: row.free.exponent * 1.05 }
  agrees(fitPlateau(points, true, near), row.free)
})
