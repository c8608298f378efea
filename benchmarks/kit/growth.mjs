// @ts-check
// A process of its own: by how much the peak memory of the cell in its argument (JSON) is above that of the cell with n = 1000.
import { writeSync } from 'node:fs'
import { runCell } from './core.mjs'
import { forgetPeak, peak } from './peak.mjs'

const cell = JSON.parse(process.argv[2] ?? '{}')

/** @param {number} n */
async function peakOf(n) {
  forgetPeak()
  await runCell({ ...cell, n })
  return peak()
}

// The first run loads code.
await peakOf(1000)
const small = await peakOf(1000)
writeSync(3, JSON.stringify({ bytes: (await peakOf(cell.n)) - small }))
