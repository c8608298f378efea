// @ts-check
// What the queue of a run asks of Redis, measured on a real one: bytes a job, commands a block and a second.
import { setMaxListeners } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { dealt, prepare } from '@genloss/lab'
import { submit, work } from '@genloss/queue'
import { Worker } from 'bullmq'
import { ownParts } from './measure-run.mjs'
import { startRedis } from './redis-server.mjs'
import { simulate } from './simulation.mjs'

/** @import { Redis } from 'ioredis' */

/** A lock that no measurement outlives. */
const long = 3_600_000

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
    const prepared = await prepare(ownParts(jobs))
    const started = performance.now()
    const { queue: name } = await submit(prepared, join(folder, 'run'), { redis: url })
    const submitSeconds = (performance.now() - started) / 1000
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
    return { jobs, submitSeconds, waiting, active, completed }
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
    await submit(await prepare(ownParts(blocks)), run, { redis: url })
    const before = await load(client)
    await Promise.all(Array.from({ length: workers }, () => work(run, { redis: url, threads: 1 })))
    return { blocks, workers, ...perUnit(between(before, await load(client)), blocks) }
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
    const { queue: name } = await submit(await prepare(ownParts(2)), run, { redis: url })
    const holder = new Worker(name, null, { connection: { url }, autorun: false, lockDuration: long })
    const held = [await holder.getNextJob('a'), await holder.getNextJob('b')]
    const alone = await loadOver(client, seconds)
    const empty = await used(client)
    const stop = new AbortController()
    setMaxListeners(workers, stop.signal)
    const working = Array.from({ length: workers }, () => work(run, { redis: url, threads: 1, signal: stop.signal }))
    const ended = Promise.allSettled(working)
    await wait(15_000)
    const asked = await loadOver(client, seconds)
    const clients = Number(/^connected_clients:(\d+)/m.exec(await client.info())?.[1])
    const bytesEach = ((await used(client)) - empty) / workers
    stop.abort()
    await ended
    for (const [i, job] of held.entries()) await job?.moveToCompleted({}, 'ab'[i] ?? '', false)
    await holder.close()
    // Three are this program's own: that of `startRedis` and two of the holder.
    const each = { clientsEach: (clients - 3) / workers, bytesEach }
    return { workers, seconds, ...each, ...perUnit(asked, workers * seconds, alone) }
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
    const alone = await loadOver(client, seconds)
    const stop = new AbortController()
    const working = work(run, { redis: url, threads: 1, signal: stop.signal }).catch(() => undefined)
    await wait(3000)
    const asked = await loadOver(client, seconds)
    const ended = await client.zcard(`bull:${name}:completed`)
    stop.abort()
    await working
    if (ended > 0) throw new Error('the block took less time than was to be measured')
    return { seconds, ...perUnit(asked, seconds, alone) }
  })
}

/**
 * A real run from a queue, costs differing a hundredfold, beside the simulation of it: of the seconds that its blocks took.
 * @param {number} workers
 * @param {number} largest the largest n of its cells
 */
export function realOf(workers, largest) {
  return withRedis(async ({ url }, folder) => {
    const run = join(folder, 'run')
    const prepared = await prepare({
      origin: 'gaussian',
      method: 'draws',
      generations: 100,
      sweep: { n: { from: 1000, to: largest, steps: 40, scale: 'log' }, replicates: [32, 33] },
    })
    await submit(prepared, run, { redis: url })
    /** @type {Map<number, number>} */
    const took = new Map()
    let [first, last] = [Number.POSITIVE_INFINITY, 0]
    const onBlock = (/** @type {{ block: number, milliseconds: number }} */ { block, milliseconds }) => {
      took.set(block, milliseconds / 1000)
      last = performance.now() / 1000
      first = Math.min(first, last - milliseconds / 1000)
    }
    await Promise.all(Array.from({ length: workers }, () => work(run, { redis: url, threads: 1, onBlock })))
    const costs = prepared.plan.blocks.map((_, block) => prepared.costOf(block))
    const order = dealt(costs, { index: 1, count: 1 })
    const seconds = order.map((block) => took.get(block) ?? Number.NaN)
    const foretold = spanOf(seconds, workers)
    return { workers, blocks: order.length, seconds, real: last - first, foretold }
  })
}

/** How long workers take that go through a list in order, each taking the next. @param {readonly number[]} seconds @param {number} workers */
function spanOf(seconds, workers) {
  const cluster = { workers, threads: 1, inHand: 1, start: 0, ask: 0, restart: 0, lock: 30, patience: 60 }
  const blocks = seconds.map((cost) => ({ cost, chains: 1 }))
  return simulate(blocks, { ...cluster, deal: 'queue', inOrder: true }).makespan
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

/** @typedef {{ calls: Map<string, number>, cpu: number }} Load calls of each command, those of scripts too, and seconds of the main thread */

/** What Redis has done so far. @param {Redis} client @returns {Promise<Load>} */
async function load(client) {
  const stats = (await client.info('commandstats')).matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)
  const calls = new Map([...stats].map(([, name = '', count]) => [name, Number(count)]))
  const cpu = await client.info('cpu')
  const [user = 0, system = 0] = ['user', 'sys'].map((kind) =>
    Number(new RegExp(`^used_cpu_${kind}_main_thread:([\\d.]+)`, 'm').exec(cpu)?.[1]),
  )
  return { calls, cpu: user + system }
}

/** @param {Load} before @param {Load} after @returns {Load} */
function between(before, after) {
  const calls = [...after.calls].map(
    ([name, count]) => /** @type {const} */ ([name, count - (before.calls.get(name) ?? 0)]),
  )
  return { calls: new Map(calls), cpu: after.cpu - before.cpu }
}

/** What Redis does within some seconds. @param {Redis} client @param {number} seconds */
async function loadOver(client, seconds) {
  const before = await load(client)
  await wait(seconds * 1000)
  return between(before, await load(client))
}

/**
 * Commands and microseconds of Redis for each unit, beyond what a Redis takes that nobody asks.
 * @param {Load} used
 * @param {number} units
 * @param {Load} [alone]
 */
function perUnit({ calls, cpu }, units, alone) {
  const each = [...calls].filter(([name, count]) => name !== 'info' && count > 0)
  const byName = Object.fromEntries(
    each.map(([name, count]) => [name, count / units]).sort(([, a], [, b]) => Number(b) - Number(a)),
  )
  const commands = each.reduce((sum, [, count]) => sum + count, 0) / units
  return { commands, redisMicroseconds: (1e6 * (cpu - (alone?.cpu ?? 0))) / units, byName }
}
