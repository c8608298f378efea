// Everything that can go wrong before a run, done before anything is written: settings, tables, plan.

import { fromNative, GenlossError } from '@genloss/models'
import { type BlockText, blockText } from './block-text.js'
import { CoreTables } from './core-tables.js'
import { parseExperiment } from './experiment.js'
import { type Description, description, native } from './native.js'
import { type Cell, cellOf, inCell, makePlan, type Planned } from './plan.js'
import type { ReadReport, TableData } from './sources/types.js'
import { type Kinds, kindsOf } from './sources/written.js'
import { cellCount } from './sweep.js'
import { readTables } from './tables.js'

/** A run that can start: nothing in its settings or data is wrong, as far as can be known without running. */
export interface Prepared extends Planned {
  name: string | undefined
  /** The experiment as it was given. */
  given: unknown
  core: Description
  tables: CoreTables
  /** The files that were read. */
  files: readonly FileRead[]
  cellAt: (index: number) => Cell
  /** The text of a block and the tables that it counts. */
  blockAt: (index: number) => BlockText
  /** Chains times generations of a block. */
  fitsOf: (index: number) => number
  /** What a block costs, foretold: nanoseconds of one core. */
  costOf: (index: number) => number
  /** Bytes of a block's columns. */
  bytesOf: (index: number) => number
}

/** What was read of a file. */
export interface FileRead {
  path: string
  kinds: Kinds
  report: ReadReport
}

export interface PrepareOptions {
  /** Tables that are read already, taken in the place of files of the same path. */
  tables?: readonly TableData[]
  /** Whether SQL that the experiment names may be run. */
  allowCode?: boolean
}

/**
 * Checks an experiment, reads its tables and plans it. Nothing is written.
 *
 * @throws GenlossError `plan`, `input`, `data` or `io`
 */
export async function prepare(input: unknown, options: PrepareOptions = {}): Promise<Prepared> {
  const core = description()
  const { experiment, tables, data } = await readTables(parseExperiment(input), options.tables, options.allowCode)
  const memory = new Remembered(cellCount(experiment.axes))
  const planned = makePlan(experiment, data, core, (cell) => memory.keep(cell))
  const { plan } = planned
  const inCore = new CoreTables(tables)
  const cellAt = (index: number) => memory.at(index) ?? memory.keep(cellOf(plan, index, core))
  const checked = new Set<string>()
  for (const { cells } of plan.blocks) {
    // The cells of a block share their table.
    const cell = cellAt(cells[0])
    const { origin, model } = cell.settings
    const law = JSON.stringify([origin, model])
    if (!checked.has(law)) checkInCore(cell, cellAt, inCore, plan.numerics)
    checked.add(law)
  }
  const over = (chains: Float64Array) => (block: number) => {
    const { cells, replicates } = plan.blocks[block]!
    return chains.subarray(...cells).reduce((sum, one) => sum + one, 0) * (replicates[1] - replicates[0])
  }
  const [fitsOf, costOf] = [over(planned.fits), over(planned.costs)]
  const bytesOf = over(planned.sizes)
  const blockAt = (block: number) => blockText(plan.blocks[block]!, cellAt, inCore, plan.numerics)
  const files = [...tables.values()].map(({ path, columns, report }) => ({ path, kinds: kindsOf(columns), report }))
  return {
    ...planned,
    name: experiment.name,
    given: input,
    core,
    tables: inCore,
    files,
    cellAt,
    blockAt,
    fitsOf,
    costOf,
    bytesOf,
  }
}

/** What the core would refuse of a cell's origin and model, such as columns that determine each other. */
function checkInCore(cell: Cell, cellAt: (index: number) => Cell, tables: CoreTables, numerics: number): void {
  const { index, swept } = cell
  try {
    const block = blockText({ cells: [index, index + 1], replicates: [0, 1] }, cellAt, tables, numerics)
    const inCore = block.tables.map((table) => tables.inCore(table))
    native().checkBlock(block.text, inCore)
  } catch (error) {
    throw inCell(error instanceof GenlossError ? error : fromNative(error), swept)
  }
}

/** Plans of up to so many cells keep them: cells share most of their settings, and are asked for again and again. */
const mostRemembered = 20_000

/** Remembers all cells of a small plan, and the last one of a large one. */
class Remembered {
  readonly #places: number
  readonly #cells: (Cell | undefined)[] = []

  constructor(cells: number) {
    this.#places = cells > mostRemembered ? 1 : cells
  }

  keep(cell: Cell): Cell {
    this.#cells[cell.index % this.#places] = cell
    return cell
  }

  at(index: number): Cell | undefined {
    const cell = this.#cells[index % this.#places]
    return cell?.index === index ? cell : undefined
  }
}
