// `genloss run --shard`: one share of the blocks, and what is said about it.
import type { Prepared, ShardResult } from '@genloss/lab'
import { type Common, note, print, printJson } from './output.js'
import type { Interruption } from './signals.js'
import { count } from './views/numbers.js'
import { shellWord } from './views/shell.js'
import { type Working, type WorkOptions, working } from './working.js'

export interface ShardOptions extends Common, WorkOptions {
  out: string
  shard: string
  extend?: boolean
}

/** Runs one shard until it is done or stopped. */
export async function runShard(
  prepared: Prepared,
  name: string,
  { out, shard, extend = false, json, ...options }: ShardOptions,
  stop: Interruption,
): Promise<void> {
  const lab = await import('@genloss/lab')
  const own = lab.shardOf(shard)
  const label = `${name}, shard ${own.index}/${own.count}`
  const work = (settings: Working) => lab.runShard(prepared, own, out, { ...settings, extend })
  const result = await working(label, options, work, stop)
  if (json) return printJson(result)
  if (!options.quiet) for (const text of result.notes) note(`note: ${text}`)
  print(shardText(result, name))
}

function shardText({ run, shard, blocks }: ShardResult, name: string): string {
  return [
    `${name}: shard ${shard.index} of ${shard.count} is done: ${count(blocks.made)} of its ${count(blocks.shard)} parts made, ${count(blocks.kept)} were there; the plan has ${count(blocks.plan)}`,
    `files  ${run}`,
    `next   when all shards are done: genloss collect ${shellWord(run)}, with their folders after it where each has its own`,
  ].join('\n')
}
