// Statements that are no column's: functions of columns, and shares of chains.

import { type CellSettings, fitSizes, gaussianReplace, lostClass, thirdMoment, varianceBelow } from '@genloss/models'
import type { Quantity } from '../check.js'

function isUnbiased({ model }: CellSettings): boolean {
  return model.kind === 'gaussian' && model.estimator === 'unbiased'
}

/** A fit by maximum likelihood keeps E v + E(m - m0)^2 in units of the origin's variance, under every plain policy. */
export const budget: Quantity = {
  name: 'mean of variance_ratio + mean_shift^2',
  columns: ['variance_ratio', 'mean_shift'],
  of: (variance, shift) => variance! + shift! ** 2,
  statistic: 'mean',
  theory: ({ generations }) => new Float64Array(generations + 1).fill(1),
}

/** The share of chains with variance at or below a ratio of the origin's, under `replace`. */
export function below(ratio: number): Quantity {
  return {
    name: `share of chains with variance_ratio <= ${ratio}`,
    columns: ['variance_ratio'],
    of: (variance) => (variance! <= ratio ? 1 : 0),
    statistic: 'share',
    theory: (settings) => varianceBelow(ratio, settings, isUnbiased(settings)),
  }
}

/** E of the standard deviation under `replace`. */
export const sdRatio: Quantity = {
  name: 'mean of sqrt(variance_ratio)',
  columns: ['variance_ratio'],
  of: (variance) => Math.sqrt(variance!),
  statistic: 'mean',
  theory: (settings) => gaussianReplace(settings, isUnbiased(settings)).sd,
}

/** The first of two classes: p (1 - p)(1 - 2p), whose mean shrinks by (1 - 1/n)(1 - 2/n). */
export const third: Quantity = {
  name: 'mean of p (1 - p)(1 - 2p)',
  columns: ['share_0'],
  of: (p) => p! * (1 - p!) * (1 - 2 * p!),
  statistic: 'mean',
  theory: (settings) => thirdMoment(probabilityOf(settings, 0), fitSizes(settings)),
}

/** The share of chains that have lost a class, under `replace`. */
export function lost(code: number): Quantity {
  return {
    name: `share of chains without class ${code}`,
    columns: [`share_${code}`],
    of: (p) => (p === 0 ? 1 : 0),
    statistic: 'share',
    theory: (settings) => lostClass(probabilityOf(settings, code), settings) ?? [],
  }
}

function probabilityOf({ origin }: CellSettings, code: number): number {
  return origin.kind === 'categorical' ? origin.probabilities[code]! : Number.NaN
}
