// Reads the columns of cells back from the parts of a run, a block or the blocks of one cell at a time.

import { join } from 'node:path'
import { type BlockColumns, byCell, type CellColumns } from '@genloss/metrics'
import { type CellSettings, GenlossError } from '@genloss/models'
import { chainBytes } from './blocks.js'
import { partName } from './folder.js'
import type { Prepared } from './prepare.js'
import { recorded, valueColumns } from './settings.js'
import { sqlName, sqlPath, withDuckDB } from './sources/parquet/duckdb.js'

/** Columns of a cell: all of them, or some where all would not fit. */
export interface Piece {
  data: CellColumns
  names: readonly string[]
}

type Source = Pick<Prepared, 'plan' | 'cellAt' | 'core'>

/** What is read together: whole small cells of one block, or all blocks of one cell. */
interface Unit {
  cells: [number, number]
  /** Some of the replicates; all if left out. */
  replicates?: [number, number]
  files: string[]
}

/** All columns of one block. @throws GenlossError `io` where rows are missing */
export function readBlock(source: Source, folder: string, block: number): Promise<BlockColumns> {
  const { cells, replicates } = source.plan.blocks[block]!
  const unit = { cells, replicates, files: [join(folder, 'parts', partName(block))] }
  return readUnit(source, unit, valueColumns(source.cellAt(cells[0]).settings), false)
}

/** What to read of a run; all of it by default. */
export interface Wanted {
  /** A cell whose columns need more bytes than this comes in several pieces that follow each other. */
  limit?: number
  /** The blocks to read, ascending; all of a cell or none. */
  blocks?: Iterable<number>
  /** Generation 0 and the last recorded one alone. */
  ends?: boolean
  /** The value columns to read, of those that a cell has. */
  names?: readonly string[]
}

/**
 * The cells of a run in order, in one piece or several, each with some of its columns.
 *
 * @throws GenlossError `io` where rows are missing
 */
export async function* readCells(source: Source, folder: string, wanted: Wanted = {}): AsyncGenerator<Piece> {
  const { limit = Number.POSITIVE_INFINITY, blocks = source.plan.blocks.keys(), ends = false } = wanted
  for (const unit of unitsOf(source, folder, blocks)) {
    const { settings } = source.cellAt(unit.cells[0])
    const names = valueColumns(settings).filter((name) => wanted.names?.includes(name) ?? true)
    const whole = chainBytes(settings) * settings.replicates * (unit.cells[1] - unit.cells[0])
    const batch = Math.max(1, Math.floor(names.length / Math.max(1, Math.ceil(whole / limit))))
    for (let from = 0; from < Math.max(1, names.length); from += batch) {
      const some = names.slice(from, from + batch)
      for (const data of byCell(await readUnit(source, unit, some, ends))) yield { data, names: some }
    }
  }
}

/** The recorded generations of a cell, or the first and the last of them. */
function generationsOf(settings: CellSettings, ends: boolean): number[] {
  const all = recorded(settings)
  return ends && all.length > 1 ? [all[0]!, all.at(-1)!] : all
}

function unitsOf({ plan }: Source, folder: string, blocks: Iterable<number>): Unit[] {
  const units: Unit[] = []
  for (const block of blocks) {
    const { cells } = plan.blocks[block]!
    const file = join(folder, 'parts', partName(block))
    const last = units.at(-1)
    // Blocks that follow each other with the same cell are ranges of its replicates.
    if (last?.cells[0] === cells[0]) last.files.push(file)
    else units.push({ cells, files: [file] })
  }
  return units
}

async function readUnit(source: Source, unit: Unit, names: readonly string[], ends: boolean): Promise<BlockColumns> {
  const columns = empty(source, unit, names, ends)
  const { cell, replicate, generation, values, eventNames, events } = columns
  const list = ['cell', 'replicate', 'generation', ...names, ...eventNames.map((name) => `event_${name}`)]
  const from = `read_parquet([${unit.files.map(sqlPath).join(', ')}])`
  const sql = `SELECT ${list.map(sqlName).join(', ')} FROM ${from}${ends ? ` WHERE ${atEnds(source, unit)}` : ''}`
  const rows = await withDuckDB(async (connection) => {
    const result = await connection.stream(sql)
    let row = 0
    let chain = -1
    for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
      const start = row
      row += chunk.rowCount
      if (row > cell.length) break
      const numbers: (Uint32Array | Float64Array)[] = [cell, replicate, generation, ...values]
      for (const [i, into] of numbers.entries()) {
        chunk.visitColumnValues(i, (value, at) => {
          into[start + at] = value === null ? Number.NaN : Number(value)
        })
      }
      const first = chain
      for (const [i, into] of events.entries()) {
        chain = first
        chunk.visitColumnValues(numbers.length + i, (value, at) => {
          // Events stand in the row of generation 0, the first of a chain.
          if (generation[start + at] === 0) into[++chain] = value === null ? -1 : Number(value)
        })
      }
    }
    return row
  })
  if (rows === cell.length) return columns
  const hint = "run the same experiment with the same 'out' again, and the missing parts are made"
  const rule = `${cell.length} rows of cells ${unit.cells[0]} to ${unit.cells[1] - 1}`
  throw new GenlossError({ code: 'io', path: unit.files[0]!, value: `${rows} rows`, rule, hint })
}

/** The rows of generation 0 and of each cell's last recorded one, as SQL; rows keep their order. */
function atEnds({ cellAt }: Source, { cells }: Unit): string {
  const lasts = new Map<number, number[]>()
  for (let index = cells[0]; index < cells[1]; index++) {
    const last = recorded(cellAt(index).settings).at(-1)!
    lasts.set(last, [...(lasts.get(last) ?? []), index])
  }
  const tests = [...lasts].map(([last, own]) =>
    lasts.size === 1 ? `generation = ${last}` : `(generation = ${last} AND cell IN (${own.join(', ')}))`,
  )
  return ['generation = 0', ...tests].join(' OR ')
}

function empty(
  { cellAt, core }: Source,
  { cells, replicates }: Unit,
  names: readonly string[],
  ends: boolean,
): BlockColumns {
  let rows = 0
  let chains = 0
  for (let index = cells[0]; index < cells[1]; index++) {
    const { settings } = cellAt(index)
    const own = replicates ? replicates[1] - replicates[0] : settings.replicates
    chains += own
    rows += own * generationsOf(settings, ends).length
  }
  const eventNames = cellAt(cells[0]).settings.events ? [...core.events, 'stopped_reason'] : []
  return {
    cell: new Uint32Array(rows),
    replicate: new Uint32Array(rows),
    generation: new Uint32Array(rows),
    names: [...names],
    values: names.map(() => new Float64Array(rows)),
    eventNames,
    events: eventNames.map(() => new Int32Array(chains)),
  }
}
