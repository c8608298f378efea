// THE list of checks.

import type { Check } from '../check.js'
import { classChecks } from './classes.js'
import { densityChecks } from './densities.js'
import { gaussianChecks } from './gaussian.js'
import { multivariateChecks } from './multivariate.js'
import { oneParameterChecks } from './one-parameter.js'
import { regressionChecks } from './regression.js'
import { stageChecks } from './stages.js'

/** Every setting that verify runs. */
export const checks: readonly Check[] = [
  ...gaussianChecks,
  ...multivariateChecks,
  ...classChecks,
  ...oneParameterChecks,
  ...densityChecks,
  ...regressionChecks,
  ...stageChecks,
]
