// E[variance] and E[W2^2] of a normal chain under replace, where the plain means of its columns hang on few chains.

import { type ChainSizes, type Conditional, conditional, type Expectation, type Shape } from '@genloss/metrics'
import { activeStages, type CellSettings, fitSizes } from '@genloss/models'

/** One value a recorded generation in every list. */
export interface ConditionalMeans {
  /** E of the variance over the origin's. */
  variance_ratio: Expectation
  /** E of the squared 2-Wasserstein distance to the origin, in squared units of the data. */
  w2_squared: Expectation
}

/** Sizes of a chain that the estimator is for; undefined for other cells, and where it lacks generations. */
function sizesFor(settings: CellSettings, generations: readonly number[]): ChainSizes | undefined {
  const { origin, model, policy, n } = settings
  const isNormal = origin.kind === 'gaussian' && model.kind === 'gaussian' && model.steps === undefined
  if (!isNormal || policy.kind !== 'replace' || n === 'inf') return undefined
  if (Object.keys(activeStages(settings)).length > 0) return undefined
  const sizes = fitSizes(settings)
  if (typeof n === 'number') return { initial: sizes[0]!, n }
  return generations.every((g, i) => g === i) ? { initial: sizes[0]!, n: sizes } : undefined
}

/**
 * The means of a cell by `conditional`, from its column variance_ratio; undefined where the cell is not a normal model
 * of normal data, fitted to convergence under plain replace.
 */
export function conditionalMeans(
  settings: CellSettings,
  ratios: () => Float64Array,
  shape: Shape,
  generations: readonly number[],
): ConditionalMeans | undefined {
  const sizes = sizesFor(settings, generations)
  if (!sizes || settings.origin.kind !== 'gaussian') return undefined
  const { variance, w2_squared }: Conditional = conditional(ratios(), shape, generations, sizes)
  const square = settings.origin.sd ** 2
  const scaled = (values: Float64Array) => values.map((value) => value * square)
  const { mean, low, high, reliable } = w2_squared
  return {
    variance_ratio: variance,
    w2_squared: { mean: scaled(mean), low: scaled(low), high: scaled(high), reliable },
  }
}
