// @ts-check
// What the queue of a run asks of Redis, measured on a real one: bytes a job, commands a block and a second.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { prepare } from '@genloss/lab'
import { submit, work } from '@genloss/queue'
import { Queue, Worker } from 'bullmq'
import { startRedis } from './redis-server.mjs'

/** @import { Redis } from 'ioredis' */

/** A lock that no measurement outlives. */
const long = 3_600_000

/** Cells that follow each other differ in replicates: each is a block of its own, and a tiny one. */
const tiny = (/** @type {number} */ blocks) => ({
  origin: 'gaussian',
  generations: 1,
  method: 'exact',
  columns: ['mean'],
  events: false,
  sweep: { n: Array.from({ length: blocks / 2 }, (_, i) => 10 + i), replicates: [1, 2] },
})

/**
 * Runs `use` with a Redis and a folder of its own.
 * @template T
 * @param {(redis: { url: string, client: Redis }, folder: string) => Promise<T>} use
 * @returns {Promise<T>}
 */
async function withRedis(use) {
  const folder = await mkdtemp(join(tmpdir(), 'genloss-scale-'))
  const server = await startRedis(folder)
  try {
    return await use(server, folder)
  } finally {
    await server.stop()
    await rm(folder, { recursive: true })
  }
}

/**
 * Bytes of Redis a job in each state: of its keys by MEMORY USAGE, and of the whole server.
 * @param {number} jobs
 */
export function memoryOf(jobs) {
  return withRedis(async ({ url, client }, folder) => {
    const empty = await used(client)
    const { queue: name } = await submit(await prepare(tiny(jobs)), join(folder, 'run'), { redis: url })
    const perJob = async () => ({
      keys: (await keyBytes(client)) / jobs,
      server: ((await used(client)) - empty) / jobs,
    })
    const waiting = await perJob()
    const worker = new Worker(name, null, { connection: { url }, autorun: false, lockDuration: long })
    const taken = []
    for (let i = 0; i < jobs; i++) {
      const token = `${'0'.repeat(36)}:${i}`
      taken.push({ token, job: await worker.getNextJob(token) })
    }
    const active = await perJob()
    const sha256 = 'f'.repeat(64)
    for (const { token, job } of taken) {
      await job?.moveToCompleted({ block: job.data.block, sha256, bytes: 33_000_000 }, token, false)
    }
    const completed = await perJob()
    await worker.close()
    return { jobs, waiting, active, completed }
  })
}

/**
 * Commands and processor time of Redis for each block that workers make.
 * @param {number} blocks
 * @param {number} workers
 */
export function commandsOf(blocks, workers) {
  return withRedis(async ({ url, client }, folder) => {
    const run = join(folder, 'run')
    await submit(await prepare(tiny(blocks)), run, { redis: url })
    const before = await load(client)
    const started = performance.now()
    await Promise.all(Array.from({ length: workers }, () => work(run, { redis: url, threads: 1 })))
    const seconds = (performance.now() - started) / 1000
    const after = await load(client)
    return { blocks, workers, seconds, ...perUnit(before, after, blocks) }
  })
}

/**
 * Commands a second of workers that have nothing to do while another holds the last block.
 * @param {number} workers
 * @param {number} seconds
 */
export function idleOf(workers, seconds) {
  return withRedis(async ({ url, client }, folder) => {
    const run = join(folder, 'run')
    const { queue: name } = await submit(await prepare(tiny(2)), run, { redis: url })
    const holder = new Worker(name, null, { connection: { url }, autorun: false, lockDuration: long })
    const held = [await holder.getNextJob('a'), await holder.getNextJob('b')]
    const stop = new AbortController()
    const working = Array.from({ length: workers }, () => work(run, { redis: url, threads: 1, signal: stop.signal }))
    const ended = Promise.allSettled(working)
    await wait(15_000)
    const before = await load(client)
    await wait(seconds * 1000)
    const after = await load(client)
    const clients = Number(/^connected_clients:(\d+)/m.exec(await client.info())?.[1])
    const started = performance.now()
    stop.abort()
    await ended
    const closing = performance.now() - started
    for (const [i, job] of held.entries()) await job?.moveToCompleted({}, 'ab'[i] ?? '', false)
    await holder.close()
    const clientsEach = (clients - 3) / workers
    return { workers, seconds, closing, clientsEach, ...perUnit(before, after, workers * seconds) }
  })
}

/**
 * Commands a second of a worker that computes: blocks that take longer than a lock is renewed.
 * @param {number} seconds
 */
export function busyOf(seconds) {
  return withRedis(async ({ url, client }, folder) => {
    const run = join(folder, 'run')
    const costly = { origin: 'poisson:mean=1000', method: 'draws', n: 100_000, generations: 2000, replicates: 64 }
    const prepared = await prepare(costly)
    const { queue: name } = await submit(prepared, run, { redis: url })
    const stop = new AbortController()
    const working = work(run, { redis: url, threads: 1, signal: stop.signal }).catch(() => undefined)
    await wait(3000)
    const before = await load(client)
    await wait(seconds * 1000)
    const after = await load(client)
    stop.abort()
    await working
    const queue = new Queue(name, { connection: { url } })
    const completed = await queue.getCompletedCount()
    await queue.close()
    return { blocks: prepared.plan.blocks.length, seconds, completed, ...perUnit(before, after, seconds) }
  })
}

/** @param {Redis} client */
async function used(client) {
  return Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1])
}

/** @param {Redis} client */
async function keyBytes(client) {
  let sum = 0
  for await (const keys of client.scanStream({ count: 1000 })) {
    const pipeline = client.pipeline()
    for (const key of keys) pipeline.memory('USAGE', key, 'SAMPLES', 0)
    for (const [, bytes] of (await pipeline.exec()) ?? []) sum += Number(bytes)
  }
  return sum
}

/**
 * What Redis has done so far: calls of each command, those within scripts too, and seconds of its main thread.
 * @param {Redis} client
 */
async function load(client) {
  const calls = new Map()
  for (const [, name, count] of (await client.info('commandstats')).matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)) {
    calls.set(name, Number(count))
  }
  const cpu = await client.info('cpu')
  const [user, system] = ['user', 'sys'].map((kind) =>
    Number(new RegExp(`^used_cpu_${kind}_main_thread:([\\d.]+)`, 'm').exec(cpu)?.[1]),
  )
  return {
    calls,
    cpu: (user ?? 0) + (system ?? 0),
    received: Number(/^total_commands_processed:(\d+)/m.exec(await client.info('stats'))?.[1]),
  }
}

/**
 * @param {Awaited<ReturnType<typeof load>>} before
 * @param {Awaited<ReturnType<typeof load>>} after
 * @param {number} units
 */
function perUnit(before, after, units) {
  const commands = Object.fromEntries(
    [...after.calls]
      .filter(([name]) => name !== 'info')
      .map(([name, count]) => /** @type {const} */ ([name, (count - (before.calls.get(name) ?? 0)) / units]))
      .filter(([, count]) => count > 0.001)
      .sort(([, a], [, b]) => b - a),
  )
  const all = Object.values(commands).reduce((sum, count) => sum + count, 0)
  return { commands: all, redisMicroseconds: (1e6 * (after.cpu - before.cpu)) / units, byName: commands }
}
