// A worker: takes blocks from the queue of a run, makes their parts in the run's folder, returns their hashes.

import { hostname } from 'node:os'
import { BlockMaker, type EngineOptions, prepareRun, threadsOf } from '@genloss/lab'
import { GenlossError } from '@genloss/models'
import type { Job, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { bullmq, connect, lost, type RedisOptions, redisUrl } from './redis.js'
import { type BlockJob, type BlockReturn, queueName, withQueue } from './run-queue.js'

export interface WorkOptions extends RedisOptions, Pick<EngineOptions, 'threads' | 'simd'> {
  /**
   * Blocks at a time; default 2, of which one keeps the threads busy while the other ends and is written, and 1 for a
   * worker of one thread, which has nothing to fill and would only keep the block from others.
   */
  concurrency?: number
  /** Whether SQL that the experiment names may be run. */
  allowCode?: boolean
  /** Goes on waiting for jobs when none is left. */
  stay?: boolean
  /** A worker that is silent for longer than this has lost its block to another; milliseconds, default 30,000. */
  lock?: number
  /** How long Redis may be away before the worker ends; milliseconds, default 60,000. */
  patience?: number
  /** How often a block may lose its worker before it counts as failed; default 5. */
  losses?: number
  /** Stops within about a tenth of a second; the block goes back into the queue. */
  signal?: AbortSignal
  /** Stops after the blocks in hand. */
  drain?: AbortSignal
  onBlock?: (block: WorkedBlock) => void
  /** Redis is away, or back. */
  onRedis?: (isUp: boolean) => void
}

/** A block that a worker has done with. */
export interface WorkedBlock {
  block: number
  /** Whether the part was there already. */
  kept?: boolean
  bytes?: number
  milliseconds: number
  /** Why it could not be made. */
  reason?: string
}

/** What a worker did. */
export interface Worked {
  run: string
  plan: string
  queue: string
  made: number
  kept: number
  /** Attempts that failed here. */
  failures: number
  /** Jobs of the queue that have failed for good. */
  failed: number
}

const tickMilliseconds = 250
/** With nothing to do, a worker asks again whether any block is left: after so long at first, and at most; milliseconds. */
const askedFirst = 250
const askedAtMost = 5000
/** What Redis holds a connection for that waits for a job, before it says that none has come; seconds. */
const drainSeconds = 5
/** Errors that another attempt can't cure. */
const hopeless = new Set(['usage', 'plan', 'data', 'input'])

/**
 * Works on the queue of a run until no block is left, also none that another worker has in hand: should that one be lost,
 * its block is taken over here. The computing runs in the core's own threads, so locks are renewed in time however long a
 * block takes.
 *
 * @param folder the folder of the run, on a file system that all workers share
 * @throws GenlossError `interrupted` when stopped; `io` where Redis stays away; `plan` where this build or a changed table
 *   makes another plan of the run's experiment
 */
export async function work(folder: string, options: WorkOptions = {}): Promise<Worked> {
  const name = await queueName(folder)
  const maker = await BlockMaker.open(
    await prepareRun(folder, { allowCode: options.allowCode ?? false }),
    folder,
    engineOf(options),
  )
  const client = await connect(options, true)
  const { Worker, UnrecoverableError, WaitingError } = await bullmq()
  const stop = new AbortController()
  const result = { run: maker.folder.path, plan: maker.prepared.hash, queue: name, made: 0, kept: 0, failures: 0 }
  const hands = new Set<number>()

  const refused = async (job: Job<BlockJob, BlockReturn>, error: GenlossError, milliseconds: number) => {
    const { block } = job.data
    const { code, message } = error
    result.failures++
    options.onBlock?.({ block, milliseconds, reason: message })
    const entry = { event: 'failed', block, attempt: job.attemptsMade + 1, reason: message }
    await maker.folder.log(entry).catch(() => undefined)
    return hopeless.has(code) ? new UnrecoverableError(message) : error
  }
  const make = async (job: Job<BlockJob, BlockReturn>, token?: string): Promise<BlockReturn> => {
    const { block } = job.data
    hands.add(block)
    return handled(job, token).finally(() => hands.delete(block))
  }
  const handled = async (job: Job<BlockJob, BlockReturn>, token?: string): Promise<BlockReturn> => {
    const started = performance.now()
    const elapsed = () => performance.now() - started
    const done = await maker.make(job.data.block, stop.signal).catch((error: GenlossError) => error)
    if (done instanceof GenlossError && done.code === 'interrupted') {
      await job.moveToWait(token)
      throw new WaitingError()
    }
    if (done instanceof Error) throw await refused(job, done, elapsed())
    const { kept, ...made } = done
    result[kept ? 'kept' : 'made']++
    options.onBlock?.({ block: made.block, bytes: made.bytes, kept, milliseconds: elapsed() })
    return made
  }

  const { concurrency = threadsOf(options.threads) > 1 ? 2 : 1, lock = 30_000, losses = 5 } = options
  const worker = new Worker<BlockJob, BlockReturn>(name, make, {
    connection: client,
    name: `${hostname()}-${process.pid}`,
    concurrency,
    lockDuration: lock,
    stalledInterval: lock,
    maxStalledCount: losses,
    drainDelay: drainSeconds,
  })
  worker.on('error', () => undefined)
  try {
    const ending = await untilEnd(worker, client, hands, options)
    if (ending === 'stopped') stop.abort()
    await close(worker, client)
    if (ending !== 'empty') throw endOf(ending, result, options)
    return { ...result, failed: await failedIn(name, options) }
  } finally {
    stop.abort()
    client.disconnect()
  }
}

function engineOf({ threads, simd }: WorkOptions): Pick<EngineOptions, 'threads' | 'simd'> {
  return { ...(threads === undefined ? {} : { threads }), ...(simd === undefined ? {} : { simd }) }
}

type Ending = 'empty' | 'drained' | 'stopped' | 'lost'

/**
 * Waits for a reason to end. Redis may be away, so nothing here waits for it. A worker with a block in hand knows that the
 * queue is not empty; one without asks less and less often, and no two at one beat: a thousand share one Redis.
 */
function untilEnd(worker: Worker, client: Redis, hands: ReadonlySet<number>, options: WorkOptions): Promise<Ending> {
  const { signal, drain, stay = false, patience = 60_000, onRedis } = options
  return new Promise((resolve) => {
    let awaySince: number | undefined
    let asking = false
    let pause = askedFirst
    let due = 0
    const ask = (now: number) => {
      if (asking || stay || client.status !== 'ready' || now < due) return
      asking = true
      due = now + pause * (0.5 + Math.random() / 2)
      pause = Math.min(2 * pause, askedAtMost)
      isEmpty(worker, client)
        .then((empty) => empty && end('empty'))
        .catch(() => undefined)
        .finally(() => {
          asking = false
        })
    }
    const tick = () => {
      const isUp = client.status === 'ready'
      const now = performance.now()
      if (isUp !== (awaySince === undefined)) {
        awaySince = isUp ? undefined : now
        onRedis?.(isUp)
      }
      if (signal?.aborted) end('stopped')
      else if (drain?.aborted) end('drained')
      else if (awaySince !== undefined && now - awaySince > patience) end('lost')
      else if (hands.size > 0) pause = askedFirst
      else ask(now)
    }
    const end = (ending: Ending) => {
      clearInterval(timer)
      resolve(ending)
    }
    const timer = setInterval(tick, tickMilliseconds)
    for (const one of [signal, drain]) one?.addEventListener('abort', tick, { once: true })
  })
}

/** Whether no job waits or is worked on by anybody. */
async function isEmpty(worker: Worker, client: Redis): Promise<boolean> {
  const counts = await client
    .multi()
    .llen(worker.toKey('wait'))
    .llen(worker.toKey('active'))
    .llen(worker.toKey('paused'))
    .zcard(worker.toKey('delayed'))
    .zcard(worker.toKey('prioritized'))
    .exec()
  return counts?.every(([error, left]) => error === null && left === 0) ?? false
}

/** Waits for the blocks in hand; where Redis is away, nothing can be handed back, and the parts are there all the same. */
async function close(worker: Worker, client: Redis): Promise<void> {
  const closed = worker.close()
  const gone = new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      if (client.status === 'ready') return
      clearInterval(timer)
      resolve()
    }, tickMilliseconds)
    closed.finally(() => clearInterval(timer)).catch(() => undefined)
  })
  await Promise.race([closed, gone]).catch(() => undefined)
}

function endOf(ending: Ending, { made, kept }: { made: number; kept: number }, options: WorkOptions): GenlossError {
  if (ending === 'lost') return lost(redisUrl(options), new Error('it was away for too long'))
  const value = `stopped after ${made + kept} blocks`
  const hint = 'finished parts are kept; start a worker again to go on'
  return new GenlossError({ code: 'interrupted', path: 'worker', value, rule: 'all blocks', hint })
}

async function failedIn(name: string, options: RedisOptions): Promise<number> {
  return withQueue(name, options, (queue) => queue.getFailedCount())
}
