// Runs blocks through the native core, the costliest first: two at a time on all threads, while finished blocks are saved.

import type { BlockColumns } from '@genloss/metrics'
import { fromNative, GenlossError } from '@genloss/models'
import type { BlockText } from './block-text.js'
import type { CoreTables } from './core-tables.js'
import { native } from './native.js'
import { type HostedBlock, HostedRun, type Hosting, type ModelLimits } from './own/hosted-run.js'
import { threadsOf } from './threads.js'

/** How far a run is, in fits. */
export interface Progress {
  done: number
  total: number
  /** Those that were done before this run. */
  before: number
  /** Fits a second of this run. */
  rate: number
  /** Which share of its work this run has done, by what fits cost as foretold: some take a thousand times as long. */
  gained: number
}

export interface EngineOptions {
  /** Threads of the core; default all that the process may use. */
  threads?: number
  /** Instruction level, `base`, `avx2` or `avx512`; the numbers do not depend on it. */
  simd?: string
  /** Limits for models of one's own, where they are modules. */
  limits?: ModelLimits
  /** A folder for files of models of one's own; of a run in a folder one in it. */
  work?: string
  /** Stops the run; what is finished is kept. */
  signal?: AbortSignal
  /** Stops the run after the blocks in hand, which are kept. */
  drain?: AbortSignal
  onProgress?: (progress: Progress) => void
}

/** One block to run. */
export interface Work {
  /** The block's place in the plan. */
  index: number
  /** Its fits: chains times generations. */
  fits: number
  /** What it costs, in any unit, if not its fits: costly blocks are run first, so that no thread is left without work at the end. */
  cost?: number
  /** Bytes of its columns. */
  bytes?: number
  text: () => BlockText
  /** Who hosts the block's cells, where some are models of one's own. */
  hosting?: Hosting | undefined
}

/** Blocks that the core has at a time: while the last chains of one are finished, the next keeps all threads busy. */
const atOnce = 2
/** Columns of blocks that run or wait to be saved, at most; a single block may need more. */
const mostInFlight = 128 * 2 ** 20
/** Blocks that models of one's own may fail in before the run is given up. */
const mostLost = 8
const tickMilliseconds = 100
const fullProgress = 65536

/**
 * Runs blocks, the costliest first, and hands each to `take` when it is finished; `take` is not waited for by the core.
 *
 * @param before fits that were done before this run, for the progress
 * @throws GenlossError of the core, or `interrupted` when the signal stops the run; blocks taken before are kept
 */
