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

/** Shares as whole numbers of 10^-places, where doubles hold these exactly. */
interface Scaled {
  wholes: number[]
  unit: number
}

/** Few decimal places are the usual case, and whole doubles far quicker than big integers. */
const fewPlaces = 12

function scaled(shares: readonly number[]): Scaled | undefined {
  let places = 0
  for (const share of shares) {
    const text = String(share)
    if (text.includes('e') || Math.abs(share) > 1e3) return undefined
    const point = text.indexOf('.')
    if (point >= 0) places = Math.max(places, text.length - point - 1)
  }
  const unit = 10 ** places
  return places > fewPlaces ? undefined : { wholes: shares.map((share) => Math.round(share * unit)), unit }
}

/** 1 minus the sum of the shares, exactly, as the nearest double; negative if they sum to more than 1. */
export function remainder(shares: readonly number[]): number {
  const few = scaled(shares)
  if (few) return few.wholes.reduce((rest, whole) => rest - whole, few.unit) / few.unit
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
  const whole = [...shares, remainder(shares)]
  const few = scaled(whole)
  return few && few.unit * n <= Number.MAX_SAFE_INTEGER ? apportionFew(few, n) : apportionMany(whole, n)
}

function apportionFew({ wholes, unit }: Scaled, n: number): number[] {
  const rests = wholes.map((one) => (one * n) % unit)
  const counts = wholes.map((one, i) => (one * n - rests[i]!) / unit)
  let left = counts.reduce((sum, count) => sum - count, n)
  const order = rests.map((_, i) => i).sort((a, b) => rests[b]! - rests[a]! || a - b)
  for (const i of order) {
    if (left === 0) break
    counts[i]!++
    left--
  }
  return counts.slice(0, -1)
}

function apportionMany(shares: readonly number[], n: number): number[] {
  const all = shares.map(decimal)
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
