// @ts-check
// Blocks for the native core: a cell with its defaults, run on one thread and timed.
import { describe, runBlock, simdLevels } from '@genloss/native'
import { timed } from './measure.mjs'

/** @typedef {import('@genloss/native').Table} Table */

/**
 * What a suite says of its one cell; the rest is a normal law fitted to its own draws, first and last generation recorded.
 * @typedef {{ n: number, replicates: number, generations: number, method: 'draws' | 'exact', record?: 'all' | number[],
 *   origin?: object, model?: object }} Cell
 */

/** @typedef {{ columns?: string[], events?: boolean, tables?: Table[], simd?: string | undefined }} Options */

/** Instruction levels of this processor, slowest first. */
export const levels = simdLevels()

/** The best of them, which a run takes by itself. */
export const best = levels.at(-1)

/**
 * Every measure of a family.
 * @param {string} kind
 * @returns {string[]}
 */
export function everyColumn(kind) {
  const { families } = JSON.parse(describe())
  const family = families.find((/** @type {{ kind: string }} */ one) => one.kind === kind)
  return family.columns.map((/** @type {{ name: string }} */ column) => column.name)
}

/**
 * The text of a block of one cell. Its law is a placeholder: it keys the streams and has no part in the time.
 * @param {Cell} cell
 * @param {Options} options
 */
function text(cell, { columns = ['mean', 'variance'], events = false }) {
  const { replicates, generations, ...rest } = cell
  const whole = {
    index: 0,
    law: '0'.repeat(32),
    seed: '1',
    origin: { kind: 'gaussian', mean: 0, sd: 1 },
    model: { kind: 'gaussian', estimator: 'unbiased' },
    policy: { kind: 'replace' },
    initial: cell.n,
    record: [0, generations],
    sustain: 10,
    ...rest,
    generations,
    replicates: [0, replicates],
  }
  return JSON.stringify({ numerics: 1, events, columns, watch: [], cells: [whole] })
}

/**
 * Runs a cell on one thread.
 * @param {Cell} cell
 * @param {Options} [options]
 */
export function runCell(cell, options = {}) {
  const { tables = [], simd } = options
  const control = new Uint32Array(new SharedArrayBuffer(16))
  return runBlock(text(cell, options), tables, control, simd ? { threads: 1, simd } : { threads: 1 })
}

/**
 * A contender a level: `genloss base`, `genloss avx2`, ...
 * @param {Cell} cell
 * @param {Options} [options]
 * @returns {[string, import('./measure.mjs').Run][]}
 */
export function everyLevel(cell, options = {}) {
  return levels.map((simd) => ours(cell, { ...options, simd }))
}

/**
 * The contender of the best level.
 * @param {Cell} cell
 * @param {Options} [options]
 * @returns {[string, import('./measure.mjs').Run][]}
 */
export function bestLevel(cell, options = {}) {
  return [ours(cell, { ...options, simd: best })]
}

/**
 * @param {Cell} cell
 * @param {Options} options
 * @returns {[string, import('./measure.mjs').Run]}
 */
function ours(cell, options) {
  return [`genloss ${options.simd}`, () => timed(() => runCell(cell, options))]
}