export async function runBlocks(
  work: readonly Work[],
  tables: CoreTables,
  take: (index: number, columns: BlockColumns) => Promise<void>,
  options: EngineOptions = {},
  before = 0,
): Promise<void> {
  const run = new EngineRun(work, tables, options, before)
  const queue = byCost(work)
  const room = new Room(mostInFlight)
  const saving: Promise<void>[] = []
  let failed = false
  let failure: unknown
  const lost: GenlossError[] = []
  const fail = (error: unknown) => {
    if (failed) return
    failed = true
    failure = error
    run.stop()
  }
  const runner = async () => {
    for (let block = queue.next(); !block.done; block = queue.next()) {
      const { index, bytes = 0 } = block.value
      await room.enter(bytes)
      let saved: Promise<void> | undefined
      try {
        if (failed || options.drain?.aborted) return
        const columns = await run.block(block.value).catch((error) => {
          // A model of one's own that fails in one block may be right in others: they are kept.
          if (!(error instanceof GenlossError && error.code === 'model') || lost.push(error) >= mostLost) throw error
        })
        if (!columns) continue
        saved = take(index, columns)
          .catch(fail)
          .finally(() => room.leave(bytes))
        saving.push(saved)
      } finally {
        // Who waits for room must hear of it, or would wait for ever.
        if (!saved) room.leave(bytes)
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, () => runner().catch(fail)))
  await Promise.all([...saving, run.end()])
  if (failed) throw failure
  if (lost[0]) throw withLost(lost[0], lost.length, work.length)
  if (!run.isDone) throw run.interrupted()
}

function withLost({ code, path, value, rule, hint }: GenlossError, lost: number, blocks: number): GenlossError {
  if (blocks === 1) return new GenlossError({ code, path, value, rule, hint })
  const others = `${lost} of ${blocks} blocks failed; parts of the others are kept in the out folder`
  return new GenlossError({ code, path, value, rule, hint: hint ? `${hint}; ${others}` : others })
}

/** A block's cost; where none is told, its fits. */
function costOf({ cost, fits }: Work): number {
  return cost ?? fits
}

/** The costliest first; of equal ones the earlier. */
function byCost(work: readonly Work[]): IterableIterator<Work> {
  return [...work].sort((a, b) => costOf(b) - costOf(a) || a.index - b.index).values()
}

/** Room for so many bytes; who is alone always finds room. */
class Room {
  readonly #most: number
  readonly #waiting: { bytes: number; go: () => void }[] = []
  #used = 0

  constructor(most: number) {
    this.#most = most
  }

  async enter(bytes: number): Promise<void> {
    if (this.#fits(bytes)) this.#used += bytes
    else await new Promise<void>((go) => this.#waiting.push({ bytes, go }))
  }

  leave(bytes: number): void {
    this.#used -= bytes
    for (let next = this.#waiting[0]; next && this.#fits(next.bytes); next = this.#waiting[0]) {
      this.#waiting.shift()
      this.#used += next.bytes
      next.go()
    }
  }

  #fits(bytes: number): boolean {
    return this.#used === 0 || this.#used + bytes <= this.#most
  }
}

/** A block that runs: how far it is, how to stop it, what it costs. */
interface Running extends HostedBlock {
  fits: number
  cost: number
}

class EngineRun {
  readonly #running = new Set<Running>()
  readonly #timer: NodeJS.Timeout
  readonly #tables: CoreTables
  readonly #options: EngineOptions
  readonly #threads: number
  readonly #total: number
  readonly #before: number
  readonly #start = performance.now()
  readonly #blocks: number
  readonly #cost: number
  #done = 0
  #paid = 0
  #finished = 0
  #hosted: HostedRun | undefined
  readonly #cancel = () => this.stop()

  constructor(work: readonly Work[], tables: CoreTables, options: EngineOptions, before: number) {
    this.#tables = tables
    this.#options = options
    this.#threads = threadsOf(options.threads)
    this.#before = before
    this.#blocks = work.length
    this.#total = before + work.reduce((sum, { fits }) => sum + fits, 0)
    this.#cost = work.reduce((sum, one) => sum + costOf(one), 0)
    options.signal?.addEventListener('abort', this.#cancel, { once: true })
    this.#timer = setInterval(() => this.#report(), tickMilliseconds)
    // A run that waits for nothing else must not keep the process alive.
    this.#timer.unref()
  }

  async block(work: Work): Promise<BlockColumns> {
    const { text, fits } = work
    const cost = costOf(work)
    if (this.#options.signal?.aborted) throw this.interrupted()
    const block = text()
    const running: Running = { ...this.#begin(work, block), fits, cost }
    this.#running.add(running)
    try {
      const columns = await running.columns
      this.#done += fits
      this.#paid += cost
      this.#finished++
      return columns
    } catch (error) {
      const known = fromNative(error)
      throw known.code === 'interrupted' ? this.interrupted() : known
    } finally {
      this.#running.delete(running)
    }
  }

  #begin({ hosting }: Work, block: BlockText): HostedBlock {
    if (hosting && HostedRun.hosts(block)) {
      this.#hosted ??= new HostedRun(hosting, this.#tables, this.#threads, this.#options.limits, this.#options.work)
      return this.#hosted.run(block)
    }
    const { simd } = this.#options
    // Word 0 stops the block, word 1 is its progress.
    const control = new Uint32Array(new SharedArrayBuffer(16))
    const inCore = block.tables.map((table) => this.#tables.inCore(table))
    const options = { threads: this.#threads, ...(simd === undefined ? {} : { simd }) }
    return {
      columns: native().runBlock(block.text, inCore, control, options),
      inside: () => Math.min(1, Atomics.load(control, 1) / fullProgress),
      stop: () => Atomics.store(control, 0, 1),
    }
  }

  get isDone(): boolean {
    return this.#finished === this.#blocks
  }

  /** Stops the blocks that run. */
  stop(): void {
    for (const running of this.#running) running.stop()
  }

  async end(): Promise<void> {
    clearInterval(this.#timer)
    this.#options.signal?.removeEventListener('abort', this.#cancel)
    if (this.isDone) this.#report()
    await this.#hosted?.end()
  }

  #report(): void {
    let done = this.#done
    let paid = this.#paid
    for (const running of this.#running) {
      const { fits, cost } = running
      const inside = running.inside()
      done += fits * inside
      paid += cost * inside
    }
    const seconds = (performance.now() - this.#start) / 1000
    const rate = seconds > 0 ? done / seconds : 0
    this.#options.onProgress?.({
      done: this.#before + done,
      before: this.#before,
      total: this.#total,
      rate,
      gained: this.#cost > 0 ? paid / this.#cost : 1,
    })
  }

  /** What a run that was stopped ends with. */
  interrupted(): GenlossError {
    return interruptedAfter(this.#finished, this.#blocks)
  }
}

/** What a run that was stopped ends with. */
export function interruptedAfter(finished: number, blocks: number): GenlossError {
  const value = `stopped after ${finished} of ${blocks} blocks`
  const hint = 'finished parts of a run with an out folder are kept; run it again to go on'
  return new GenlossError({ code: 'interrupted', path: 'run', value, rule: 'the run to finish', hint })
}
