// Runs one shard of a plan into a folder: its own, or one that all shards share.

import type { Prepared } from '../prepare.js'
import { type FillSettings, fillFolder } from '../run.js'
import { dealt } from './deal.js'
import type { Shard } from './shard.js'

/** What a shard did. */
export interface ShardResult {
  /** The folder. */
  run: string
  /** The plan's hash. */
  plan: string
  shard: Shard
  /** Blocks of the whole plan, and of them this shard's: made now, and there already. */
  blocks: { plan: number; shard: number; made: number; kept: number }
  notes: string[]
}

/** The blocks of a shard, most costly first. */
export function blocksOfShard(prepared: Prepared, shard: Shard): number[] {
  return dealt(
    prepared.plan.blocks.map((_, block) => prepared.costOf(block)),
    shard,
  )
}

/**
 * Makes the blocks of one shard that the folder does not have. Shards may share a folder, at the same time as well, or have
 * one each, which `collect` puts together; the bytes are the same.
 *
 * @throws GenlossError as `runPrepared`
 */
export async function runShard(
  prepared: Prepared,
  shard: Shard,
  out: string,
  settings: Omit<FillSettings, 'blocks'> = {},
): Promise<ShardResult> {
  const blocks = blocksOfShard(prepared, shard)
  const { made, kept, notes } = await fillFolder(prepared, out, { ...settings, blocks })
  const all = prepared.plan.blocks.length
  if (blocks.length === 0) notes.push(`nothing to do: the plan has ${all} blocks for ${shard.count} shards`)
  return {
    run: out,
    plan: prepared.hash,
    shard,
    blocks: { plan: all, shard: blocks.length, made, kept },
    notes: [...prepared.notes, ...notes],
  }
}
