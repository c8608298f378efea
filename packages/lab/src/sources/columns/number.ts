// What a field's bytes say: a number, a code that only looks like one, a whole number that a double would round, or words.

/** What a field is. A code starts with a needless zero (`007`); a big one is a whole number beyond 2^53; `inf` or `1e400` is infinite. */
export const words = 0
export const number = 1
export const code = 2
export const big = 3
export const infinite = 4

/** How numbers are written. */
export interface NumberStyle {
  decimal: '.' | ','
  thousands?: string | undefined
}

const safest = 2n ** 53n
// Powers of ten that a double holds exactly: one multiplication or division by them rounds once, hence correctly.
const powers = Float64Array.from({ length: 23 }, (_, k) => 10 ** k)

/**
 * Reads decimal numbers from bytes, correctly rounded: sign, digits, point, exponent, with spaces around. Infinities
 * (`inf`, `-Infinity`, `1.#INF`, `∞`, `1e400`) are a kind of their own; everything else is words, hexadecimal and `1_000`
 * included.
 */
export class NumberReader {
  /** The number that the last successful `read` found; -0 is read as 0. */
  value = 0
  // Digits read so far, and whether they all fit.
  #mantissa = 0
  #exact = true
  readonly #point: number
  readonly #groups: RegExp | undefined
  readonly #mark: string

  constructor(style: NumberStyle) {
    this.#point = style.decimal.charCodeAt(0)
    this.#mark = style.thousands ?? ''
    if (style.thousands === undefined) return
    const mark = style.thousands === ' ' ? '[ \\u00a0\\u202f\\u2009]' : `\\${style.thousands}`
    // Groups of three; of two before the last one, as in India.
    this.#groups = new RegExp(`^\\s*[+-]?\\d{1,3}(?:${mark}\\d{2,3})*${mark}\\d{3}(?:\\${style.decimal}\\d*)?\\s*$`)
  }

  /** Classifies `bytes[start, end)`; sets `value` if it is a number. */
  read(bytes: Uint8Array, start: number, end: number): number {
    const kind = this.#plain(bytes, start, end, this.#point)
    if (kind !== words) return kind
    if (isInfinity(bytes, start, end)) return infinite
    return this.#groups ? this.#grouped(bytes, start, end, this.#groups) : words
  }

  #grouped(bytes: Uint8Array, start: number, end: number, groups: RegExp): number {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')
    if (!groups.test(text)) return words
    const bare = text.replace(this.#mark === ' ' ? /\s/g : new RegExp(`\\${this.#mark}`, 'g'), '')
    const plain = Buffer.from(bare, 'latin1')
    return this.#plain(plain, 0, plain.length, this.#point)
  }

  #plain(bytes: Uint8Array, start: number, end: number, point: number): number {
    let at = start
    let stop = end
    while (at < stop && isBlank(bytes[at]!)) at++
    while (stop > at && isBlank(bytes[stop - 1]!)) stop--
    if (at === stop) return words
    const from = at
    const negative = bytes[at] === 45
    if (negative || bytes[at] === 43) at++
    this.#mantissa = 0
    this.#exact = true
    const digits = at
    at = this.#digits(bytes, at, stop)
    const whole = at - digits
    if (at === stop) return whole === 0 ? words : this.#whole(bytes, digits, stop, negative)
    let scale = 0
    if (bytes[at] === point) {
      const first = at + 1
      at = this.#digits(bytes, first, stop)
      scale = first - at
    }
    if (whole === 0 && scale === 0) return words
    if (at < stop) scale += readExponent(bytes, at, stop)
    return Number.isNaN(scale) ? words : this.#scaled(bytes, from, stop, negative, scale)
  }

  /** Takes digits into the mantissa; returns the place of the first byte that is none. */
  #digits(bytes: Uint8Array, start: number, stop: number): number {
    let mantissa = this.#mantissa
    let at = start
    for (; at < stop; at++) {
      const digit = bytes[at]! - 48
      if (digit < 0 || digit > 9) break
      // Up to here another digit keeps it at or below 2^53.
      if (mantissa > 900719925474098) this.#exact = false
      mantissa = mantissa * 10 + digit
    }
    this.#mantissa = mantissa
    return at
  }

  #whole(bytes: Uint8Array, start: number, stop: number, negative: boolean): number {
    const length = stop - start
    if (bytes[start] === 48 && length > 1) return code
    if (!this.#exact && (length > 16 || BigInt(latin(bytes, start, stop)) > safest)) return big
    this.value = (negative ? -this.#mantissa : this.#mantissa) + 0
    return number
  }

  #scaled(bytes: Uint8Array, from: number, to: number, negative: boolean, scale: number): number {
    if (this.#exact && scale >= -22 && scale <= 22) {
      const mantissa = negative ? -this.#mantissa : this.#mantissa
      this.value = (scale < 0 ? mantissa / powers[-scale]! : mantissa * powers[scale]!) + 0
      return number
    }
    let text = latin(bytes, from, to)
    if (this.#point !== 46) text = text.replace(',', '.')
    const value = Number(text)
    if (!Number.isFinite(value)) return infinite
    this.value = value + 0
    return number
  }
}

function latin(bytes: Uint8Array, start: number, end: number): string {
  if (bytes instanceof Buffer) return bytes.toString('latin1', start, end)
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1')
}

const infinities = /^\s*[+-]?(inf|infinity|\u221e|1\.#inf(0*))\s*$/i

/** Whether a field that is no number says infinity; most fields are ruled out by their length or first letter. */
function isInfinity(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start
  while (at < end && (isBlank(bytes[at]!) || bytes[at] === 43 || bytes[at] === 45)) at++
  const first = bytes[at]!
  if (end - at > 24 || ((first | 32) !== 105 && first !== 0xe2 && first !== 49)) return false
  return infinities.test(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8'))
}

function isBlank(byte: number): boolean {
  return byte === 32 || byte === 9
}

/** The exponent at `start`, or NaN if something else stands there. */
function readExponent(bytes: Uint8Array, start: number, end: number): number {
  if ((bytes[start]! | 32) !== 101) return Number.NaN
  let at = start + 1
  const sign = bytes[at]
  if (sign === 45 || sign === 43) at++
  if (at >= end) return Number.NaN
  let value = 0
  for (; at < end; at++) {
    const digit = bytes[at]! - 48
    if (digit < 0 || digit > 9) return Number.NaN
    value = Math.min(value * 10 + digit, 1e6)
  }
  return sign === 45 ? -value : value
}
