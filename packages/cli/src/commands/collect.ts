// `genloss collect`: the parts of shards put together in one folder and checked in full; code 3 where some are missing.
import type { Collected } from '@genloss/lab'
import type { Returned } from '@genloss/queue'
import type { Command } from 'commander'
import { describe } from '../help.js'
import { type Common, print, printJson } from '../output.js'
import { progressLine } from '../progress.js'
import { REDIS_HELP } from '../queueing.js'
import { interruption } from '../signals.js'
import { count } from '../views/numbers.js'
import { shellWord } from '../views/shell.js'

interface Options extends Common {
  link?: boolean
  queue?: boolean
  redis?: string
}

/** Blocks and parts that are named one by one, at most. */
const MOST_NAMED = 10

export function register(program: Command): void {
  describe(
    program.command('collect'),
    'Put the parts of shards together in one folder, each read in full and checked, and say what is missing (code 3). With one folder alone: check it.',
    ['genloss collect runs/tails', 'genloss collect runs/tails shard-1 shard-2 shard-3 shard-4'],
  )
    .argument('<into>', 'the folder to put the parts in; may be new, or one of the shards')
    .argument('[folders...]', "the shards' folders")
    .option('--link', 'hard links in place of copies, within one file system')
    .option(
      '--queue',
      'of a run from a queue: hold what the workers returned against the parts, and delete the queue where all is there and the same',
    )
    .option('--redis <address>', REDIS_HELP)
    .action(action)
}

async function action(
  into: string,
  folders: string[],
  { json, quiet, link = false, queue, redis }: Options,
): Promise<void> {
  const { collect } = await import('@genloss/lab')
  const stop = interruption()
  const progress = progressLine('collect', { quiet })
  try {
    const found = await collect(into, folders, { link, signal: stop.signal, onProgress: progress.update })
    progress.end()
    const isWhole = found.missing.length === 0 && found.differing.length === 0
    const returned = queue ? await compare(into, isWhole, redis) : undefined
    if (json) printJson({ ...found, ...(returned ? { returned } : {}) })
    else print([collectedText(found, into), ...(returned ? returnedText(returned) : [])].join('\n'))
    if (!isWhole || (returned?.differing.length ?? 0) > 0) process.exitCode = 3
  } finally {
    progress.end()
    stop.release()
  }
}

async function compare(run: string, done: boolean, redis: string | undefined): Promise<Returned> {
  const { compareReturned } = await import('@genloss/queue')
  return compareReturned(run, done, { redis })
}

function returnedText({ queue, compared, differing }: Returned): string[] {
  const same = compared - differing.length
  return [
    `queue  ${queue}: ${count(same)} of ${count(compared)} parts are what the workers returned`,
    ...named(differing.map(({ part, fault }) => `not so: ${part}: ${fault}`)),
  ]
}

function collectedText(found: Collected, into: string): string {
  const { blocks, taken, kept, duplicates, faulty, differing, missing } = found
  const there = [
    `${count(taken)} taken`,
    `${count(kept)} were there`,
    ...(duplicates > 0 ? [`${count(duplicates)} came twice, the same bytes`] : []),
  ]
  const missed = missing.slice(0, MOST_NAMED).join(', ') + (missing.length > MOST_NAMED ? ', ...' : '')
  return [
    `${count(blocks - missing.length)} of ${count(blocks)} parts in ${into}: ${there.join(', ')}`,
    ...named(faulty.map(({ part, fault }) => `left out ${part}: ${fault}`)),
    ...named(differing.map((part) => `${part} is whole but has other bytes: it comes from another build of genloss`)),
    missing.length === 0
      ? `next   genloss query ${shellWord(into)} "from summary limit 20"`
      : `missing blocks ${missed}; next: the command of the run again, with --out ${shellWord(into)}, makes only these`,
  ].join('\n')
}

function named(lines: readonly string[]): string[] {
  const more = lines.length - MOST_NAMED
  return [...lines.slice(0, MOST_NAMED), ...(more > 0 ? [`... and ${count(more)} more`] : [])]
}
