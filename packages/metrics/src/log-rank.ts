/** Do groups of chains have their event at the same times? The log-rank test. */
import { chiSquareTail } from './chi-square.js'
import { countWatched, type Watched } from './incidence.js'
import { refuse } from './shape.js'

export interface LogRank {
  /** Chi-square of the differences between events seen and expected. */
  statistic: number
  /** Degrees of freedom: groups that could differ, less one. */
  freedom: number
  /** Probability of so large a statistic where all groups follow one law; 1 where nothing can be compared. */
  p: number
  /** Events seen in each group up to the last generation that two groups were watched at. */
  seen: number[]
  /** Events expected in each group if all followed one law. */
  expected: number[]
}

/** Sums over generations of seen and expected events, and the covariance of their differences. */
interface Sums {
  seen: number[]
  expected: number[]
  covariance: number[][]
}

function add(sums: Sums, risk: readonly number[], come: readonly number[]): void {
  const all = risk.reduce((sum, n) => sum + n, 0)
  const events = come.reduce((sum, n) => sum + n, 0)
  if (events === 0 || risk.filter((n) => n > 0).length < 2) return
  const spread = all > 1 ? (events * (all - events)) / (all - 1) : 0
  for (let i = 0; i < risk.length; i++) {
    const share = risk[i]! / all
    sums.seen[i]! += come[i]!
    sums.expected[i]! += events * share
    for (let j = 0; j < risk.length; j++) {
      sums.covariance[i]![j]! += spread * share * ((i === j ? 1 : 0) - risk[j]! / all)
    }
  }
}

/**
 * x' A^-1 x and the rank of A, A symmetric and without negative eigenvalues, by elimination with the largest pivot
 * first; directions in which A is 0 but for rounding are left out.
 */
function quadraticForm(matrix: readonly number[][], vector: readonly number[]): { value: number; rank: number } {
  const a = matrix.map((row) => [...row])
  const x = [...vector]
  const left = new Set(x.keys())
  const largest = Math.max(...a.map((row, i) => row[i]!))
  let value = 0
  let rank = 0
  while (left.size > 0) {
    const pivot = [...left].reduce((best, i) => (a[i]![i]! > a[best]![best]! ? i : best))
    left.delete(pivot)
    const size = a[pivot]![pivot]!
    if (!(size > 1e-10 * largest)) break
    rank++
    value += x[pivot]! ** 2 / size
    for (const i of left) {
      const factor = a[i]![pivot]! / size
      x[i]! -= factor * x[pivot]!
      for (const j of left) a[i]![j]! -= factor * a[pivot]![j]!
    }
  }
  return { value, rank }
}

/**
 * Compares the dates of an event in two or more independent groups of chains.
 *
 * At each generation with d events among the n chains still at risk, the group with n_i of them is expected to have
 * d n_i / n; variances are hypergeometric, so that many events at one generation are no harm. The statistic is
 * (O - E)' V^-1 (O - E), chi-square with groups - 1 degrees of freedom if all follow one law. Each chain is at risk
 * until its event or its horizon. Chains that stopped stay at risk to their horizon if `stopped` is left out: then
 * the test compares shares of chains (R. J. Gray, Ann. Statist. 16 (1988) 1141-1154, with known horizons), which is
 * what dates are about; given, it compares the rates among chains that go on.
 *
 * Not for chains that share random numbers: their dates go together. Sources: N. Mantel, Cancer Chemotherapy Reports
 * 50 (1966) 163-170; R. Peto & J. Peto, JRSS A 135 (1972) 185-207. Errors as for `incidence`, and RangeError for fewer
 * than two groups.
 */
export function logRank(groups: readonly Watched[]): LogRank {
  if (groups.length < 2) refuse('groups.length', 'at least 2', groups.length)
  const counts = groups.map(countWatched)
  const risk = groups.map(({ events }) => events.length)
  const zeros = (): number[] => groups.map(() => 0)
  const sums: Sums = { seen: zeros(), expected: zeros(), covariance: groups.map(zeros) }
  const longest = Math.max(...counts.map(({ come }) => come.length))
  for (let g = 0; g < longest; g++) {
    add(
      sums,
      risk,
      counts.map(({ come }) => come[g] ?? 0),
    )
    for (const [i, { come, gone, censored }] of counts.entries()) {
      risk[i]! -= (come[g] ?? 0) + (gone[g] ?? 0) + (censored[g] ?? 0)
    }
  }
  const { seen, expected, covariance } = sums
  const differences = seen.map((events, i) => events - expected[i]!)
  const { value, rank } = quadraticForm(covariance, differences)
  return { statistic: value, freedom: rank, p: rank === 0 ? 1 : chiSquareTail(value, rank), seen, expected }
}
