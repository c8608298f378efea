// The host of a block: a model's functions as the core calls them, and what is wrong with them in words.

import type { BlockColumns } from '@genloss/metrics'
import {
  type Classes,
  type ColumnInfo,
  fromNative,
  GenlossError,
  type ModelContext,
  type OwnModel,
  type RecordColumn,
  type Records,
} from '@genloss/models'
import type { Native, NativeTable } from '../native.js'
import { HostStream } from './stream.js'

/** A cell whose model is one's own. */
export interface HostedCell {
  index: number
  sha256: string
  parameters: Record<string, unknown>
  /** The columns of its records. */
  columns: readonly ColumnInfo[]
}

/** Words of a piece that host and watcher share: the core's two, calls begun, and where the call that runs is. */
export const words = { cancel: 0, progress: 1, calls: 2, inside: 3, replicate: 4, generation: 5 } as const
export const wordCount = 8
/** What `inside` says. */
const nowhere = 0
const callNames = ['', 'fit', 'sample'] as const

/** Fates that the core knows by number. */
const fate = { fitted: 0, tooFew: 1, notFinite: 2, failed: 3 } as const

/** That of this thread: blocks run one after the other, and a stream begins anew with every call. */
let stream: HostStream | undefined

/** Runs a block on this thread. @throws GenlossError `model` for what the functions do wrong, and those of the core */
export function runHosted(
  core: Native,
  block: string,
  tables: NativeTable[],
  control: Uint32Array,
  cells: readonly HostedCell[],
  modelOf: (sha256: string) => OwnModel,
  work: string,
): BlockColumns {
  stream ??= new HostStream(core)
  const host = new Host(cells, modelOf, control, stream, work)
  try {
    return core.runHosted(block, tables, control, host, stream.native)
  } catch (error) {
    throw host.failure ?? fromNative(error)
  }
}

/** The place of the call that a piece is in, in words; undefined between calls. */
export function placeOf(control: Uint32Array): string | undefined {
  const inside = callNames[Atomics.load(control, words.inside)]
  if (!inside) return undefined
  return `${inside} of replicate ${Atomics.load(control, words.replicate)}, generation ${Atomics.load(control, words.generation)}`
}

class Host {
  failure: GenlossError | undefined
  readonly #cells: ReadonlyMap<number, Hosted>
  readonly #control: Uint32Array
  readonly #stream: HostStream
  readonly #context: Context
  #fitted: unknown

  constructor(
    cells: readonly HostedCell[],
    modelOf: (sha256: string) => OwnModel,
    control: Uint32Array,
    stream: HostStream,
    work: string,
  ) {
    this.#cells = new Map(cells.map((cell) => [cell.index, new Hosted(cell, modelOf(cell.sha256))]))
    this.#control = control
    this.#stream = stream
    this.#context = new Context(stream, control, work)
  }

  readonly fit = (cell: number, replicate: number, generation: number, columns: (Float64Array | Uint32Array)[]) => {
    if (generation === 0) this.#fitted = undefined
    const hosted = this.#cells.get(cell)!
    return this.#call(1, hosted, replicate, generation, fate.failed, (context) => {
      const fitted = hosted.model.fit(hosted.records(columns), hosted.parameters as never, context)
      if (fitted === null) return fate.tooFew
      if (fitted === undefined)
        throw hosted.wrong('nothing', 'fit to return what it fitted', 'or null where it can not')
      if (fitted instanceof Promise)
        throw hosted.wrong('a promise', 'fit to return what it fitted', 'it can not be asynchronous')
      this.#fitted = fitted
      return hasFiniteNumbers(fitted) ? fate.fitted : fate.notFinite
    })
  }

  readonly sample = (cell: number, replicate: number, generation: number, n: number) => {
    const hosted = this.#cells.get(cell)!
    return this.#call(2, hosted, replicate, generation, null, (context) =>
      hosted.columns(hosted.model.sample(this.#fitted, n, context), n),
    )
  }

  #call<T>(
    what: 1 | 2,
    hosted: Hosted,
    replicate: number,
    generation: number,
    failed: T,
    of: (context: Context) => T,
  ): T {
    const control = this.#control
    Atomics.store(control, words.replicate, replicate)
    Atomics.store(control, words.generation, generation)
    Atomics.store(control, words.inside, what)
    Atomics.add(control, words.calls, 1)
    this.#stream.reset()
    const context = this.#context
    context.replicate = replicate
    context.generation = generation
    context.last = this.#fitted
    try {
      return of(context)
    } catch (error) {
      // What a function does after the run was asked to stop is no failure of it.
      if (!context.cancelled) this.failure ??= failureOf(error, hosted, placeOf(control)!)
      return failed
    } finally {
      Atomics.store(control, words.inside, nowhere)
    }
  }
}

