// Makes single blocks into the folder of a run, for whoever deals them out: a queue, a scheduler of one's own.

import { readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { BlockColumns } from '@genloss/metrics'
import { GenlossError } from '@genloss/models'
import { differences } from '../differences.js'
import { type EngineOptions, runBlocks } from '../engine.js'
import { RunFolder, readPlan } from '../folder.js'
import { checkMemory } from '../memory.js'
import { checkIdentity, keepModules, workIn } from '../own/kept.js'
import { keepPlanned } from '../planned.js'
import { type Prepared, type PrepareOptions, prepare } from '../prepare.js'
import { provenance } from '../provenance.js'
import { workOf } from '../run.js'
import { threadsOf } from '../threads.js'
import { fileHash } from './file-hash.js'

/** A block whose part is there. */
export interface MadeBlock {
  block: number
  /** Of the part's file, 64 hex digits. */
  sha256: string
  bytes: number
}

/**
 * The plan of a run's folder, made again from the experiment in it; tables are read where the experiment says, relative to
 * the process's folder.
 *
 * @throws GenlossError `plan` where this build, or a changed table, gives another plan; `input`, `io`
 */
export async function prepareRun(path: string, options: Pick<PrepareOptions, 'allowCode'> = {}): Promise<Prepared> {
  const { text } = await readPlan(path)
  const given = await readJson(join(path, 'experiment.json'))
  const prepared = await prepare(given, { out: path, ...options })
  if (prepared.text === text) return prepared
  const hint = `${differences(text, prepared.text)}; 'there' is the folder's plan, 'here' what this build makes of its experiment`
  throw new GenlossError({ code: 'plan', path, value: 'another plan', rule: 'the plan of the folder', hint })
}

/** The folder that a run was started in, to which its paths are relative; undefined where it is not known. */
export async function startedIn(path: string): Promise<string | undefined> {
  const { cwd } = (await readJson(join(path, 'provenance.json'))) as { cwd?: unknown }
  return typeof cwd === 'string' ? cwd : undefined
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    throw new GenlossError({ code: 'io', path, value: code ?? message, rule: 'a whole file' }, { cause })
  }
}

export class BlockMaker {
  readonly prepared: Prepared
  readonly folder: RunFolder
  readonly #settings: Pick<EngineOptions, 'threads' | 'simd'>

  private constructor(prepared: Prepared, folder: RunFolder, settings: Pick<EngineOptions, 'threads' | 'simd'>) {
    this.prepared = prepared
    this.folder = folder
    this.#settings = settings
  }

  /** Opens the folder of a plan, or starts it. @throws GenlossError as `runPrepared` */
  static async open(
    prepared: Prepared,
    out: string,
    settings: Pick<EngineOptions, 'threads' | 'simd'> = {},
  ): Promise<BlockMaker> {
    const { plan, text, hash, given, core } = prepared
    const chains = plan.blocks.map(({ cells, replicates }) => (cells[1] - cells[0]) * (replicates[1] - replicates[0]))
    checkMemory(
      prepared.recordBytes,
      chains.reduce((most, own) => Math.max(most, own), 0),
      threadsOf(settings.threads),
    )
    const by = provenance(core, settings)
    checkIdentity(prepared.modules.values())
    const folder = await RunFolder.open(resolve(out), { plan: text, hash, experiment: given, provenance: by })
    await keepPlanned(folder, prepared)
    await keepModules(folder, prepared.modules.values())
    return new BlockMaker(prepared, folder, settings)
  }

  /** Whether the part of a block is there and good. */
  async has(block: number): Promise<boolean> {
    return (await this.folder.check(block)) === null
  }

  /**
   * Makes the part of a block where it is not there yet.
   *
   * @throws GenlossError `usage` for a block that the plan does not have; `interrupted`, `io`, `native`, `data`
   */
  async make(block: number, signal?: AbortSignal): Promise<MadeBlock & { kept: boolean }> {
    const all = this.prepared.plan.blocks.length
    if (!(Number.isInteger(block) && block >= 0 && block < all)) {
      throw new GenlossError({ code: 'usage', path: 'block', value: block, rule: `a block from 0 to ${all - 1}` })
    }
    if (await this.has(block)) {
      const path = this.folder.part(block)
      return { block, sha256: await fileHash(path), bytes: (await stat(path)).size, kept: true }
    }
    const { tables } = this.prepared
    const work = workOf(this.prepared, [block])
    let made: MadeBlock | undefined
    const save = async (_index: number, columns: BlockColumns) => {
      const { bytes, sha256 } = await this.folder.write(block, columns)
      made = { block, sha256, bytes }
    }
    await runBlocks(work, tables, save, {
      ...this.#settings,
      ...(signal ? { signal } : {}),
      work: workIn(this.folder),
    })
    await this.folder.log({ event: 'part', ...made })
    return { ...made!, kept: false }
  }
}
