// THE list of the paper's experiments.

import type { PaperExperiment } from '../preset.js'
import { alphaBetaGamma } from './alpha-beta-gamma.js'
import { discrete } from './discrete.js'
import { estimationError } from './estimation-error.js'
import { growingSamples } from './growing-samples.js'
import { laterClaims } from './later-claims.js'
import { mixture } from './mixture.js'
import { recursionAccumulate, recursionReplace } from './recursion.js'
import { rooms } from './rooms.js'
import { theoremPreset } from './theorem.js'

export const experiments: readonly PaperExperiment[] = [
  estimationError,
  recursionReplace,
  recursionAccumulate,
  theoremPreset,
  growingSamples,
  discrete,
  alphaBetaGamma,
  mixture,
  laterClaims,
  ...rooms,
]
