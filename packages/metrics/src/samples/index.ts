/**
 * Two samples: distances, tails, coverage, and what chance alone would give. Every measure takes plain numbers, or a
 * `sortedSample`, which is sorted once and may have weights; `definitions` says what each is.
 */
export { jensenShannon, klDivergence, totalVariation } from './categories.js'
export { categoryCoverage, missingMass, rareCategories, rareRetention } from './category-coverage.js'
export { type Definition, definitions } from './definitions.js'
export { type Distances, distances } from './distances.js'
export { energy } from './energy.js'
export { type Chance, exceedances, fisher } from './exceedances.js'
export { ks, ksAt } from './ks.js'
export {
  type Bins,
  binsOf,
  type ChanceOf,
  type PermutationOptions,
  permutationTest,
  type Statistic,
} from './permutation.js'
export { beyondRange, rangeCoverage } from './range.js'
export { type Sample, type SampleOptions, sortedSample, type Values } from './sample.js'
export { quantileError, sampleQuantile } from './sample-quantile.js'
export { expectedShortfall, type Outermost, outermost, type Side } from './shortfall.js'
export { type Columns, type SlicedOptions, slicedTest, slicedWasserstein } from './sliced.js'
export { meanShift, meanShiftOf, type Spread, spread, varianceRatio, varianceRatioOf } from './spread.js'
export { type TailRegion, type TailSide, tail, tailLevels, tailRegion, tailRetention, tailWeight } from './tails.js'
export { type Wasserstein, w1, w2, wasserstein } from './wasserstein.js'
