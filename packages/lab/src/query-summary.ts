// The summary of a run as a table for SQL, from the same functions that make the JSON document.

import type { DuckDBConnection } from '@duckdb/node-api'
import { CellResult } from './cell-result.js'
import { readCells } from './parts.js'
import { cellOf } from './plan.js'
import type { RunParts } from './query-views.js'

const curves = ['mean', 'sd', 'low', 'high', 'median', 'median_low', 'median_high', 'q05', 'q95'] as const
/** Columns of a large cell are read in pieces of this size. */
const pieceBytes = 512 * 2 ** 20

/** Creates the table `summary` of the cells whose parts are all there. */
export async function createSummary(connection: DuckDBConnection, run: RunParts): Promise<void> {
  const numbers = curves.map((curve) => `"${curve}" DOUBLE`).join(', ')
  await connection.run(
    `CREATE TABLE summary (cell VARCHAR, generation INTEGER, measure VARCHAR, ${numbers}, reliable BOOLEAN)`,
  )
  const appender = await connection.createAppender('summary')
  const { plan, core, folder } = run
  const cellAt = (index: number) => cellOf(plan, index, core)
  const source = { plan, cellAt, core }
  for await (const { data, names } of readCells(source, folder, { limit: pieceBytes, blocks: wholeBlocks(run) })) {
    const cell = new CellResult(cellAt(data.cell), data, names, core.events)
    for (const measure of cell.measures) {
      const found = cell.summary(measure)
      for (const [i, generation] of cell.generations.entries()) {
        appender.appendVarchar(cell.cell)
        appender.appendInteger(generation)
        appender.appendVarchar(measure)
        for (const curve of curves) {
          if (Number.isNaN(found[curve][i])) appender.appendNull()
          else appender.appendDouble(found[curve][i]!)
        }
        appender.appendBoolean(found.reliable[i]!)
        appender.endRow()
      }
    }
  }
  appender.closeSync()
}

/** The blocks of cells that have all theirs: half a cell has no summary. */
function wholeBlocks({ plan, blocks }: RunParts): number[] {
  const there = new Set(blocks)
  const broken = new Set(plan.blocks.flatMap(({ cells }, block) => (there.has(block) ? [] : [cells[0]])))
  return blocks.filter((block) => !broken.has(plan.blocks[block]!.cells[0]))
}
