// Puts the parts of shards together in one folder, each checked in full, and says what is missing.

import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { copyFile, link, mkdir, open, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { GenlossError } from '@genloss/models'
import type { BlockRange } from '../blocks.js'
import { sha256 } from '../canonical.js'
import { differences } from '../differences.js'
import { partName, partsThere, RunFolder, readPlan } from '../folder.js'
import { native } from '../native.js'
import { fileHash } from './file-hash.js'

export interface CollectOptions {
  /** Make hard links in place of copies: no bytes are moved, and folders must be on one file system. */
  link?: boolean
  /** Stops after the part in hand; what is there is kept. */
  signal?: AbortSignal
  onProgress?: (progress: { done: number; total: number }) => void
}

/** A part that can't be used, and why. */
export interface FaultyPart {
  part: string
  fault: string
}

/** What `collect` did and what it found. */
export interface Collected {
  /** The folder. */
  run: string
  /** The plan's hash. */
  plan: string
  /** Blocks of the plan. */
  blocks: number
  /** Parts taken from the shards' folders. */
  taken: number
  /** Good parts that were in the folder before. */
  kept: number
  /** Parts of blocks that were there already, byte for byte the same; counted, not taken. */
  duplicates: number
  faulty: FaultyPart[]
  /** Good parts of a block that is there with other bytes: two builds of genloss disagree. */
  differing: string[]
  /** Blocks without a part, ascending. */
  missing: number[]
}

/**
 * Collects the parts of `sources` in `into`, which may be new, a shard's own folder, or one that was collected before.
 * Without sources it checks `into` alone. Every part is read in full and held against the hash in its footer; one that is
 * not whole is named and left out. Running it again goes on.
 *
 * @throws GenlossError `plan` where a source has another plan; `input`, `io`; `interrupted`
 */
export async function collect(
  into: string,
  sources: readonly string[] = [],
  options: CollectOptions = {},
): Promise<Collected> {
  const { plan, text } = await readPlan(sources[0] ?? into)
  const hash = sha256(text)
  for (const source of sources.slice(1)) refuseOther(source, (await readPlan(source)).text, text)
  const path = resolve(into)
  if (sources.length > 0) await start(path, sources[0]!, text, hash)
  const own = await realpath(path)
  const others: string[] = []
  for (const source of new Set(await Promise.all(sources.map((source) => realpath(source))))) {
    if (source !== own) others.push(source)
  }
  const collector = new Collector(path, hash, plan.blocks, options)
  await collector.check()
  for (const source of others) await collector.take(source)
  return collector.end()
}

function refuseOther(source: string, there: string, here: string): void {
  if (there === here) return
  const hint = `${differences(here, there)}; 'there' is the first folder, 'here' this one`
  throw new GenlossError({ code: 'plan', path: source, value: 'another plan', rule: 'shards of one plan', hint })
}

/** The folder with the plan, the experiment and the provenance of the first source. */
async function start(path: string, source: string, plan: string, hash: string): Promise<void> {
  const json = async (name: string) => {
    const text = await readFile(join(source, name), 'utf8').catch(() => 'null')
    return JSON.parse(text) as unknown
  }
  const [experiment, provenance] = [await json('experiment.json'), await json('provenance.json')]
  await RunFolder.open(path, { plan, hash, experiment, provenance })
}

class Collector {
  readonly #path: string
  readonly #hash: string
  readonly #blocks: readonly BlockRange[]
  readonly #options: CollectOptions
  readonly #have = new Set<number>()
  readonly #faulty = new Map<number, FaultyPart[]>()
  readonly #differing: string[] = []
  #taken = 0
  #kept = 0
  #duplicates = 0

  constructor(path: string, hash: string, blocks: readonly BlockRange[], options: CollectOptions) {
    this.#path = path
    this.#hash = hash
    this.#blocks = blocks
    this.#options = options
  }

  /** What the folder has already. */
  async check(): Promise<void> {
    for (const block of await partsThere(this.#path, this.#blocks.length)) {
      this.#goOn()
      const path = join(this.#path, 'parts', partName(block))
      const fault = this.#check(block, path)
      if (fault === null) this.#count(block)
      else this.#fault(block, path, fault)
    }
    this.#kept = this.#have.size
  }

  /** The parts of one source that are not there yet. */
  async take(source: string): Promise<void> {
    for (const block of await partsThere(source, this.#blocks.length)) {
      this.#goOn()
      const from = join(source, 'parts', partName(block))
      if (this.#have.has(block)) await this.#compare(block, from)
      else await this.#bring(block, from)
    }
    await this.#logs(source)
  }

  async end(): Promise<Collected> {
    if (this.#taken > 0) await synced(join(this.#path, 'parts'))
    const missing: number[] = []
    for (let block = 0; block < this.#blocks.length; block++) if (!this.#have.has(block)) missing.push(block)
    return {
      run: this.#path,
      plan: this.#hash,
      blocks: this.#blocks.length,
      taken: this.#taken,
      kept: this.#kept,
      duplicates: this.#duplicates,
      faulty: [...this.#faulty.values()].flat(),
      differing: this.#differing,
      missing,
    }
  }

  /** The copy is what is checked, under a private name, before it gets its own. */
  async #bring(block: number, from: string): Promise<void> {
    const name = partName(block)
    const folder = join(this.#path, 'parts')
    const draft = join(folder, `.${name}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`)
    try {
      if (this.#options.link) await link(from, draft).catch((cause) => Promise.reject(notLinked(from, cause)))
      else await copyFile(from, draft, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
      const fault = this.#check(block, draft)
      if (fault !== null) return this.#fault(block, from, fault)
      await synced(draft)
      await rename(draft, join(folder, name))
    } finally {
      await rm(draft, { force: true })
    }
    this.#taken++
    this.#count(block)
  }

  async #compare(block: number, from: string): Promise<void> {
    const there = join(this.#path, 'parts', partName(block))
    const fault = this.#check(block, from)
    if (fault !== null) this.#fault(block, from, fault)
    else if (await areSame(there, from)) this.#duplicates++
    else this.#differing.push(from)
  }

  /** Logs have names of their own, and say who made which part. */
  async #logs(source: string): Promise<void> {
    await mkdir(join(this.#path, 'log'), { recursive: true })
    const names = await readdir(join(source, 'log')).catch(() => [])
    for (const name of names.filter((one) => one.endsWith('.jsonl'))) {
      await copyFile(join(source, 'log', name), join(this.#path, 'log', name))
    }
  }

  /** What is wrong with a part that is read in full, or null. */
  #check(block: number, path: string): string | null {
    return native().checkPart(path, this.#hash, true, this.#blocks[block])
  }

  #count(block: number): void {
    this.#have.add(block)
    this.#options.onProgress?.({ done: this.#have.size, total: this.#blocks.length })
  }

  #fault(block: number, part: string, fault: string): void {
    this.#faulty.set(block, [...(this.#faulty.get(block) ?? []), { part, fault }])
  }

  #goOn(): void {
    if (!this.#options.signal?.aborted) return
    const value = `stopped with ${this.#have.size} of ${this.#blocks.length} parts`
    const hint = 'what was taken is kept; collect again to go on'
    throw new GenlossError({ code: 'interrupted', path: 'collect', value, rule: 'all parts', hint })
  }
}

function notLinked(from: string, cause: unknown): GenlossError {
  const { code = '' } = cause as NodeJS.ErrnoException
  const rule = 'a file that can have a second name in the folder'
  const hint = 'without links, parts are copied'
  return new GenlossError({ code: 'io', path: from, value: code, rule, hint }, { cause })
}

async function areSame(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([stat(one), stat(other)])
  if (a.ino === b.ino && a.dev === b.dev) return true
  return a.size === b.size && (await fileHash(one)) === (await fileHash(other))
}

async function synced(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
