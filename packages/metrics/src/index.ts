/** Pure functions of columns: summaries, states, dates, intervals, comparisons, and the merging of blocks. */
export { betaQuantile, incompleteBeta } from './beta.js'
export { type BlockColumns, concatenate } from './blocks.js'
export {
  type BootstrapOptions,
  type PairedDifference,
  type Pairs,
  pairedDifferences,
  type ResampledMean,
} from './bootstrap.js'
export { byCell, type CellColumns } from './cells.js'
export { chiSquareTail } from './chi-square.js'
export { type ChainSizes, type Conditional, conditional, type Expectation } from './conditional.js'
export { type Dates, dates } from './dates.js'
export {
  type Count,
  type Difference,
  differenceOf,
  type Estimate,
  meanDifference,
  medianDate,
  medianEstimate,
  type PairCounts,
  pairedShareDifference,
  shareDifference,
} from './difference.js'
export { lnGamma } from './gamma.js'
export { gammaDraw } from './gamma-draws.js'
export { type Incidence, incidence, type Watched } from './incidence.js'
export { type Json, toJson } from './json.js'
export { type LogRank, logRank } from './log-rank.js'
export { normalQuantile } from './normal.js'
export { type Bound, passage } from './passage.js'
export { clopperPearson, type Proportion, upperBoundOfZero, wilson } from './proportion.js'
export { quantile, quantileDefinition } from './quantile.js'
export { uniforms } from './random.js'
export { medianRank } from './ranks.js'
export { type Ratio, shareRatio } from './ratio.js'
export * as samples from './samples/index.js'
export * from './scaling/index.js'
export type { Shape } from './shape.js'
export { type State, state } from './state.js'
export { tQuantile } from './student.js'
export { type Summary, type SummaryOptions, summary } from './summary.js'
