// @ts-check
// Runs other programs: quietly into a log file, or seen on the terminal.
import { spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The top folder of the checkout. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Logs and stamps of the set-up, ignored by git. */
export const cache = join(root, '.cache', 'setup')

const windows = process.platform === 'win32'

/** Settings under which nx stays a plain build tool: no daemon, no cloud, no screen of its own. */
export const nxEnvironment = { NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false', FORCE_COLOR: '0' }

/** @typedef {{ code: number, log: string, seconds: number }} Finished */

/** What a person has to mend; printed without a stack. */
export class SetupError extends Error {}

/**
 * The path of a program that `npm ci` installed.
 * @param {string} name
 */
export function tool(name) {
  return join(root, 'node_modules', '.bin', windows ? `${name}.cmd` : name)
}

/**
 * The command that is the npm which runs this script, or the one on the path.
 * @returns {[string, ...string[]]}
 */
export function npm() {
  const script = process.env.npm_execpath
  if (script?.endsWith('.js') && existsSync(script)) return [process.execPath, script]
  return [windows ? 'npm.cmd' : 'npm']
}

/**
 * Runs a program with all that it prints in `.cache/setup/<name>.log`.
 * @param {string} name
 * @param {string[]} command
 * @param {Record<string, string>} [environment]
 * @returns {Promise<Finished>}
 */
export function runLogged(name, command, environment = {}) {
  mkdirSync(cache, { recursive: true })
  const log = join(cache, `${name}.log`)
  const out = openSync(log, 'w')
  writeSync(out, `$ ${command.join(' ')}\n`)
  return runWith(command, ['ignore', out, out], environment, log).finally(() => closeSync(out))
}

/**
 * Runs a program on this terminal.
 * @param {string[]} command
 * @param {Record<string, string>} [environment]
 */
export function runSeen(command, environment = {}) {
  return runWith(command, 'inherit', environment, '')
}

/**
 * @param {string[]} command
 * @param {import('node:child_process').StdioOptions} stdio
 * @param {Record<string, string>} environment
 * @param {string} log
 * @returns {Promise<Finished>}
 */
function runWith(command, stdio, environment, log) {
  const start = Date.now()
  const [program = '', ...rest] = command
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...environment }
    const child = spawn(program, rest, { cwd: root, stdio, env, shell: windows })
    child.once('error', (error) => reject(new SetupError(`could not start ${program}: ${error.message}`)))
    child.once('close', (code) => resolve({ code: code ?? 1, log, seconds: (Date.now() - start) / 1000 }))
  })
}

/**
 * What a program prints, or null when it is not there or fails.
 * @param {string[]} command
 */
export function output(command) {
  const [program = '', ...rest] = command
  const done = spawnSync(program, rest, { cwd: root, encoding: 'utf8', shell: windows })
  return done.status === 0 ? done.stdout.trim() : null
}

/**
 * The end of a log, for a message about a failure.
 * @param {string} log
 * @param {{ lines?: number, drop?: RegExp }} [options]
 */
export function tail(log, { lines = 30, drop } = {}) {
  const all = readFileSync(log, 'utf8').trimEnd().split('\n')
  const kept = drop ? all.filter((line) => !drop.test(line)) : all
  return kept.slice(-lines).join('\n')
}

/**
 * Arguments that all cargo commands share, so that they compile nothing twice: the addon's build names its target
 * and takes the release profile, and what was compiled otherwise is not used again.
 * @returns {string[]}
 */
export function cargoOptions() {
  const target = process.env.CARGO_BUILD_TARGET ?? output(['rustc', '-vV'])?.match(/^host: (\S+)$/m)?.[1]
  const options = ['--manifest-path', 'native/Cargo.toml', '--workspace', '--release']
  return target ? [...options, '--target', target] : options
}

/** @param {string} text */
export function say(text) {
  process.stderr.write(text)
}

/** @param {number} seconds */
export function duration(seconds) {
  return seconds < 10 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`
}

/**
 * Runs a script's main function; its number is the exit code, and a SetupError is told in words.
 * @param {() => Promise<number>} main
 */
export async function script(main) {
  try {
    process.exitCode = await main()
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    say(`\n${error.message}\n`)
    process.exitCode = 1
  }
}
