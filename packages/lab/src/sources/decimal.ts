// Shares of whole numbers, exact in decimals: 0.9 of 5000 is 4500, and (1 - 0.9) of 5000 is 500, whatever doubles say.

import { optionError } from './problem.js'

/** A non-negative decimal: digits * 10^-scale. */
interface Decimal {
  digits: bigint
  scale: number
}

/** The shortest decimal that reads back as `value`: what a person wrote. */
function decimalOf(value: number): Decimal {
  const [mantissa, exponent] = value.toExponential().split('e') as [string, string]
  const [whole, fraction = ''] = mantissa.split('.') as [string, string?]
  const digits = BigInt(whole + fraction)
  const scale = fraction.length - Number(exponent)
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 }
}

function checkShare(share: number): void {
  if (!(share >= 0 && Number.isFinite(share))) throw optionError('share', share, 'a share of at least 0')
}

function checkSize(n: number): void {
  if (!Number.isSafeInteger(n) || n < 0) throw optionError('n', n, 'a whole number from 0 to 2^53 - 1')
}

/**
 * The number of records that a share of `n` is, to the nearest whole one (halves up).
 *
 * @param share at least 0, taken as the shortest decimal that it prints as
 * @throws GenlossError for a negative or infinite share, or an `n` that is no size
 */
export function countOf(share: number, n: number): number {
  checkShare(share)
  checkSize(n)
  const { digits, scale } = decimalOf(share)
  const unit = 10n ** BigInt(scale)
  return Number((2n * digits * BigInt(n) + unit) / (2n * unit))
}

/** The least whole number of records that is at least a share of `n`. */
export function countAtLeast(share: number, n: number): number {
  checkShare(share)
  checkSize(n)
  const { digits, scale } = decimalOf(share)
  const unit = 10n ** BigInt(scale)
  return Number((digits * BigInt(n) + unit - 1n) / unit)
}
