// Exact arithmetic with shares as people write them: 0.9 of 5000 is 4500, and 0.7 + 0.2 + 0.1 is 1.

/** A decimal number: digits * 10^-places. */
interface Decimal {
  digits: bigint
  places: number
}

/** The decimal that a double is printed as: what was written, for up to 15 digits. */
function decimal(value: number): Decimal {
  const [mantissa = '0', exponent = '0'] = String(value).split('e')
  const [whole = '0', fraction = ''] = mantissa.split('.')
  const places = fraction.length - Number(exponent)
  const digits = BigInt(whole + fraction)
  return places >= 0 ? { digits, places } : { digits: digits * 10n ** BigInt(-places), places: 0 }
}

function toPlaces(value: Decimal, places: number): bigint {
  return value.digits * 10n ** BigInt(places - value.places)
}

/** 1 minus the sum of the shares, exactly, as the nearest double; negative if they sum to more than 1. */
export function remainder(shares: readonly number[]): number {
  const decimals = shares.map(decimal)
  const places = Math.max(0, ...decimals.map((value) => value.places))
  const rest = decimals.reduce((sum, value) => sum - toPlaces(value, places), 10n ** BigInt(places))
  return Number(`${rest}e-${places}`) + 0
}

/**
 * Splits n records by shares that sum to at most 1, by largest remainder, exactly in decimals; what the shares leave
 * out is given to nobody. Equal remainders go to the earlier share.
 *
 * @returns whole counts, one a share.
 */
export function apportion(shares: readonly number[], n: number): number[] {
  const all = [...shares, remainder(shares)].map(decimal)
  const places = Math.max(0, ...all.map((value) => value.places))
  const unit = 10n ** BigInt(places)
  const exact = all.map((value) => toPlaces(value, places) * BigInt(n))
  const counts = exact.map((value) => value / unit)
  let left = BigInt(n) - counts.reduce((sum, count) => sum + count, 0n)
  const order = exact.map((_, i) => i).sort((a, b) => compare(exact[b]! % unit, exact[a]! % unit) || a - b)
  for (const i of order) {
    if (left === 0n) break
    counts[i]!++
    left--
  }
  return counts.slice(0, -1).map(Number)
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}
