// @ts-check
// A Redis of a measurement's own: on a free port, with an append-only file in a folder of its own.
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { Redis } from 'ioredis'

/**
 * Starts a redis-server that writes its append-only file once a second.
 * @param {string} folder where the file goes
 * @returns {Promise<{ url: string, client: Redis, stop: () => Promise<void> }>}
 * @throws {Error} where redis-server is not installed
 */
export async function startRedis(folder) {
  const port = await freePort()
  const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder]
  const child = spawn('redis-server', [...options, '--appendonly', 'yes', '--save', ''], { stdio: 'ignore' })
  const failed = new Promise((_, reject) => child.once('error', reject))
  const url = `redis://127.0.0.1:${port}`
  const client = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: null })
  client.on('error', () => undefined)
  const stop = async () => {
    client.disconnect()
    const closed = new Promise((resolve) => child.once('close', resolve))
    if (child.kill()) await closed
  }
  try {
    await Promise.race([client.ping(), failed])
  } catch (error) {
    client.disconnect()
    throw error
  }
  return { url, client, stop }
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
