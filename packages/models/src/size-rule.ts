// Reads and writes sizes: a number of records, infinity, or a schedule over generations.

import { broken, type Check, largestSize, listOf, number, whole } from './check.js'
import type { Size, SizeRule } from './settings.js'
import { type Field, isObject, readFields } from './shape.js'
import { readPairs } from './shorthand.js'

const records = whole(1)

/** The settings of a schedule. */
export const scheduleFields: Readonly<Record<string, Field>> = {
  start: { check: records, doc: 'records of generation 0', optional: true },
  power: { check: number(), doc: 'generation g has start (1 + g)^power, rounded up', optional: true },
  factor: { check: number({ above: 0 }), doc: 'generation g has start factor^g, rounded up', optional: true },
  list: { check: listOf(records), doc: 'one size a generation; the last holds on', optional: true },
}

const forms: readonly (readonly string[])[] = [['start', 'power'], ['start', 'factor'], ['list']]

const sizeWords = "a whole number from 1 to 2^53, or 'inf'"
const ruleWords =
  "a whole number from 1 to 2^53, 'inf', or a schedule such as start:100/power:1.5, start:100/factor:1.1 or list:100/200"

/** A number of records, or `inf`. */
export const size: Check<Size> = {
  rule: sizeWords,
  whole: true,
  read: (value, path) => (isInfinite(value) ? 'inf' : whole(1, largestSize, sizeWords).read(value, path)),
}

/**
 * A number of records, `inf`, or a schedule as an object or as text: `start:100/power:1.5`, `start:100/factor:1.1`,
 * `list:100/200/400`. A schedule that never changes becomes its number.
 */
export const sizeRule: Check<SizeRule> = {
  rule: ruleWords,
  whole: true,
  read(value, path) {
    if (isInfinite(value)) return 'inf'
    const given = typeof value === 'string' ? readPairs(value) : value
    if (isObject(given)) return constantOr(readSchedule(given, path, value))
    return whole(1, largestSize, ruleWords).read(value, path)
  },
}

function readSchedule(given: Record<string, unknown>, path: string, value: unknown): SizeRule {
  const read = readFields(scheduleFields, given, path)
  const keys = Object.keys(read)
  const form = forms.find((one) => one.length === keys.length && one.every((key) => keys.includes(key)))
  if (!form) throw broken(path, value, 'start and power, start and factor, or a list')
  return read as SizeRule
}

function constantOr(rule: SizeRule): SizeRule {
  if (typeof rule !== 'object') return rule
  if ('list' in rule) return rule.list.every((one) => one === rule.list[0]) ? rule.list[0]! : rule
  const constant = 'power' in rule ? rule.power === 0 : rule.factor === 1
  return constant ? rule.start : rule
}

function isInfinite(value: unknown): boolean {
  return value === Number.POSITIVE_INFINITY || (typeof value === 'string' && /^\+?inf(inity)?$/i.test(value.trim()))
}

/** A size as text that reads back: `100`, `inf`, `start:100/power:1.5`, `list:100/200`. */
export function writeSize(rule: SizeRule): string {
  if (typeof rule !== 'object') return String(rule)
  if ('list' in rule) return `list:${rule.list.join('/')}`
  return 'power' in rule ? `start:${rule.start}/power:${rule.power}` : `start:${rule.start}/factor:${rule.factor}`
}
