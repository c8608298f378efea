// The audit of a person's own table: which groups, crossings, tails and gaps training on generated rows loses, and when.

export type {
  AuditAnswer,
  CrossingAnswer,
  GapAnswer,
  GroupAnswer,
  PipelineAnswer,
  RealRows,
  TailAnswer,
} from './answer.js'
export type { Assumption } from './assumptions.js'
export { type AuditResult, type AuditRun, audit } from './audit.js'
export { type ByRound, type Chance, chanceOf, inWords, percent } from './chances.js'
export type { AuditExperiment } from './experiment.js'
export { chanceAt, type Fate } from './fates.js'
export type { AuditOptions } from './options.js'
export { bestCase } from './verdict.js'
