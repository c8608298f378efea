// @ts-check
// What does a drawn sample cost, drawing, fitting and measuring together?
import { everyLevel, levels } from '../kit/core.mjs'
import { peers } from '../kit/peers.mjs'
import { nanoseconds } from '../kit/units.mjs'

const sizes = [
  { n: 100, replicates: 1000, generations: 199, target: 1.3 },
  { n: 10_000, replicates: 20, generations: 99, target: 0.9 },
  { n: 1_000_000, replicates: 2, generations: 9, target: 0.9 },
]

/** @type {import('../kit/suite.mjs').Suite} */
export const gaussianDraws = {
  name: 'gaussian-draws',
  question: 'What does a drawn sample cost?',
  unit: nanoseconds('sample'),
  measure: 'cpu',
  cases: () =>
    sizes.map(({ target, ...size }) => ({
      name: `n = ${size.n}`,
      things: size.n * size.replicates * (size.generations + 1),
      targets: Object.fromEntries(
        levels.filter((level) => level !== 'base').map((level) => [`genloss ${level}`, target]),
      ),
      contenders: [...everyLevel({ ...size, method: 'draws' }), ...peers('gaussian_draws', size)],
    })),
}
