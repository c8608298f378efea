// Numbers with their intervals as people read them.
import type { Dates, Difference } from '@genloss/metrics'
import { percent, pValue, short } from './numbers.js'
import type { Interval } from './rows.js'

/** `31 (30 to 33)`; where fewer than half of the chains came that far: `>200 (12 %)`. */
export function dateText(dates: Dates | undefined, last: number): string {
  if (!dates) return '-'
  const { median, low, high, share } = dates
  if (median === null) return share > 0 ? `>${last} (${percent(share)})` : `>${last} (none)`
  return `${median} (${low} to ${high ?? `>${last}`})`
}

/** `0.125 (0.1 to 0.15)`, without an interval where there is none. */
export function intervalText(found: Interval | undefined): string {
  if (!found || Number.isNaN(found.value)) return '-'
  const { value, low, high } = found
  if (Number.isNaN(low) || Number.isNaN(high)) return short(value)
  // Two digits of the ends, more where they would look like the value.
  const isClear = (digits: number) =>
    [low, high].every((end) => end === value || short(end, digits) !== short(value, digits))
  const digits = [2, 3, 4, 5].find(isClear) ?? 6
  return `${short(value, Math.max(3, digits))} (${short(low, digits)} to ${short(high, digits)})`
}

/** `97 % (93 to 99)`. */
export function shareText(found: Interval | undefined): string {
  if (!found || Number.isNaN(found.value)) return '-'
  const end = (share: number) => percent(share).replace(' %', '')
  return `${percent(found.value)} (${end(found.low)} to ${end(found.high)})`
}

/**
 * A difference of median dates: `+8 (6 to 11)`; where one of them is beyond the last generation `later` or `earlier`, and
 * where both are, that of the shares that the event came to: `-5 points (-34 to 25)`.
 */
export function dateDifferenceText(median: Difference, share: Difference): string {
  const { difference, low, high } = median
  if (Number.isNaN(difference)) {
    const points = (value: number) => Math.round(100 * value)
    if (Number.isNaN(share.difference)) return '-'
    return `${signed(points(share.difference))} points (${points(share.low)} to ${points(share.high)})`
  }
  if (!Number.isFinite(difference)) return difference > 0 ? 'later' : 'earlier'
  if (low === Number.NEGATIVE_INFINITY && high === Number.POSITIVE_INFINITY) return signed(difference)
  if (high === Number.POSITIVE_INFINITY) return `${signed(difference)} (${Math.floor(low)} or more)`
  if (low === Number.NEGATIVE_INFINITY) return `${signed(difference)} (${Math.ceil(high)} or less)`
  return `${signed(difference)} (${Math.floor(low)} to ${Math.ceil(high)})`
}

/** `p <0.001`, `p 0.04`. */
export function pText(p: number): string {
  return Number.isNaN(p) ? '' : `p ${pValue(p)}`
}

const signed = (value: number): string => (value > 0 ? `+${value}` : String(value))
