// Two samples held against each other: what differs, and a gate on it.

export type { CategoryComparison, TextComparison } from './categories.js'
export { type ColumnComparison, type Comparison, compare, type GroupComparison, type ReadAnswer } from './compare.js'
export type { Unchecked, WatchCheck } from './gate.js'
export type { JointComparison } from './joint.js'
export {
  defaultLimits,
  type Limit,
  type LimitRule,
  type LimitsInput,
  type LimitValue,
  limitRules,
  readLimits,
} from './limits.js'
export { readLimitsFile } from './limits-file.js'
export type {
  ChanceAnswer,
  ExtremesComparison,
  NumberComparison,
  QuantileComparison,
  RefusedTail,
  TailComparison,
} from './numbers.js'
export type { ColumnData, CompareOptions, CompareSettings, SampleInput } from './options.js'
export type { SharedRows } from './shared.js'
export { differing, isStretched, level, pOf, sizeOf, tailName } from './verdict.js'
export { type Watched, type WatchOptions, watch } from './watch.js'
