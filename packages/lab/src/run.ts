// Runs a prepared experiment: in memory, or in a folder where finished parts are kept and a later run goes on.

import { resolve } from 'node:path'
import type { BlockColumns, CellColumns } from '@genloss/metrics'
import { GenlossError } from '@genloss/models'
import type { BlockRange } from './blocks.js'
import { Earlier } from './earlier.js'
import { type EngineOptions, interruptedAfter, runBlocks, type Work } from './engine.js'
import { extensionOf } from './extension.js'
import { partName, RunFolder } from './folder.js'
import { checkMemory } from './memory.js'
import { checkIdentity, keepModules, workIn } from './own/kept.js'
import { readCells, type Wanted } from './parts.js'
import type { Plan } from './plan.js'
import { keepPlanned } from './planned.js'
import type { Prepared } from './prepare.js'
import { provenance } from './provenance.js'
import { cellsOf, type ResultSource, RunResult } from './result.js'
import { threadsOf } from './threads.js'

/** A run without a folder must fit in memory; one with a folder is read back whole up to this. */
const mostInMemory = 4 * 2 ** 30
const mostReadBack = 512 * 2 ** 20

export interface RunSettings extends EngineOptions {
  /** The folder of the run; without it the run stays in memory. */
  out?: string
  /** Whether a plan in the folder that this one only extends gives way to it; what it has made is taken over. */
  extend?: boolean
  /** Bytes of columns of a run in a folder that are held in memory afterwards, at most; 512 MiB by default. */
  readBack?: number
}

/**
 * Runs a prepared experiment.
 *
 * @throws GenlossError `interrupted` when the signal stops it: finished parts are kept; `plan` if `out` holds another
 *   plan; `io`, `native`, `data`
 */
export async function runPrepared(prepared: Prepared, settings: RunSettings = {}): Promise<RunResult> {
  const chains = prepared.plan.blocks.reduce((most, block) => Math.max(most, chainsOf(block)), 0)
  checkMemory(prepared.recordBytes, chains, threadsOf(settings.threads))
  return settings.out === undefined ? runInMemory(prepared, settings) : runInFolder(prepared, settings.out, settings)
}

function chainsOf({ cells, replicates }: BlockRange): number {
  return (cells[1] - cells[0]) * (replicates[1] - replicates[0])
}

async function runInMemory(prepared: Prepared, settings: RunSettings): Promise<RunResult> {
  const { plan, bytes } = prepared
  if (bytes > mostInMemory) {
    const value = `${(bytes / 2 ** 30).toFixed(1)} GiB of columns`
    const hint = 'give a folder (out), record fewer generations or keep fewer columns'
    throw new GenlossError({ code: 'usage', path: 'out', value, rule: 'at most 4 GiB without a folder', hint })
  }
  const blocks: BlockColumns[] = []
  const keep = async (index: number, columns: BlockColumns) => {
    blocks[index] = columns
  }
  await runBlocks(workOf(prepared, allBlocks(prepared)), prepared.tables, keep, settings)
  return new RunResult(sourceOf(prepared, null, [], cellsOf(plan.blocks, blocks)))
}

async function runInFolder(prepared: Prepared, out: string, settings: RunSettings): Promise<RunResult> {
  const kept: BlockColumns[] = []
  const { readBack = mostReadBack } = settings
  const small = prepared.bytes <= readBack
  const keep = (index: number, columns: BlockColumns) => {
    if (small) kept[index] = columns
  }
  const { made, notes } = await fillFolder(prepared, out, settings, keep)
  if (!small || made < prepared.plan.blocks.length) return folderResult(prepared, out, notes, readBack)
  return new RunResult(sourceOf(prepared, out, notes, cellsOf(prepared.plan.blocks, kept)))
}

export interface FillSettings extends EngineOptions {
  /** Places of the blocks to make in the plan; all by default. */
  blocks?: readonly number[]
  /** As in `RunSettings`. */
  extend?: boolean
}

/** What became of the blocks asked for. */
export interface Filled {
  made: number
  /** Parts that were there and good. */
  kept: number
  /** Remarks on parts that were kept or made again. */
  notes: string[]
}

/**
 * Makes the parts of a plan, or of some of its blocks, that a folder does not have yet. The folder may hold parts of
 * other blocks, and other processes may write into it at the same time: a block's bytes are the same whoever makes it.
 *
 * @param seen gets the columns of each block that is made, before its part is written
 * @throws GenlossError as `runPrepared`
 */
