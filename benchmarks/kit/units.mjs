// @ts-check
// Turns costs into the figures that are printed: a unit, the best and the middle of the runs, a target.

/** @typedef {import('./measure.mjs').Cost} Cost */

/**
 * `of` turns a cost and the number of things it bought into a figure.
 * @typedef {{ name: string, better: 'less' | 'more', of(cost: number, things: number): number }} Unit
 */

/** @typedef {{ best: number, median: number }} Figure */

/**
 * Nanoseconds a thing.
 * @param {string} thing
 * @returns {Unit}
 */
export function nanoseconds(thing) {
  return { name: `ns a ${thing}`, better: 'less', of: (seconds, things) => (seconds / things) * 1e9 }
}

/**
 * Microseconds a thing.
 * @param {string} thing
 * @returns {Unit}
 */
export function microseconds(thing) {
  return { name: `us a ${thing}`, better: 'less', of: (seconds, things) => (seconds / things) * 1e6 }
}

/**
 * Millions of things a second.
 * @param {string} things
 * @returns {Unit}
 */
export function millions(things) {
  return { name: `million ${things} a second`, better: 'more', of: (seconds, many) => many / seconds / 1e6 }
}

/** @type {Unit} */
export const milliseconds = { name: 'ms', better: 'less', of: (seconds) => seconds * 1e3 }

/** @type {Unit} */
export const seconds = { name: 's', better: 'less', of: (cost) => cost }

/** @type {Unit} */
export const mebibytes = { name: 'MiB', better: 'less', of: (bytes) => bytes / 2 ** 20 }

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

/**
 * Best and middle of runs.
 * @param {Unit} unit
 * @param {number} things
 * @param {(number | undefined)[]} costs
 * @returns {Figure | undefined} undefined if nothing was measured
 */
export function figure(unit, things, costs) {
  const known = costs.filter((cost) => cost !== undefined)
  if (known.length === 0) return undefined
  return { best: unit.of(Math.min(...known), things), median: unit.of(median(known), things) }
}

/**
 * Whether a figure is as good as its target.
 * @param {Unit} unit
 * @param {number} value
 * @param {number} target
 */
export function meets(unit, value, target) {
  return unit.better === 'less' ? value <= target : value >= target
}

/**
 * How many times as good ours is as theirs.
 * @param {Unit} unit
 * @param {number} ours
 * @param {number} theirs
 */
export function timesAsGood(unit, ours, theirs) {
  return unit.better === 'less' ? theirs / ours : ours / theirs
}
