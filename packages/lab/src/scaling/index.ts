// How losses and dates depend on the size of training sets.

export type {
  DateInterval,
  FittedQuantity,
  GrowthCell,
  HalfLifePoint,
  Interval,
  QuantityLaw,
  RiskPoint,
  ScalingCurve,
  ScalingDocument,
  ScalingPoint,
  ScalingResult,
  ScalingTarget,
} from './document.js'
export { scalingDocument } from './document.js'
export { openRun } from './open-run.js'
export { checkScalable, type ScalingOptions, scaling, scalingOf } from './scaling.js'
