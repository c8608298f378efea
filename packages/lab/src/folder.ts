// The folder of a run: plan, experiment and provenance written once, parts, and a log for each process that writes.

import { randomBytes } from 'node:crypto'
import { appendFile, link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join, parse } from 'node:path'
import type { BlockColumns } from '@genloss/metrics'
import { fromNative, GenlossError } from '@genloss/models'
import type { BlockRange } from './blocks.js'
import { sha256 } from './canonical.js'
import { differences } from './differences.js'
import { native } from './native.js'
import type { Plan } from './plan.js'

/** What a new folder is started with. */
export interface FolderContent {
  /** The canonical text of the plan. */
  plan: string
  hash: string
  /** The experiment as it was given. */
  experiment: unknown
  provenance: unknown
}

/** The name of a block's part. */
export function partName(block: number): string {
  return `${String(block).padStart(8, '0')}.parquet`
}

/** The blocks that have a part in a folder, good or not, ascending: one listing, however many there are. */
export async function partsThere(path: string, blocks: number): Promise<number[]> {
  const names = await readdir(join(path, 'parts')).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const there = names.filter((name) => /^\d{8,}\.parquet$/.test(name)).map((name) => Number.parseInt(name, 10))
  return there.filter((block) => block < blocks).sort((a, b) => a - b)
}

export class RunFolder {
  readonly path: string
  readonly #hash: string
  readonly #blocks: readonly BlockRange[]
  readonly #writer = `${hostname().replace(/[^\w.-]/g, '_')}-${process.pid}-${randomBytes(3).toString('hex')}`

  private constructor(path: string, { hash, plan }: FolderContent) {
    this.path = path
    this.#hash = hash
    this.#blocks = (JSON.parse(plan) as Plan).blocks
  }

  /**
   * Starts a folder, or opens that of the same plan to go on with it. With `extend`, a plan that says yes to the one
   * in the folder takes its place, and that one's parts are put aside to be taken over.
   *
   * @throws GenlossError `plan` if the folder holds another plan, with what differs; `io` if it can't be written or
   *   holds something else
   */
  static async open(path: string, content: FolderContent, extend?: (earlier: Plan) => boolean): Promise<RunFolder> {
    return guarded(path, async () => {
      const there = await planThere(path)
      const other = there !== undefined && there !== content.plan
      if (other && extend) await putAside(path, there, content.plan, extend)
      else if (other) throw changed(path, there, content.plan)
      await makeFolder(join(path, 'parts'))
      await clear(join(path, 'parts'))
      await makeFolder(join(path, 'log'))
      if (there === undefined || other) {
        await writeOnce(path, 'experiment.json', `${JSON.stringify(content.experiment, jsonValue, 2)}\n`)
        await writeOnce(path, 'provenance.json', `${JSON.stringify(content.provenance, jsonValue, 2)}\n`)
        // The plan comes last: a folder with a plan is whole.
        if (other) await writeOnce(path, 'plan.json', content.plan)
        else await claim(path, content.plan)
      }
      return new RunFolder(path, content)
    })
  }

  /** The folder if it holds this plan, nothing if there is none yet; nothing is written. @throws GenlossError as `open` */
  static async look(path: string, content: FolderContent): Promise<RunFolder | undefined> {
    return guarded(path, async () => {
      const there = await planThere(path)
      if (there !== undefined && there !== content.plan) throw changed(path, there, content.plan)
      return there === undefined ? undefined : new RunFolder(path, content)
    })
  }

  /** The path of a block's part. */
  part(block: number): string {
    return join(this.path, 'parts', partName(block))
  }

