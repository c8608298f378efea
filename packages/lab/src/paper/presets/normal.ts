// Closed forms that several presets lay beside their chains.

import { type CellSettings, drift, fitSizes, gaussianReplace, LogVarianceLaw, mle, unbiased } from '@genloss/models'
import type { Expected } from '../preset.js'
import { ofNormal } from '../readings.js'
import { chain, inversion, recursion } from '../sources.js'

type Form = Expected['value']

/** Under plain `replace` only. */
function ofReplace(value: (settings: CellSettings, unbiased: boolean, at: number) => number): Form {
  return ofNormal((settings, isUnbiased, at) =>
    settings.policy.kind === 'replace' ? value(settings, isUnbiased, at) : Number.NaN,
  )
}

/** The law of the logarithm of the variance of one chain at a generation. */
export function law(settings: CellSettings, isUnbiased: boolean, at: number): LogVarianceLaw {
  return new LogVarianceLaw(fitSizes(settings).slice(0, at + 1), isUnbiased)
}

/** The median of the standard deviation, in units of the origin's. */
export const medianSd: Expected = {
  value: ofReplace((settings, isUnbiased, at) => Math.exp(law(settings, isUnbiased, at).quantile(0.5) / 2)),
  source: inversion,
}

/** The share of chains whose variance is at or under a share of the origin's. */
export function shareBelow(ratio: number): Expected {
  return {
    value: ofReplace((settings, isUnbiased, at) => law(settings, isUnbiased, at).cdf(Math.log(ratio))),
    source: inversion,
  }
}

/** A moment of a chain under `replace`. */
export function moment(of: (moments: ReturnType<typeof gaussianReplace>, at: number) => number): Expected {
  return {
    value: ofReplace((settings, isUnbiased, at) => of(gaussianReplace(settings, isUnbiased), at)),
    source: chain,
  }
}

/** Mean variance, or the variance of the mean, under any policy. */
export function drifted(which: 'variance' | 'meanVariance'): Expected {
  return {
    value: ofNormal(
      (settings, isUnbiased, at) => drift(settings, isUnbiased ? unbiased : mle)?.[which][at] ?? Number.NaN,
    ),
    source: recursion,
  }
}

/** A value at one `n` of a sweep. */
export function atSize(values: Readonly<Record<number, number>>): Form {
  return ({ n }) => (typeof n === 'number' ? (values[n] ?? Number.NaN) : Number.NaN)
}
