/** How a quantity depends on the size of training sets. */
export { fewestSizes, type PlateauRule } from './choice.js'
export {
  type LawFit,
  type LawOptions,
  type LocalExponent,
  type PlateauVerdict,
  ScalingLaw,
  type SizeEstimate,
  scalingLaw,
} from './law.js'
export type { LawPoint, LeftOut, SizedValue } from './points.js'
export {
  pairedMedians,
  type ResampleOptions,
  resampledMeans,
  resampledMedians,
  resamplesOfInterval,
  spreadDates,
} from './resamples.js'
