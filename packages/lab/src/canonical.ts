// The one text of a value: canonical JSON (RFC 8785), and the SHA-256 of it.

import { createHash } from 'node:crypto'
import { GenlossError } from '@genloss/models'

/**
 * Canonical JSON of a value: keys sorted, numbers as ECMAScript prints them, -0 as 0, infinity as "inf", keys without a
 * value left out.
 *
 * @throws GenlossError `plan` for NaN and for what JSON has no place for
 */
export function canonical(value: unknown): string {
  try {
    return textOf(value)
  } catch (error) {
    throw error instanceof Unfit ? error.found('') : error
  }
}

/** A value without canonical text, on its way up: the steps to it are gathered only then. */
class Unfit extends Error {
  readonly #value: unknown
  readonly #rule: string
  #path = ''

  constructor(value: unknown, rule: string) {
    super(rule)
    this.#value = value
    this.#rule = rule
  }

  inside(step: string): this {
    this.#path = `${step}${this.#path}`
    return this
  }

  found(path: string): GenlossError {
    const at = `${path}${this.#path}`.replace(/^\./, '')
    return new GenlossError({ code: 'plan', path: at, value: this.#value, rule: this.#rule })
  }
}

/** Keys in the order of their UTF-16 units, strings and numbers as JSON.stringify writes them: RFC 8785. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') return numberText(value)
  if (value === null || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) {
    return `[${value.map((entry, i) => within(`[${i}]`, entry === undefined ? null : entry)).join(',')}]`
  }
  if (typeof value === 'object') {
    const given = value as Record<string, unknown>
    let text = ''
    for (const key of Object.keys(given).sort()) {
      const entry = given[key]
      if (entry === undefined) continue
      text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${within(`.${key}`, entry)}`
    }
    return `{${text}}`
  }
  throw new Unfit(value, 'a value that JSON can hold')
}

function within(step: string, value: unknown): string {
  try {
    return textOf(value)
  } catch (error) {
    throw error instanceof Unfit ? error.inside(step) : error
  }
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value + 0)
  if (Number.isNaN(value)) throw new Unfit(value, 'a number')
  return value > 0 ? '"inf"' : '"-inf"'
}

/** SHA-256 of text (as UTF-8) or bytes, 64 hexadecimal digits. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/** The SHA-256 of texts joined by a separator, without the joined text. */
export class Hashing {
  readonly #hash = createHash('sha256')
  readonly #separator: string
  #first = true

  constructor(separator: string) {
    this.#separator = separator
  }

  add(text: string): void {
    this.#hash.update(this.#first ? text : `${this.#separator}${text}`)
    this.#first = false
  }

  digest(): string {
    return this.#hash.digest('hex')
  }
}
