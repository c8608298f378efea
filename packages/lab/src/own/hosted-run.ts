// Runs blocks of models of one's own: modules on worker threads, functions of this program on its own thread.

import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import type { BlockColumns } from '@genloss/metrics'
import { type ErrorParts, GenlossError, ownModelOf } from '@genloss/models'
import type { Piscina } from 'piscina'
import type { BlockText } from '../block-text.js'
import type { CoreTables } from '../core-tables.js'
import { native } from '../native.js'
import type { CoreTable } from '../watched.js'
import { type HostedCell, placeOf, runHosted, wordCount, words } from './host.js'
import { joined, type Piece, piecesOf } from './pieces.js'
import type { Module } from './read-models.js'
import type { Answer, Task } from './worker.js'

/** Who hosts the cells of a plan. */
export interface Hosting {
  modules: ReadonlyMap<string, Module>
  /** A cell whose model is one's own; undefined for others. */
  cellAt: (index: number) => HostedCell | undefined
}

/** Limits for models of one's own that run on worker threads. */
export interface ModelLimits {
  /** Seconds that one fit or one sample may take; by default what the model says, or 600. */
  seconds?: number
  /** MiB of a worker's own memory (its heap); 4096 by default. */
  memory?: number
}

/** Pieces of a block a thread: few enough to cost little, enough that no thread waits long for the others. */
const piecesAThread = 4
/** A worker that was asked to stop has so long until it is ended: programs that it waits for have half of it. */
const graceMilliseconds = 4000
const tickMilliseconds = 100
const fullProgress = 65536

/** A block that runs: how far it is, and how to stop it. */
export interface HostedBlock {
  columns: Promise<BlockColumns>
  inside(): number
  stop(): void
}

/** Whether a block was asked to stop: by its run, or because a piece of it failed. */
interface Asked {
  stop: boolean
}

export class HostedRun {
  readonly #hosting: Hosting
  readonly #tables: CoreTables
  readonly #threads: number
  readonly #limits: ModelLimits & { memory: number }
  readonly #shared = new Map<CoreTable, Task['tables'][number]>()
  readonly #work: string
  readonly #isKept: boolean
  #pool: Promise<Piscina> | undefined

  /** @param work the folder for files of models; that of a run in memory goes with it */
  constructor(hosting: Hosting, tables: CoreTables, threads: number, limits: ModelLimits = {}, work?: string) {
    this.#isKept = work !== undefined
    this.#work = work ?? join(tmpdir(), `genloss-${process.pid}-${randomBytes(6).toString('hex')}`)
    this.#hosting = hosting
    this.#tables = tables
    this.#threads = threads
    this.#limits = { ...limits, memory: limits.memory ?? 4096 }
  }

  /** Whether a block has cells of one's own. */
  static hosts({ text }: BlockText): boolean {
    return text.includes('"model":{"kind":"module"')
  }

