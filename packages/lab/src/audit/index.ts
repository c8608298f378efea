// The audit of a person's own table: which groups, crossings, tails and gaps training on generated rows loses, and when.

export type {
  AuditAnswer,
  CrossingAnswer,
  Formula,
  GapAnswer,
  GroupAnswer,
  Known,
  PipelineAnswer,
  RealRows,
  TailAnswer,
} from './answer.js'
export type { Assumption } from './assumptions.js'
export { type AuditResult, type AuditRun, audit } from './audit.js'
export type { Copies, UnseenCategories } from './beside.js'
export { type ByRound, type Chance, chanceOf, inWords, percent } from './chances.js'
export type { Correlation, CorrelationAnswer, MeasuredCorrelation } from './correlations.js'
export type { AuditExperiment } from './experiment.js'
export { type Factor, maybeChance } from './factors.js'
export { chanceAt, type Fate, type States } from './fates.js'
export type { BesideAnswer, MeasuredGap } from './measured.js'
export type { Misfit, MisfitGap, MisfitSet } from './misfit.js'
export type { AuditOptions } from './options.js'
export type { StageAnswer } from './stage-answer.js'
export { bestCase } from './verdict.js'
