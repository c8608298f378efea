// @ts-check
// `npm run ready`: all that a change must pass, and all that CI runs: format, lint, types, generated files, tests.
// `npm run check` is the same without the tests.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { generated } from '../drift/generated.mjs'
import { needCompilers, needNode } from './needs.mjs'
import { build, install } from './prepare.mjs'
import { cargoOptions, duration, npm, root, runLogged, runSeen, SetupError, say, script, tail, tool } from './shell.mjs'

/** @type {[title: string, command: string[]][]} */
const before = [
  ['format and lint, TypeScript', [tool('biome'), 'check', '--error-on-warnings', '.']],
  ['format, Rust', ['cargo', 'fmt', '--manifest-path', 'native/Cargo.toml', '--all', '--check', '--', '--color=never']],
]

/** @type {[title: string, command: string[]][]} */
const after = [
  ['types', [tool('tsc'), '-b']],
  ['lint, Rust', ['cargo', 'clippy', ...cargoOptions(), '--all-targets', '--', '-D', 'warnings']],
  ['generated files', [process.execPath, 'tools/drift/drift.mjs']],
]

/** @type {string[]} */
const failures = []

/** @param {[title: string, command: string[]]} check */
async function check([title, command]) {
  say(`${title} ... `)
  const { code, log, seconds } = await runLogged(`ready-${title.replace(/\W+/g, '-')}`, command)
  say(`${code === 0 ? '' : 'failed, '}${duration(seconds)}\n`)
  if (code === 0) return
  say(`${tail(log, { lines: 200 })}\nThe whole log: ${log}\n`)
  failures.push(title)
}

/** The generated files as they stand in the checkout; one that is not there yet is empty. */
function snapshot() {
  return generated.map((file) => (existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : ''))
}

/** @param {string[]} were the generated files before they were made again */
function compare(were) {
  const now = snapshot()
  const changed = generated.filter((_, i) => were[i] !== now[i])
  if (changed.length === 0) return
  say(`These generated files were out of date and have been made again; commit them: ${changed.join(', ')}\n`)
  failures.push('generated files')
}

await script(async () => {
  needNode()
  needCompilers()
  await install()
  for (const one of before) await check(one)
  const were = snapshot()
  await build()
  for (const one of after) await check(one)
  compare(were)
  const { code } = process.argv.includes('--no-tests') ? { code: 0 } : await runSeen([...npm(), 'test'])
  if (failures.length > 0) throw new SetupError(`Not ready: ${[...new Set(failures)].join('; ')}`)
  return code
})