  run(block: BlockText): HostedBlock {
    const cells = (piece: Piece) => piece.cells.flatMap((index) => this.#hosting.cellAt(index) ?? [])
    const all = piecesOf(block.text, 1).flatMap(cells)
    const here = all.some(({ sha256 }) => this.#hosting.modules.get(sha256)?.code === undefined)
    const pieces = piecesOf(block.text, here ? Number.POSITIVE_INFINITY : piecesAThread * this.#threads)
    const controls = pieces.map(() => new Uint32Array(new SharedArrayBuffer(4 * wordCount)))
    const chains = pieces.reduce((sum, piece) => sum + piece.chains, 0)
    const asked: Asked = { stop: false }
    const stop = () => {
      asked.stop = true
      for (const control of controls) Atomics.store(control, words.cancel, 1)
    }
    const columns = here
      ? this.#here(block, pieces, controls, cells)
      : this.#onWorkers(block, pieces, controls, cells, asked)
    const inside = () =>
      pieces.reduce((sum, piece, i) => sum + piece.chains * Atomics.load(controls[i]!, words.progress), 0) /
      (chains * fullProgress)
    return { columns, inside, stop }
  }

  /** Ends the workers. */
  async end(): Promise<void> {
    await (await this.#pool)?.destroy()
    if (!this.#isKept) await rm(this.#work, { recursive: true, force: true })
  }

  /** Chain after chain, with a turn for the program between them. */
  async #here(
    { tables }: BlockText,
    pieces: readonly Piece[],
    controls: readonly Uint32Array[],
    cells: (piece: Piece) => HostedCell[],
  ): Promise<BlockColumns> {
    const parts: BlockColumns[] = []
    const inCore = tables.map((table) => this.#tables.inCore(table))
    let last = performance.now()
    for (const [i, piece] of pieces.entries()) {
      parts.push(
        runHosted(native(), piece.text, inCore, controls[i]!, cells(piece), (key) => ownModelOf(key)!, this.#work),
      )
      if (performance.now() - last > tickMilliseconds / 4) {
        await turn()
        last = performance.now()
      }
    }
    return joined(parts)
  }

  async #onWorkers(
    { tables }: BlockText,
    pieces: readonly Piece[],
    controls: readonly Uint32Array[],
    cells: (piece: Piece) => HostedCell[],
    asked: Asked,
  ): Promise<BlockColumns> {
    this.#pool ??= this.#start()
    const pool = await this.#pool
    const shared = tables.map((table) => this.#share(table))
    const run = (piece: Piece, i: number) => {
      const own = cells(piece)
      const modules = [...new Set(own.map(({ sha256 }) => sha256))].map((key) => this.#hosting.modules.get(key)!)
      const task: Task = {
        text: piece.text,
        tables: shared,
        control: controls[i]!,
        cells: own,
        work: this.#work,
        modules: modules.map(({ sha256, name, code }) => ({ sha256, name, code: code! })),
      }
      return this.#watched(pool, task, asked)
    }
    const settled = await Promise.allSettled(
      pieces.map((piece, i) =>
        run(piece, i).catch((error) => {
          // The rest of this block is lost: its other pieces need not be finished.
          asked.stop = true
          for (const control of controls) Atomics.store(control, words.cancel, 1)
          throw error
        }),
      ),
    )
    const failures = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
    const told = failures.find((error) => !(error instanceof GenlossError && error.code === 'interrupted'))
    if (failures.length > 0) throw told ?? failures[0]
    return joined(settled.map((one) => (one as PromiseFulfilledResult<BlockColumns>).value))
  }

  /** A piece on a worker that is ended where a call takes too long, or goes on after it was asked to stop. */
  async #watched(pool: Piscina, task: Task, asked: Asked): Promise<BlockColumns> {
    const { control } = task
    const end = new AbortController()
    const seconds =
      this.#limits.seconds ?? Math.max(...task.modules.map(({ sha256 }) => ownModelOf(sha256)?.seconds ?? 600))
    let [calls, since, stopped] = [-1, performance.now(), Number.POSITIVE_INFINITY]
    let late: GenlossError | undefined
    const look = () => {
      const [now, seen] = [performance.now(), Atomics.load(control, words.calls)]
      if (seen !== calls || Atomics.load(control, words.inside) === 0) [calls, since] = [seen, now]
      if (now - since > 1000 * seconds) {
        const value = `${seconds} seconds without an end`
        const rule = `${placeOf(control) ?? 'a call'} to return`
        late ??= this.#failed(task, value, rule, 'seconds in defineModel allows more')
        end.abort()
      }
      if (asked.stop) stopped = Math.min(stopped, now)
      if (now - stopped > graceMilliseconds) end.abort()
    }
    // The only thing that keeps the program waiting: workers do not.
    const timer = setInterval(look, tickMilliseconds)
    try {
      const answer = (await pool.run(task, { signal: end.signal })) as Answer
      if ('error' in answer) throw new GenlossError(answer.error as unknown as ErrorParts)
      return answer.columns
    } catch (error) {
      if (late) throw late
      if (error instanceof GenlossError) throw error
      if (asked.stop) throw interrupted()
      throw this.#died(task, error)
    } finally {
      clearInterval(timer)
    }
  }

  #died(task: Task, error: unknown): GenlossError {
    const { code, message } = error as NodeJS.ErrnoException
    const rule = `the worker to live through ${placeOf(task.control) ?? 'its work'}`
    if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
      return this.#failed(task, `more than ${this.#limits.memory} MiB of memory`, rule, 'limits.memory allows more')
    }
    const hint = /exit/i.test(message) ? 'process.exit has no place in a model' : undefined
    return this.#failed(task, message, rule, hint)
  }

  #failed(task: Task, value: unknown, rule: string, hint?: string): GenlossError {
    const [module] = task.modules
    return new GenlossError({ code: 'model', path: `model '${module!.name}'`, value, rule, hint })
  }

  async #start(): Promise<Piscina> {
    const { Piscina } = await import('piscina')
    const pool = new Piscina({
      // Built code also where this file is run from its source: Node loads no TypeScript in a worker.
      filename: new URL('../../dist/own/worker.js', import.meta.url).href,
      name: 'run',
      minThreads: 0,
      maxThreads: this.#threads,
      // A worker that waits for nothing but work sleeps.
      atomics: 'disabled',
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.memory },
    })
    // What ends a worker is told by its task; one that was ended may still say that it ran out of memory.
    pool.on('error', () => undefined)
    return pool
  }

  /** A table in memory that workers share. */
  #share(table: CoreTable): Task['tables'][number] {
    let shared = this.#shared.get(table)
    if (!shared) {
      shared = { key: this.#shared.size, columns: table.columns.map(inSharedMemory) }
      this.#shared.set(table, shared)
    }
    return shared
  }
}

function inSharedMemory(column: Float64Array | Uint32Array): Float64Array | Uint32Array {
  const buffer = new SharedArrayBuffer(column.byteLength)
  const shared = column instanceof Float64Array ? new Float64Array(buffer) : new Uint32Array(buffer)
  shared.set(column as never)
  return shared
}

function interrupted(): GenlossError {
  return new GenlossError({ code: 'interrupted', path: 'run', value: 'stopped', rule: 'the run to finish' })
}
