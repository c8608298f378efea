// What planning found, kept beside a plan: whoever joins a run or goes on with it (a shard, a worker) need not settle every
// cell again to learn that nothing changed and what each block costs.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { canonical, sha256 } from './canonical.js'
import { type RunFolder, readPlan } from './folder.js'
import type { Description } from './native.js'
import type { Plan, Planned } from './plan.js'
import type { Prepared } from './prepare.js'

/** A cache that can be thrown away: it holds for one plan, one draft and one build. */
const file = join('log', 'planned.json')

interface Found extends Pick<Planned, 'bytes' | 'recordBytes' | 'notes'> {
  key: string
  plan: string
  /** By block. */
  blocks: BlockSums
}

/** Sums over the chains of each block. */
export interface BlockSums {
  /** As foretold: nanoseconds of one core. */
  costs: number[]
  /** Of its columns. */
  bytes: number[]
}

/** A plan that need not be made again. */
export interface PlannedBefore extends Planned {
  blocks: BlockSums
}

/** One draft and one build of the planner and the core always make one plan. */
function keyOf(draft: string, core: Description): string {
  return sha256(canonical([draft, core]))
}

/** Keeps what planning found in the folder of its run, unless it was read from there. */
export async function keepPlanned(folder: RunFolder, prepared: Prepared): Promise<void> {
  const { draft, hash, bytes, recordBytes, notes, core, chains, costOf, bytesOf } = prepared
  if (!chains) return
  const all = [...prepared.plan.blocks.keys()]
  const blocks = { costs: all.map(costOf), bytes: all.map(bytesOf) }
  const found: Found = { key: keyOf(draft, core), plan: hash, bytes, recordBytes, notes, blocks }
  await folder.keep(file, canonical(found))
}

/** The plan of a folder, if it is known to be that of the draft; else nothing, and all is planned anew. */
export async function plannedBefore(
  path: string,
  draft: string,
  core: Description,
): Promise<PlannedBefore | undefined> {
  try {
    const found = JSON.parse(await readFile(join(path, file), 'utf8')) as Found
    if (found.key !== keyOf(draft, core)) return undefined
    const { plan, text } = await readPlan(path)
    if (sha256(text) !== found.plan || draftOf(plan) !== draft) return undefined
    const { bytes, recordBytes, notes, blocks } = found
    const numbers = [bytes, recordBytes, ...blocks.costs, ...blocks.bytes]
    if (!Array.isArray(notes) || numbers.length !== 2 + 2 * plan.blocks.length) return undefined
    if (blocks.costs.length !== blocks.bytes.length || !numbers.every(Number.isFinite)) return undefined
    return { plan, text, hash: found.plan, draft, bytes, recordBytes, notes, blocks }
  } catch {
    return undefined
  }
}

function draftOf({ numerics, base, axes, data }: Plan): string {
  return canonical({ numerics, base, axes, data })
}
