// The budget of a person's own table: how many real rows keep each of its groups.

export type { BudgetAnswer, BudgetGroup, CurvePoint, RowsNeeded } from './answer.js'
export { type BudgetResult, type BudgetRun, budget } from './budget.js'
export type { BudgetExperiment } from './experiment.js'
export type { FactorNeed } from './factors.js'
export type { BudgetOptions } from './options.js'
export type { RealRowsRounds, Rounds } from './rounds.js'
