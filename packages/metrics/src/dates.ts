/** When an event comes: the median date over chains with its interval, and the share of chains that it came to. */
import { normalFactor, wilsonWith } from './proportion.js'
import { medianRank } from './ranks.js'
import { checkConfidence, checkWhole, refuse } from './shape.js'

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

/** Refuses dates that are not whole numbers of at least -1 (Int32Array sees to whole). */
export function checkDates(events: Int32Array): void {
  for (let i = 0; i < events.length; i++) {
    if (events[i]! < -1) refuse(`events[${i}]`, 'a generation or -1 (never)', events[i])
  }
}

/** Chains whose event came at each generation 0..horizon. */
function countDates(events: Int32Array, horizon: number): Int32Array {
  const come = new Int32Array(horizon + 1)
  for (let i = 0; i < events.length; i++) {
    const date = events[i]!
    if (date >= 0 && date <= horizon) come[date]!++
  }
  return come
}

/**
 * The interval of the median date from how many of `count` chains had their event when.
 *
 * A generation belongs to it while the sign test does not speak against it: with L dates before it and E on it,
 * L + t <= n - r + 1/2 and L + E - t >= r - 1/2, r = `medianRank`. Dates are whole, so many share a generation; the share
 * t of the E that is counted to the other side, min(E/2, sqrt(n)/5), is half of them as the sign test has it, and never
 * so many that coverage could fall below 93 % where the law's half point lies at the edge of a generation.
 */
function medianInterval(come: Int32Array, count: number, confidence: number): [number | null, number | null] {
  const rank = medianRank(count, confidence)
  if (rank === 0) return [0, null]
  const most = Math.sqrt(count) / 5
  let low: number | null = null
  let before = 0
  for (let g = 0; g < come.length; g++) {
    const shared = Math.min(come[g]! / 2, most)
    if (before + shared > count - rank + 0.5) return [low, g - 1]
    before += come[g]!
    if (low === null && before - shared >= rank - 0.5) low = g
  }
  // Where dates up to the horizon do not exclude a later median, there is no upper end.
  return [low, before > count - rank + 0.5 ? come.length - 1 : null]
}

function medianOf(come: Int32Array, count: number): number | null {
  let sum = 0
  for (let g = 0; g < come.length; g++) {
    sum += come[g]!
    if (sum > 0 && 2 * sum >= count) return g
  }
  return null
}

/**
 * Dates an event. `events` holds one date a chain, -1 = never; dates beyond the horizon count as not come.
 *
 * All chains share one horizon, so nothing is censored: the share of chains by each generation is the law's estimate,
 * and a chain that stopped before its event is one that never has it, not one that left (the Aalen-Johansen estimate,
 * which `incidence` gives for horizons that differ).
 *
 * The median is the smallest g with ECDF(g) >= 1/2, null where fewer than half of the chains had the event by the
 * horizon. Its interval inverts the sign test, with ties shared out (`medianInterval`); its coverage is near `confidence`
 * where dates spread over many generations, and above it where a few hold them all. An end among the chains without
 * event is null; with fewer than 5 chains the interval is all there is: 0 to null.
 *
 * For `share` = 0 print `upperBoundOfZero(count)`. Time is linear in chains and horizon. Throws RangeError for a horizon
 * that is not a whole number of at least 0, dates below -1, and a confidence outside (0, 1).
 */
export function dates(events: Int32Array, horizon: number, confidence = 0.95): Dates {
  checkWhole('horizon', horizon, 0)
  checkDates(events)
  checkConfidence(confidence)
  const count = events.length
  const come = countDates(events, horizon)
  const all = come.reduce((sum, n) => sum + n, 0)
  const { share, low: share_low, high: share_high } = wilsonWith(normalFactor(confidence), all, count)
  const [low, high] = medianInterval(come, count, confidence)
  return { median: medianOf(come, count), low, high, share, share_low, share_high, count }
}
