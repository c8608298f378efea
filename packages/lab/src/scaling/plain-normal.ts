// The cells that theory knows most about: a normal model of normal data, fitted to convergence, under plain `replace`.

import { activeStages, type CellSettings, type GaussianModel, type Origin, type SizeRule } from '@genloss/models'

/** Settings of such a cell. */
export interface PlainNormal {
  origin: Extract<Origin, { kind: 'gaussian' }>
  model: GaussianModel
  n: Exclude<SizeRule, 'inf'>
}

/** Whether a cell is one, with finite sizes of at least 2. */
export function isPlainNormal(settings: CellSettings): settings is CellSettings & PlainNormal {
  const { origin, model, policy, n, initial } = settings
  if (origin.kind !== 'gaussian' || model.kind !== 'gaussian' || model.steps !== undefined) return false
  if (policy.kind !== 'replace' || n === 'inf' || initial === 'inf' || initial < 2) return false
  return Object.keys(activeStages(settings)).length === 0
}
