// @ts-check
// What does a drawn record cost in each family that is not a suite of its own: drawn, fitted, measured by one column?
import { bestLevel } from '../kit/core.mjs'
import { peers } from '../kit/peers.mjs'
import { nanoseconds } from '../kit/units.mjs'

const size = { n: 1000, replicates: 100, generations: 19 }
const normal = { kind: 'gaussian', mean: 0, sd: 1 }
const component = (/** @type {number} */ mean) => ({ weight: 0.5, mean: [mean], covariance: [[1]] })
const mixture = { kind: 'mixture', components: [component(-2), component(2)] }
// As many iterations as the peer makes, from the records' own start.
const em = { covariance: 'full', iterations: 10, tolerance: 0, init: 'given', restarts: 1, floor: 1e-6 }

/** @type {{ family: string, origin: object, model: object, column: string, settings?: object }[]} */
const families = [
  { family: 'exponential', origin: { kind: 'exponential', mean: 1 }, model: { estimator: 'mle' }, column: 'mean' },
  { family: 'poisson', origin: { kind: 'poisson', mean: 4 }, model: {}, column: 'mean', settings: { mean: 4 } },
  { family: 'pareto', origin: { kind: 'pareto', scale: 1, shape: 3 }, model: { scale: 'fitted' }, column: 'fit_shape' },
  {
    family: 'multivariate-gaussian',
    origin: { kind: 'multivariate-gaussian', dimensions: 3 },
    model: { estimator: 'unbiased', covariance: 'full' },
    column: 'variance_ratio',
    settings: { dimensions: 3 },
  },
  {
    family: 'linear-regression',
    origin: { kind: 'linear-regression', dimensions: 3, noise: 1 },
    model: { features: 'fresh', ridge: 0, noise: 'known' },
    column: 'excess_risk',
    settings: { dimensions: 3 },
  },
  { family: 'kde', origin: normal, model: { bandwidth: 'scott' }, column: 'variance' },
  { family: 'histogram', origin: normal, model: { width: 0.5 }, column: 'variance', settings: { width: 0.5 } },
  {
    family: 'gaussian-mixture',
    origin: mixture,
    model: { components: 2, ...em },
    column: 'variance',
    settings: { iterations: em.iterations },
  },
]

/** @type {import('../kit/suite.mjs').Suite} */
export const familyDraws = {
  name: 'family-draws',
  question: 'What does a drawn record of the other families cost?',
  unit: nanoseconds('record'),
  measure: 'cpu',
  cases: () =>
    families.map(({ family, origin, model, column, settings }) => ({
      name: family,
      things: size.n * size.replicates * (size.generations + 1),
      contenders: [
        ...bestLevel({ ...size, origin, model: { kind: family, ...model }, method: 'draws' }, { columns: [column] }),
        ...peers(`${family.replace('-', '_')}_draws`, { ...size, ...settings }, ['numpy']),
      ],
    })),
}
