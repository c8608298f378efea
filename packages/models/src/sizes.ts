// How many records a generation adds: a number, a schedule or infinity, as a list of sizes.

import type { SizeRule } from './settings.js'

/** A size this close to a whole number (relative) is that number: powers are inexact in the last digits. */
const close = 1e-12

/**
 * The size of generation g's new records, in records: n itself, list[g] (the last one holds on), or
 * ceil(start (1 + g)^power) and ceil(start factor^g).
 *
 * @example sizeAt({ start: 100, power: 1.5 }, 3) // 800
 */
export function sizeAt(rule: SizeRule, g: number): number {
  if (rule === 'inf') return Number.POSITIVE_INFINITY
  if (typeof rule === 'number') return rule
  if ('list' in rule) return rule.list[Math.min(g, rule.list.length - 1)]!
  const size = rule.start * ('power' in rule ? (1 + g) ** rule.power : rule.factor ** g)
  const near = Math.round(size)
  return Math.abs(size - near) <= close * size ? near : Math.ceil(size)
}

/**
 * The sizes of generations 0 to G, in records; entry 0 is what `initial` is by default.
 *
 * @example sizesOf({ start: 100, factor: 1.1 }, 3) // [100, 110, 121, 134]
 */
export function sizesOf(rule: SizeRule, generations: number): number[] {
  return Array.from({ length: generations + 1 }, (_, g) => sizeAt(rule, g))
}
