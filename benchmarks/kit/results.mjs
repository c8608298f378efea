// @ts-check
// Writes the figures of a run as JSON under results/.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { processor } from './machine.mjs'

/** @typedef {import('./suite.mjs').Row} Row */

/** @typedef {{ machine: object, load: object, rows: Row[] }} Results */

const folder = new URL('../results/', import.meta.url)

/**
 * Writes results; rows of suites that were not run this time are kept from the file of the same day and processor.
 * @param {Results} results
 * @returns {string} the file
 */
export function save(results) {
  const date = new Date().toISOString().slice(0, 10)
  const file = new URL(`${date}-${slug(processor)}.json`, folder)
  const run = new Set(results.rows.map((row) => row.suite))
  const old = existsSync(file) ? /** @type {Results} */ (JSON.parse(readFileSync(file, 'utf8'))).rows : []
  const rows = [...old.filter((row) => !run.has(row.suite)), ...results.rows].map(rounded)
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, `${JSON.stringify({ date, ...results, rows }, null, 2)}\n`)
  return fileURLToPath(file)
}

/** @param {string} text */
function slug(text) {
  const plain = text.toLowerCase().replace(/\((r|tm)\)/g, '')
  return plain.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')
}

/**
 * Four figures: more is noise.
 * @param {Row} row
 * @returns {Row}
 */
function rounded(row) {
  const short = (/** @type {string} */ _, /** @type {unknown} */ value) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value
  return JSON.parse(JSON.stringify(row, short))
}
