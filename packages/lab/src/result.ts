// The result of a run: cells with their columns, and the JSON document of the whole.

import {
  type BlockColumns,
  byCell,
  type CellColumns,
  concatenate,
  type Dates,
  type Json,
  type Shape,
  type Summary,
  toJson,
} from '@genloss/metrics'
import { GenlossError } from '@genloss/models'
import type { BlockRange } from './blocks.js'
import type { CellDocument } from './cell-document.js'
import { CellResult } from './cell-result.js'
import { type CellComparison, compareCells } from './comparison.js'
import type { Description } from './native.js'
import { Notes } from './notes.js'
import type { Piece, Wanted } from './parts.js'
import type { Cell } from './plan.js'
import { valueColumns } from './settings.js'
import type { FileAnswer } from './sources/written.js'

/** Columns of a large cell are read back in pieces of this size. */
const pieceBytes = 512 * 2 ** 20

/** Runs of more cells have no comparisons of their own: two cells are compared by `compareCells`. */
const mostCompared = 50

/** What `run --json` prints. */
export interface RunDocument {
  /** The folder, or null for a run in memory. */
  run: string | null
  /** The plan's hash. */
  plan: string
  /** The files that the origin was read from. */
  read: FileAnswer[]
  notes: string[]
  cells: CellDocument[]
  /** Each cell against the first, for runs of 2 to 50 cells. */
  comparisons: Json<CellComparison>[]
}

/** What a result is made from. */
export interface ResultSource {
  run: string | null
  hash: string
  read: readonly FileAnswer[]
  notes: readonly string[]
  cells: number
  cellAt: (index: number) => Cell
  core: Description
  /** Columns of cells one after another, for runs that stay in their folder. */
  stream: (wanted?: Wanted) => AsyncIterable<Piece>
  /** Columns of all cells, if they are in memory. */
  loaded: readonly CellColumns[] | undefined
}

export class RunResult {
  /** The folder of the run, or null. */
  readonly run: string | null
  /** The plan's hash. */
  readonly plan: string
  /** What was read of the files that the origin is made of. */
  readonly read: readonly FileAnswer[]
  /** Remarks of planning and running. */
  readonly notes: readonly string[]
  readonly #source: ResultSource
  #cells: CellResult[] | undefined

  constructor(source: ResultSource) {
    this.run = source.run
    this.plan = source.hash
    this.read = source.read
    this.notes = source.notes
    this.#source = source
  }

  /** Whether the columns of all cells are in memory. */
  get isLoaded(): boolean {
    return this.#source.loaded !== undefined
  }

  /** The cells in order. @throws GenlossError `usage` where they are too large to be held: take `each()` or SQL then */
  get cells(): readonly CellResult[] {
    const { loaded } = this.#source
    if (!loaded) throw notLoaded('cells')
    this.#cells ??= loaded.map((data) => this.#cell(data))
    return this.#cells
  }

  /**
   * The cells one after another, each in memory only while it is looked at.
   *
   * @param wanted the columns to read, of those that a cell has; cells that are in memory have all of theirs
   */
  async *each(wanted?: readonly string[]): AsyncGenerator<CellResult> {
    if (this.#source.loaded) yield* this.cells
    else {
      const stream = this.#source.stream(wanted ? { names: wanted } : {})
      for await (const { data, names } of stream) yield this.#cell(data, names)
    }
  }

  /** The last recorded generation and the dates of each cell, with some of the columns: small, however long the chains. */
  async *ends(names?: readonly string[]): AsyncGenerator<CellResult> {
    if (this.#source.loaded) for (const cell of this.cells) yield cell.ends(names)
    else {
      const wanted = { ends: true, ...(names ? { names } : {}) }
      for await (const piece of this.#source.stream(wanted)) yield this.#cell(piece.data, piece.names).ends()
    }
  }

  /**
   * Each cell against the first one, for runs of 2 to 50 cells: dates of their events and measures at the last generation.
   * None where chains are so many that their last generations would fill memory.
   */
  async comparisons(): Promise<CellComparison[]> {
    const found: CellComparison[] = []
    if (!this.#isComparable) return found
    let first: CellResult | undefined
    for await (const cell of this.ends()) {
      if (first) found.push(compareCells(cell, first))
      else first = cell
    }
    return found
  }

  get #isComparable(): boolean {
    const { cells, cellAt } = this.#source
    if (cells < 2 || cells > mostCompared) return false
    const { settings } = cellAt(0)
    return settings.replicates * valueColumns(settings).length * 16 <= pieceBytes
  }

  #cell(data: CellColumns, names?: readonly string[]): CellResult {
    const { cellAt, core } = this.#source
    const cell = cellAt(data.cell)
    return new CellResult(cell, data, names ?? valueColumns(cell.settings), core.events)
  }

  /** Cells as far as memory goes: large ones come as several results with some of their columns each. */
  async *#pieces(): AsyncGenerator<CellResult> {
    if (this.#source.loaded) yield* this.cells
    else for await (const { data, names } of this.#source.stream({ limit: pieceBytes })) yield this.#cell(data, names)
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
      if (known) addTo(known, found)
      else documents.set(cell.index, found)
    }
    const comparisons = (await this.comparisons()).map(toJson)
    const notes = [...this.notes, ...remarks.list()]
    return { ...this.#head(), notes, cells: [...documents.values()], comparisons }
  }

  /** The JSON document of a run that is in memory. */
  toJSON(): RunDocument {
    const remarks = new Notes()
    for (const cell of this.cells) remarks.add(cell, this.#source.core.stoppedReasons)
    const notes = [...this.notes, ...remarks.list()]
    const cells = this.cells.map((cell) => cell.toJSON())
    const [first, ...others] = this.#isComparable ? this.cells.map((cell) => cell.ends()) : []
    const comparisons = others.map((cell) => toJson(compareCells(cell, first!)))
    return { ...this.#head(), notes, cells, comparisons }
  }

  #head(): Pick<RunDocument, 'run' | 'plan' | 'read'> {
    return { run: this.run, plan: this.plan, read: [...this.read] }
  }
}

/** Adds what another piece of the same cell says to its document. */
function addTo(document: CellDocument, piece: CellDocument): void {
  for (const part of ['summary', 'state', 'incidence', 'events'] as const) Object.assign(document[part], piece[part])
  if (piece.conditional) document.conditional = piece.conditional
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
