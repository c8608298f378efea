// `genloss cancel`: no more blocks of a run are begun; what is made stays, and the same submission goes on.
import type { Command } from 'commander'
import { describe } from '../help.js'
import { type Common, print, printJson } from '../output.js'
import { REDIS_HELP } from '../queueing.js'
import { count } from '../views/numbers.js'

interface Options extends Common {
  redis?: string
}

export function register(program: Command): void {
  describe(
    program.command('cancel'),
    'Take the waiting blocks of a run out of its queue. Blocks in hand are finished, parts stay, and the same submission goes on from there.',
    ['genloss cancel /shared/tails'],
  )
    .argument('<run>', "the run's folder")
    .option('--redis <address>', REDIS_HELP)
    .action(action)
}

async function action(run: string, { redis, json }: Options): Promise<void> {
  const { cancel } = await import('@genloss/queue')
  const done = await cancel(run, { redis })
  if (json) printJson(done)
  else
    print(
      `${count(done.removed)} blocks taken out of the queue ${done.queue}; ${count(done.active)} in hand are finished`,
    )
}
