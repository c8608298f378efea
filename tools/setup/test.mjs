// @ts-check
// `npm test`: installs and builds what is missing, runs the Rust and the TypeScript tests, ends in one line of counts.
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { cargoCounts, closingLine, vitestCounts } from './counts.mjs'
import { prepare } from './prepare.mjs'
import { cache, cargoOptions, duration, runLogged, SetupError, say, tail, tool } from './shell.mjs'

/** @typedef {import('./counts.mjs').Counts} Counts */
/** @typedef {import('./shell.mjs').Finished} Finished */

/** @returns {Promise<Counts>} */
async function rustTests() {
  say('Rust tests ... ')
  const done = await runLogged('test-rust', ['cargo', 'test', ...cargoOptions(), '--no-fail-fast'], {
    CARGO_TERM_COLOR: 'never',
  })
  return told(
    done,
    cargoCounts(readFileSync(done.log, 'utf8'), done.code),
    /^test .* ok$|^test result: ok|^running \d+ tests?$|^ +Compiling |^$/,
  )
}

/** @returns {Promise<Counts>} */
async function typescriptTests() {
  say('TypeScript tests ... ')
  const file = join(cache, 'vitest.json')
  rmSync(file, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const done = await runLogged('test-typescript', [tool('vitest'), 'run', ...reporters], { NO_COLOR: '1' })
  const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
  return told(done, vitestCounts(report, done.code), /^ +✓ /)
}

/**
 * Says how a runner ended; when it failed, what it printed less its good lines.
 * @param {Finished} done
 * @param {Counts} counts
 * @param {RegExp} good
 */
function told(done, counts, good) {
  say(`${counts.passed + counts.failed + counts.skipped} in ${duration(done.seconds)}\n`)
  if (counts.failed > 0) say(`${tail(done.log, { lines: 400, drop: good })}\nThe whole log: ${done.log}\n`)
  return counts
}

/** @returns {Promise<Counts[]>} */
async function allTests() {
  try {
    await prepare()
    return [await rustTests(), await typescriptTests()]
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    say(`\n${error.message}\n`)
    return [{ passed: 0, failed: 1, skipped: 0 }]
  }
}

const results = await allTests()
process.stdout.write(`${closingLine(results)}\n`)
process.exitCode = results.some((counts) => counts.failed > 0) ? 1 : 0
