// Cuts a plan into blocks: replicates of one cell, or several whole small cells, bounded in columns and in work.

import type { CellSettings, Method } from '@genloss/models'
import { sizesOfCell } from './cell-sizes.js'
import { recordedCount, valueColumns } from './settings.js'

/** Cells `cells[0]` to `cells[1] - 1`, each with the replicates `replicates[0]` to `replicates[1] - 1`. */
export interface BlockRange {
  cells: [number, number]
  replicates: [number, number]
}

/** What cutting needs to know of a cell. */
export interface CellToCut {
  settings: CellSettings
  /** How its training sets are obtained; draws cost by the record. */
  method?: Method
}

/** A block's columns in memory, at most; a single chain may need more. */
export const blockBytes: number = 32 * 2 ** 20
/** Records that a block draws, at most (a single chain may need more): seconds of work, so that a run stopped early keeps most of it. */
export const blockDraws = 4e9
/** Chains run in groups: ranges of replicates end at multiples of this. */
const group = 64
const eventColumns = 6

/** Bytes of one chain's rows: three numbers that name the row, the value columns, and the events. */
export function chainBytes(settings: CellSettings): number {
  return recordedCount(settings) * (12 + 8 * valueColumns(settings).length) + 4 * eventColumns
}

/** A record of a model of one's own costs what so many of the core's do, at least. */
const ownRecord = 100

/** Records that one chain draws. */
function chainDraws({ settings, method }: CellToCut): number {
  if (method !== 'draws') return 0
  const { made } = sizesOfCell(settings)
  const { model, generations } = settings
  return model.kind === 'module' ? ownRecord * Math.max(made, model.records * (generations + 1)) : made
}

/**
 * Cuts cells 0 to `cells - 1`, asked for in order and once each. Whole cells share a block while they fit, have the
 * same replicates and the same columns over the same data; a larger cell is cut into nearly equal ranges.
 */
export function cutBlocks(
  cells: number,
  cellAt: (index: number) => CellToCut,
  limit: number = blockBytes,
): BlockRange[] {
  const blocks: BlockRange[] = []
  let last: { settings: CellSettings; signature: string } | undefined
  let open: { block: BlockRange; bytes: number; draws: number; signature: string } | undefined
  for (let index = 0; index < cells; index++) {
    const cell = cellAt(index)
    const { replicates } = cell.settings
    const [bytes, draws] = [chainBytes(cell.settings) * replicates, chainDraws(cell) * replicates]
    const signature = alike(cell.settings, last?.settings) ? last!.signature : signatureOf(cell.settings)
    last = { settings: cell.settings, signature }
    if (open?.signature === signature && open.bytes + bytes <= limit && open.draws + draws <= blockDraws) {
      open.block.cells[1] = index + 1
      open.bytes += bytes
      open.draws += draws
      continue
    }
    const most = Math.min(
      (limit * replicates) / bytes,
      draws > 0 ? (blockDraws * replicates) / draws : Number.POSITIVE_INFINITY,
    )
    const ranges = rangesOf(replicates, Math.max(1, Math.floor(most)))
    for (const range of ranges) blocks.push({ cells: [index, index + 1], replicates: range })
    open = ranges.length === 1 ? { block: blocks.at(-1)!, bytes, draws, signature } : undefined
  }
  return blocks
}

/** Cells of one signature can share a block: one list of columns, one set of rows to follow, one number of chains. */
function signatureOf({ columns, shares, watch, events, replicates, origin, model }: CellSettings): string {
  const rows = origin.kind === 'table' || shares ? [origin, model.kind] : []
  return JSON.stringify([columns, shares, watch, events, replicates, rows])
}

/** Whether two cells have one signature at a glance: the same objects throughout. */
function alike(one: CellSettings, other: CellSettings | undefined): boolean {
  const same = (key: 'columns' | 'shares' | 'watch' | 'events' | 'replicates' | 'origin' | 'model') =>
    one[key] === other?.[key]
  return (['columns', 'shares', 'watch', 'events', 'replicates', 'origin', 'model'] as const).every(same)
}

function rangesOf(replicates: number, most: number): [number, number][] {
  if (replicates <= most) return [[0, replicates]]
  const aligned = most >= group ? most - (most % group) : most
  const count = Math.ceil(replicates / aligned)
  const even = Math.ceil(replicates / count)
  const size = aligned >= group ? Math.min(aligned, Math.ceil(even / group) * group) : even
  const ranges: [number, number][] = []
  for (let from = 0; from < replicates; from += size) ranges.push([from, Math.min(replicates, from + size)])
  return ranges
}
