/** How many rows of a sample chance alone puts beyond an extreme of another sample of the same law. */
import { lnGamma } from '../gamma.js'
import { checkWhole, refuse } from '../shape.js'

/** What chance alone gives: the middle 95 % of counts, and how odd the count that was seen is. */
export interface Chance {
  low: number
  high: number
  /** Two-sided: twice the smaller of P(count or fewer) and P(count or more), at most 1. */
  p: number
}

/**
 * The number of m rows that lie at or beyond the k-th outermost of n rows of the same continuous law, whatever it is:
 *
 * P(J = j) = C(j + k - 1, j) C(m - j + n - k, m - j) / C(n + m, m), j = 0..m (a negative hypergeometric law).
 *
 * Source: E. J. Gumbel & H. von Schelling, The distribution of the number of exceedances, Annals of Mathematical Statistics
 * 21 (1950) 247-262. Exact for 1 <= k <= n; ties beyond the k-th row of the reference make it an approximation.
 */
export function exceedances(rows: number, outermost: number, sampleRows: number, seen: number): Chance {
  checkWhole('rows', rows, 1)
  checkWhole('outermost', outermost, 1)
  checkWhole('sampleRows', sampleRows, 0)
  checkWhole('seen', seen, 0)
  if (outermost > rows) refuse('outermost', `at most ${rows} (the rows)`, outermost)
  if (seen > sampleRows) refuse('seen', `at most ${sampleRows} (the rows of the sample)`, seen)
  const mode = rows === 1 ? 0 : ((outermost - 1) * (sampleRows + 1)) / (rows - 1)
  const ratio = (j: number): number =>
    ((j + outermost) * (sampleRows - j)) / ((j + 1) * (sampleRows - j + rows - outermost))
  return countChance(massesOf(ratio, mode, 0, sampleRows), seen)
}

/**
 * The number of a sample's rows that are of a kind, where `a` of n reference rows and `b` of m sample rows are, both of one
 * law: hypergeometric, given a + b (Fisher's exact test, with twice the smaller tail as its two-sided p).
 *
 * Source: R. A. Fisher, Statistical Methods for Research Workers (5th edition, 1934), section 21.02. Exact.
 */
export function fisher(a: number, n: number, b: number, m: number): Chance {
  for (const [name, value] of Object.entries({ a, n, b, m })) checkWhole(name, value, 0)
  if (a > n) refuse('a', `at most ${n} (the rows)`, a)
  if (b > m) refuse('b', `at most ${m} (the rows)`, b)
  const kind = a + b
  const ratio = (j: number): number => ((kind - j) * (m - j)) / ((j + 1) * (n - kind + j + 1))
  const mode = ((kind + 1) * (m + 1)) / (n + m + 2)
  return countChance(massesOf(ratio, mode, Math.max(0, kind - n), Math.min(kind, m)), b)
}

/** Masses of neighbouring counts, `first` that of masses[0]; what is left out is below 1e-18 of the largest. */
interface Masses {
  first: number
  masses: number[]
}

/**
 * Masses of counts from `least` to `most` by their ratio P(j + 1) / P(j), which falls with j; from the most probable count
 * both ways, so that nothing underflows before it matters.
 */
function massesOf(ratio: (j: number) => number, near: number, least: number, most: number): Masses {
  const mode = Math.min(most, Math.max(least, Math.floor(near)))
  const [up, down]: [number[], number[]] = [[], []]
  for (let [j, mass] = [mode, 1]; j < most; j++) {
    mass *= ratio(j)
    if (!(mass > 1e-18)) break
    up.push(mass)
  }
  for (let [j, mass] = [mode, 1]; j > least; j--) {
    mass /= ratio(j - 1)
    if (!(mass > 1e-18)) break
    down.push(mass)
  }
  return { first: mode - down.length, masses: [...down.reverse(), 1, ...up] }
}

function countChance({ first, masses }: Masses, seen: number): Chance {
  const total = masses.reduce((sum, mass) => sum + mass, 0)
  let [below, low, high] = [0, Number.NaN, Number.NaN]
  let [atMost, atLeast] = [seen < first ? 0 : 1, seen < first ? 1 : 0]
  for (let k = 0; k < masses.length; k++) {
    const upTo = below + masses[k]! / total
    if (first + k === seen) {
      atMost = upTo
      atLeast = 1 - below
    }
    if (Number.isNaN(low) && upTo > 0.025) low = first + k
    if (Number.isNaN(high) && upTo >= 0.975) high = first + k
    below = upTo
  }
  if (Number.isNaN(high)) high = first + masses.length - 1
  return { low, high, p: Math.min(1, 2 * Math.min(atMost, atLeast)) }
}

/** ln C(n, k). */
export function lnChoose(n: number, k: number): number {
  return lnGamma(n + 1) - lnGamma(k + 1) - lnGamma(n - k + 1)
}
