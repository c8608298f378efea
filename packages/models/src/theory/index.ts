// The closed forms: what a measurement must meet, as functions of a plan's own settings.

export { type Composition, composition, compositionCurves } from './composition.js'
export { momentCurves } from './curves.js'
export { type Drift, drift } from './drift.js'
export { type Component, mixtureMoments, projectionDivergence } from './expressivity.js'
export {
  absentAtFirst,
  classesAlive,
  countLaws,
  distinctAlive,
  extinction,
  lostClass,
  missingMass,
} from './extinction.js'
export { medianFirstPassage } from './first-passage.js'
export { besselFactor, type Fit, mle, quadratic, type SetMoments, unbiased } from './fit.js'
export { halfLife, LogVarianceLaw, logVarianceRate, medianVariance, varianceBelow } from './gaussian-law.js'
export { gaussianReplace, type ReplaceMoments } from './gaussian-replace.js'
export { type GrowthLimit, growthLimit } from './growth.js'
export { binned, centreMoments } from './histogram.js'
export { fixedKernel, ruledKernel, ruleFactor } from './kernel-density.js'
export { type StoppedLearner, shareLeft, shortDrift } from './learner.js'
export {
  choleskyDiagonal,
  lyapunovExponents,
  type MultivariateMoments,
  multivariateReplace,
} from './multivariate.js'
export { type MultivariateLaw, multivariateCurves } from './multivariate-curves.js'
export {
  exponentialReplace,
  type GammaChain,
  inverseGaussianReplace,
  paretoLogScale,
  paretoReplace,
  poissonAbsorbed,
  uniformReplace,
} from './one-parameter.js'
export { populationShares } from './population.js'
export { accumulateLimit, errorKept, excessRisk, type RegressionLaw } from './regression.js'
export { regressionCurves } from './regression-curves.js'
export { normalFactor, sampledShares, truncatedVariance } from './sampling.js'
export { candidates, selectedExponential, selectedNormal } from './selection.js'
export { batchSizes, fitSizes, type Sizes, type TheorySetting } from './setting.js'
export { digamma, gammaQ, lnGamma, normalTails, trigamma } from './special.js'
export { expectedTailMass, tailRetention } from './tail-mass.js'
export { type RecordOrigin, type SetEntry, type TrainingSets, trainingSets } from './training-sets.js'
export { classCounts, fixationTime, monomorphic, thirdMoment } from './wright-fisher.js'
