// How far means drift and variances shrink under any policy that theory has a recursion for: the one entry to them.

import { activeStages } from '../stages.js'
import type { Drift } from './drift-record.js'
import type { Fit } from './fit.js'
import { mixing } from './mixing.js'
import { pooling } from './pooling.js'
import { batchSizes, type TheorySetting } from './setting.js'
import { windowing } from './windowing.js'

export type { Drift } from './drift-record.js'

/**
 * Exact drift of mean and variance over generations for a fit by sample mean, from any origin with a variance.
 *
 * Replace and mix follow `mixing`, accumulate and accumulate-subsample `pooling`, window `windowing`; each docstring has
 * the recursion. Only conditional means and variances of drawn records enter, so it holds whatever their law is.
 *
 * @param poison the distance of a poison record from the origin's mean, in units of the origin's sd
 * @returns undefined where there is no such recursion: a curated selection, sampling that is no factor of the variance,
 *   real records of the first set that a detector thins, records of the last set that count unequally, infinite sizes
 *   beside finite ones
 */
export function drift(setting: TheorySetting, fit: Fit, poison?: number): Drift | undefined {
  const { policy, generations, onEmpty = 'stop' } = setting
  const stages = activeStages(setting)
  const sizes = batchSizes(setting)
  const factor = stages.sampling ? fit.factor?.(stages.sampling) : 1
  if (!sizes || factor === undefined || stages.selection || (stages.poison && poison === undefined)) return undefined
  const dynamics = { ...sizes, policy, generations, onEmpty, stages, fit, factor, poison: poison ?? 0 }
  switch (policy.kind) {
    case 'replace':
    case 'mix':
      return mixing(dynamics)
    case 'accumulate':
    case 'accumulate-subsample':
      return pooling(dynamics)
    case 'window':
      return policy.batches > generations ? pooling(dynamics) : windowing(dynamics)
  }
}
