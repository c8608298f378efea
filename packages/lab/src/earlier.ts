// The parts of a plan that was extended: their chains are taken over, not run again, as long as the folder keeps them.

import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type BlockColumns, concatenate } from '@genloss/metrics'
import type { BlockText } from './block-text.js'
import type { BlockRange } from './blocks.js'
import { sha256 } from './canonical.js'
import { type Extension, extensionOf } from './extension.js'
import { partName, readPlan } from './folder.js'
import { native } from './native.js'
import { readBlock } from './parts.js'
import { cellOf, type Plan } from './plan.js'
import type { Prepared } from './prepare.js'

/** Where a folder keeps the plans that its own has extended, each with its parts. */
export const earlierFolder = 'earlier'

/** Chains of one cell. */
export interface Chains {
  cell: number
  replicates: [number, number]
}

/** One plan that was extended. */
interface Kept {
  folder: string
  plan: Plan
  same: Extension['same']
  /** Its good blocks by their cells. */
  blocks: Map<number, number[]>
}

/** Blocks that were read last: cells that follow each other are often of one. */
const mostRead = 2

export class Earlier {
  readonly #path: string
  readonly #prepared: Prepared
  readonly #kept: Kept[]
  readonly #read = new Map<string, Promise<BlockColumns>>()

  private constructor(path: string, prepared: Prepared, kept: Kept[]) {
    this.#path = path
    this.#prepared = prepared
    this.#kept = kept
  }

  /** What a folder keeps of plans that this one extends; nothing where there is none. */
  static async of(path: string, prepared: Prepared): Promise<Earlier | undefined> {
    const base = join(path, earlierFolder)
    const names = await readdir(base).catch(() => [])
    const kept: Kept[] = []
    for (const name of names.filter((one) => !one.startsWith('.'))) {
      const found = await keptIn(join(base, name), prepared).catch(() => undefined)
      if (found) kept.push(found)
    }
    return names.length > 0 ? new Earlier(base, prepared, kept) : undefined
  }

  /** How much of a block can be taken over. */
  has(block: number): 'nothing' | 'some' | 'all' {
    const { taken, left } = this.#pieces(block)
    if (taken.length === 0) return 'nothing'
    return left.length === 0 ? 'all' : 'some'
  }

  /** The text of a block's chains that can't be taken over. */
  restOf(block: number): BlockText {
    return this.#prepared.chainsAt(this.#pieces(block).left)
  }

  /** The whole of a block from the chains that are taken over and those that were run. */
  async whole(block: number, run: BlockColumns | undefined): Promise<BlockColumns> {
    const found: BlockColumns[] = run ? [run] : []
    for (const { cell, replicates, kept } of this.#pieces(block).taken) {
      const own = kept.same.get(cell)!
      for (const old of kept.blocks.get(own.cell)!) {
        const columns = await this.#columns(kept, old)
        found.push(chainsFrom(columns, own.cell, replicates, cell))
      }
    }
    return found.length === 1 && run ? run : concatenate(found)
  }

  /** Takes away what is kept, once nothing of it is needed. */
  async remove(): Promise<void> {
    await rm(this.#path, { recursive: true, force: true })
  }

  #pieces(block: number): { taken: (Chains & { kept: Kept })[]; left: Chains[] } {
    const { cells, replicates } = this.#prepared.plan.blocks[block]!
    const taken: (Chains & { kept: Kept })[] = []
    const left: Chains[] = []
    for (let cell = cells[0]; cell < cells[1]; cell++) {
      const kept = this.#best(cell)
      const end = kept ? Math.min(replicates[1], kept.same.get(cell)!.replicates) : 0
      if (kept && end > replicates[0]) taken.push({ cell, replicates: [replicates[0], end], kept })
      const from = Math.max(replicates[0], end)
      if (from < replicates[1]) left.push({ cell, replicates: [from, replicates[1]] })
    }
    return { taken, left }
  }

  /** The plan that has the most chains of a cell, all of them in good parts. */
  #best(cell: number): Kept | undefined {
    const have = this.#kept.filter(({ same, blocks }) => same.has(cell) && blocks.has(same.get(cell)!.cell))
    return have.sort((a, b) => b.same.get(cell)!.replicates - a.same.get(cell)!.replicates)[0]
  }

  #columns(kept: Kept, block: number): Promise<BlockColumns> {
    const file = join(kept.folder, 'parts', partName(block))
    const known = this.#read.get(file)
    if (known !== undefined) return known
    const { core } = this.#prepared
    const cellAt = (index: number) => cellOf(kept.plan, index, core)
    const columns = readBlock({ plan: kept.plan, cellAt, core }, kept.folder, block)
    this.#read.set(file, columns)
    for (const old of [...this.#read.keys()].slice(0, -mostRead)) this.#read.delete(old)
    return columns
  }
}

async function keptIn(folder: string, prepared: Prepared): Promise<Kept | undefined> {
  const { plan, text } = await readPlan(folder)
  const extension = extensionOf(plan, prepared)
  if (!extension) return undefined
  const hash = sha256(text)
  const blocks = new Map<number, number[]>()
  const broken = new Set<number>()
  for (const [block, range] of plan.blocks.entries()) {
    const good = native().checkPart(join(folder, 'parts', partName(block)), hash, false, range) === null
    for (const cell of cellsOf(range)) {
      if (!good) broken.add(cell)
      blocks.set(cell, [...(blocks.get(cell) ?? []), block])
    }
  }
  for (const cell of broken) blocks.delete(cell)
  return { folder, plan, same: extension.same, blocks }
}

function* cellsOf({ cells }: BlockRange): Generator<number> {
  for (let cell = cells[0]; cell < cells[1]; cell++) yield cell
}

/** Some chains of a cell, under the number of another. */
function chainsFrom(columns: BlockColumns, cell: number, [from, to]: [number, number], as: number): BlockColumns {
  const isIn = (row: number) =>
    columns.cell[row] === cell && columns.replicate[row]! >= from && columns.replicate[row]! < to
  const rows = columns.cell.length
  let start = 0
  let first = 0
  // A chain begins in its row of generation 0.
  for (; start < rows && !isIn(start); start++) if (columns.generation[start] === 0) first++
  let end = start
  let last = first
  for (; end < rows && isIn(end); end++) if (columns.generation[end] === 0) last++
  return {
    ...columns,
    cell: new Uint32Array(end - start).fill(as),
    replicate: columns.replicate.subarray(start, end),
    generation: columns.generation.subarray(start, end),
    values: columns.values.map((column) => column.subarray(start, end)),
    events: columns.events.map((column) => column.subarray(first, last)),
  }
}
