// Any program as a model: it is run for each fit and each sample, with a manifest in and records out.

import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import {
  defineModel,
  type Field,
  GenlossError,
  type ModelContext,
  type Needed,
  type OwnFactory,
  type Records,
} from '@genloss/models'
import { canonical, sha256 } from '../canonical.js'
import { fromLines, toLines } from './lines.js'
import { runProcess } from './process.js'

/** What genloss is told of a program. */
export interface ProgramSettings<F extends Readonly<Record<string, Field>>> {
  /** Lower case with dashes: `mixture-of-sklearn`. */
  name: string
  /** Raised by hand when the program changes in a way that its files do not tell, such as a library's version. */
  version?: string
  /** The program and its first arguments: `['python3', 'mixture.py']`. No shell has a part in it. */
  command: readonly string[]
  /** Files that make the program what it is, such as its script: their content is part of its identity. */
  files?: readonly string[]
  /** Settings, which the manifest hands on as `params`. */
  parameters?: F
  /** The columns that it is for; left out, whatever an origin has. */
  columns?: Needed
  /** Seconds that one step may take; 300 by default. */
  seconds?: number
}

/** What a fit leaves behind: the folder of its step, by a hash of all that went into it. */
interface FittedProgram {
  key: string
  columns: { name: string; labels?: readonly string[] }[]
}

const protocol = 1
/** Exit codes with a meaning: bad input, and try again. */
const [badInput, tryAgain] = [2, 75]
const tries = 3
/** Bytes of each output that are kept. */
const mostOutput = 64 * 2 ** 10

/**
 * Defines a model that is a program in any language. It is run as `COMMAND fit --manifest FILE` and
 * `COMMAND sample --manifest FILE`; the reference has the protocol.
 *
 * @example
 * export default defineProgram({ name: 'mixture', command: ['python3', 'mixture.py'], files: ['mixture.py'] })
 *
 * @throws GenlossError `input` where one of its files can't be read
 */
export function defineProgram<F extends Readonly<Record<string, Field>> = Record<never, never>>(
  settings: ProgramSettings<F>,
): OwnFactory<F, FittedProgram> {
  const { name, command, files = [], seconds = 300, version, parameters, columns } = settings
  const identity = () => {
    const contents = files.map((file) => [basename(file), hashOfFile(file)])
    return sha256(canonical({ protocol, command, contents, version: version ?? null }))
  }
  // A file that is not there is told at once.
  identity()
  const steps = new Steps(name, command, identity, 1000 * seconds)
  return defineModel<F, FittedProgram>({
    name,
    version: version ?? '1',
    identity,
    // The program's own limit comes first.
    seconds: tries * seconds + 60,
    ...(parameters ? { parameters } : {}),
    ...(columns ? { columns } : {}),
    fit: (records, params, context) => steps.fit(records as Records, params, context as ModelContext<unknown>),
    sample: (fitted, n, context) => steps.sample(fitted, n, context as ModelContext<unknown>),
  })
}

function hashOfFile(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex')
  } catch (cause) {
    const value = (cause as NodeJS.ErrnoException).code
    throw new GenlossError(
      { code: 'input', path: 'defineProgram.files', value, rule: 'a file that can be read', hint: resolve(file) },
      { cause },
    )
  }
}

class Steps {
  readonly #name: string
  readonly #command: readonly string[]
  readonly #identity: () => string
  readonly #milliseconds: number

  constructor(name: string, command: readonly string[], identity: () => string, milliseconds: number) {
    this.#name = name
    this.#command = command
    this.#identity = identity
    this.#milliseconds = milliseconds
  }

