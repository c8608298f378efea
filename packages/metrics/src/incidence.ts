/** The share of chains whose event has come, by generation: ECDF, Kaplan-Meier and Aalen-Johansen in one. */
import { checkDates } from './dates.js'
import { normalFactor, wilsonWith } from './proportion.js'
import { checkConfidence, checkWhole, refuse } from './shape.js'

/** Arrays by generation from 0 to the longest horizon, whatever generations were recorded. */
export interface Incidence {
  /** Number of chains. */
  count: number
  /** Chains that were watched at this generation and had neither the event nor stopped before it. */
  atRisk: Int32Array
  /** Chains whose event came at this generation. */
  come: Int32Array
  /** Share of chains whose event came at this generation or before; NaN without chains. */
  share: Float64Array
  /** Pointwise interval of the share. */
  low: Float64Array
  high: Float64Array
  /** Variance of the share. */
  variance: Float64Array
  /** Smallest generation by which the share is at least 1/2, or null. */
  median: number | null
  /** Where the share's interval first reaches 1/2 with its upper and with its lower end; null where it does not. */
  median_low: number | null
  median_high: number | null
}

/** What is known of the event's dates in a group of chains. */
export interface Watched {
  /** One date a chain, -1 = it did not come while the chain was watched. */
  events: Int32Array
  /** The last generation that each chain was watched at, or one number for all. */
  horizons: number | ArrayLike<number>
  /** The generation at which each chain stopped for good, -1 = it did not: a competing risk, not a censoring. */
  stopped?: Int32Array
}

/** Chains by generation: how many have the event, stop, or are last watched at it. */
export interface Counts {
  come: Int32Array
  gone: Int32Array
  censored: Int32Array
}

/** What sums of shares may be off by. */
const ROUNDING = 1e-12

/** Horizons as one number a chain. Throws RangeError for what are none, with a length of their own. */
function horizonsOf({ events, horizons }: Watched): ArrayLike<number> {
  if (typeof horizons === 'number') {
    checkWhole('horizons', horizons, 0)
    return new Float64Array(events.length).fill(horizons)
  }
  if (horizons.length !== events.length) refuse('horizons.length', `${events.length} (the chains)`, horizons.length)
  for (let i = 0; i < horizons.length; i++) checkWhole(`horizons[${i}]`, horizons[i]!, 0)
  return horizons
}

/** Counts a group. A date beyond its chain's horizon was not watched; a stop at an event's generation comes after it. */
export function countWatched(watched: Watched): Counts {
  const horizons = horizonsOf(watched)
  const { events, stopped } = watched
  checkDates(events)
  if (stopped && stopped.length !== events.length) {
    refuse('stopped.length', `${events.length} (the chains)`, stopped.length)
  }
  let longest = typeof watched.horizons === 'number' ? watched.horizons : 0
  for (let i = 0; i < events.length; i++) longest = Math.max(longest, horizons[i]!)
  const counts = (): Int32Array => new Int32Array(longest + 1)
  const found = { come: counts(), gone: counts(), censored: counts() }
  for (let i = 0; i < events.length; i++) {
    const horizon = horizons[i]!
    const event = events[i]! < 0 ? Number.POSITIVE_INFINITY : events[i]!
    const stop = stopped === undefined || stopped[i]! < 0 ? Number.POSITIVE_INFINITY : stopped[i]!
    if (event <= horizon && event <= stop) found.come[event]!++
    else if (stop <= horizon) found.gone[stop]!++
    else found.censored[horizon]!++
  }
  return found
}

/**
 * The share of chains whose event has come by each generation.
 *
 * A chain counts while it is watched; one whose horizon ends is censored, one that stopped never has the event. With
 * n at risk, h = (events + stops) / n and h1 = events / n of a generation, S' = S (1 - h) and F' = F + S h1: F is the
 * Aalen-Johansen estimate of the cumulative incidence, without stops 1 minus the Kaplan-Meier estimate, and with one
 * horizon for all the plain share of chains (the ECDF of dates), to the last bit. Variances follow the same recursion
 * by the delta method (multinomial h; Greenwood's formula without stops). Intervals are Wilson's with F (1 - F) /
 * variance as the number of trials, pointwise: K. J. Rothman, Journal of Chronic Diseases 31 (1978) 557-560. The
 * interval of the median is where that of the share meets 1/2: R. Brookmeyer & J. Crowley, Biometrics 38 (1982) 29-41.
 *
 * Sources: E. L. Kaplan & P. Meier, JASA 53 (1958) 457-481; O. O. Aalen & S. Johansen, Scand. J. Statist. 5 (1978)
 * 141-150. Throws RangeError for lengths that differ, horizons and dates that are none, and a confidence outside (0, 1).
 */
export function incidence(watched: Watched, confidence = 0.95): Incidence {
  checkConfidence(confidence)
  const counts = countWatched(watched)
  const size = counts.come.length
  const curve = (): Float64Array => new Float64Array(size)
  const result: Incidence = {
    ...{ count: watched.events.length, atRisk: new Int32Array(size), come: counts.come },
    ...{ share: curve(), low: curve(), high: curve(), variance: curve() },
    ...{ median: null, median_low: null, median_high: null },
  }
  follow(counts, result, normalFactor(confidence))
  const first = (reaches: (g: number) => boolean): number | null => {
    for (let g = 0; g < size; g++) if (reaches(g)) return g
    return null
  }
  result.median = first((g) => result.share[g]! >= 0.5 - ROUNDING)
  result.median_low = first((g) => result.high[g]! >= 0.5)
  result.median_high = first((g) => result.low[g]! >= 0.5)
  return result
}

/** Walks the generations with S, F and their variances. */
function follow({ come, gone, censored }: Counts, result: Incidence, z: number): void {
  let risk = result.count
  let free = 1
  let [freeVariance, covariance, variance] = [0, 0, 0]
  // Chains that those at risk stand for, risk / S: all of them until one is censored. F is counted in them.
  let trials = result.count
  let [earlier, since] = [0, 0]
  let isWhole = true
  for (let g = 0; g < come.length; g++) {
    result.atRisk[g] = risk
    if (risk > 0) {
      const left = 1 - (come[g]! + gone[g]!) / risk
      const hazard = come[g]! / risk
      const noise = (free * free) / risk
      variance += 2 * hazard * covariance + hazard * hazard * freeVariance + noise * hazard * (1 - hazard)
      covariance = left * (covariance + hazard * freeVariance) - noise * hazard * left
      freeVariance = left * left * freeVariance + noise * (1 - left) * left
      since += come[g]!
      free *= left
    }
    let share = earlier + since / trials
    if (share > 1 - ROUNDING) share = 1
    const spread = share * (1 - share)
    const likeTrials = isWhole || !(spread > 0) ? trials : spread / variance
    const { low, high } = wilsonWith(z, isWhole ? since : likeTrials * share, likeTrials)
    result.share[g] = share
    result.low[g] = low
    result.high[g] = high
    result.variance[g] = variance
    risk -= come[g]! + gone[g]!
    // With nobody left at risk the share stays what it is.
    if (censored[g]! > 0 && risk > censored[g]!) {
      ;[earlier, since, isWhole] = [share, 0, false]
      trials *= (risk - censored[g]!) / risk
    }
    risk -= censored[g]!
  }
}
