// An estimate from chains with its standard error, as it would be if theory holds.

import type { Statement } from './statements.js'

export interface Estimate {
  measured: number
  se: number
  /** Chains that went on to this generation. */
  chains: number
}

/**
 * Estimates a statement's statistic from one number a chain; chains without one (they stopped before) are left out.
 *
 * The standard error is exact where theory knows the spread of the numbers: for shares, and for means beside a variance.
 * That of a variance is taken at theory's value, its relative error from the fourth moment: so it does not go up and down
 * with the estimate, which would make z skew. Else it is that of the sample mean.
 */
export function estimate({ statistic, theory, spread, centre }: Statement, numbers: readonly number[]): Estimate {
  const values = numbers.filter((value) => !Number.isNaN(value))
  const chains = values.length
  const mean = average(values)
  if (statistic === 'share') return { measured: mean, se: Math.sqrt((theory * (1 - theory)) / chains), chains }
  if (statistic === 'mean') {
    const variance = spread ?? sampleVariance(values, mean)
    return { measured: mean, se: Math.sqrt(variance / chains), chains }
  }
  const around = centre ?? mean
  // One degree of freedom goes with a mean that is estimated too.
  const correction = centre === undefined ? chains / (chains - 1) : 1
  const squares = values.map((value) => (value - around) ** 2 * correction)
  const measured = average(squares)
  const relative = measured > 0 ? Math.sqrt(sampleVariance(squares, measured)) / measured : 0
  return { measured, se: (theory * relative) / Math.sqrt(chains), chains }
}

function average(values: readonly number[]): number {
  // About the first value, so that equal values have exactly their mean.
  const [first = Number.NaN] = values
  let sum = 0
  for (const value of values) sum += value - first
  return first + sum / values.length
}

function sampleVariance(values: readonly number[], mean: number): number {
  let sum = 0
  for (const value of values) sum += (value - mean) ** 2
  return values.length > 1 ? sum / (values.length - 1) : 0
}
