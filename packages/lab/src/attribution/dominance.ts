// Which of the errors a loss is mostly made of, as far as the intervals of its parts tell.

import type { Estimate } from '@genloss/metrics'
import { type ErrorName, errors } from './switches.js'

/** One of the errors; `none` where nothing is lost; `open` where intervals overlap, or parts are undefined. */
export type Dominant = ErrorName | 'none' | 'open'

/** Parts smaller than this are rounding, in the measure's unit. */
const rounding = 1e-9

/**
 * The error whose part is the largest in size: the end of its interval that is nearer to 0 lies farther out than any end
 * of the others. An infinite part is the largest.
 *
 * @param unit what is large for the measure: 1, or the origin's spread where it has the data's units
 */
export function dominant(parts: Readonly<Record<ErrorName, Estimate>>, unit = 1): Dominant {
  const infinite = errors.filter((error) => Math.abs(parts[error].value) === Number.POSITIVE_INFINITY)
  if (infinite.length === 1) return infinite[0]!
  if (errors.some((error) => !Number.isFinite(parts[error].value))) return 'open'
  const [most, ...others] = [...errors].sort((a, b) => Math.abs(parts[b].value) - Math.abs(parts[a].value))
  if (Math.abs(parts[most!].value) <= rounding * unit) return 'none'
  const { low, high } = parts[most!]
  const nearest = low > 0 || high < 0 ? Math.min(Math.abs(low), Math.abs(high)) : 0
  const farthest = others.map((error) => Math.max(Math.abs(parts[error].low), Math.abs(parts[error].high)))
  return farthest.every((reach) => nearest > reach) ? most! : 'open'
}
