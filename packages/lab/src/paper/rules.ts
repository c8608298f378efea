// When a number from chains agrees with one that is known: rules as data.

import { type Estimate, tQuantile } from '@genloss/metrics'
import { normalTails } from '@genloss/models'

/**
 * `errors`: within so many standard errors, as the 95 % interval gives them on the side of the known number, and more of
 *   them where few chains make them uncertain themselves.
 * `digits`: as `errors` with 5 of them, but of a number that is rounded to so many digits.
 * `factor`: by size, at most so many times larger or smaller.
 * `below`, `above`: the interval lies wholly on that side.
 */
export type Rule =
  | { kind: 'errors'; most: number }
  | { kind: 'digits'; digits: number }
  | { kind: 'factor'; by: number }
  | { kind: 'below' }
  | { kind: 'above' }

/** Standard errors: all experiments together, some hundred comparisons, fail a right build for one seed in ten thousand. */
const most = 5

export const withinErrors: Rule = { kind: 'errors', most }
export const toDigits = (digits: number): Rule => ({ kind: 'digits', digits })
export const withinFactor = (by: number): Rule => ({ kind: 'factor', by })
export const below: Rule = { kind: 'below' }
export const above: Rule = { kind: 'above' }

/** Numbers that nothing random is in are equal to this, relative to the larger. */
const rounding = 1e-9

/** What was read, and from how many chains. */
export interface Measured extends Estimate {
  chains: number
}

export function agrees(rule: Rule, ours: Measured, known: number): boolean {
  const { value, low, high } = ours
  if (Number.isNaN(value)) return false
  switch (rule.kind) {
    case 'errors':
      return isWithin(rule.most, ours, known, 0)
    case 'digits':
      return isWithin(most, ours, known, halfUnit(known, rule.digits))
    case 'factor':
      return Math.sign(value) === Math.sign(known) && value / known <= rule.by && known / value <= rule.by
    case 'below':
      return high < known
    case 'above':
      return low > known
  }
}

/** Whether some number within `slack` of the known one is at most so many standard errors away. */
function isWithin(errors: number, { value, low, high, chains }: Measured, known: number, slack: number): boolean {
  const side = known > value ? high - value : value - low
  // A single chain has no interval: it can't differ.
  const half = Number.isNaN(side) ? Number.POSITIVE_INFINITY : side
  const away = Math.max(0, Math.abs(value - known) - slack)
  return away <= widening(errors, chains) * half || away <= rounding * Math.max(Math.abs(value), Math.abs(known))
}

/** By what half a 95 % interval is multiplied to miss as rarely as so many standard errors of a normal number. */
function widening(errors: number, chains: number): number {
  const freedom = Math.max(1, chains - 1)
  return tQuantile(normalTails(errors) / 2, freedom) / tQuantile(0.025, freedom)
}

/** Half a unit of the last of so many significant digits. */
function halfUnit(value: number, digits: number): number {
  return value === 0 ? 0 : 0.5 * 10 ** (Math.floor(Math.log10(Math.abs(value))) + 1 - digits)
}

/** The rule in words. */
export function ruleInWords(rule: Rule): string {
  switch (rule.kind) {
    case 'errors':
      return `within ${rule.most} standard errors`
    case 'digits':
      return `rounded to ${rule.digits} digits, within ${most} standard errors`
    case 'factor':
      return `within a factor of ${rule.by}`
    case 'below':
      return 'the interval lies below'
    case 'above':
      return 'the interval lies above'
  }
}
