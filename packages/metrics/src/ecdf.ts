/** The empirical distribution function of event dates under one common horizon, with Wilson intervals. */
import { normalFactor, wilsonWith } from './proportion.js'
import { checkConfidence, checkWhole, refuse } from './shape.js'

/** Arrays of length horizon + 1, indexed by generation 0..horizon whatever generations were recorded. */
export interface Ecdf {
  /** Number of chains. */
  count: number
  /** Share of chains whose event came at this generation or before; NaN without chains. */
  share: Float64Array
  /** Pointwise Wilson interval of the share. */
  low: Float64Array
  high: Float64Array
}

/** Refuses dates that are not whole numbers of at least -1 (Int32Array sees to whole). */
export function checkDates(events: Int32Array, horizon: number): void {
  checkWhole('horizon', horizon, 0)
  for (let i = 0; i < events.length; i++) {
    if (events[i]! < -1) refuse(`events[${i}]`, 'a generation or -1 (never)', events[i])
  }
}

/**
 * The share of chains whose event has come, by generation. `events` holds one date a chain, -1 = never; dates beyond
 * the horizon count as not come. All chains share the horizon, so no censoring has to be modelled.
 *
 * Intervals are pointwise, not a band. Throws RangeError for a horizon that is not a whole number of at least 0,
 * dates below -1, and a confidence outside (0, 1).
 */
export function ecdf(events: Int32Array, horizon: number, confidence = 0.95): Ecdf {
  checkDates(events, horizon)
  checkConfidence(confidence)
  const come = new Int32Array(horizon + 1)
  for (const date of events) if (date >= 0 && date <= horizon) come[date]!++
  const z = normalFactor(confidence)
  const size = horizon + 1
  const curves = { share: new Float64Array(size), low: new Float64Array(size), high: new Float64Array(size) }
  let sum = 0
  for (let g = 0; g <= horizon; g++) {
    sum += come[g]!
    const { share, low, high } = wilsonWith(z, sum, events.length)
    curves.share[g] = share
    curves.low[g] = low
    curves.high[g] = high
  }
  return { count: events.length, ...curves }
}
