import { mkdir, mkdtemp, readdir, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { partName, prepare, runPrepared } from '@genloss/lab'
import { Queue, QueueEvents } from 'bullmq'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { partHashes } from '../../lab/src/test/part-hashes.js'
import {
  cancel,
  compareReturned,
  queueName,
  redisUrl,
  shownUrl,
  status,
  submit,
  type WorkedBlock,
  work,
} from './index.js'
import { RedisServer, withoutRedis } from './test/redis-server.js'

/** Six blocks: cells that differ in replicates share none. */
const experiment = {
  origin: 'gaussian',
  n: 10,
  generations: 12,
  seed: 7,
  sweep: { replicates: [30, 31, 32, 33, 34, 35] },
}

describe('the address of Redis', () => {
  it.each([
    [{ redis: 'rediss://user:secret@host:6380/2' }, {}, 'rediss://user:secret@host:6380/2'],
    [{}, { GENLOSS_REDIS: 'redis://host' }, 'redis://host'],
    [{}, {}, 'redis://127.0.0.1:6379'],
  ])('%j in %j is %s', (options, environment, url) => expect(redisUrl(options, environment)).toBe(url))
  it.each(['host:6379', 'http://host', ''])('is not %s', (redis) => {
    expect(() => redisUrl({ redis })).toThrow(expect.objectContaining({ code: 'usage', path: 'redis' }))
  })
  it('is shown without its password', () => {
    expect(shownUrl('redis://user:secret@host:6380/2')).toBe('redis://user:***@host:6380/2')
  })
})

describe.skipIf(withoutRedis)(`a queue on Redis${withoutRedis ? ` (${withoutRedis})` : ''}`, () => {
  let folder: string
  let server: RedisServer
  let redis: string
  let whole: Record<string, string>
  const place = (name: string) => join(folder, name)

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'genloss-queue-'))
    server = await RedisServer.start(folder)
    redis = server.url
    await runPrepared(await prepare(experiment), { out: place('whole') })
    whole = partHashes(place('whole'))
  })
  afterAll(async () => {
    await server.kill()
    await rm(folder, { recursive: true })
  })

  it('gives the bytes of the whole run, each block once, and says how far it is', async () => {
    const out = place('all')
    const prepared = await prepare(experiment)
    const submitted = await submit(prepared, out, { redis })
    expect(submitted).toMatchObject({ run: out, plan: prepared.hash, blocks: 6, kept: 0, added: 6, waiting: 0 })
    expect(await submit(prepared, out, { redis })).toMatchObject({ queue: submitted.queue, added: 0, waiting: 6 })
    expect(await status(out, { redis })).toMatchObject({ blocks: 6, parts: 0, waiting: 6, completed: 0, workers: 0 })
    const blocks: WorkedBlock[] = []
    const onBlock = (block: WorkedBlock) => blocks.push(block)
    const workers = await Promise.all([work(out, { redis, onBlock }), work(out, { redis, onBlock })])
    expect(workers.reduce((sum, { made }) => sum + made, 0)).toBe(6)
    expect(blocks.map(({ block }) => block).sort()).toEqual([0, 1, 2, 3, 4, 5])
    expect(partHashes(out)).toEqual(whole)
    expect(await status(out, { redis })).toMatchObject({ parts: 6, waiting: 0, active: 0, completed: 6, failed: 0 })
    expect(await submit(prepared, out, { redis })).toMatchObject({ kept: 6, added: 0, waiting: 0 })

    // What Redis holds of a job: the block's number, and the hash and length of its part.
    const client = new Redis(redis)
    const queue = new Queue(submitted.queue, { connection: client })
    const [job] = await queue.getCompleted()
    expect(Object.keys(job!.data)).toEqual(['block'])
    expect(job!.returnvalue).toMatchObject({ block: job!.data.block, sha256: whole[partName(job!.data.block)] })
    await queue.close()
    client.disconnect()

    await truncate(join(out, 'parts', partName(3)), 100)
    expect((await compareReturned(out, true, { redis })).differing).toMatchObject([{ block: 3 }])
    expect(await submit(prepared, out, { redis })).toMatchObject({ kept: 5, added: 1 })
    await work(out, { redis })
    expect(await compareReturned(out, true, { redis })).toMatchObject({ compared: 6, differing: [] })
    expect(partHashes(out)).toEqual(whole)
    expect(await status(out, { redis })).toMatchObject({ completed: 0, parts: 6 })
  })

  it('is emptied by cancel, keeps parts, and goes on', async () => {
    const out = place('cancelled')
    const prepared = await prepare(experiment)
    await submit(prepared, out, { redis })
    const drain = new AbortController()
    const stopped = work(out, { redis, concurrency: 1, drain: drain.signal, onBlock: () => drain.abort() })
    await expect(stopped).rejects.toMatchObject({ code: 'interrupted', value: 'stopped after 1 blocks' })
    expect(await cancel(out, { redis })).toMatchObject({ removed: 5, active: 0 })
    expect(await work(out, { redis })).toMatchObject({ made: 0, kept: 0 })
    expect(Object.keys(partHashes(out))).toHaveLength(1)
    expect(await submit(prepared, out, { redis })).toMatchObject({ kept: 1, added: 5 })
    expect(await work(out, { redis })).toMatchObject({ made: 5, failed: 0 })
    expect(partHashes(out)).toEqual(whole)
  })

  it('tries a block again a few times, keeps the reason, and a later submission goes on', async () => {
    const out = place('failing')
    const prepared = await prepare(experiment)
    await submit(prepared, out, { redis, attempts: 2 })
    // A folder in the place of a part: it can't be written.
    await mkdir(join(out, 'parts', partName(3), 'in the way'), { recursive: true })
    const reasons: unknown[] = []
    const onBlock = ({ block, reason }: WorkedBlock) => reason !== undefined && reasons.push([block, reason])
    expect(await work(out, { redis, onBlock })).toMatchObject({ made: 5, failures: 2, failed: 1 })
    const { failed, failures } = await status(out, { redis })
    expect([failed, failures]).toMatchObject([
      1,
      [{ block: 3, attempts: 2, reason: expect.stringMatching(partName(3)) }],
    ])
    expect(reasons).toEqual([1, 2].map(() => [3, failures[0]!.reason]))
    await rm(join(out, 'parts', partName(3)), { recursive: true })
    expect(await submit(prepared, out, { redis })).toMatchObject({ kept: 5, added: 1 })
    await work(out, { redis })
    expect(partHashes(out)).toEqual(whole)
  })

  it('does not lose a block that takes longer than its lock', async () => {
    const out = place('long')
    const long = { origin: 'gaussian', n: 20_000, method: 'draws', generations: 400, replicates: 200 }
    const prepared = await prepare(long)
    await submit(prepared, out, { redis })
    const blocks: WorkedBlock[] = []
    const name = await queueName(out)
    const client = new Redis(redis, { maxRetriesPerRequest: null })
    let stalls = 0
    const events = new QueueEvents(name, { connection: client })
    events.on('stalled', () => {
      stalls++
    })
    await events.waitUntilReady()
    const onBlock = (block: WorkedBlock) => blocks.push(block)
    await Promise.all([1, 2].map(() => work(out, { redis, lock: 300, threads: 1, onBlock })))
    expect(blocks.map(({ block }) => block).sort()).toEqual(prepared.plan.blocks.map((_, block) => block))
    expect(Math.max(...blocks.map(({ milliseconds }) => milliseconds))).toBeGreaterThan(600)
    expect(stalls).toBe(0)
    await events.close()
    client.disconnect()
  })

  it('is asked nothing by a worker that computes, and by a waiting one less and less often', async () => {
    const out = place('quiet')
    const prepared = await prepare({
      origin: 'gaussian',
      n: 20_000,
      method: 'draws',
      generations: 400,
      replicates: 128,
    })
    expect(prepared.plan.blocks).toHaveLength(1)
    await submit(prepared, out, { redis })
    const client = new Redis(redis)
    await client.config('RESETSTAT')
    const started = performance.now()
    // The second finds the queue without a job and waits for the first.
    const works = () => work(out, { redis, threads: 1, concurrency: 1 })
    const workers = await Promise.all([works(), works()])
    const seconds = (performance.now() - started) / 1000
    expect(workers.map(({ made }) => made).sort()).toEqual([0, 1])
    const questions = Number(/^cmdstat_multi:calls=(\d+)/m.exec(await client.info('commandstats'))?.[1] ?? 0)
    // Pauses are at least 125, 250, 500 ms ... and 2.5 s; two are asked before a block is in hand, and one each at the end.
    expect(questions).toBeLessThanOrEqual(4 + Math.ceil(Math.log2(1 + 8 * seconds)) + seconds / 2.5)
    client.disconnect()
  })

  it('refuses a folder that was not submitted, and one that another build planned', async () => {
    await expect(work(place('whole'), { redis })).rejects.toMatchObject({ code: 'input', value: 'no queue.json' })
    await expect(status(folder, { redis })).rejects.toMatchObject({ code: 'input', value: 'no plan.json' })
  })

  it('says where Redis is not', async () => {
    const prepared = await prepare(experiment)
    const nowhere = { redis: 'redis://user:secret@127.0.0.1:1' }
    const refusal = {
      code: 'io',
      path: 'redis',
      value: expect.stringMatching(/^redis:\/\/user:\*\*\*@127.0.0.1:1: .*ECONNREFUSED/),
    }
    await expect(submit(prepared, place('nowhere'), nowhere)).rejects.toMatchObject(refusal)
    expect(await readdir(folder)).not.toContain('nowhere')
    await expect(status(place('all'), nowhere)).rejects.toMatchObject(refusal)
    await expect(work(place('all'), nowhere)).rejects.toMatchObject(refusal)
  })
})
