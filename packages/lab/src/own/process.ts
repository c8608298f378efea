// Runs a process and waits for it on this thread, while another thread watches over it: its time, its group, and whether
// the run was asked to stop.

import { Worker } from 'node:worker_threads'
import { words } from './host.js'

/** How a process ended. */
export interface Ended {
  /** Its exit code; undefined where it was ended or could not be started. */
  code?: number
  /** Why it has no code of its own. */
  why?: 'time' | 'stopped' | 'signal' | 'start'
}

export interface Command {
  /** The program and its arguments: no shell has a part in it. */
  argv: readonly string[]
  /** Milliseconds until its group is ended. */
  milliseconds: number
  /** Files that its outputs go to, cut off at `most` bytes each. */
  stdout: string
  stderr: string
  most: number
}

/** Words shared with the watching thread: whether it has ended, how, and its code. */
const [done, how, code] = [0, 1, 2]
const hows = [undefined, 'time', 'stopped', 'signal', 'start'] as const

let watcher: Worker | undefined

/** @param control the words of the piece that waits; the process is ended when it is asked to stop */
export function runProcess(command: Command, control: Uint32Array): Ended {
  if (!watcher) {
    watcher = new Worker(watching, { eval: true, workerData: { cancel: words.cancel } })
    // It ends with the thread that it watches for.
    watcher.unref()
  }
  const state = new Int32Array(new SharedArrayBuffer(12))
  watcher.postMessage({ ...command, control, state })
  Atomics.wait(state, done, 0)
  const why = hows[state[how]!]
  return why === undefined ? { code: state[code]! } : { why }
}

/** The watching thread. A process leads a group of its own, so that what it has started ends with it. */
const watching = `
const { spawn } = require('node:child_process')
const { createWriteStream } = require('node:fs')
const { parentPort, workerData } = require('node:worker_threads')
const tick = 50, grace = 2000
parentPort.on('message', ({ argv, milliseconds, stdout, stderr, most, control, state }) => {
  let why = 0, asked = Infinity
  const start = performance.now()
  const child = spawn(argv[0], argv.slice(1), { detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const group = (signal) => { try { process.kill(-child.pid, signal) } catch {} }
  const files = [[child.stdout, stdout], [child.stderr, stderr]].map(([stream, path]) => {
    const file = createWriteStream(path)
    let room = most
    stream.on('data', (part) => { if (room > 0) file.write(part.subarray(0, room)); room -= part.length })
    return file
  })
  const timer = setInterval(() => {
    const now = performance.now()
    if (!why && Atomics.load(control, workerData.cancel) !== 0) why = 2
    if (!why && now - start > milliseconds) why = 1
    if (!why) return
    if (asked === Infinity) { asked = now; group('SIGTERM') }
    if (now - asked > grace) group('SIGKILL')
  }, tick)
  const end = (code, signal) => {
    clearInterval(timer)
    // Whatever it has left behind goes with it.
    if (child.pid) group('SIGKILL')
    state[1] = why || (signal ? 3 : code === null ? 4 : 0)
    state[2] = code ?? 0
    let open = files.length
    const close = () => { if (--open === 0) { Atomics.store(state, 0, 1); Atomics.notify(state, 0) } }
    for (const file of files) file.end(close)
  }
  child.on('error', () => { if (!child.pid) end(null, null) })
  // 'exit' and not 'close': what it has left behind may hold its pipes.
  child.on('exit', end)
})
`
