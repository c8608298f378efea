// @ts-check
// Writes a large table of people who never were, as CSV: 15 columns, groups from half the rows to one in ten thousand.
// The same seed gives the same bytes.
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'

/** The column whose groups are followed. */
export const group = 'region'

/** Values of a column and their cumulative shares. */
const regions = weighted({
  north: 0.5,
  south: 0.25,
  east: 0.15,
  west: 0.07,
  coast: 0.02,
  hills: 0.0079,
  islands: 0.002,
  isle: 0.0001,
})
const schools = weighted({ primary: 0.2, secondary: 0.45, college: 0.25, doctorate: 0.02, '': 0.08 })
const sectors = weighted({ services: 0.4, trade: 0.25, industry: 0.2, farming: 0.1, mining: 0.04, arts: 0.01 })
const contracts = weighted({ permanent: 0.7, fixed: 0.2, hourly: 0.08, apprentice: 0.02 })

/**
 * A column's name and how a value is made of a stream of uniforms.
 * @type {[string, (uniform: () => number, row: number) => string | number][]}
 */
const columns = [
  ['id', (_, row) => row + 1],
  [group, regions],
  ['school', schools],
  ['sector', sectors],
  ['contract', contracts],
  ['married', (uniform) => (uniform() < 0.55 ? 'yes' : 'no')],
  ['age', (uniform) => 16 + Math.floor(54 * uniform())],
  ['children', (uniform) => Math.floor(5 * uniform() * uniform())],
  ['hours', (uniform) => (38 + 6 * bell(uniform)).toFixed(1)],
  ['wage', (uniform) => (12 * (1 + skewed(uniform))).toFixed(2)],
  ['tenure', (uniform) => (8 * skewed(uniform)).toFixed(1)],
  ['distance', (uniform) => (uniform() < 0.03 ? '' : (15 * skewed(uniform)).toFixed(1))],
  ['height', (uniform) => (171 + 9 * bell(uniform)).toFixed(1)],
  ['score', (uniform) => (100 + 15 * bell(uniform)).toFixed(0)],
  ['savings', (uniform) => (20_000 * skewed(uniform) * skewed(uniform)).toFixed(0)],
]

/** Names in order, as the header has them. */
export const names = columns.map(([name]) => name)

/**
 * Writes the table.
 * @param {string} file
 * @param {number} rows
 * @param {number} [seed]
 */
export async function writeLargeTable(file, rows, seed = 1) {
  const out = createWriteStream(file)
  for (const part of parts(rows, seed)) if (!out.write(part)) await once(out, 'drain')
  out.end()
  await finished(out)
}

/**
 * The table's text, a thousand rows at a time.
 * @param {number} rows
 * @param {number} seed
 */
export function* parts(rows, seed) {
  const uniform = stream(seed)
  yield `${names.join(',')}\n`
  for (let from = 0; from < rows; from += 1000) {
    let text = ''
    for (let row = from; row < Math.min(rows, from + 1000); row++) {
      text += `${columns.map(([, make]) => make(uniform, row)).join(',')}\n`
    }
    yield text
  }
}

/**
 * Uniforms in (0, 1): a Weyl sequence through the finaliser of MurmurHash3. Plenty for a table to be timed with.
 * @param {number} seed
 */
function stream(seed) {
  let state = Math.imul(seed, 0x9e3779b9) | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let word = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35)
    return ((word ^ (word >>> 16)) >>> 0) / 2 ** 32 + 2 ** -33
  }
}

/**
 * Close to a normal value, by sums alone: the mathematical functions of a platform would not give the same bytes everywhere.
 * @param {() => number} uniform
 */
function bell(uniform) {
  return uniform() + uniform() + uniform() + uniform() + uniform() + uniform() + uniform() + uniform() - 4
}

/**
 * Positive with a heavy tail: mean about 1, a few far above.
 * @param {() => number} uniform
 */
function skewed(uniform) {
  return 0.5 / Math.sqrt(uniform())
}

/**
 * @param {Record<string, number>} shares
 * @returns {(uniform: () => number) => string}
 */
function weighted(shares) {
  let edge = 0
  /** @type {{ value: string, edge: number }[]} */
  const edges = []
  for (const [value, share] of Object.entries(shares)) {
    edge += share
    edges.push({ value, edge })
  }
  return (uniform) => {
    const u = uniform()
    return (edges.find((one) => u < one.edge) ?? edges[0])?.value ?? ''
  }
}
