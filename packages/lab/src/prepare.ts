// Everything that can go wrong before a run, done before anything is written: settings, tables, plan.

import { fromNative, GenlossError } from '@genloss/models'
import { type BlockText, blockText } from './block-text.js'
import { CoreTables } from './core-tables.js'
import { parseExperiment } from './experiment.js'
import { type Description, description, native } from './native.js'
import { type Cell, cellOf, inCell, makePlan, type Planned } from './plan.js'
import type { ReadReport, TableData } from './sources/types.js'
import { type Kinds, kindsOf } from './sources/written.js'
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
  const planned = makePlan(experiment, data, core)
  const { plan } = planned
  const inCore = new CoreTables(tables)
  const cellAt = remembered((index) => cellOf(plan, index, core))
  const checked = new Set<string>()
  for (const { cells } of plan.blocks) {
    // The cells of a block share their table.
    const cell = cellAt(cells[0])
    const { origin, model } = cell.settings
    const law = JSON.stringify([origin, model])
    if (!checked.has(law)) checkInCore(cell, cellAt, inCore, plan.numerics)
    checked.add(law)
  }
  const fitsOf = (block: number) => {
    const { cells, replicates } = plan.blocks[block]!
    return planned.fits.subarray(...cells).reduce((sum, fits) => sum + fits, 0) * (replicates[1] - replicates[0])
  }
  const blockAt = (block: number) => blockText(plan.blocks[block]!, cellAt, inCore, plan.numerics)
  const files = [...tables.values()].map(({ path, columns, report }) => ({ path, kinds: kindsOf(columns), report }))
  return { ...planned, name: experiment.name, given: input, core, tables: inCore, files, cellAt, blockAt, fitsOf }
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

/** Remembers the last cell: a plan asks for the same one many times in a row. */
function remembered(cellAt: (index: number) => Cell): (index: number) => Cell {
  let last: Cell | undefined
  return (index) => {
    if (last?.index !== index) last = cellAt(index)
    return last
  }
}
