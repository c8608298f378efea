// @ts-check
// Prints rows of figures as one table of plain text.

/** @typedef {import('./suite.mjs').Row} Row */
/** @typedef {import('./units.mjs').Figure} Figure */

const head = ['', 'contender', 'best', 'median', 'wall', 'numpy', 'x', 'numba', 'x', 'target', '']

/**
 * The table: a title a suite, a line a contender. `x`: how many times as good as the peer.
 * @param {Row[]} rows
 * @returns {string}
 */
export function table(rows) {
  const lines = rows.map((row) => cells(row))
  const widths = head.map((title, i) => Math.max(title.length, ...lines.map((line) => line[i]?.length ?? 0)))
  const out = [layout(head, widths)]
  for (const [i, row] of rows.entries()) {
    const before = rows[i - 1]
    if (before?.suite !== row.suite || before.unit !== row.unit || before.measure !== row.measure)
      out.push('', title(row))
    out.push(layout(lines[i] ?? [], widths))
  }
  return `${out.join('\n')}\n`
}

/** @param {Row} row */
function title(row) {
  const clock = { cpu: ', CPU time', wall: ', wall time', bytes: '' }[row.measure]
  return `${row.suite}: ${row.unit}${clock}`
}

/**
 * @param {Row} row
 * @returns {string[]}
 */
function cells(row) {
  const peer = (/** @type {string} */ name) => {
    const found = row.peers.find((one) => one.peer === name)
    return found ? [number(found.figure.best), found.ratio.toFixed(1)] : ['-', '-']
  }
  const more = row.unit.startsWith('million')
  const target = row.target === undefined ? '-' : `${more ? '>=' : '<='} ${row.target}`
  const met = row.met === undefined ? '' : row.met ? 'met' : 'missed'
  const ours = [number(row.ours.best), number(row.ours.median), row.wall ? number(row.wall.best) : '-']
  return [row.case, row.contender, ...ours, ...peer('numpy'), ...peer('numba'), target, met]
}

/**
 * Three or four figures.
 * @param {number} value
 */
function number(value) {
  const size = Math.abs(value)
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3)
}

/**
 * @param {string[]} line
 * @param {number[]} widths
 */
function layout(line, widths) {
  const left = new Set([0, 1, head.length - 1])
  const padded = line.map((cell, i) => (left.has(i) ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
  return padded.join('  ').trimEnd()
}
