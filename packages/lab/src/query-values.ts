// Values of a query as plain JavaScript: numbers, text, booleans, null, lists and objects of them.

export type PlainValue = string | number | boolean | null | PlainValue[] | { [key: string]: PlainValue }

/** Whole numbers become numbers up to 2^53 and strings beyond; dates, decimals and the like become text or numbers. */
export function plainValue(value: unknown): PlainValue {
  if (value === null || value === undefined) return null
  if (typeof value === 'bigint') return whole(value)
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map(plainValue)
  const object = value as Record<string, unknown>
  // DuckDB's lists and arrays hold `items`, structs and maps `entries`; decimals know their scale.
  if (Array.isArray(object.items)) return object.items.map(plainValue)
  if (Array.isArray(object.entries)) return pairs(object.entries as { key: unknown; value: unknown }[])
  if (typeof object.entries === 'object' && object.entries !== null) return struct(object.entries)
  if (typeof object.scale === 'number' && typeof object.value === 'bigint') return decimal(object.value, object.scale)
  return String(value)
}

function whole(value: bigint): number | string {
  const limit = 2n ** 53n
  return value <= limit && value >= -limit ? Number(value) : String(value)
}

function decimal(value: bigint, scale: number): number | string {
  if (scale === 0) return whole(value)
  return Number(`${value}e-${scale}`)
}

function pairs(entries: { key: unknown; value: unknown }[]): PlainValue {
  return Object.fromEntries(entries.map(({ key, value }) => [String(plainValue(key)), plainValue(value)]))
}

function struct(entries: object): PlainValue {
  return Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, plainValue(value)]))
}
