/** Intervals of a proportion: Wilson's, Clopper and Pearson's, and the bound that zero events leave. */
import { betaQuantile } from './beta.js'
import { normalQuantile } from './normal.js'
import { checkConfidence, checkWhole, refuse } from './shape.js'

/** A share of trials and its interval; `share` is NaN and the interval [0, 1] where there was no trial. */
export interface Proportion {
  share: number
  low: number
  high: number
}

function check(successes: number, trials: number, confidence: number): void {
  checkWhole('trials', trials, 0)
  checkWhole('successes', successes, 0)
  if (successes > trials) refuse('successes', `at most ${trials} (the trials)`, successes)
  checkConfidence(confidence)
}

/** The two-sided normal factor of a confidence: 1.96 for 0.95. */
export function normalFactor(confidence: number): number {
  return normalQuantile((1 + confidence) / 2)
}

/**
 * Wilson's interval for a given normal factor z; arguments are not checked.
 *
 * The lower end is taken from the product of the two roots, (k/n)^2 n/(n + z^2), so that a small one has no
 * cancellation and 0 successes give exactly 0.
 */
export function wilsonWith(z: number, successes: number, trials: number): Proportion {
  if (trials === 0) return { share: Number.NaN, low: 0, high: 1 }
  const share = successes / trials
  const centre = successes + (z * z) / 2
  const reach = z * Math.sqrt(successes * (1 - share) + (z * z) / 4)
  const high = successes === trials ? 1 : Math.min(1, (centre + reach) / (trials + z * z))
  return { share, low: (share * successes) / (centre + reach), high }
}

/**
 * Wilson's score interval of a proportion: `successes` of `trials`, two-sided.
 *
 * Source: E. B. Wilson, JASA 22 (1927) 209-212; recommended by Brown, Cai & DasGupta, Statistical Science 16 (2001)
 * 101-133. No continuity correction: coverage is near `confidence` on average, not at least that everywhere. Throws
 * RangeError for counts that are not whole numbers with 0 <= successes <= trials and a confidence outside (0, 1).
 */
export function wilson(successes: number, trials: number, confidence = 0.95): Proportion {
  check(successes, trials, confidence)
  return wilsonWith(normalFactor(confidence), successes, trials)
}

/**
 * Clopper and Pearson's exact interval of a proportion, two-sided: coverage is at least `confidence` everywhere.
 *
 * Source: Clopper & Pearson, Biometrika 26 (1934) 404-413, in the form of beta quantiles. Errors as for `wilson`.
 */
export function clopperPearson(successes: number, trials: number, confidence = 0.95): Proportion {
  check(successes, trials, confidence)
  if (trials === 0) return { share: Number.NaN, low: 0, high: 1 }
  const outside = (1 - confidence) / 2
  const low = successes === 0 ? 0 : betaQuantile(outside, successes, trials - successes + 1)
  const high = successes === trials ? 1 : betaQuantile(1 - outside, successes + 1, trials - successes)
  return { share: successes / trials, low, high }
}

/**
 * The one-sided exact upper bound of a probability whose event was not seen in `trials` trials:
 * 1 - (1 - confidence)^(1/trials), about 3/trials at 95 % (the "rule of three"); 1 where there was no trial.
 *
 * Source: Clopper & Pearson (1934) at 0 successes. Errors as for `wilson`.
 */
export function upperBoundOfZero(trials: number, confidence = 0.95): number {
  check(0, trials, confidence)
  return trials === 0 ? 1 : -Math.expm1(Math.log1p(-confidence) / trials)
}
