// Where a share of runs that grows with the rows crosses a level: a line through its probits, which all runs bear on.

import { normalQuantile } from '@genloss/metrics'

/** How many of so many runs kept a group, at a number of rows. */
export interface Counted {
  rows: number
  kept: number
  runs: number
}

/** The rows at the crossing with their 95 % interval. */
export interface Crossing {
  rows: number
  low: number
  high: number
}

/**
 * Least squares of the probits on the rows, each weighted by 1 / Var = runs phi(z)^2 / (p (1 - p)); the interval is the
 * line's at the level divided by its slope, and wider by the misfit where there is one.
 *
 * @param level a share between 0 and 1
 * @returns undefined for fewer than four numbers of rows with both outcomes, and where the share does not grow
 */
export function crossingOf(counted: readonly Counted[], level: number): Crossing | undefined {
  const points = counted
    .filter(({ kept, runs }) => kept > 0 && kept < runs)
    .map(({ rows, kept, runs }) => {
      const p = kept / runs
      const z = normalQuantile(p)
      const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
      return { x: rows, z, weight: (runs * density * density) / (p * (1 - p)) }
    })
  if (points.length < 4) return undefined
  const sum = (of: (point: (typeof points)[number]) => number) => points.reduce((all, point) => all + of(point), 0)
  const weight = sum((point) => point.weight)
  const [x, z] = [sum((point) => point.weight * point.x) / weight, sum((point) => point.weight * point.z) / weight]
  const spread = sum((point) => point.weight * (point.x - x) ** 2)
  const slope = sum((point) => point.weight * (point.x - x) * (point.z - z)) / spread
  if (!(slope > 0)) return undefined
  const misfit = sum((point) => point.weight * (point.z - z - slope * (point.x - x)) ** 2) / (points.length - 2)
  const rows = x + (normalQuantile(level) - z) / slope
  const error = Math.sqrt(Math.max(1, misfit) * (1 / weight + (rows - x) ** 2 / spread)) / slope
  const reach = normalQuantile(0.975) * error
  return { rows, low: rows - reach, high: rows + reach }
}
