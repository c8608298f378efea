// @ts-check
// Runs the suites, prints one table, writes the figures under results/. Started by `npm run bench`.
import { parseArgs } from 'node:util'
import { load, machine } from './kit/machine.mjs'
import { endPeers, peerVersions, python } from './kit/peers.mjs'
import { save } from './kit/results.mjs'
import { runSuite } from './kit/suite.mjs'
import { table } from './kit/table.mjs'
import { large, usual } from './suites/index.mjs'

const { values } = parseArgs({
  options: { large: { type: 'boolean' }, only: { type: 'string' }, 'no-save': { type: 'boolean' } },
})

/** @param {string} text */
const say = (text) => process.stderr.write(text)

/** The suites asked for. */
function chosen() {
  const all = [...usual, ...large]
  if (!values.only) return values.large ? all : usual
  return values.only.split(',').map((name) => {
    const found = all.find((suite) => suite.name === name)
    if (!found) throw new Error(`--only: expected names of ${all.map((suite) => suite.name).join(', ')}, got ${name}`)
    return found
  })
}

/** Runs a suite; one that can't run is told of and passed over, so that the others' figures are not lost. */
async function attempt(/** @type {import('./kit/suite.mjs').Suite} */ suite) {
  try {
    return await runSuite(suite, say)
  } catch (error) {
    say(`failed\n${error instanceof Error ? error.message : error}\n`)
    process.exitCode = 1
    return []
  }
}

const suites = chosen()
if (!python) say('The Python peers are not installed: their columns stay empty.\n')
const [before, versions] = [load(), await peerVersions()]
const rows = []
for (const suite of suites) rows.push(...(await attempt(suite)))
endPeers()
const results = { machine: { ...machine(), ...versions }, load: { before, after: load() }, rows }
process.stdout.write(`\n${table(rows)}\n`)
process.stdout.write(`${results.machine.processor}, load ${before} before, ${results.load.after} after\n`)
if (!values['no-save'] && rows.length > 0) say(`written: ${save(results)}\n`)
