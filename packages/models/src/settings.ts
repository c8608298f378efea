// What a cell is: every setting of a run of chains, defaults filled in.

import type { TableReading } from './reading.js'

/** A normal distribution as the truth. */
export interface GaussianOrigin {
  kind: 'gaussian'
  mean: number
  sd: number
}

/** Classes with probabilities as the truth; without names they are 0, 1, 2, ... */
export interface CategoricalOrigin {
  kind: 'categorical'
  probabilities: number[]
  classes?: string[]
}

/** A table of real rows as the truth; `sha256` is that of its content. */
export interface TableOrigin extends TableReading {
  kind: 'table'
  file: string
  sha256?: string
  columns?: string[]
  group?: string
}

/** An exponential distribution as the truth. */
export interface ExponentialOrigin {
  kind: 'exponential'
  mean: number
}

/** A Poisson distribution as the truth. */
export interface PoissonOrigin {
  kind: 'poisson'
  mean: number
}

/** A Pareto distribution as the truth: mass (scale / x)^shape above x. */
export interface ParetoOrigin {
  kind: 'pareto'
  scale: number
  shape: number
}

/** A normal distribution in several dimensions as the truth; without mean and covariance the standard one. */
export interface MultivariateGaussianOrigin {
  kind: 'multivariate-gaussian'
  dimensions: number
  mean?: number[]
  covariance?: number[][]
}

/** A component of a mixture: a normal distribution with its weight. */
export type MixtureComponent = (GaussianOrigin | MultivariateGaussianOrigin) & { weight: number }

/** Normal distributions, each with the share of the records that come from it, as the truth. */
export interface MixtureOrigin {
  kind: 'mixture'
  components: MixtureComponent[]
}

/** Features x that are standard normal, and a response that is the noise alone: y = x'w* + noise with w* = 0. */
export interface LinearRegressionOrigin {
  kind: 'linear-regression'
  /** Features. */
  dimensions: number
  /** Standard deviation of the noise. */
  noise: number
}

export type Origin =
  | GaussianOrigin
  | CategoricalOrigin
  | TableOrigin
  | ExponentialOrigin
  | PoissonOrigin
  | ParetoOrigin
  | MultivariateGaussianOrigin
  | MixtureOrigin
  | LinearRegressionOrigin

/** A learner that stops short; without `steps` it converges. */
export interface ShortLearner {
  steps?: number
  /** The share of the way that a step goes: 1 where it is left out. */
  rate?: number
  /** Where the steps begin: fresh where it is left out. */
  start?: 'fresh' | 'warm'
}

export interface GaussianModel extends ShortLearner {
  kind: 'gaussian'
  estimator: 'unbiased' | 'mle'
}
export interface CategoricalModel extends ShortLearner {
  kind: 'categorical'
}
export interface EmpiricalModel {
  kind: 'empirical'
}
export interface ExponentialModel {
  kind: 'exponential'
  estimator: 'mle' | 'unbiased-rate'
}
export interface PoissonModel {
  kind: 'poisson'
}
export interface ParetoModel {
  kind: 'pareto'
  scale: 'fitted' | number
}
export interface MultivariateGaussianModel {
  kind: 'multivariate-gaussian'
  estimator: 'unbiased' | 'mle'
  covariance: 'full' | 'diagonal'
}
export interface KdeModel {
  kind: 'kde'
  /** A rule on the records' covariance, or the kernel's sd in the data's units. */
  bandwidth: 'scott' | 'silverman' | number
}
/** Bins over the origin's central range, or of a width in the data's units with edges at its multiples. */
export interface HistogramModel {
  kind: 'histogram'
  bins?: number
  width?: number
}
export interface GaussianMixtureModel {
  kind: 'gaussian-mixture'
  components: number
  /** The shape of a component's covariance; spherical: one variance for all coordinates. */
  covariance: 'full' | 'diagonal' | 'spherical'
  /** Iterations at most, and the change of the mean log-likelihood (nats) below which they end. */
  iterations: number
  tolerance: number
  /** Where iterations start; given: at the origin's components; warm: at the last generation's mixture. */
  init: 'k-means++' | 'random' | 'given' | 'warm'
  /** Starts, of which the likeliest is kept. */
  restarts: number
  /** Added to every variance of a component. */
  floor: number
}
/** The law of a column of numbers; heavy-tailed: the records themselves, and Pareto laws beyond 5 % on each side. */
export type Margin = 'empirical' | 'kde' | 'normal' | 'log-normal' | 'heavy-tailed'
export interface CopulaModel {
  kind: 'copula'
  /** Of all columns of numbers but those in `margins`. */
  margin: Margin
  /** By column. */
  margins?: Record<string, Margin>
  /** Natural: not below 0 where no real number is; observed: within the range of the real ones. */
  bounds: 'natural' | 'observed'
}
export interface LinearRegressionModel {
  kind: 'linear-regression'
  features: 'fresh' | 'same'
  ridge: number
  noise: 'known' | 'fitted'
}
/** Functions of a user: from a file or from this program, then known by their hash. Other settings are the model's own. */
export interface ModuleModel {
  kind: 'module'
  file?: string
  name?: string
  /** Of the bundled module, or of the functions' texts. */
  sha256?: string
  functions?: string
  /** Records that measures read, at least. */
  records: number
  [parameter: string]: unknown
}
export type Model =
  | GaussianModel
  | CategoricalModel
  | EmpiricalModel
  | ExponentialModel
  | PoissonModel
  | ParetoModel
  | MultivariateGaussianModel
  | KdeModel
  | HistogramModel
  | GaussianMixtureModel
  | CopulaModel
  | LinearRegressionModel
  | ModuleModel

