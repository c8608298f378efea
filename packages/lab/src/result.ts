// The result of a run: cells with their columns, and the JSON document of the whole.

import {
  type BlockColumns,
  byCell,
  type CellColumns,
  concatenate,
  type Dates,
  type Shape,
  type Summary,
} from '@genloss/metrics'
import { GenlossError } from '@genloss/models'
import type { BlockRange } from './blocks.js'
import { type CellDocument, CellResult } from './cell-result.js'
import type { Description } from './native.js'
import { Notes } from './notes.js'
import type { Piece } from './parts.js'
import type { Cell } from './plan.js'
import { valueColumns } from './settings.js'

/** Columns of a large cell are read back in pieces of this size. */
const pieceBytes = 512 * 2 ** 20

/** What `run --json` prints. */
export interface RunDocument {
  /** The folder, or null for a run in memory. */
  run: string | null
  /** The plan's hash. */
  plan: string
  notes: string[]
  cells: CellDocument[]
}

/** What a result is made from. */
export interface ResultSource {
  run: string | null
  hash: string
  notes: readonly string[]
  cells: number
  cellAt: (index: number) => Cell
  core: Description
  /** Columns of cells one after another, for runs that stay in their folder; large cells in pieces of this size. */
  stream: (limit: number) => AsyncIterable<Piece>
  /** Columns of all cells, if they are in memory. */
  loaded: readonly CellColumns[] | undefined
}

export class RunResult {
  /** The folder of the run, or null. */
  readonly run: string | null
  /** The plan's hash. */
  readonly plan: string
  /** Remarks of planning and running. */
  readonly notes: readonly string[]
  readonly #source: ResultSource
  #cells: CellResult[] | undefined

  constructor(source: ResultSource) {
    this.run = source.run
    this.plan = source.hash
    this.notes = source.notes
    this.#source = source
  }

  /** The cells in order. @throws GenlossError `usage` where they are too large to be held: take `each()` or SQL then */
  get cells(): readonly CellResult[] {
    const { loaded } = this.#source
    if (!loaded) throw notLoaded('cells')
    this.#cells ??= loaded.map((data) => this.#cell(data))
    return this.#cells
  }

  /** The cells one after another, each in memory only while it is looked at. */
  async *each(): AsyncGenerator<CellResult> {
    if (this.#source.loaded) yield* this.cells
    else for await (const { data } of this.#source.stream(Number.POSITIVE_INFINITY)) yield this.#cell(data)
  }

  #cell(data: CellColumns, names?: readonly string[]): CellResult {
    const { cellAt, core } = this.#source
    const cell = cellAt(data.cell)
    return new CellResult(cell, data, names ?? valueColumns(cell.settings), core.events)
  }

  /** Cells as far as memory goes: large ones come as several results with some of their columns each. */
  async *#pieces(): AsyncGenerator<CellResult> {
    if (this.#source.loaded) yield* this.cells
    else for await (const { data, names } of this.#source.stream(pieceBytes)) yield this.#cell(data, names)
  }

  /** The columns of a run of one cell by name: row-major [replicate][generation], NaN = undefined. */
  get columns(): Record<string, Float64Array> {
    return this.#only('columns').columns
  }

  /** Number of chains and of recorded generations of a run of one cell. */
  get shape(): Shape {
    return this.#only('shape').shape
  }

  /** The recorded generations of a run of one cell. */
  get generations(): number[] {
    return this.#only('generations').generations
  }

  /** Dates of the events of a run of one cell. */
  get events(): Record<string, Dates> {
    return this.#only('events').events
  }

  /** Mean, sd, interval of the mean and quantiles of a column of a run of one cell, one value a generation. */
  summary(name: string): Summary {
    return this.#only('summary').summary(name)
  }

  #only(what: string): CellResult {
    if (this.#source.cells === 1) return this.cells[0]!
    const rule = 'a run of one cell'
    const hint = `this one has ${this.#source.cells}; take cells[i].${what}`
    throw new GenlossError({ code: 'usage', path: what, value: this.#source.cells, rule, hint })
  }

  /** The JSON document; a run in a folder is read cell by cell, large cells column by column. */
  async document(): Promise<RunDocument> {
    const documents = new Map<number, CellDocument>()
    const remarks = new Notes()
    for await (const cell of this.#pieces()) {
      remarks.add(cell, this.#source.core.stoppedReasons)
      const known = documents.get(cell.index)
      const found = cell.toJSON()
      if (known) Object.assign(known.summary, found.summary)
      if (known) Object.assign(known.state, found.state)
      else documents.set(cell.index, found)
    }
    return { run: this.run, plan: this.plan, notes: [...this.notes, ...remarks.list()], cells: [...documents.values()] }
  }

  /** The JSON document of a run that is in memory. */
  toJSON(): RunDocument {
    const remarks = new Notes()
    for (const cell of this.cells) remarks.add(cell, this.#source.core.stoppedReasons)
    const notes = [...this.notes, ...remarks.list()]
    return { run: this.run, plan: this.plan, notes, cells: this.cells.map((cell) => cell.toJSON()) }
  }
}

function notLoaded(path: string): GenlossError {
  const hint = 'take each() to go through the cells, document() for the JSON, or query the run with SQL'
  return new GenlossError({ code: 'usage', path, value: 'more than memory should hold', rule: 'a run that fits', hint })
}

/** Columns of cells put together from blocks in memory, in order; each block is asked for once. */
export function cellsOf(blocks: readonly BlockRange[], columns: readonly BlockColumns[]): CellColumns[] {
  const cells: CellColumns[] = []
  for (let from = 0; from < blocks.length; ) {
    // Blocks that follow each other with the same single cell are ranges of its replicates.
    let to = from + 1
    while (to < blocks.length && blocks[to]!.cells[0] === blocks[from]!.cells[0]) to++
    const part = columns.slice(from, to)
    cells.push(...byCell(part.length === 1 ? part[0]! : concatenate(part)))
    from = to
  }
  return cells
}