  fit(records: Records, params: object, context: ModelContext<unknown>): FittedProgram | null {
    const columns = Object.entries(records).map(([name, column]) =>
      column instanceof Float64Array ? { name } : { name, labels: column.labels },
    )
    const train = toLines(records)
    const input = { columns, train: sha256(train), last: (context.last as FittedProgram | undefined)?.key ?? null }
    const key = this.#run('fit', input, params, context, { 'train.jsonl': train }, (folder) => ({
      train: [{ path: join(folder, 'train.jsonl'), format: 'jsonl', rows: lengthOf(records), sha256: sha256(train) }],
      model_in: input.last === null ? null : join(context.work!, input.last, 'model'),
      model_out: join(folder, 'model'),
    }))
    return { key, columns }
  }

  sample({ key: model, columns }: FittedProgram, n: number, context: ModelContext<unknown>): Records {
    const key = this.#run('sample', { columns, model, n }, {}, context, {}, (folder) => ({
      model_in: join(context.work!, model, 'model'),
      n,
      out: join(folder, 'out.jsonl'),
    }))
    const path = join(context.work!, key, 'out.jsonl')
    return fromLines(readFileSync(path, 'utf8'), columns, n, (value, rule, hint) =>
      this.#wrong('sample', value, rule, hint),
    )
  }

  /** Runs a step, unless it is done already; returns its key, which is the name of its folder. */
  #run(
    step: 'fit' | 'sample',
    input: Record<string, unknown> & { columns: FittedProgram['columns'] },
    params: object,
    context: ModelContext<unknown>,
    files: Record<string, string>,
    paths: (folder: string) => object,
  ): string {
    const seed = Math.floor(context.stream.uniform() * 2 ** 53)
    const key = sha256(canonical({ identity: this.#identity(), step, seed, params, ...input })).slice(0, 32)
    const whole = join(context.work!, key)
    if (this.#fault(whole, step) === undefined) return key
    // Two processes may take the same step: each has a folder of its own until it is done.
    const folder = `${whole}.${process.pid}-${randomBytes(4).toString('hex')}`
    mkdirSync(folder, { recursive: true })
    try {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
      const { replicate, generation } = context
      const { columns } = input
      const about = { protocol, step, replicate, generation, seed, params, columns, work_dir: folder }
      const manifest = join(folder, 'manifest.json')
      const text = JSON.stringify({ ...about, ...paths(folder), done: join(folder, 'done.json') }, null, 1)
      writeFileSync(manifest, text)
      this.#execute(step, folder, manifest, context)
      const fault = this.#fault(folder, step)
      if (fault) throw this.#wrong(step, ...fault, this.#said(folder))
      place(folder, whole, () => this.#fault(whole, step) === undefined)
    } catch (error) {
      // What it said and made is there to be looked at.
      place(folder, `${whole}.failed`, () => false)
      throw error
    }
    return key
  }

  #execute(step: string, folder: string, manifest: string, context: ModelContext<unknown>): void {
    const command = {
      argv: [...this.#command, step, '--manifest', manifest],
      milliseconds: this.#milliseconds,
      stdout: join(folder, 'stdout.log'),
      stderr: join(folder, 'stderr.log'),
      most: mostOutput,
    }
    for (let attempt = 1; ; attempt++) {
      const { code, why } = runProcess(command, context.control!)
      if (code === 0) return
      if (code === tryAgain && attempt < tries) continue
      const hint = this.#said(folder)
      const ends: Record<string, [string, string]> = {
        time: [`no end within ${this.#milliseconds / 1000} seconds`, 'it to end'],
        stopped: ['stopped', 'it to end'],
        signal: ['ended by a signal', 'it to end with code 0'],
        start: [`'${this.#command[0]}', which could not be started`, 'a program'],
      }
      const codes: Record<number, string> = {
        [badInput]: 'code 2: bad input',
        [tryAgain]: `code 75 (try again) ${tries} times`,
      }
      const [value, rule] = why ? ends[why]! : [codes[code!] ?? `code ${code}`, 'it to end with code 0']
      throw this.#wrong(step, value, rule, hint)
    }
  }

  /** What is wrong with the end of a step; undefined where it is done. */
  #fault(folder: string, step: 'fit' | 'sample'): [string, string] | undefined {
    const path = join(folder, 'done.json')
    if (!existsSync(path)) return ['none', 'done.json when it has ended']
    let done: { sha256?: unknown }
    try {
      done = JSON.parse(readFileSync(path, 'utf8')) as typeof done
    } catch {
      return ['something else', 'JSON in done.json']
    }
    const out = step === 'fit' ? 'model' : 'out.jsonl'
    if (!existsSync(join(folder, out))) return ['none', `a file ${out} when it has ended`]
    const found = hashOfFile(join(folder, out))
    return found === done.sha256 ? undefined : [String(done.sha256), `done.json with sha256 ${found}, that of ${out}`]
  }

  #said(folder: string): string | undefined {
    const path = join(folder, 'stderr.log')
    const text = existsSync(path) ? readFileSync(path, 'utf8').trim() : ''
    return text === '' ? undefined : `it said: ${text.slice(-300).split('\n').slice(-3).join(' | ')}`
  }

  #wrong(step: string, value: string, rule: string, hint?: string): GenlossError {
    return new GenlossError({ code: 'model', path: `program '${this.#name}' ${step}`, value, rule, hint })
  }
}

/** Puts a folder in its place, unless a good one stands there: another process was faster, and made the same. */
function place(folder: string, at: string, isGood: () => boolean): void {
  try {
    renameSync(folder, at)
  } catch {
    rmSync(isGood() ? folder : at, { recursive: true, force: true })
    if (existsSync(folder)) renameSync(folder, at)
  }
}

function lengthOf(records: Records): number {
  const [column] = Object.values(records)
  return (column instanceof Float64Array ? column : column!.codes).length
}
