// What a cell is: every setting of a run of chains, defaults filled in.

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
export interface TableOrigin {
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

export type Origin = GaussianOrigin | CategoricalOrigin | TableOrigin | ExponentialOrigin | PoissonOrigin | ParetoOrigin

export interface GaussianModel {
  kind: 'gaussian'
  estimator: 'unbiased' | 'mle'
}
export interface CategoricalModel {
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
export type Model = GaussianModel | CategoricalModel | EmpiricalModel | ExponentialModel | PoissonModel | ParetoModel

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
export interface MixPolicy {
  kind: 'mix'
  /** Shares of the training set: from the model (left out: the rest), from the last training set, from real data. */
  synthetic?: number
  previous?: number
  real?: number
  source: 'fresh' | 'fixed'
  composition: 'stratified' | 'bernoulli'
  recycle: boolean
}
export type Policy = ReplacePolicy | AccumulatePolicy | WindowPolicy | MixPolicy

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
export type Watch = GroupWatch | TailWatch

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

export type MethodRule = 'auto' | 'draws' | 'exact'
export type Method = 'draws' | 'exact'

/** One fully specified setting. Sizes are records; generations count from 0, the fit to real data. */
export interface CellSettings {
  origin: Origin
  model: Model
  policy: Policy
  /** Records a generation. */
  n: number
  /** Records of generation 0's training set. */
  initial: number
  /** G: fits 0..G. */
  generations: number
  replicates: number
  /** A decimal number below 2^64. */
  seed: string
  method: MethodRule
  record: RecordRule
  /** Generations in a row below a threshold that make an event. */
  sustain: number
  commonRandomNumbers: boolean
  shares?: 'all' | string[]
  columns: string[]
  events: boolean
  watch?: Watch[]
}
