// `genloss status`: how far the queue of a run is, and why blocks failed.
import type { QueueStatus } from '@genloss/queue'
import type { Command } from 'commander'
import { describe } from '../help.js'
import { type Common, print, printJson } from '../output.js'
import { REDIS_HELP } from '../queueing.js'
import { bytes, count, percent, short } from '../views/numbers.js'

interface Options extends Common {
  redis?: string
}

const MOST_REASONS = 10

export function register(program: Command): void {
  describe(program.command('status'), 'How far the queue of a run is, and why blocks failed.', [
    'genloss status /shared/tails',
    'genloss status /shared/tails --redis redis://head:6379 --json',
  ])
    .argument('<run>', "the run's folder")
    .option('--redis <address>', REDIS_HELP)
    .action(action)
}

async function action(run: string, { redis, json }: Options): Promise<void> {
  const { status } = await import('@genloss/queue')
  const found = await status(run, { redis })
  if (json) printJson(found)
  else print(statusText(found))
}

function statusText(found: QueueStatus): string {
  const { run, queue, blocks, parts, waiting, active, delayed, failed, workers, failures } = found
  const { blocks_per_minute: rate, redis_bytes: held, redis_policy: policy } = found
  const left =
    rate !== null && rate > 0 && parts < blocks ? `, about ${short((blocks - parts) / rate, 2)} min left` : ''
  return [
    `${run}: ${count(parts)} of ${count(blocks)} parts (${percent(parts / blocks)})${left}`,
    `queue  ${queue}: ${count(waiting)} wait, ${count(active)} in hand, ${count(delayed)} to be tried again, ${count(failed)} failed`,
    `works  ${count(workers)} ${workers === 1 ? 'worker' : 'workers'}${rate === null ? '' : `, ${short(rate)} blocks a minute`}`,
    ...(held === null ? [] : [`redis  ${bytes(held)}`]),
    ...(policy === null || policy === 'noeviction'
      ? []
      : [`note   Redis drops keys when it is full (maxmemory-policy ${policy}); a queue needs noeviction`]),
    ...failures
      .slice(0, MOST_REASONS)
      .map(({ block, attempts, reason }) => `failed block ${block} after ${attempts} attempts: ${reason}`),
  ].join('\n')
}