export interface ReplacePolicy {
  kind: 'replace'
}
export interface AccumulatePolicy {
  kind: 'accumulate'
}
export interface WindowPolicy {
  kind: 'window'
  batches: number
  keepReal: boolean
}
export interface AccumulateSubsamplePolicy {
  kind: 'accumulate-subsample'
  replacement: boolean
}
export interface MixPolicy {
  kind: 'mix'
  /** Shares of the training set: from the model (left out: the rest), from the last training set, from real data. */
  synthetic?: number
  previous?: number
  real?: number
  source: 'fresh' | 'fixed' | 'fixed-stratified'
  composition: 'stratified' | 'bernoulli'
  recycle: boolean
}
export type Policy = ReplacePolicy | AccumulatePolicy | AccumulateSubsamplePolicy | WindowPolicy | MixPolicy

/** A changed law that models are sampled from, applied in the order of these settings. */
export interface Sampling {
  /** Probabilities times a factor a class: by code, or by name with 1 for the others. */
  bias?: number[] | Record<string, number>
  /** Densities to the power 1/T. */
  temperature?: number
  /** The k most probable classes only. */
  topK?: number
  /** The fewest of the most probable classes that hold this mass. */
  topP?: number
  /** The variance times this. */
  spread?: number
  /** Records within so many standard deviations of the model's mean only. */
  truncate?: number
}

/** A detector of generated records: what it marks is thrown away. T_0 is not filtered. */
export interface Filter {
  /** The chance that a generated record is marked. */
  truePositiveRate: number
  /** The chance that a real one is. */
  falsePositiveRate: number
  /** Whether more is made until the set is full. */
  topUp: boolean
}

/** Curation: n records are kept of ceil(n / keep) candidates that the model made. */
export interface Selection {
  keep: number
  by: 'highest' | 'lowest' | 'central'
}

/** One record that takes a share of each new set, from a generation to another (left out: the last). */
export interface Poison {
  share: number
  from: number
  until?: number
  /** A number, or the name of a class. */
  record: number | string
}

/** Frequency weights in the fit: a record of weight 2 counts as two. */
export interface Weights {
  real: number
  synthetic: number
}

/** What is done to records on their way into training sets; each may be left out. */
export interface Stages {
  sampling?: Sampling
  filter?: Filter
  selection?: Selection
  poison?: Poison
  weights?: Weights
}
export type StageName = keyof Stages

/** Which generations are kept. `log`: 0, G and the unique round(10^(k/10)). */
export type RecordRule = 'all' | 'log' | { every: number } | { at: number[] }

/** Rows to follow: those that match one of the conjunctions in `where`, with `mean` the mean of a column over them. */
export interface GroupWatch {
  name: string
  where: Record<string, string>[]
  mean?: string
}

/** The rows at or beyond the p-quantile of a column of the original table. */
export interface TailWatch {
  name: string
  column: string
  side: 'lower' | 'upper'
  p: number
}
/** A statistic of modelled columns of a copula: of one column of numbers, or of two columns (`with`) where it is a correlation. */
export interface ColumnWatch {
  name: string
  statistic: 'mean' | 'variance' | 'missing' | 'correlation' | 'kendall'
  of: string
  with?: string
}
export type Watch = GroupWatch | TailWatch | ColumnWatch

/**
 * Records a generation: a number, infinity (expected statistics, no randomness), or a schedule. Generation g adds
 * ceil(start (1 + g)^power), ceil(start factor^g), or list[g] records, where the last entry of a list holds on.
 */
export type SizeRule =
  | number
  | 'inf'
  | { start: number; power: number }
  | { start: number; factor: number }
  | { list: number[] }

/** A size that is the same in every generation. */
export type Size = number | 'inf'

export type Method = 'draws' | 'exact' | 'population'
export type MethodRule = 'auto' | Method

/** One fully specified setting. Sizes are records; generations count from 0, the fit to real data. */
export interface CellSettings extends Stages {
  origin: Origin
  model: Model
  policy: Policy
  /** Records a generation. */
  n: SizeRule
  /** Records of generation 0's training set; infinite where n is, and only there. */
  initial: Size
  /** G: fits 0..G. */
  generations: number
  replicates: number
  /** A decimal number below 2^64. */
  seed: string
  method: MethodRule
  /** What an empty training set does: the chain stops, or the last model stays. */
  onEmpty: 'stop' | 'keep'
  record: RecordRule
  /** Generations in a row below a threshold that make an event. */
  sustain: number
  commonRandomNumbers: boolean
  shares?: 'all' | string[]
  columns: string[]
  events: boolean
  watch?: Watch[]
}