  /** null if the part of a block is there and good; 'missing'; or what is wrong with it, in words. */
  async check(block: number, body = false): Promise<string | null> {
    const path = this.part(block)
    const there = await stat(path).catch(() => undefined)
    return there ? native().checkPart(path, this.#hash, body, this.#blocks[block]) : 'missing'
  }

  /** Writes the part of a block. @throws GenlossError `io` */
  async write(block: number, columns: BlockColumns): Promise<{ bytes: number; sha256: string }> {
    try {
      return await native().writePart(this.part(block), this.#hash, columns)
    } catch (error) {
      throw fromNative(error)
    }
  }

  /** Keeps a text that can be made again, in place of the one before it. */
  async keep(name: string, text: string): Promise<void> {
    const { dir, base } = parse(name)
    await guarded(this.path, () => writeOnce(join(this.path, dir), base, text))
  }

  /** Adds a line with the time to this process's log. */
  async log(entry: Record<string, unknown>): Promise<void> {
    const line = JSON.stringify({ time: new Date().toISOString(), ...entry }, jsonValue)
    await guarded(this.path, () => appendFile(join(this.path, 'log', `${this.#writer}.jsonl`), `${line}\n`), 'io')
  }
}

/** The plan of a run's folder. @throws GenlossError `io` where there is none */
export async function readPlan(path: string): Promise<{ plan: Plan; text: string }> {
  const text = await guarded(path, () => planText(path))
  if (text === undefined) {
    throw new GenlossError({ code: 'input', path, value: 'no plan.json', rule: 'the folder of a run' })
  }
  return { plan: parsedPlan(path, text), text }
}

function parsedPlan(path: string, text: string): Plan {
  try {
    return JSON.parse(text) as Plan
  } catch (cause) {
    const rule = 'a whole plan.json'
    throw new GenlossError({ code: 'io', path: join(path, 'plan.json'), value: 'a damaged file', rule }, { cause })
  }
}

async function planText(path: string): Promise<string | undefined> {
  return readFile(join(path, 'plan.json'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}

/** What a start that was cut off may have left behind. */
const own = /^(parts|log|earlier|experiment\.json|provenance\.json|\..*\.tmp)$/

/** The plan of a folder, nothing where there is none. @throws GenlossError `input` where something else is */
async function planThere(path: string): Promise<string | undefined> {
  const there = await planText(path)
  if (there !== undefined) return there
  // Another process may have begun here since.
  return (await refuseForeign(path)) ? planText(path) : undefined
}

/** Refuses a folder of something else. True where a plan has come. */
async function refuseForeign(path: string): Promise<boolean> {
  const entries: string[] = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const foreign = entries.find((entry) => !own.test(entry))
  if (foreign === undefined || entries.includes('plan.json')) return foreign !== undefined
  const hint = `${path} holds ${foreign}, and no plan.json`
  throw new GenlossError({
    code: 'input',
    path: 'out',
    value: path,
    rule: 'a new or empty folder, or that of a run',
    hint,
  })
}

function changed(path: string, there: string, here: string): GenlossError {
  const rule = 'the plan that this folder was made with'
  const hint = `${differences(there, here)}; take another folder, the old settings to go on, or --extend (extend: true) for more replicates, generations or cells`
  return new GenlossError({ code: 'plan', path: 'out', value: path, rule, hint })
}

/** Drafts of parts this old belong to nobody: a part is written within seconds, and its writer was killed. */
const oldDraft = 3_600_000

/** Takes away what writers that were killed have left behind. */
async function clear(parts: string): Promise<void> {
  const drafts = (await readdir(parts)).filter((name) => /^\..*\.tmp$/.test(name)).map((name) => join(parts, name))
  for (const draft of drafts) {
    // Another process may take it away, or finish it, at the same time.
    const { mtimeMs } = await stat(draft).catch(() => ({ mtimeMs: Date.now() }))
    if (Date.now() - mtimeMs > oldDraft) await rm(draft, { force: true })
  }
}

/** Puts the plan of a folder and its parts aside, whole at every moment: a run that is cut off here is put aside again. */
async function putAside(path: string, there: string, here: string, extend: (earlier: Plan) => boolean): Promise<void> {
  const plan = parsedPlan(path, there)
  if (!extend(plan)) {
    const rule = 'a plan that this one only extends: more replicates, generations or cells'
    throw new GenlossError({ code: 'plan', path: 'out', value: path, rule, hint: differences(there, here) })
  }
  const aside = join(path, 'earlier', sha256(there).slice(0, 16))
  await makeFolder(aside)
  await writeOnce(aside, 'plan.json', there)
  await rename(join(path, 'parts'), join(aside, 'parts')).catch((error: NodeJS.ErrnoException) => {
    // A run that was cut off after this step, or one without parts.
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(error.code ?? '')) throw error
  })
}

/** Makes a folder and those above it, one after another: Node's own way never ends on file systems such as /proc. */
async function makeFolder(path: string): Promise<void> {
  const make = () =>
    mkdir(path).catch(async (error: NodeJS.ErrnoException) => {
      const there = error.code === 'EEXIST' && (await stat(path)).isDirectory()
      if (!there) throw error
    })
  await make().catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' || dirname(path) === path) throw error
    await makeFolder(dirname(path))
    await make()
  })
}

/** Makes the folder one of this plan, unless another process has made it one of another plan meanwhile. */
async function claim(path: string, plan: string): Promise<void> {
  await writeOnce(path, 'plan.json', plan, link).catch(async (error: NodeJS.ErrnoException) => {
    // Some network file systems have no links; on them the later of two plans that begin at once wins.
    if (error.code !== 'EEXIST') return writeOnce(path, 'plan.json', plan)
    const there = await planText(path)
    if (there !== undefined && there !== plan) throw changed(path, there, plan)
  })
}

/** Writes a file under a private name, synced, then placed: it is there whole or not at all. */
async function writeOnce(folder: string, name: string, text: string, place: typeof link = rename): Promise<void> {
  const draft = join(folder, `.${name}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`)
  try {
    const file = await open(draft, 'wx')
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await place(draft, join(folder, name))
  } finally {
    await rm(draft, { force: true })
  }
}

function jsonValue(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

/** What is wrong with a path that was given. */
const reasons: Record<string, string> = {
  EACCES: 'it may not be written',
  EPERM: 'it may not be written',
  EROFS: 'its file system is read-only',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'there is a file of this name',
  ENOENT: 'the path does not exist',
}

/** Errors of the file system as GenlossErrors about `out`; `given` is the code of one about the path itself. */
async function guarded<T>(path: string, work: () => Promise<T>, given: 'input' | 'io' = 'input'): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof GenlossError) throw cause
    const { code = '', message } = cause as NodeJS.ErrnoException
    const hint = reasons[code] ?? (code === 'ENOSPC' ? 'the disk is full' : message)
    throw new GenlossError(
      { code: code in reasons ? given : 'io', path: 'out', value: path, rule: 'a folder that can be written', hint },
      { cause },
    )
  }
}
