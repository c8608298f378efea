/** Results as JSON can hold them. */

/** What `toJson` makes of a type: numbers may be null, typed arrays are plain ones. */
export type Json<T> = T extends number
  ? number | null
  : T extends Float64Array | Int32Array | Uint32Array
    ? (number | null)[]
    : T extends object
      ? { [K in keyof T]: Json<T[K]> }
      : T

/**
 * A result of this package (or any plain value of numbers, typed arrays, arrays and objects) with typed arrays as plain
 * arrays and null for what JSON has no number for: NaN (undefined) and infinities.
 */
export function toJson<T>(value: T): Json<T> {
  return convert(value) as Json<T>
}

function convert(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array, convert)
  if (Array.isArray(value)) return value.map(convert)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, convert(item)]))
}
