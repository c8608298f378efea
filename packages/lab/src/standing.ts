// How a run stands before it starts: which parts are there, which are not and why, and what making them will take.

import { resolve } from 'node:path'
import { GenlossError } from '@genloss/models'
import { referenceCost } from './cost.js'
import { extensionOf } from './extension.js'
import { type FolderContent, partName, RunFolder, readPlan } from './folder.js'
import { native } from './native.js'
import { type Prepared, prepare } from './prepare.js'

/** What a run in a folder would do. */
export interface Standing {
  /** Parts that are there and good. */
  done: number
  /** Parts that were never made. */
  missing: number
  /** Parts that would be made again, and what is wrong with them. */
  broken: { part: string; why: string }[]
  /** Why a run would refuse the folder, or null. */
  refused: string | null
  /** Seconds of one core that the parts to be made take, as foretold. */
  cpuSeconds: number
}

/** Looks at the folder of a run; nothing is written. @throws GenlossError `io` */
export async function standingOf(
  prepared: Prepared,
  out: string,
  { extend = false }: { extend?: boolean } = {},
): Promise<Standing> {
  const { plan, text, hash, given } = prepared
  const all = [...plan.blocks.keys()]
  const content = { plan: text, hash, experiment: given, provenance: {} }
  const { folder, refused } = await opened(resolve(out), content, extend ? prepared : undefined)
  const faults = folder ? await Promise.all(all.map((block) => folder.check(block))) : all.map(() => 'missing')
  const left = all.filter((block) => faults[block] !== null)
  const broken = left.filter((block) => faults[block] !== 'missing')
  const foretold = left.reduce((sum, block) => sum + prepared.costOf(block), 0)
  return {
    done: all.length - left.length,
    missing: left.length - broken.length,
    broken: broken.map((block) => ({ part: `parts/${partName(block)}`, why: faults[block]! })),
    refused,
    cpuSeconds: (foretold * (await costsNow())) / 1e9,
  }
}

/** The folder of the plan, if there is one; one that holds a plan which `later` extends has none of its parts yet. */
async function opened(
  path: string,
  content: FolderContent,
  later: Prepared | undefined,
): Promise<{ folder?: RunFolder; refused: string | null }> {
  try {
    const folder = await RunFolder.look(path, content)
    return { ...(folder ? { folder } : {}), refused: null }
  } catch (error) {
    if (!(error instanceof GenlossError) || (error.code !== 'plan' && error.code !== 'input')) throw error
    if (later && error.code === 'plan' && extensionOf((await readPlan(path)).plan, later)) return { refused: null }
    return { refused: error.hint ?? `expected ${error.rule}` }
  }
}

/** How long this machine takes for what costs one nanosecond in the model: a short block is run and timed. */
async function costsNow(): Promise<number> {
  const prepared = await prepare({ origin: 'gaussian', n: 100, generations: 20, replicates: 1280, method: 'exact' })
  const { text } = prepared.blockAt(0)
  const control = new Uint32Array(new SharedArrayBuffer(16))
  let least = Number.POSITIVE_INFINITY
  for (let turn = 0; turn < 3; turn++) {
    const before = process.cpuUsage()
    await native().runBlock(text, [], control, { threads: 1 })
    const { user, system } = process.cpuUsage(before)
    least = Math.min(least, user + system)
  }
  return (least * 1000) / (prepared.fitsOf(0) * referenceCost)
}
