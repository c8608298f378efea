/** When an event comes: the median date over chains with a distribution-free interval. */
import { incompleteBeta } from './beta.js'
import { checkDates } from './ecdf.js'
import { normalFactor, wilsonWith } from './proportion.js'
import { checkConfidence } from './shape.js'

/** Generations, or null for "beyond the horizon". */
export interface Dates {
  /** Smallest generation by which at least half of the chains had their event. */
  median: number | null
  /** Interval of the law's median date. */
  low: number | null
  high: number | null
  /** Share of chains whose event came by the horizon; NaN without chains. */
  share: number
  /** Wilson interval of the share. */
  share_low: number
  share_high: number
  /** Number of chains. */
  count: number
}

/**
 * The rank r, 1 <= r <= n/2, for which the r-th smallest and the r-th largest of n dates enclose the median with at
 * least `confidence`: the largest with P(Binomial(n, 1/2) < r) <= (1 - confidence) / 2. 0 where there is none (fewer
 * than 6 dates at 95 %).
 *
 * P(Binomial(n, 1/2) <= k) = I_1/2(n - k, k + 1).
 */
export function medianRank(n: number, confidence: number): number {
  const outside = (1 - confidence) / 2
  const isTooHigh = (rank: number): boolean => incompleteBeta(0.5, n - rank + 1, rank) > outside
  let rank = Math.min(Math.floor(n / 2), Math.ceil((n - normalFactor(confidence) * Math.sqrt(n)) / 2) + 2)
  while (rank > 0 && isTooHigh(rank)) rank--
  return Math.max(0, rank)
}

/**
 * Dates an event. `events` holds one date a chain, -1 = never; dates beyond the horizon count as not come.
 *
 * The median is the smallest g with ECDF(g) >= 1/2, null where fewer than half of the chains had the event by the
 * horizon. Its interval runs from the r-th smallest to the r-th largest date with r from the binomial law of ranks
 * (H. A. David & H. N. Nagaraja, Order Statistics (2003), section 7.1; the inverted sign test). It was chosen over
 * inverting the ECDF's Wilson intervals, which differ from it only by a normal approximation, because its coverage is
 * at least `confidence` for every law and every n, ties of whole generations included. An end among the chains
 * without event is null; with too few chains for any rank the interval is all there is: 0 to null.
 *
 * For `share` = 0 print `upperBoundOfZero(count)`. Throws RangeError for a horizon that is not a whole number of at
 * least 0, dates below -1, and a confidence outside (0, 1).
 */
export function dates(events: Int32Array, horizon: number, confidence = 0.95): Dates {
  checkDates(events, horizon)
  checkConfidence(confidence)
  const count = events.length
  const come = events.filter((date) => date >= 0 && date <= horizon).sort()
  const dateOfRank = (rank: number): number | null => come[rank - 1] ?? null
  const { share, low, high } = wilsonWith(normalFactor(confidence), come.length, count)
  const rank = medianRank(count, confidence)
  return {
    median: count === 0 ? null : dateOfRank(Math.ceil(count / 2)),
    low: rank === 0 ? 0 : dateOfRank(rank),
    high: rank === 0 ? null : dateOfRank(count + 1 - rank),
    share,
    share_low: low,
    share_high: high,
    count,
  }
}
