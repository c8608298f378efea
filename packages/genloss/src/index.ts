/**
 * What a model loses when it is trained on its own output: tails, groups, variance, and when.
 *
 * @example
 * import { gaussian, mix, origins, run } from 'genloss'
 *
 * const result = await run({
 *   origin: origins.gaussian(0, 1), // the truth: generation 0 is trained on records of it
 *   model: gaussian({ estimator: 'mle' }), // what is fitted, generation after generation
 *   policy: mix({ real: 0.1 }), // a tenth of every training set is real
 *   n: 100, // records a generation
 *   generations: 200,
 *   replicates: 1000, // independent chains
 *   seed: 7,
 * })
 * result.summary('tail_p01').median // what is left of the outermost 1 %, one value a generation
 * result.events.late // { median, low, high, share, ... }: when nearly all of the variance is gone
 * result.cells[0].incidence('late').share // the share of chains that it has come to, generation by generation
 *
 * @module
 */

export type {
  AttributedMeasure,
  AttributeOptions,
  Attribution,
  AttributionRun,
  AuditAnswer,
  AuditOptions,
  AuditResult,
  AuditRun,
  BudgetAnswer,
  BudgetOptions,
  BudgetResult,
  BudgetRun,
  CellComparison,
  CellDocument,
  CellResult,
  CheckedModel,
  CheckOptions,
  ColumnComparison,
  CompareOptions,
  Comparison,
  ConditionalMeans,
  EventComparison,
  EventDocument,
  ExperimentFile,
  ExperimentInput,
  GroupComparison,
  LimitsInput,
  LineageDocument,
  LineageOptions,
  MeasureComparison,
  NumberComparison,
  PaperFigure,
  PaperOptions,
  ProgramSettings,
  Progress,
  QuantityLaw,
  QueryOptions,
  QueryRow,
  Reproduction,
  RunDocument,
  RunOptions,
  RunResult,
  SampleInput,
  ScalingCurve,
  ScalingDocument,
  ScalingOptions,
  ScalingResult,
  SynthesizeOptions,
  SyntheticColumn,
  TextComparison,
  Verified,
  VerifyOptions,
  VerifyRow,
  Watched,
  WatchOptions,
} from '@genloss/lab'

// What can be done: run an experiment or a sweep, read one from a file, compare two cells, part a loss by the errors that
// make it, see how losses depend on n, ask a run in SQL or for where its rows came from, audit a table, find the real rows
// that it needs, compare two samples, make rows by a copula, reproduce an experiment of the paper, check the build.
export {
  attribute,
  audit,
  budget,
  checkModel,
  compare,
  compareCells,
  defineProgram,
  lineage,
  lineageSchema,
  paper,
  query,
  readExperimentFile,
  run,
  scaling,
  scalingDocument,
  scalingOf,
  synthesize,
  verify,
  watch,
} from '@genloss/lab'
export type { Dates, Difference, Expectation, Incidence, Shape, State, Summary } from '@genloss/metrics'
// Measures of two samples one by one, each defined in samples.definitions: samples.w1([1, 2], [2, 4]).
export { samples } from '@genloss/metrics'
export type {
  CellSettings,
  Classes,
  Curve,
  ErrorCode,
  Filter,
  Method,
  Model,
  ModelContext,
  ModelFunctions,
  Origin,
  Poison,
  Policy,
  RecordColumn,
  RecordRule,
  Records,
  Sampling,
  Selection,
  SizeRule,
  Stages,
  Stream,
  Weights,
} from '@genloss/models'
// Models (gaussian, categorical, empirical, exponential, poisson, pareto, multivariateGaussian, kde, histogram,
// gaussianMixture, copula, linearRegression), origins.*, and policies (replace, accumulate, accumulateSubsample, window, mix).
// Each factory checks its settings at once. Stages (sampling, filter, selection, poison, weights) are plain objects.
// A model of your own: defineModel({ name, fit, sample }), with checks for its settings; checkModel tries its laws.
// The closed forms that are known for the settings of a cell, as curves beside its columns: theoryOf(cell.settings).
// The one error class, with `code`, `path`, `value`, `rule` and `hint`.
export {
  accumulate,
  accumulateSubsample,
  categorical,
  checks,
  copula,
  defineModel,
  empirical,
  exponential,
  GenlossError,
  gaussian,
  gaussianMixture,
  histogram,
  kde,
  linearRegression,
  mix,
  multivariateGaussian,
  origins,
  pareto,
  poisson,
  replace,
  theoryOf,
  window,
} from '@genloss/models'
