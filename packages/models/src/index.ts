// Models, origins and policies: their factories, checks, theory and plain TypeScript twins.

import { categoricalDefinition } from './categorical.js'
import { copulaDefinition } from './copula.js'
import type { Curve, Definition, TheoryCell } from './definition.js'
import { empiricalDefinition } from './empirical.js'
import { exponentialDefinition } from './exponential.js'
import { gaussianDefinition } from './gaussian.js'
import { gaussianMixtureDefinition } from './gaussian-mixture.js'
import { histogramDefinition } from './histogram.js'
import { kdeDefinition } from './kde.js'
import type { FamilyKind } from './kinds.js'
import { linearRegressionDefinition } from './linear-regression.js'
import { moduleDefinition } from './module.js'
import { multivariateGaussianDefinition } from './multivariate-gaussian.js'
import { paretoDefinition } from './pareto.js'
import { poissonDefinition } from './poisson.js'
import type { Model, Origin } from './settings.js'
import { type ReadOptions, readKind, type Shapes } from './shape.js'
import { compositionCurves } from './theory/composition.js'

/** The list of model families: one row each, and the compiler finds what is missing. */
export const models: { readonly [K in FamilyKind]: Definition<K> } = {
  gaussian: gaussianDefinition,
  categorical: categoricalDefinition,
  empirical: empiricalDefinition,
  exponential: exponentialDefinition,
  poisson: poissonDefinition,
  pareto: paretoDefinition,
  'multivariate-gaussian': multivariateGaussianDefinition,
  kde: kdeDefinition,
  histogram: histogramDefinition,
  'gaussian-mixture': gaussianMixtureDefinition,
  copula: copulaDefinition,
  'linear-regression': linearRegressionDefinition,
  module: moduleDefinition,
}

/** The shapes of the models' settings by kind. */
export const modelShapes: Shapes = Object.fromEntries(Object.entries(models).map(([kind, { shape }]) => [kind, shape]))

/** Reads a model from an object or shorthand. @throws GenlossError `plan` */
export function readModel(value: unknown, path = 'model', options: ReadOptions = {}): Model {
  return readKind<Model>(modelShapes, value, path, options)
}

/** The definition of a family, for code that handles all of them alike. */
export function definitionOf<K extends FamilyKind>(kind: K): Definition<K> {
  return models[kind] as unknown as Definition<K>
}

/** The family that an origin is of; of a table the empirical one, which keeps its rows. */
export function familyOf(origin: Origin): FamilyKind {
  return (Object.keys(models) as FamilyKind[]).find((kind) => models[kind].origins[0] === origin.kind)!
}

export { type Abilities, everyMethod, ofCounts, ofRecords, ofSums } from './abilities.js'
/**
 * The closed forms that are known for a cell, as curves beside its columns: those of its family, and what its training
 * sets are made of.
 *
 * @example
 * const [cell] = result.cells
 * theoryOf(cell.settings).find(({ column }) => column === 'variance_ratio').values // one value a generation
 */
export function theoryOf({ model, ...cell }: TheoryCell & { model: Model }): Curve[] {
  return [...definitionOf(model.kind).theory(model as never, cell), ...compositionCurves(cell)]
}

export { categorical, heterozygosity } from './categorical.js'
export * from './check.js'
export { copula } from './copula.js'
export { apportion, remainder } from './decimal.js'
export type * from './definition.js'
export { empirical } from './empirical.js'
export {
  describeValue,
  didYouMean,
  type ErrorCode,
  type ErrorParts,
  fromNative,
  GenlossError,
  orList,
} from './error.js'
export { exponential } from './exponential.js'
export { gaussian } from './gaussian.js'
export { gaussianMixture } from './gaussian-mixture.js'
export { histogram } from './histogram.js'
export { kde } from './kde.js'
export type { FamilyKind } from './kinds.js'
export { linearRegression } from './linear-regression.js'
export { columnsOfLaw, withParameters } from './module.js'
export { multivariateGaussian } from './multivariate-gaussian.js'
export { classNames, originShapes, origins, readOrigin } from './origins.js'
export {
  type Classes,
  type ColumnInfo,
  checkColumns,
  checks,
  defineModel,
  functionsOf,
  keepOwnModel,
  type ModelContext,
  type ModelFunctions,
  moduleWords,
  type Needed,
  type OwnFactory,
  type OwnModel,
  ownModelOf,
  type Parameters,
  parametersOf,
  type RecordColumn,
  type Records,
  readParameters,
  type Stream,
} from './own-model.js'
export { pareto } from './pareto.js'
export { poisson } from './poisson.js'
export {
  accumulate,
  accumulateSubsample,
  mix,
  mixCounts,
  mixShares,
  policies,
  readPolicy,
  replace,
  type Shares,
  window,
} from './policies.js'
export { readingFields, type TableReading } from './reading.js'
export type * from './settings.js'
export {
  asObject,
  type Field,
  isObject,
  type ReadOptions,
  readFields,
  readKind,
  type Shape,
  type Shapes,
  shapeOf,
  stripDefaults,
} from './shape.js'
export { readPairs, readShorthand, writeSettings, writeShorthand } from './shorthand.js'
export { scheduleFields, size, sizeRule, writeSize } from './size-rule.js'
export { sizeAt, sizesOf } from './sizes.js'
export { activeStages, readStage, stageNames, stageObject, stages, stripStages } from './stages.js'
export * from './theory/index.js'
