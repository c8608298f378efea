// The one text of a value: canonical JSON (RFC 8785), and the SHA-256 of it.

import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { GenlossError } from '@genloss/models'

// The package is CommonJS and its types say otherwise, so it is required.
const serialize = createRequire(import.meta.url)('canonicalize') as (value: unknown) => string

/**
 * Canonical JSON of a value: keys sorted, numbers as ECMAScript prints them, -0 as 0, infinity as "inf", keys without a
 * value left out.
 *
 * @throws GenlossError `plan` for NaN and for what JSON has no place for
 */
export function canonical(value: unknown): string {
  return serialize(plain(value, ''))
}

function plain(value: unknown, path: string): unknown {
  if (Array.isArray(value)) return value.map((entry, i) => plain(entry, `${path}[${i}]`))
  if (typeof value === 'number' && !Number.isFinite(value)) {
    if (Number.isNaN(value)) throw new GenlossError({ code: 'plan', path, value, rule: 'a number' })
    return value > 0 ? 'inf' : '-inf'
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, entry]) => entry !== undefined)
    return Object.fromEntries(entries.map(([key, entry]) => [key, plain(entry, path === '' ? key : `${path}.${key}`)]))
  }
  if (typeof value === 'bigint' || typeof value === 'function' || typeof value === 'symbol') {
    throw new GenlossError({ code: 'plan', path, value, rule: 'a value that JSON can hold' })
  }
  return value
}

/** SHA-256 of text (as UTF-8) or bytes, 64 hexadecimal digits. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
