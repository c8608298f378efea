// @ts-check
// The Python of the benchmarks: a virtual environment under .venv/ with the pinned peers, made once.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { atLeast } from './needs.mjs'
import { duration, output, root, runLogged, say, tail } from './shell.mjs'

const folder = join(root, '.venv', 'bench')
const requirements = join(root, 'benchmarks', 'peers', 'requirements.txt')
const stamp = join(folder, 'requirements.sha256')

/** The oldest Python for which the pinned versions exist. */
const wanted = '3.11'

/** Where numba keeps what it compiled. */
export const numbaCache = join(folder, 'numba')

const windows = process.platform === 'win32'
const python = windows ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python')

/**
 * The Python with the peers, or null with the reason told: figures without them are figures still.
 * @returns {Promise<string | null>}
 */
export async function preparePython() {
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return python
  const system = ['python3', 'python'].find((name) => atLeast(output([name, '--version']) ?? '0', wanted))
  if (!system) {
    say(`No Python ${wanted} or newer was found on the PATH: the peers are left out.\n`)
    return null
  }
  const made =
    (await step('venv', 'Making a Python environment under .venv', [system, '-m', 'venv', folder])) &&
    (await step('peers', 'Installing numpy and numba (once)', [python, '-m', 'pip', 'install', '-r', requirements]))
  if (!made) return null
  writeFileSync(stamp, hash)
  return python
}

/**
 * One quiet step. A failure is told and is not the end.
 * @param {string} name
 * @param {string} title
 * @param {string[]} command
 */
async function step(name, title, command) {
  say(`${title} ... `)
  const { code, log, seconds } = await runLogged(name, command)
  say(code === 0 ? `${duration(seconds)}\n` : `failed, the peers are left out\n${tail(log)}\nThe whole log: ${log}\n`)
  return code === 0
}
