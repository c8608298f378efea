// Everything that can go wrong before a run, done before anything is written: settings, tables, plan.

import { checkColumns, fromNative, GenlossError, ownModelOf, parametersOf } from '@genloss/models'
import { type BlockText, blockText, chainsText } from './block-text.js'
import { chainBytes } from './blocks.js'
import { CoreTables } from './core-tables.js'
import { cellCost, chainCost } from './cost.js'
import { parseExperiment } from './experiment.js'
import { type Description, description, native } from './native.js'
import type { Hosting } from './own/hosted-run.js'
import { type Module, readModels } from './own/read-models.js'
import { type Cell, cellOf, draftText, inCell, makePlan, type Planned } from './plan.js'
import { type BlockSums, plannedBefore } from './planned.js'
import type { TableData } from './sources/types.js'
import { type FileAnswer, fileAnswer, kindsOf } from './sources/written.js'
import { cellCount, sweptAt } from './sweep.js'
import { readTables } from './tables.js'

/** A run that can start: nothing in its settings or data is wrong, as far as can be known without running. */
export interface Prepared extends Planned {
  name: string | undefined
  /** The experiment as it was given. */
  given: unknown
  core: Description
  tables: CoreTables
  /** Models of one's own by hash, and who hosts cells of them; undefined where there are none. */
  modules: ReadonlyMap<string, Module>
  hosting: Hosting | undefined
  /** The files that were read. */
  files: readonly FileAnswer[]
  cellAt: (index: number) => Cell
  /** The text of a block and the tables that it counts. */
  blockAt: (index: number) => BlockText
  /** The text of some chains of cells of one block. */
  chainsAt: (chains: readonly { cell: number; replicates: [number, number] }[]) => BlockText
  /** Chains times generations of a block. */
  fitsOf: (index: number) => number
  /** What a block costs, foretold: nanoseconds of one core. */
  costOf: (index: number) => number
  /** Bytes of a block's columns. */
  bytesOf: (index: number) => number
}

export interface PrepareOptions {
  /** Tables that are read already, taken in the place of files of the same path. */
  tables?: readonly TableData[]
  /** Whether SQL that the experiment names may be run. */
  allowCode?: boolean
  /** The folder that the run goes to, by its name: a plan that stands there already need not be made again. */
  out?: string | ((name: string | undefined) => string | undefined) | undefined
}

/**
 * Checks an experiment, reads its tables and plans it. Nothing is written.
 *
 * @throws GenlossError `plan`, `input`, `data` or `io`
 */
export async function prepare(input: unknown, options: PrepareOptions = {}): Promise<Prepared> {
  const core = description()
  const named = await readModels(parseExperiment(input), options.allowCode)
  const { experiment, tables, data } = await readTables(named.experiment, options.tables, options.allowCode)
  const { modules } = named
  const memory = new Remembered(cellCount(experiment.axes))
  const out = typeof options.out === 'function' ? options.out(experiment.name) : options.out
  const before = out === undefined ? undefined : await plannedBefore(out, draftText(experiment, data, core), core)
  const planned = before ?? makePlan(experiment, data, core, (cell) => memory.keep(cell))
  const { plan } = planned
  const inCore = new CoreTables(tables)
  const cellAt = (index: number) => memory.at(index) ?? memory.keep(cellOf(plan, index, core))
  const hosting = modules.size > 0 ? hostingOf(modules, cellAt, inCore) : undefined
  const checked = new Set<string>()
  // A plan that stands in a folder was checked before it got there.
  for (const { cells } of before ? [] : plan.blocks) {
    // The cells of a block share their table.
    const cell = cellAt(cells[0])
    const { origin, model } = cell.settings
    const law = JSON.stringify([origin, model])
    if (!checked.has(law)) {
      checkOwn(cell, hosting)
      checkInCore(cell, cellAt, inCore, plan.numerics)
    }
    checked.add(law)
  }
  const blockAt = (block: number) => blockText(plan.blocks[block]!, cellAt, inCore, plan.numerics)
  const files = [...tables.values()].map(({ path, columns, report }) => fileAnswer(path, kindsOf(columns), report))
  const chainsAt: Prepared['chainsAt'] = (chains) => chainsText(chains, cellAt, inCore, plan.numerics)
  const own = { modules, hosting }
  const common = { ...own, chainsAt, name: experiment.name, given: input, core, tables: inCore, files, cellAt, blockAt }
  return { ...planned, ...common, ...sumsOf(planned, cellAt, before?.blocks) }
}

/** Cells of models of one's own, as their hosts see them. */
function hostingOf(modules: Hosting['modules'], cellAt: (index: number) => Cell, tables: CoreTables): Hosting {
  return {
    modules,
    cellAt(index) {
      const { settings } = cellAt(index)
      const { model } = settings
      if (model.kind !== 'module') return undefined
      return { index, sha256: model.sha256!, parameters: parametersOf(model), columns: tables.columnsOf(settings) }
    },
  }
}

/** Sums over the chains of a block; those that are known need no cell. */
function sumsOf({ plan, chains }: Planned, cellAt: (index: number) => Cell, known: BlockSums | undefined) {
  const over = (chain: (index: number) => number) => (block: number) => {
    const { cells, replicates } = plan.blocks[block]!
    let sum = 0
    for (let index = cells[0]; index < cells[1]; index++) sum += chain(index)
    return sum * (replicates[1] - replicates[0])
  }
  const varied = plan.axes.some(({ path }) => path.split(',').includes('generations'))
  const generations = (index: number) => (varied ? sweptAt(plan.axes, index) : plan.base).generations as number
  const chainsCost = over((index) => chains?.costs[index] ?? chainCost(cellAt(index)))
  const chainsBytes = over((index) => chains?.bytes[index] ?? chainBytes(cellAt(index).settings))
  const cellsIn = (block: number) => plan.blocks[block]!.cells[1] - plan.blocks[block]!.cells[0]
  return {
    fitsOf: over((index) => generations(index) + 1),
    costOf: (block: number) => known?.costs[block] ?? chainsCost(block) + cellCost * cellsIn(block),
    bytesOf: (block: number) => known?.bytes[block] ?? chainsBytes(block),
  }
}

/** What a model of one's own does not take. */
function checkOwn({ index, swept }: Cell, hosting: Hosting | undefined): void {
  const hosted = hosting?.cellAt(index)
  if (!hosted) return
  try {
    checkColumns(ownModelOf(hosted.sha256)!, hosted.columns)
  } catch (error) {
    throw inCell(error, swept)
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
