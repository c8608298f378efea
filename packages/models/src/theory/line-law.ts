// Origins as laws on the line: moments, mass below a place, and the place that has so much mass below it.

import { dimensionsOf } from '../origins.js'
import type { Origin } from '../settings.js'
import { normalTails } from './special.js'

interface Part {
  weight: number
  mean: number
  sd: number
}

/** Normal components of an origin on the line; undefined where it has none. */
function partsOf(origin: Origin): Part[] | undefined {
  if (origin.kind === 'gaussian') return [{ weight: 1, mean: origin.mean, sd: origin.sd }]
  if (origin.kind === 'multivariate-gaussian' && origin.dimensions === 1) {
    return [{ weight: 1, mean: origin.mean?.[0] ?? 0, sd: Math.sqrt(origin.covariance?.[0]?.[0] ?? 1) }]
  }
  if (origin.kind !== 'mixture' || dimensionsOf(origin) > 1) return undefined
  return origin.components.map(({ weight, ...law }) => ({ ...partsOf(law)![0]!, weight }))
}

/** Mean and sd of an origin on the line, in the data's units; undefined where there are none or rows decide. */
export function momentsOf(origin: Origin): { mean: number; sd: number } | undefined {
  if (origin.kind === 'exponential') return { mean: origin.mean, sd: origin.mean }
  if (origin.kind === 'pareto') {
    const { scale, shape } = origin
    return shape > 2
      ? { mean: (scale * shape) / (shape - 1), sd: (scale / (shape - 1)) * Math.sqrt(shape / (shape - 2)) }
      : undefined
  }
  const parts = partsOf(origin)
  if (!parts) return undefined
  const total = (of: (part: Part) => number) => parts.reduce((sum, part) => sum + part.weight * of(part), 0)
  const mean = total((part) => part.mean)
  return { mean, sd: Math.sqrt(total((part) => part.sd ** 2 + (part.mean - mean) ** 2)) }
}

/** P(X <= x) and P(X > x), each right where it is small; undefined for origins that are no law on the line. */
export function massesOf(origin: Origin, x: number): [number, number] | undefined {
  if (origin.kind === 'exponential') {
    return x <= 0 ? [0, 1] : [-Math.expm1(-x / origin.mean), Math.exp(-x / origin.mean)]
  }
  if (origin.kind === 'pareto') {
    const { scale, shape } = origin
    return x <= scale ? [0, 1] : [-Math.expm1(-shape * Math.log(x / scale)), (scale / x) ** shape]
  }
  return partsOf(origin)?.reduce<[number, number]>(
    ([below, above], { weight, mean, sd }) => {
      const z = (x - mean) / sd
      const tail = 0.5 * normalTails(Math.abs(z))
      return z < 0
        ? [below + weight * tail, above + weight * (1 - tail)]
        : [below + weight * (1 - tail), above + weight * tail]
    },
    [0, 0],
  )
}

/** The place with so much mass on one side of it, by halving; the mass is at most 1/2. */
export function placeOf(origin: Origin, side: 'below' | 'above', mass: number): number {
  const { mean, sd } = momentsOf(origin)!
  const at = side === 'below' ? 0 : 1
  const beyond = (x: number) => massesOf(origin, x)![at]! < mass
  // By Chebyshev's inequality the place lies within sd / sqrt(mass) of the mean.
  let near = mean
  let far = mean + (side === 'below' ? -sd : sd) * (1 / Math.sqrt(mass))
  if (beyond(near)) [near, far] = [far, near + (side === 'below' ? sd : -sd) * (1 / Math.sqrt(mass))]
  for (let i = 0; i < 200; i++) {
    const middle = 0.5 * (near + far)
    if (middle === near || middle === far) break
    if (beyond(middle)) far = middle
    else near = middle
  }
  return near
}
