// Runs blocks through the native core: one call at a time with all threads, while finished blocks are saved.

import type { BlockColumns } from '@genloss/metrics'
import { fromNative, GenlossError } from '@genloss/models'
import type { BlockText } from './block-text.js'
import type { CoreTables } from './core-tables.js'
import { native } from './native.js'
import { threadsOf } from './threads.js'

/** How far a run is, in fits; `rate` is fits a second of this run. */
export interface Progress {
  done: number
  total: number
  rate: number
}

export interface EngineOptions {
  /** Threads of the core; default all that the process may use. */
  threads?: number
  /** Instruction level, `base`, `avx2` or `avx512`; the numbers do not depend on it. */
  simd?: string
  /** Stops the run; what is finished is kept. */
  signal?: AbortSignal
  onProgress?: (progress: Progress) => void
}

/** One block to run. */
export interface Work {
  /** The block's place in the plan. */
  index: number
  /** Its fits: chains times generations. */
  fits: number
  text: () => BlockText
}

/** Finished blocks that wait to be saved, at most: with the one that runs, three blocks of 32 MiB. */
const mostWaiting = 2
const tickMilliseconds = 100
const fullProgress = 65536

/**
 * Runs blocks in order and hands each to `take` when it is finished.
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
  const waiting = new Set<Promise<void>>()
  let failure: unknown
  try {
    for (const block of work) {
      if (failure) break
      const columns = await run.block(block)
      const saving = take(block.index, columns)
        .catch((error: unknown) => {
          failure ??= error
        })
        .finally(() => waiting.delete(saving))
      waiting.add(saving)
      if (waiting.size >= mostWaiting) await Promise.race(waiting)
    }
  } catch (error) {
    failure ??= error
  } finally {
    run.end()
  }
  await Promise.all(waiting)
  if (failure) throw failure
}

class EngineRun {
  readonly #control = new Uint32Array(new SharedArrayBuffer(16))
  readonly #timer: NodeJS.Timeout
  readonly #tables: CoreTables
  readonly #options: EngineOptions
  readonly #threads: number
  readonly #total: number
  readonly #before: number
  readonly #start = performance.now()
  readonly #blocks: number
  #done = 0
  #finished = 0
  #now = 0
  readonly #cancel = () => Atomics.store(this.#control, 0, 1)

  constructor(work: readonly Work[], tables: CoreTables, options: EngineOptions, before: number) {
    this.#tables = tables
    this.#options = options
    this.#threads = threadsOf(options.threads)
    this.#before = before
    this.#blocks = work.length
    this.#total = before + work.reduce((sum, { fits }) => sum + fits, 0)
    options.signal?.addEventListener('abort', this.#cancel, { once: true })
    this.#timer = setInterval(() => this.#report(), tickMilliseconds)
    // A run that waits for nothing else must not keep the process alive.
    this.#timer.unref()
  }

  async block({ text, fits }: Work): Promise<BlockColumns> {
    if (this.#options.signal?.aborted) throw this.#interrupted()
    Atomics.store(this.#control, 1, 0)
    this.#now = fits
    const { text: block, tables } = text()
    const inCore = tables.map((table) => this.#tables.inCore(table))
    const { simd } = this.#options
    try {
      const options = { threads: this.#threads, ...(simd === undefined ? {} : { simd }) }
      const columns = await native().runBlock(block, inCore, this.#control, options)
      this.#done += fits
      this.#finished++
      return columns
    } catch (error) {
      const known = fromNative(error)
      throw known.code === 'interrupted' ? this.#interrupted() : known
    } finally {
      this.#now = 0
    }
  }

  end(): void {
    clearInterval(this.#timer)
    this.#options.signal?.removeEventListener('abort', this.#cancel)
    if (this.#finished === this.#blocks) this.#report()
  }

  #report(): void {
    const inside = (Atomics.load(this.#control, 1) / fullProgress) * this.#now
    const done = this.#done + Math.min(this.#now, inside)
    const seconds = (performance.now() - this.#start) / 1000
    const rate = seconds > 0 ? done / seconds : 0
    this.#options.onProgress?.({ done: this.#before + done, total: this.#total, rate })
  }

  #interrupted(): GenlossError {
    const value = `stopped after ${this.#finished} of ${this.#blocks} blocks`
    const hint = 'finished parts of a run with an out folder are kept; run it again to go on'
    return new GenlossError({ code: 'interrupted', path: 'run', value, rule: 'the run to finish', hint })
  }
}
