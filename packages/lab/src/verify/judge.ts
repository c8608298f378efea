// The verdict over all rows: no z too large for their number, their spread that of z-scores, equal where nothing varies.

import { normalQuantile } from '@genloss/metrics'
import { gammaQ } from '@genloss/models'
import type { VerifyRow } from './check.js'

/** The chance that the scores of a right build, all together, fail one by one. */
const level = 1e-4
/** The same for the sum of their squares: scores of skew numbers vary a little more than normal ones. */
const spreadLevel = 1e-6
/** Where chains do not differ, measured and theory are equal to this, absolutely or relative to theory. */
const equal = 1e-9

export interface Judgement {
  verdict: 'pass' | 'fail'
  /** Why it fails, in words; empty if it does not. */
  faults: string[]
  /** Root mean square of the z-scores. */
  rms: number
  /** The largest |z|, and the largest that would pass. */
  largest: number
  limit: number
}

/**
 * Judges rows that are independent of each other.
 *
 * Each z is tested at a level shared equally (Bonferroni), so that all together fail a right build with `level`. The sum of
 * their squares is compared with its chi-square law on both sides: many small deviations are as wrong as a large one,
 * and so are standard errors that are too wide.
 */
export function judge(rows: readonly VerifyRow[]): Judgement {
  const scores = rows.flatMap(({ z }) => (z === null ? [] : [z]))
  const faults: string[] = []
  for (const row of rows) {
    if (!Number.isFinite(row.measured) && row.measured !== row.theory)
      faults.push(`${title(row)}: nothing was measured`)
    else if (row.z === null && !isEqual(row)) faults.push(`${title(row)}: ${row.measured}, not ${row.theory}`)
  }
  const limit = largestScore(scores.length)
  for (const row of rows) {
    if (row.z !== null && !(Math.abs(row.z) <= limit)) faults.push(`${title(row)}: z = ${row.z.toFixed(1)}`)
  }
  const sum = scores.reduce((total, z) => total + z * z, 0)
  const rms = Math.sqrt(sum / scores.length)
  const upper = gammaQ(scores.length / 2, sum / 2)
  if (scores.length > 0 && Math.min(upper, 1 - upper) < spreadLevel / 2) {
    faults.push(`z-scores have root mean square ${rms.toFixed(3)}, which is not 1 for ${scores.length} of them`)
  }
  const largest = scores.reduce((most, z) => Math.max(most, Math.abs(z)), 0)
  return { verdict: faults.length ? 'fail' : 'pass', faults, rms, largest, limit }
}

function title({ setting, quantity }: VerifyRow): string {
  return `${setting}: ${quantity}`
}

function isEqual({ measured, theory }: VerifyRow): boolean {
  return measured === theory || Math.abs(measured - theory) <= equal * Math.max(1, Math.abs(theory))
}

/** The |z| that one of so many normal scores exceeds with `level`. */
function largestScore(count: number): number {
  return -normalQuantile(level / (2 * Math.max(1, count)))
}
