// `genloss worker`: blocks from the queue of a run, made into the run's folder until none is left.
import { resolve } from 'node:path'
import type { Worked, WorkedBlock } from '@genloss/queue'
import type { Command } from 'commander'
import { whole } from '../flags.js'
import { describe } from '../help.js'
import { type Common, note, print, printJson } from '../output.js'
import { progressLine } from '../progress.js'
import { REDIS_HELP } from '../queueing.js'
import { interruption } from '../signals.js'
import { count } from '../views/numbers.js'
import { shellWord } from '../views/shell.js'

interface Options extends Common {
  redis?: string
  threads?: number
  stay?: boolean
  lock?: number
  patience?: number
  allowCode?: true
}

export function register(program: Command): void {
  describe(
    program.command('worker'),
    'Work on the queue of a run until no block is left, also none in the hands of others. TERM and USR1 let the blocks in hand finish (code 75); a worker that dies loses its block to another.',
    ['genloss worker /shared/tails', 'genloss worker /shared/tails --redis redis://head:6379 --threads 8 --stay'],
  )
    .argument('<run>', "the run's folder, on a file system that all workers share")
    .option('--redis <address>', REDIS_HELP)
    .option('--threads <number>', 'threads; default all that this process may use', whole(1))
    .option('--stay', 'wait for more when no block is left')
    .option('--lock <seconds>', 'a worker silent for so long has lost its block; default 30', whole(1))
    .option('--patience <seconds>', 'how long Redis may be away before the worker ends; default 60', whole(1))
    .option('--allow-code', 'run SQL and modules that the experiment names')
    .action(action)
}

async function action(run: string, options: Options): Promise<void> {
  const { redis, threads, stay = false, lock = 30, patience = 60, allowCode = false, json, quiet } = options
  const stop = interruption({ drains: true })
  const [{ readPlan, startedIn }, { work }] = await Promise.all([import('@genloss/lab'), import('@genloss/queue')])
  const folder = resolve(run)
  const { plan } = await readPlan(folder)
  const total = plan.blocks.length
  // Tables that the experiment names are where they were when it was submitted.
  const place = await startedIn(folder)
  if (place !== undefined) enter(place)
  const progress = progressLine('worker', { quiet })
  let done = 0
  const onBlock = ({ block, reason }: WorkedBlock) => {
    if (reason === undefined) progress.update({ done: ++done, total })
    else if (!quiet) note(`block ${block} failed: ${reason}`)
  }
  const onRedis = (isUp: boolean) => {
    if (!quiet) note(isUp ? 'Redis is back' : `Redis is away; waiting up to ${patience} s`)
  }
  try {
    const result = await work(folder, {
      redis,
      stay,
      allowCode,
      lock: 1000 * lock,
      patience: 1000 * patience,
      signal: stop.signal,
      drain: stop.drain,
      onBlock,
      onRedis,
      ...(threads === undefined ? {} : { threads }),
    })
    progress.end()
    if (json) printJson(result)
    else print(workedText(result, run, redis))
    if (result.failed > 0) process.exitCode = 3
  } finally {
    progress.end()
    stop.release()
  }
}

/** A folder that this machine does not have is left to the error about the table in it. */
function enter(place: string): void {
  try {
    process.chdir(place)
  } catch {
    note(`note: there is no ${place} here, where the run was started; paths of tables start from ${process.cwd()}`)
  }
}

function workedText({ made, kept, failed }: Worked, run: string, redis: string | undefined): string {
  const where = redis === undefined ? '' : ` --redis ${shellWord(redis)}`
  const there = kept > 0 ? `, ${count(kept)} were there` : ''
  return [
    `no block is left: ${count(made)} made here${there}`,
    ...(failed > 0 ? [`${count(failed)} failed for good: genloss status ${shellWord(run)}${where} says why`] : []),
    `next   genloss collect ${shellWord(run)} --queue${where}`,
  ].join('\n')
}
