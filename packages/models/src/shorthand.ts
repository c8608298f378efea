// Shorthand for an object with a kind: `mix:real=0.1,source=fresh`; lists have slashes: `probabilities=0.7/0.2/0.1`.

import { broken } from './check.js'

/**
 * `name:key=value,key=value` as an object; values stay text, the checks read them. A comma ends a value only where
 * another `key=` follows, so that file names may hold commas.
 *
 * @example readShorthand('mix:real=0.1,source=fresh', 'policy') // { kind: 'mix', real: '0.1', source: 'fresh' }
 */
export function readShorthand(shorthand: string, path: string): Record<string, unknown> {
  const rule = "a name, or a name with settings such as 'name:key=value,key=value'"
  const colon = shorthand.indexOf(':')
  const kind = (colon < 0 ? shorthand : shorthand.slice(0, colon)).trim()
  if (!/^[A-Za-z][\w-]*$/.test(kind)) throw broken(path, shorthand, rule)
  const result: Record<string, unknown> = { kind }
  if (colon < 0) return result
  for (const pair of shorthand.slice(colon + 1).split(/,(?=\s*[A-Za-z]\w*=)/)) {
    const equals = pair.indexOf('=')
    const key = pair.slice(0, equals).trim()
    if (equals < 1) throw broken(path, shorthand, rule, `'${pair}' has no key=value`)
    if (Object.hasOwn(result, key)) throw broken(`${path}.${key}`, shorthand, 'each setting once')
    result[key] = pair.slice(equals + 1).trim()
  }
  return result
}

/** The shorthand of an object with a kind, or its JSON where a value is itself an object. */
export function writeShorthand(value: Readonly<Record<string, unknown>>): string {
  const { kind, ...settings } = value
  const nested = Object.values(settings).some((entry) => typeof entry === 'object' && !isFlat(entry))
  if (typeof kind !== 'string' || nested) return JSON.stringify(value)
  const pairs = Object.entries(settings).map(
    ([key, entry]) => `${key}=${Array.isArray(entry) ? entry.join('/') : entry}`,
  )
  return pairs.length ? `${kind}:${pairs.join(',')}` : kind
}

function isFlat(entry: unknown): boolean {
  return Array.isArray(entry) && entry.every((item) => typeof item === 'number' || typeof item === 'string')
}
