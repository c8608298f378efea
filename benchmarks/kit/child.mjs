// @ts-check
// Runs programs as processes of their own and asks what they took: wall time, CPU time, the most memory they ever held.
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

/** @typedef {import('./measure.mjs').Cost} Cost */

/** The entry file of genloss. */
export const genloss = fileURLToPath(new URL('../../packages/genloss/bin/genloss.js', import.meta.url))

/**
 * Wall time of a command from its start to its end.
 * @param {string[]} command
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<Cost>}
 */
export async function wallOf(command, env = process.env) {
  const start = performance.now()
  const [program = '', ...rest] = command
  await end(spawn(program, rest, { stdio: ['ignore', 'ignore', 'pipe'], env }), command)
  return { wall: (performance.now() - start) / 1e3 }
}

/**
 * All that a Node program took.
 * @param {string[]} args a script and its arguments
 * @returns {Promise<Cost>}
 */
export async function usageOf(args) {
  const start = performance.now()
  const told = await answerOf(['--import', new URL('usage.mjs', import.meta.url).href, ...args])
  return { wall: (performance.now() - start) / 1e3, ...told }
}

/**
 * By how much peak memory grows from n = 1000 to a cell.
 * @param {import('./core.mjs').Cell} cell
 * @returns {Promise<Cost>}
 */
export function growthOf(cell) {
  return answerOf([fileURLToPath(new URL('growth.mjs', import.meta.url)), JSON.stringify(cell)])
}

/**
 * What a Node program writes to file descriptor 3.
 * @param {string[]} args
 * @returns {Promise<Cost>}
 */
async function answerOf(args) {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] })
  const told = text(/** @type {import('node:stream').Readable} */ (child.stdio[3]))
  await end(child, args)
  return JSON.parse(await told)
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {string[]} command
 */
async function end(child, command) {
  const errors = text(/** @type {import('node:stream').Readable} */ (child.stderr))
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  if (code !== 0) throw new Error(`${command.slice(1).join(' ')} ended with ${code}: ${(await errors).slice(-600)}`)
}
