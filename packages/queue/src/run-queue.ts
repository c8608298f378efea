// The queue of one run: its name stands in the run's folder, so that a folder finds its queue from any machine.

import { randomBytes } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readPlan, sha256 } from '@genloss/lab'
import { GenlossError } from '@genloss/models'
import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { bullmq, connect, lost, type RedisOptions, redisUrl } from './redis.js'

/** What a job asks for. */
export interface BlockJob {
  block: number
}

/** What a job returns. */
export interface BlockReturn {
  block: number
  /** Of the part's file. */
  sha256: string
  bytes: number
}

export type RunJobs = Queue<BlockJob, BlockReturn>

const file = 'queue.json'

/** The name of a job: BullMQ takes no bare numbers, and ignores a second job of the same name. */
export const jobId = (block: number): string => `block-${block}`

/** The name of the queue of a folder. @throws GenlossError `input` where the run was not submitted */
export async function queueName(folder: string): Promise<string> {
  const name = await nameIn(folder)
  if (name !== undefined) return name
  await readPlan(folder)
  const hint = 'genloss submit queue puts it into one'
  throw new GenlossError({ code: 'input', path: folder, value: `no ${file}`, rule: 'a run that was submitted', hint })
}

/** The name of the queue of a folder, made up where it has none; of two processes at once, both get the same. */
export async function madeQueueName(folder: string): Promise<string> {
  const there = await nameIn(folder)
  if (there !== undefined) return there
  const { text } = await readPlan(folder)
  const queue = `genloss-${sha256(text).slice(0, 8)}-${randomBytes(4).toString('hex')}`
  const draft = join(folder, `.${file}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`)
  await writeFile(draft, `${JSON.stringify({ queue })}\n`, { flag: 'wx', flush: true } as { flag: 'wx' })
  await link(draft, join(folder, file)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  await rm(draft)
  return queueName(folder)
}

async function nameIn(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw error
  })
  if (text === undefined) return undefined
  const { queue } = JSON.parse(text) as { queue: string }
  return queue
}

/** Opens the queue of a run for the time of `use`. @throws GenlossError `io` where Redis is lost */
export async function withQueue<T>(
  name: string,
  options: RedisOptions,
  use: (queue: RunJobs, client: Redis) => Promise<T>,
): Promise<T> {
  const { Queue } = await bullmq()
  const client = await connect(options, false)
  const queue: RunJobs = new Queue(name, { connection: client, skipMetasUpdate: false })
  queue.on('error', () => undefined)
  try {
    return await use(queue, client)
  } catch (error) {
    throw isLost(error) ? lost(redisUrl(options), error) : error
  } finally {
    await queue.close().catch(() => undefined)
    client.disconnect()
  }
}

function isLost(error: unknown): boolean {
  const { name, message } = error as Error
  return name === 'MaxRetriesPerRequestError' || /Connection is closed|ECONNREFUSED|ECONNRESET/.test(message)
}
