// What the queue of a run holds, how to empty it, and how its answers are held against the parts.

import { join } from 'node:path'
import { fileHash, partName, partsThere, readPlan, sha256 } from '@genloss/lab'
import type { RedisOptions } from './redis.js'
import { queueName, withQueue } from './run-queue.js'
import { jobsOf } from './submit.js'

/** How far the queue of a run is. */
export interface QueueStatus {
  run: string
  /** The plan's hash. */
  plan: string
  queue: string
  /** Blocks of the plan. */
  blocks: number
  /** Parts in the folder. */
  parts: number
  /** Jobs that wait, that are worked on, that wait for another attempt, that are done, that failed for good. */
  waiting: number
  active: number
  delayed: number
  completed: number
  failed: number
  workers: number
  /** Blocks a minute, from those that were done last; null where fewer than two are. */
  blocks_per_minute: number | null
  /** Bytes that Redis holds in all, and the policy when they are too many; a queue needs `noeviction`. */
  redis_bytes: number | null
  redis_policy: string | null
  /** Blocks that failed for good, the first hundred, and why. */
  failures: { block: number; attempts: number; reason: string }[]
}

const mostFailures = 100
const lastOnes = 100

/** How far the queue of a run is. @throws GenlossError `input`, `io` */
export async function status(folder: string, options: RedisOptions = {}): Promise<QueueStatus> {
  const name = await queueName(folder)
  const { plan, text } = await readPlan(folder)
  const parts = (await partsThere(folder, plan.blocks.length)).length
  return withQueue(name, options, async (queue, client) => {
    const counts = await queue.getJobCounts('wait', 'prioritized', 'active', 'delayed', 'completed', 'failed')
    const failed = await queue.getFailed(0, mostFailures - 1)
    const info = await client.info()
    return {
      run: folder,
      plan: sha256(text),
      queue: name,
      blocks: plan.blocks.length,
      parts,
      waiting: (counts.wait ?? 0) + (counts.prioritized ?? 0),
      active: counts.active ?? 0,
      delayed: counts.delayed ?? 0,
      completed: counts.completed ?? 0,
      failed: counts.failed ?? 0,
      workers: await queue.getWorkersCount(),
      blocks_per_minute: rateOf((await queue.getCompleted(0, lastOnes - 1)).map(({ finishedOn }) => finishedOn ?? 0)),
      redis_bytes: Number(/^used_memory:(\d+)/m.exec(info)?.[1] ?? Number.NaN) || null,
      redis_policy: /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? null,
      failures: failed.map(({ data, attemptsMade, failedReason }) => ({
        block: data.block,
        attempts: attemptsMade,
        reason: failedReason,
      })),
    }
  })
}

function rateOf(times: readonly number[]): number | null {
  const minutes = (Math.max(...times) - Math.min(...times)) / 60_000
  return times.length > 1 && minutes > 0 ? (times.length - 1) / minutes : null
}

/** What `cancel` did. */
export interface Cancelled {
  run: string
  queue: string
  /** Jobs taken out of the queue. */
  removed: number
  /** Blocks in the hands of workers: they are finished and kept. */
  active: number
}

/** Takes all waiting jobs out of the queue of a run; parts stay. @throws GenlossError `input`, `io` */
export async function cancel(folder: string, options: RedisOptions = {}): Promise<Cancelled> {
  const name = await queueName(folder)
  return withQueue(name, options, async (queue) => {
    const removed = await queue.getJobCountByTypes('wait', 'prioritized', 'delayed')
    await queue.drain(true)
    return { run: folder, queue: name, removed, active: await queue.getActiveCount() }
  })
}

/** Parts whose bytes are not those that a worker returned. */
export interface Returned {
  queue: string
  /** Answers that were held against their part. */
  compared: number
  differing: { block: number; part: string; fault: string }[]
}

/**
 * Holds what the workers returned against the parts in the folder; with `done` the queue is then deleted from Redis, if
 * nothing differs.
 *
 * @throws GenlossError `input`, `io`
 */
export async function compareReturned(folder: string, done: boolean, options: RedisOptions = {}): Promise<Returned> {
  const name = await queueName(folder)
  return withQueue(name, options, async (queue) => {
    const result: Returned = { queue: name, compared: 0, differing: [] }
    for await (const { data, returnvalue } of jobsOf(queue, 'completed')) {
      const part = join(folder, 'parts', partName(data.block))
      const found = await fileHash(part).catch(() => 'missing')
      result.compared++
      if (found !== returnvalue.sha256) {
        result.differing.push({
          block: data.block,
          part,
          fault: `${found}, and a worker returned ${returnvalue.sha256}`,
        })
      }
    }
    if (done && result.differing.length === 0) await queue.obliterate({ force: true })
    return result
  })
}
