// The learners that errors are switched off with: a family fitted to convergence, and the origin's own family.

import { definitionOf, familyOf, type GaussianMixtureModel, type Model, type Origin, readModel } from '@genloss/models'

/** Expectation maximisation that has converged: it ends by its tolerance, in nats of the mean log-likelihood. */
const ends = { iterations: 2000, tolerance: 1e-10 }
/** Starts where none is given: the likeliest fit of so many. */
const leastRestarts = 5
/** Of the least variance of the origin's components: no error that could be seen. */
const smallestFloor = 1e-15

/**
 * A model of the same family whose learner goes all the way. Steps and iterations end by convergence; a mixture starts at
 * the origin's components where it has as many, and its floor vanishes where the origin has a density.
 */
export function converged(model: Model, origin: Origin): Model {
  if (model.kind === 'gaussian' || model.kind === 'categorical') {
    const { steps: _, rate: __, start: ___, ...rest } = model
    return rest as Model
  }
  return model.kind === 'gaussian-mixture' ? convergedMixture(model, origin) : model
}

function convergedMixture(model: GaussianMixtureModel, origin: Origin): GaussianMixtureModel {
  const variance = leastVariance(origin)
  const floor = variance === undefined ? model.floor : Math.min(model.floor, smallestFloor * variance)
  const isGiven = componentsOf(origin) === model.components
  const start = isGiven
    ? ({ init: 'given', restarts: 1 } as const)
    : ({ init: 'k-means++', restarts: Math.max(model.restarts, leastRestarts) } as const)
  return { ...model, ...ends, ...start, floor }
}

/** Normal components of an origin; 0 where it has none. */
function componentsOf(origin: Origin): number {
  if (origin.kind === 'mixture') return origin.components.length
  return origin.kind === 'gaussian' || origin.kind === 'multivariate-gaussian' ? 1 : 0
}

/** The least variance of a coordinate of a component; undefined where atoms have none. */
export function leastVariance(origin: Origin): number | undefined {
  switch (origin.kind) {
    case 'gaussian':
      return origin.sd ** 2
    case 'exponential':
      return origin.mean ** 2
    case 'multivariate-gaussian':
      return Math.min(...(origin.covariance?.map((row, i) => row[i]!) ?? [1]))
    case 'mixture':
      return Math.min(...origin.components.map((component) => leastVariance(component)!))
    default:
      return undefined
  }
}

/**
 * The origin's own family, which can be the origin, fitted to convergence. Settings that do not limit what it can be are
 * those of `model` where that is of this family. The family of a table is its empirical distribution: the rows, or the
 * shares of classes.
 */
export function ownModel(origin: Origin, model: Model): Model {
  const own = familyOf(origin)
  const isOwn = model.kind === own || (origin.kind === 'table' && model.kind === 'categorical')
  const written = isOwn ? model : readModel({ kind: own, ...likeliest(own) })
  return converged(freed(written, origin), origin)
}

/** A model without the settings that keep it from being this origin. */
function freed(model: Model, origin: Origin): Model {
  switch (model.kind) {
    case 'gaussian-mixture':
      return { ...model, components: componentsOf(origin), covariance: 'full' }
    case 'multivariate-gaussian':
      return { ...model, covariance: 'full' }
    case 'pareto':
      return origin.kind === 'pareto' && model.scale === origin.scale ? model : { ...model, scale: 'fitted' }
    default:
      return model
  }
}

/** The estimator of maximum likelihood, where there are several. */
function likeliest(kind: Model['kind']): object {
  return 'estimator' in definitionOf(kind).shape.fields ? { estimator: 'mle' } : {}
}
