// Puts the missing blocks of a run into its queue, most costly first.

import { BlockMaker, blocksOfShard, type Prepared, partsThere } from '@genloss/lab'
import type { RedisOptions } from './redis.js'
import { jobId, madeQueueName, type RunJobs, withQueue } from './run-queue.js'

export interface SubmitOptions extends RedisOptions {
  /** How often a block is tried; default 3. A block of wrong settings or data is tried once. */
  attempts?: number
  onProgress?: (progress: { done: number; total: number }) => void
}

/** What was submitted. */
export interface Submitted {
  /** The folder. */
  run: string
  /** The plan's hash. */
  plan: string
  queue: string
  /** Blocks of the plan. */
  blocks: number
  /** Blocks whose parts are there. */
  kept: number
  /** Jobs that were put into the queue. */
  added: number
  /** Missing blocks that were in the queue already. */
  waiting: number
}

const batch = 1000
const retryMilliseconds = 1000

/**
 * Starts the folder of a run, or goes on with it, and puts its missing blocks into the queue. A block is never in the
 * queue twice; one that failed, or whose part was lost, is put in again.
 *
 * @throws GenlossError as `runPrepared`; `io` where Redis does not answer
 */
export async function submit(prepared: Prepared, out: string, options: SubmitOptions = {}): Promise<Submitted> {
  const { attempts = 3 } = options
  const all = prepared.plan.blocks.length
  // Redis is asked first: without it nothing is written.
  return withQueue('genloss', options, async (_, client) => {
    await client.ping()
    const maker = await BlockMaker.open(prepared, out)
    const name = await madeQueueName(maker.folder.path)
    const missing: number[] = []
    const there = new Set(await partsThere(maker.folder.path, all))
    for (const block of blocksOfShard(prepared, { index: 1, count: 1 })) {
      if (!there.has(block) || !(await maker.has(block))) missing.push(block)
    }
    const counts = await withQueue(name, options, async (queue) => {
      const open = await dropEnded(queue, new Set(missing))
      const wanted = missing.filter((block) => !open.has(block))
      for (let from = 0; from < wanted.length; from += batch) {
        const blocks = wanted.slice(from, from + batch)
        const opts = { attempts, backoff: { type: 'exponential', delay: retryMilliseconds } }
        await queue.addBulk(
          blocks.map((block) => ({ name: 'block', data: { block }, opts: { ...opts, jobId: jobId(block) } })),
        )
        options.onProgress?.({ done: from + blocks.length, total: wanted.length })
      }
      return { added: wanted.length, waiting: open.size }
    })
    await maker.folder.log({ event: 'submit', queue: name, ...counts })
    return {
      run: maker.folder.path,
      plan: prepared.hash,
      queue: name,
      blocks: all,
      kept: all - missing.length,
      ...counts,
    }
  })
}

/** Takes ended jobs of blocks that are missing out of the queue. @returns the missing blocks that wait or are worked on */
async function dropEnded(queue: RunJobs, missing: ReadonlySet<number>): Promise<Set<number>> {
  const open = new Set<number>()
  for (const state of ['wait', 'delayed', 'active', 'prioritized'] as const) {
    for await (const { data } of jobsOf(queue, state)) if (missing.has(data.block)) open.add(data.block)
  }
  for (const state of ['failed', 'completed'] as const) {
    // Removed after they are listed: pages would shift.
    const ended: string[] = []
    for await (const { id, data } of jobsOf(queue, state)) if (missing.has(data.block)) ended.push(id!)
    for (const id of ended) await queue.remove(id)
  }
  return open
}

/** All jobs of a state, in pages. */
export async function* jobsOf(
  queue: RunJobs,
  state: 'wait' | 'delayed' | 'active' | 'prioritized' | 'failed' | 'completed',
): AsyncGenerator<Awaited<ReturnType<RunJobs['getJobs']>>[number]> {
  for (let from = 0; ; from += batch) {
    const jobs = await queue.getJobs([state], from, from + batch - 1)
    yield* jobs.filter((job) => job !== undefined)
    if (jobs.length < batch) return
  }
}
