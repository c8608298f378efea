// @ts-check
// The Python peers: one process that runs their experiments when asked and times itself.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** @typedef {import('./measure.mjs').Cost} Cost */
/** @typedef {import('./measure.mjs').Run} Run */

/** One thread each: what is compared is a core. */
const oneThread = { OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1', NUMBA_NUM_THREADS: '1' }

/** Where `npm run bench` put the peers; unset when there are none. */
export const python = process.env.GENLOSS_BENCH_PYTHON

/**
 * The environment of a Python peer: numpy chooses its own kernels, compiled code is kept beside the venv.
 * @returns {NodeJS.ProcessEnv}
 */
export function environment() {
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, ...oneThread, PYTHONDONTWRITEBYTECODE: '1' }
  // Settings meant for another processor or another OpenBLAS would slow numpy down.
  const { OPENBLAS_CORETYPE: _, OPENBLAS_L2_SIZE: __, ...rest } = env
  return rest
}

/** @type {{ ask(request: object): Promise<any>, end(): void } | undefined} */
let started

/** The process, started when it is first asked. */
function process_() {
  started ??= start(String(python))
  return started
}

/** @param {string} program */
function start(program) {
  const file = fileURLToPath(new URL('../peers/serve.py', import.meta.url))
  const child = spawn(program, [file], { stdio: ['pipe', 'pipe', 'inherit'], env: environment() })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    /** @param {object} request */
    async ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`)
      const { value, done } = await lines.next()
      if (done) throw new Error(`the Python peers ended while they were asked ${JSON.stringify(request)}`)
      return JSON.parse(value)
    },
    end: () => child.stdin.end(),
  }
}

/**
 * The peers' contenders for a question, none when they are not installed.
 * @param {string} question a function of peers/with_numpy.py and peers/with_numba.py
 * @param {object} settings its arguments
 * @param {readonly string[]} [programs] those that have the question
 * @returns {[string, Run][]}
 */
export function peers(question, settings, programs = ['numpy', 'numba']) {
  if (!python) return []
  return programs.map((program) => [program, () => process_().ask({ program, question, settings })])
}

/**
 * Versions of Python and the peers, or nothing.
 * @returns {Promise<Record<string, string>>}
 */
export async function peerVersions() {
  return python ? process_().ask({ program: 'versions' }) : {}
}

/** Lets the Python process go. */
export function endPeers() {
  started?.end()
}
