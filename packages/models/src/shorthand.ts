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
  return colon < 0 ? result : readSettings(shorthand.slice(colon + 1), path, rule, result)
}

/**
 * `key=value,key=value` as an object, values as text; settings go into `result`.
 *
 * @example readSettings('share=0.05,record=9', 'poison') // { share: '0.05', record: '9' }
 */
export function readSettings(
  settings: string,
  path: string,
  rule = 'settings such as key=value,key=value',
  result: Record<string, unknown> = {},
): Record<string, unknown> {
  for (const pair of splitPairs(settings)) {
    const equals = pair.indexOf('=')
    const key = pair.slice(0, equals).trim()
    if (equals < 1) throw broken(path, settings, rule, `'${pair}' has no key=value`)
    if (Object.hasOwn(result, key)) throw broken(`${path}.${key}`, settings, 'each setting once')
    result[key] = pair.slice(equals + 1).trim()
  }
  return result
}

/** Cut at commas that a `key=` follows, but for those in parentheses around a whole value. */
function splitPairs(settings: string): string[] {
  const pairs: string[] = []
  for (const piece of settings.split(/,(?=\s*[A-Za-z]\w*=)/)) {
    const last = pairs.at(-1)
    if (last !== undefined && /^[^=]*=\s*\(.*[^)\s]\s*$/.test(last)) pairs[pairs.length - 1] = `${last},${piece}`
    else pairs.push(piece)
  }
  return pairs
}

/**
 * The parts of a list of shorthands: each in parentheses, with slashes between them.
 *
 * @example readParts('(gaussian:mean=-2,weight=0.5)/(gaussian:mean=2,weight=0.5)') // two shorthands
 */
export function readParts(text: string): string[] {
  return text.split(/\/(?=\s*\()/).map((part) => part.trim().replace(/^\((.*)\)$/, '$1'))
}

/**
 * `key:value/key:value` as an object, values as text; parts without a key go on with the value before them. Undefined
 * for text of another form.
 *
 * @example readPairs('list:100/200') // { list: '100/200' }
 */
export function readPairs(text: string): Record<string, string> | undefined {
  const result: Record<string, string> = {}
  let last: string | undefined
  for (const part of text.split('/')) {
    const [, key, value = part] = /^\s*([^:=]+?)\s*[:=]\s*(.*)$/.exec(part) ?? []
    if (key !== undefined && Object.hasOwn(result, key)) return undefined
    if (key !== undefined) result[key] = value
    else if (last === undefined) return undefined
    else result[last] += `/${value}`
    last = key ?? last
  }
  return result
}

/** The shorthand of an object with a kind, or its JSON where a value is itself an object. */
export function writeShorthand(value: Readonly<Record<string, unknown>>): string {
  const { kind, ...settings } = value
  const pairs = writeSettings(settings)
  if (typeof kind !== 'string' || pairs === undefined) return JSON.stringify(value)
  return pairs ? `${kind}:${pairs}` : kind
}

/** `key=value,key=value`, or undefined where a value is an object that has no shorthand. */
export function writeSettings(settings: Readonly<Record<string, unknown>>): string | undefined {
  const pairs = Object.entries(settings).map(([key, entry]) => [key, writeValue(entry)] as const)
  if (pairs.some(([, value]) => value === undefined)) return undefined
  return pairs.map(([key, value]) => `${key}=${value}`).join(',')
}

function writeValue(entry: unknown): string | undefined {
  if (!Array.isArray(entry)) return typeof entry === 'object' ? undefined : String(entry)
  if (entry.every((item) => typeof item === 'number' || typeof item === 'string')) return entry.join('/')
  const parts = entry.map((item) => (isKind(item) ? writeShorthand(item) : '{'))
  return parts.some((part) => part.startsWith('{')) ? undefined : parts.map((part) => `(${part})`).join('/')
}

function isKind(item: unknown): item is Record<string, unknown> {
  return typeof item === 'object' && item !== null && 'kind' in item
}
