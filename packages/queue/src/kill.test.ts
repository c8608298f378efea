// Workers that are killed, and a Redis that is restarted or lost, leave nothing out and make nothing twice.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { prepare, runPrepared } from '@genloss/lab'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { partHashes, partNames } from '../../lab/src/test/part-hashes.js'
import { compareReturned, status, submit, work } from './index.js'
import { RedisServer, withoutRedis } from './test/redis-server.js'

/** 120 parts: cells that follow each other differ in replicates. A part takes some tens of milliseconds. */
const sweep = {
  origin: 'gaussian',
  method: 'draws',
  generations: 200,
  seed: 7,
  sweep: {
    n: { from: 1000, to: 3000, steps: 20, scale: 'linear' },
    replicates: [20, 40, 21, 41, 22, 42],
  },
}
const all = 120
const program = fileURLToPath(new URL('../../genloss/bin/genloss.js', import.meta.url))

/** The exit code of a program, or the signal that ended it. */
async function ended(child: ChildProcess): Promise<number | string | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close')
  return child.exitCode ?? child.signalCode
}

describe.skipIf(withoutRedis)(`workers and a Redis that die${withoutRedis ? ` (${withoutRedis})` : ''}`, () => {
  let folder: string
  let server: RedisServer
  let whole: Record<string, string>
  const place = (name: string) => join(folder, name)

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'genloss-queue-kill-'))
    server = await RedisServer.start(folder)
    await runPrepared(await prepare(sweep), { out: place('whole') })
    whole = parts('whole')
  })
  afterAll(async () => {
    await server.kill()
    await rm(folder, { recursive: true })
  })

  const parts = (name: string) => partHashes(place(name))
  const written = (name: string) => partNames(place(name)).length

  function worker(name: string): ChildProcess {
    const words = ['worker', place(name), '--redis', server.url, '--threads', '1', '--lock', '1', '--quiet']
    return spawn(process.execPath, [program, ...words], { stdio: 'ignore' })
  }

  it('have the bytes of an undisturbed run: three workers, one killed again and again, Redis killed once', async () => {
    const prepared = await prepare(sweep)
    expect(await submit(prepared, place('killed'), { redis: server.url })).toMatchObject({ blocks: all, added: all })
    const workers = [worker('killed'), worker('killed'), worker('killed')]
    const signals: unknown[] = []
    for (const [kill, at] of [6, 16, 26, 36, 46, 56].entries()) {
      while (written('killed') < at) await wait(10)
      const victim = kill % 3
      workers[victim]!.kill('SIGKILL')
      signals.push(await ended(workers[victim]!))
      workers[victim] = worker('killed')
      if (kill === 2) {
        await server.kill()
        await wait(300)
        await server.start()
      }
    }
    expect(signals).toEqual(signals.map(() => 'SIGKILL'))
    expect(written('killed')).toBeLessThan(all)
    const ends = await Promise.all(workers.map(ended))
    expect(ends).toEqual([0, 0, 0])
    expect(parts('killed')).toEqual(whole)
    expect(await status(place('killed'), { redis: server.url })).toMatchObject({
      parts: all,
      waiting: 0,
      active: 0,
      completed: all,
      failed: 0,
    })
    expect(await compareReturned(place('killed'), true, { redis: server.url })).toMatchObject({
      compared: all,
      differing: [],
    })
  })

  it('say so where Redis stays away, and a rerun goes on', async () => {
    const prepared = await prepare(sweep)
    const redis = server.url
    await submit(prepared, place('lost'), { redis })
    const seen: boolean[] = []
    let made = 0
    const onBlock = () => {
      if (++made === 10) void server.kill()
    }
    const onRedis = (isUp: boolean) => seen.push(isUp)
    const lost = work(place('lost'), { redis, threads: 1, patience: 500, lock: 1000, onBlock, onRedis })
    await expect(lost).rejects.toMatchObject({
      code: 'io',
      path: 'redis',
      hint: 'is redis-server running there? finished parts are kept; the same command again goes on',
    })
    expect(seen).toEqual([false])
    const before = written('lost')
    expect(before).toBeGreaterThanOrEqual(10)
    expect(before).toBeLessThan(all)
    await server.start()
    expect(await submit(prepared, place('lost'), { redis })).toMatchObject({ kept: before })
    await work(place('lost'), { redis, lock: 1000 })
    expect(parts('lost')).toEqual(whole)
    expect(await status(place('lost'), { redis })).toMatchObject({ parts: all, waiting: 0, active: 0, failed: 0 })
  })
})