export async function fillFolder(
  prepared: Prepared,
  out: string,
  settings: FillSettings = {},
  seen: (index: number, columns: BlockColumns) => void = () => undefined,
): Promise<Filled> {
  checkIdentity(prepared.modules.values())
  const by = provenance(prepared.core, settings)
  const folder = await openFolder(prepared, out, by, settings.extend)
  await keepModules(folder, prepared.modules.values())
  const earlier = await Earlier.of(folder.path, prepared)
  await keepPlanned(folder, prepared)
  const wanted = settings.blocks ?? allBlocks(prepared)
  const { missing, notes } = await missingBlocks(wanted, folder)
  const done = new Set(wanted)
  for (const block of missing) done.delete(block)
  await folder.log({ event: 'start', blocks: missing.length, kept: done.size, notes, by })
  const save = async (index: number, run: BlockColumns | undefined) => {
    const columns = earlier ? await earlier.whole(index, run) : run!
    seen(index, columns)
    const started = performance.now()
    const { bytes, sha256 } = await folder.write(index, columns)
    await folder.log({ event: 'part', block: index, bytes, sha256, write_ms: Math.round(performance.now() - started) })
  }
  const before = [...done].reduce((sum, block) => sum + prepared.fitsOf(block), 0)
  try {
    const { whole, rest } = takenOver(prepared, missing, earlier)
    for (const [saved, block] of whole.entries()) {
      if (settings.signal?.aborted || settings.drain?.aborted) throw interruptedAfter(saved, missing.length)
      await save(block, undefined)
    }
    const taken = whole.reduce((sum, block) => sum + prepared.fitsOf(block), before)
    await runBlocks(rest, prepared.tables, save, { ...settings, work: workIn(folder) }, taken)
    await folder.log({ event: 'end' })
    if (earlier && !settings.blocks) await earlier.remove()
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    // What stopped the run may keep the log from being written, and is what has to be told.
    await folder.log({ event: 'stop', why }).catch(() => undefined)
    throw error
  }
  return { made: missing.length, kept: done.size, notes }
}

function openFolder(prepared: Prepared, out: string, by: Record<string, unknown>, extend = false): Promise<RunFolder> {
  const { text: plan, hash, given: experiment } = prepared
  const extended = (earlier: Plan) => extensionOf(earlier, prepared) !== undefined
  return RunFolder.open(resolve(out), { plan, hash, experiment, provenance: by }, extend ? extended : undefined)
}

/** Those of the blocks without a good part, and remarks on what was kept or is made again. */
async function missingBlocks(
  blocks: readonly number[],
  folder: RunFolder,
): Promise<{ missing: number[]; notes: string[] }> {
  const missing: number[] = []
  const notes: string[] = []
  for (const block of blocks) {
    const fault = await folder.check(block)
    if (fault === null) continue
    missing.push(block)
    if (fault !== 'missing') notes.push(`parts/${partName(block)} was made again: ${fault}`)
  }
  const all = blocks.length
  if (missing.length < all) notes.unshift(`${all - missing.length} of ${all} parts were there and kept`)
  return { missing, notes }
}

/** The result of a folder whose parts are all there; small ones are read back. */
export async function folderResult(
  prepared: Prepared,
  path: string,
  notes: readonly string[] = [],
  readBack: number = mostReadBack,
): Promise<RunResult> {
  const source = sourceOf(prepared, path, notes, undefined)
  if (prepared.bytes > readBack) return new RunResult(source)
  const loaded: CellColumns[] = []
  for await (const { data } of source.stream()) loaded.push(data)
  return new RunResult({ ...source, loaded })
}

function sourceOf(
  prepared: Prepared,
  run: string | null,
  notes: readonly string[],
  loaded: readonly CellColumns[] | undefined,
): ResultSource {
  const { hash, cellAt, core, plan, files: read } = prepared
  const cells = plan.blocks.at(-1)!.cells[1]
  const path = run === null ? '' : resolve(run)
  const stream = (wanted?: Wanted) => readCells(prepared, path, wanted)
  return { run, hash, read, notes: [...prepared.notes, ...notes], cells, cellAt, core, stream, loaded }
}

function allBlocks({ plan }: Prepared): number[] {
  return plan.blocks.map((_, block) => block)
}

/** Blocks whose chains are all taken over from an earlier plan, and what is left to run of the others. */
function takenOver(
  prepared: Prepared,
  blocks: readonly number[],
  earlier: Earlier | undefined,
): { whole: number[]; rest: Work[] } {
  const work = workOf(prepared, blocks)
  if (!earlier) return { whole: [], rest: work }
  const has = new Map(blocks.map((block) => [block, earlier.has(block)]))
  const rest = work
    .filter(({ index }) => has.get(index) !== 'all')
    .map((block) => (has.get(block.index) === 'some' ? { ...block, text: () => earlier.restOf(block.index) } : block))
  return { whole: blocks.filter((block) => has.get(block) === 'all'), rest }
}

/** Blocks as the engine takes them. */
export function workOf(prepared: Prepared, blocks: readonly number[]): Work[] {
  const { fitsOf, costOf, bytesOf, blockAt, hosting } = prepared
  return blocks.map((index) => ({
    index,
    fits: fitsOf(index),
    cost: costOf(index),
    bytes: bytesOf(index),
    text: () => blockAt(index),
    hosting,
  }))
}
