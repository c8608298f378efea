// The connection to Redis, and the two libraries that are loaded only where a queue is used.

import { setTimeout as wait } from 'node:timers/promises'
import { GenlossError } from '@genloss/models'
import type { Redis } from 'ioredis'

export interface RedisOptions {
  /** redis:// or rediss:// with host, port, user, password, number; default GENLOSS_REDIS, else this machine's. */
  redis?: string | undefined
}

const local = 'redis://127.0.0.1:6379'
const connectMilliseconds = 5000
/** A Redis that is being restarted is there again within this time, in most cases. */
const restartMilliseconds = 5000

/** BullMQ. @throws GenlossError `usage` where it is not installed */
export function bullmq(): Promise<typeof import('bullmq')> {
  return installed('bullmq', () => import('bullmq'))
}

async function installed<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    const value = code === 'ERR_MODULE_NOT_FOUND' ? 'not installed' : message
    const hint = 'a queue needs two more packages: npm install bullmq ioredis'
    throw new GenlossError({ code: 'usage', path: name, value, rule: 'an installed package', hint }, { cause })
  }
}

/** The address of Redis. @throws GenlossError `usage` */
export function redisUrl({ redis }: RedisOptions, environment: NodeJS.ProcessEnv = process.env): string {
  const text = redis ?? environment.GENLOSS_REDIS ?? local
  if (URL.canParse(text) && /^rediss?:$/.test(new URL(text).protocol)) return text
  const hint = `such as ${local}, by --redis or GENLOSS_REDIS`
  throw new GenlossError({ code: 'usage', path: 'redis', value: text, rule: 'a redis:// or rediss:// address', hint })
}

/** An address without its password. */
export function shownUrl(text: string): string {
  const url = new URL(text)
  if (url.password) url.password = '***'
  return url.href.replace(/\/$/, '')
}

/**
 * Connects to Redis.
 *
 * @param waits whether commands wait while Redis is away, as a worker's do; else they fail after a few tries
 * @throws GenlossError `io` where Redis does not answer
 */
export async function connect(options: RedisOptions, waits: boolean): Promise<Redis> {
  const url = redisUrl(options)
  const { Redis } = await installed('ioredis', () => import('ioredis'))
  const started = performance.now()
  let isUp = false
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: connectMilliseconds,
    maxRetriesPerRequest: waits ? null : 2,
    retryStrategy: (times) => (isUp && (waits || times <= 3) ? Math.min(100 * times, 2000) : null),
  })
  let reason: Error | undefined
  client.on('error', (error) => {
    reason = error
  })
  for (;;) {
    try {
      await client.connect()
      await client.ping()
      isUp = true
      return client
    } catch (cause) {
      const again = waits && performance.now() - started < restartMilliseconds
      if (!again) {
        client.disconnect()
        throw lost(url, reason ?? cause)
      }
      await wait(200)
    }
  }
}

/** What a Redis that does not answer ends with. */
export function lost(url: string, cause: unknown): GenlossError {
  const { message } = cause as Error
  const hint = 'is redis-server running there? finished parts are kept; the same command again goes on'
  const value = `${shownUrl(url)}: ${message}`
  return new GenlossError({ code: 'io', path: 'redis', value, rule: 'a Redis that answers', hint }, { cause })
}
