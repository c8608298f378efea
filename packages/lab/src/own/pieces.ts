// Pieces of a block for several workers, and their columns put together again: the same bytes however it is cut.

import type { BlockColumns } from '@genloss/metrics'

interface Text {
  cells: { index: number; replicates: [number, number]; model: { kind: string } }[]
}

/** Some chains of a block, as a block's text of their own. */
export interface Piece {
  text: string
  /** The cells in it. */
  cells: number[]
  chains: number
}

/** Cuts a block's text into about so many pieces of chains, in the block's order. */
export function piecesOf(text: string, pieces: number): Piece[] {
  const block = JSON.parse(text) as Text
  const total = block.cells.reduce((sum, { replicates: [from, to] }) => sum + to - from, 0)
  const most = Math.max(1, Math.ceil(total / pieces))
  const cut: Text['cells'][] = []
  let room = 0
  for (const cell of block.cells) {
    const [first, end] = cell.replicates
    for (let from = first; from < end; ) {
      if (room === 0) {
        cut.push([])
        room = most
      }
      const to = Math.min(end, from + room)
      cut.at(-1)!.push({ ...cell, replicates: [from, to] })
      room -= to - from
      from = to
    }
  }
  return cut.map((cells) => ({
    text: JSON.stringify({ ...block, cells }),
    cells: cells.map(({ index }) => index),
    chains: cells.reduce((sum, { replicates: [from, to] }) => sum + to - from, 0),
  }))
}

/** The columns of pieces in order as those of one block. */
export function joined(parts: readonly BlockColumns[]): BlockColumns {
  const [first] = parts as [BlockColumns]
  if (parts.length === 1) return first
  return {
    cell: whole(parts.map(({ cell }) => cell)),
    replicate: whole(parts.map(({ replicate }) => replicate)),
    generation: whole(parts.map(({ generation }) => generation)),
    names: first.names,
    values: first.values.map((_, i) => whole(parts.map(({ values }) => values[i]!))),
    eventNames: first.eventNames,
    events: first.events.map((_, i) => whole(parts.map(({ events }) => events[i]!))),
  }
}

function whole<T extends Float64Array | Uint32Array | Int32Array>(parts: readonly T[]): T {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const all = new (parts[0]!.constructor as new (length: number) => T)(length)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
