// The binomial law, whole or where it matters.

import { lnGamma } from './special.js'

/** Trials above this are not summed over: ln Gamma would lose the digits, and the list its use. */
const mostTrials = 1e7
/** Standard deviations on both sides beyond which a binomial law is left out, with a mass below 1e-20. */
const reach = 10
/** Records beyond the window where n p is small and the law is skew. */
const margin = 60

/** The binomial law of 0..n. */
export function binomialLaw(n: number, p: number): Float64Array {
  const law = new Float64Array(n + 1)
  fill(n, p, 0, law)
  return law
}

/** Pairs of count and probability, without what is below 1e-20 or so in all; undefined for very large n. */
export function binomialWindow(n: number, p: number): [number, number][] | undefined {
  if (n > mostTrials) return undefined
  const spread = reach * Math.sqrt(n * p * (1 - p)) + margin
  const from = Math.max(0, Math.floor(n * p - spread))
  const to = Math.min(n, Math.ceil(n * p + spread))
  const law = new Float64Array(to - from + 1)
  fill(n, p, from, law)
  const pairs: [number, number][] = []
  for (const [i, probability] of law.entries()) if (probability > 0) pairs.push([from + i, probability])
  return pairs
}

function fill(n: number, p: number, from: number, into: Float64Array): void {
  if (p <= 0 || p >= 1) {
    const at = (p <= 0 ? 0 : n) - from
    if (at >= 0 && at < into.length) into[at] = 1
    return
  }
  const whole = lnGamma(n + 1)
  for (let i = 0; i < into.length; i++) {
    const k = from + i
    into[i] = Math.exp(whole - lnGamma(k + 1) - lnGamma(n - k + 1) + k * Math.log(p) + (n - k) * Math.log1p(-p))
  }
}
