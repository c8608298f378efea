// The three errors of recursive training, told from each other.

export type { Statistic } from './arms.js'
export {
  type AttributedMeasure,
  type AttributeOptions,
  type Attribution,
  type AttributionRun,
  attribute,
  type PartName,
} from './attribute.js'
export type { Dominant } from './dominance.js'
export { type ErrorName, errors, type Way } from './switches.js'