function failureOf(error: unknown, hosted: Hosted, place: string): GenlossError {
  if (error instanceof GenlossError && error.code === 'model') {
    const { path, value, rule, hint } = error
    return new GenlossError({
      code: 'model',
      path,
      value,
      rule,
      hint: [hint, `in ${place}`].filter(Boolean).join('; '),
    })
  }
  const value = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  const line = error instanceof Error ? /\n\s+at (?!file:)(.*)/.exec(error.stack ?? '')?.[1] : undefined
  const hint = line === undefined || line.includes('data:') ? undefined : `at ${line}`
  return new GenlossError(
    { code: 'model', path: hosted.path, value, rule: `${place} to return`, hint },
    { cause: error },
  )
}

/** Numbers of a fitted object that are not finite end the chain, as they do for every family. */
function hasFiniteNumbers(fitted: unknown): boolean {
  if (typeof fitted === 'number') return Number.isFinite(fitted)
  if (typeof fitted !== 'object' || fitted === null || ArrayBuffer.isView(fitted)) return true
  return Object.values(fitted).every((value) => typeof value !== 'number' || Number.isFinite(value))
}

class Context implements ModelContext<unknown> {
  readonly stream: HostStream
  last: unknown
  replicate = 0
  generation = 0
  readonly control: Uint32Array
  readonly work: string

  constructor(stream: HostStream, control: Uint32Array, work: string) {
    this.stream = stream
    this.control = control
    this.work = work
  }

  get cancelled(): boolean {
    return Atomics.load(this.control, words.cancel) !== 0
  }
}

/** A model with its settings and the columns of its records. */
export class Hosted {
  readonly model: OwnModel
  readonly parameters: Record<string, unknown>
  readonly path: string
  readonly #columns: readonly ColumnInfo[]

  constructor({ parameters, columns }: HostedCell, model: OwnModel) {
    this.model = model
    this.parameters = parameters
    this.path = `model '${model.name}'`
    this.#columns = columns
  }

  wrong(value: unknown, rule: string, hint?: string): GenlossError {
    return new GenlossError({ code: 'model', path: this.path, value, rule, hint })
  }

  records(columns: readonly (Float64Array | Uint32Array)[]): Records {
    const records: Record<string, RecordColumn> = {}
    for (const [i, { name, labels }] of this.#columns.entries()) {
      const column = columns[i]!
      records[name] = column instanceof Uint32Array ? { codes: column, labels: labels! } : column
    }
    return records
  }

  /** The columns of a sample, in order; what is wrong with them is told by name. */
  columns(sample: Records, n: number): (Float64Array | Uint32Array)[] {
    const names = this.#columns.map(({ name }) => name)
    if (typeof sample !== 'object' || sample === null || sample instanceof Promise) {
      throw this.wrong(
        sample instanceof Promise ? 'a promise' : sample,
        `sample to return columns: ${names.join(', ')}`,
      )
    }
    const given = Object.keys(sample)
    const other = given.find((name) => !names.includes(name))
    if (other !== undefined || given.length !== names.length) {
      throw this.wrong(given.join(', ') || 'none', `sample to return the columns ${names.join(', ')}`)
    }
    return this.#columns.map((info) => this.#column(info, sample[info.name], n))
  }

  #column({ name, labels }: ColumnInfo, column: RecordColumn | undefined, n: number): Float64Array | Uint32Array {
    if (labels === undefined) {
      if (!(column instanceof Float64Array)) {
        throw this.wrong(kindOf(column), `a Float64Array as column '${name}' of a sample`, 'Float64Array.from(list)')
      }
      if (column.length !== n) throw this.wrong(column.length, `${n} records in column '${name}' of a sample`)
      return column
    }
    const { codes, labels: own } = (column ?? {}) as Partial<Classes>
    if (!(codes instanceof Uint32Array) || !Array.isArray(own)) {
      throw this.wrong(kindOf(column), `{ codes: Uint32Array, labels } as column '${name}' of a sample`)
    }
    if (codes.length !== n) throw this.wrong(codes.length, `${n} records in column '${name}' of a sample`)
    if (own !== labels && (own.length !== labels.length || own.some((label, i) => label !== labels[i]))) {
      throw this.wrong(own.slice(0, 8).join(', '), `the labels that fit got, in column '${name}' of a sample`)
    }
    for (const code of codes) {
      if (code >= labels.length) throw this.wrong(code, `codes below ${labels.length} in column '${name}' of a sample`)
    }
    return codes
  }
}

function kindOf(column: unknown): string {
  if (Array.isArray(column)) return 'an array'
  return column === null
    ? 'null'
    : typeof column === 'object'
      ? (column.constructor?.name ?? 'an object')
      : typeof column
}
