// @ts-check
// Brings a checkout to the state in which genloss runs: packages installed, everything built, nothing done twice.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { needCompilers, needNode, needNpm } from './needs.mjs'
import { cache, duration, npm, nxEnvironment, root, runLogged, SetupError, say, tail, tool } from './shell.mjs'
import { outputsExist, sourceHash } from './stamp.mjs'

const stamp = join(cache, 'build.stamp')

/** Installs and builds what is missing or out of date. */
export async function prepare() {
  needNode()
  await install()
  await build()
}

/** Runs `npm ci` when node_modules is missing or older than the lockfile. */
export async function install() {
  if (installed()) return
  needNpm()
  await step('install', 'Installing packages (once, under a minute)', [...npm(), 'ci', '--no-audit', '--no-fund'])
}

/** Runs the nx build unless the sources are those of the last build and its outputs are still there. */
export async function build() {
  const sources = sourceHash(root)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources && outputsExist(root)) return
  needCompilers()
  const command = [tool('nx'), 'run-many', '-t', 'build', '--outputStyle=static']
  await step('build', 'Building (the first time a minute or two)', command, nxEnvironment)
  if (!outputsExist(root)) {
    throw new SetupError(`The build ended well but left no native addon or no dist folder; its log: ${cache}/build.log`)
  }
  mkdirSync(cache, { recursive: true })
  writeFileSync(stamp, sources)
}

/** npm writes this file last, so an installation that was cut short has none. */
function installed() {
  const written = join(root, 'node_modules', '.package-lock.json')
  return existsSync(written) && statSync(written).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs
}

/** What tells a person nothing about a failure. */
const noise = /^$|^> |^npm error|^ +Compiling |^ +Download/

/**
 * One quiet step: a line on stderr, the whole output in a log that a failure names.
 * @param {string} name
 * @param {string} title
 * @param {string[]} command
 * @param {Record<string, string>} [environment]
 */
async function step(name, title, command, environment) {
  say(`${title} ... `)
  const { code, log, seconds } = await runLogged(name, command, environment)
  if (code === 0) {
    say(`${duration(seconds)}\n`)
    return
  }
  say('failed\n')
  const end = tail(log, { lines: 60, drop: noise })
  throw new SetupError(`${end}\n\n${command.join(' ')}\nfailed with exit code ${code}; the whole log: ${log}`)
}
