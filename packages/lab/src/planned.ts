// What planning found, kept beside a plan: a run that goes on need not settle every cell again to learn that nothing changed.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { canonical, sha256 } from './canonical.js'
import { type RunFolder, readPlan } from './folder.js'
import type { Description } from './native.js'
import type { Plan, Planned } from './plan.js'

/** A cache that can be thrown away: it holds for one plan, one draft and one build. */
const file = join('log', 'planned.json')

interface Found {
  key: string
  plan: string
  bytes: number
  recordBytes: number
  notes: string[]
}

/** One draft and one build of the planner and the core always make one plan. */
function keyOf(draft: string, core: Description): string {
  return sha256(canonical([draft, core]))
}

/** Keeps what planning found in the folder of its run. */
export async function keepPlanned(folder: RunFolder, planned: Planned, core: Description): Promise<void> {
  const { draft, hash, bytes, recordBytes, notes } = planned
  const found: Found = { key: keyOf(draft, core), plan: hash, bytes, recordBytes, notes }
  await folder.keep(file, canonical(found))
}

/** The plan of a folder, if it is known to be that of the draft; else nothing, and all is planned anew. */
export async function plannedBefore(path: string, draft: string, core: Description): Promise<Planned | undefined> {
  try {
    const found = JSON.parse(await readFile(join(path, file), 'utf8')) as Found
    if (found.key !== keyOf(draft, core)) return undefined
    const { plan, text } = await readPlan(path)
    if (sha256(text) !== found.plan || draftOf(plan) !== draft) return undefined
    const { bytes, recordBytes, notes } = found
    if (!Array.isArray(notes) || !Number.isFinite(bytes) || !Number.isFinite(recordBytes)) return undefined
    return { plan, text, hash: found.plan, draft, bytes, recordBytes, notes }
  } catch {
    return undefined
  }
}

function draftOf({ numerics, base, axes, data }: Plan): string {
  return canonical({ numerics, base, axes, data })
}
