// The lineage of a run that stands in a folder.

import { readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { GenlossError } from '@genloss/models'
import { sha256 } from '../canonical.js'
import { partName, readPlan } from '../folder.js'
import { description, native } from '../native.js'
import { type Cell, cellOf, type Plan } from '../plan.js'
import { sha256Of } from '../sources/files/bytes.js'
import { cellCount } from '../sweep.js'
import { type LineageCell, type LineageDocument, type LineageInput, type LineagePart, lineageId } from './document.js'
import { lineageOf } from './generations.js'
import { inputsOf } from './inputs.js'

export interface LineageOptions {
  /** The cells by their places in the plan; all of them, up to 1,000, if left out. */
  cells?: readonly number[]
  /** The generations; those that a cell records if left out. */
  generations?: readonly number[]
}

/** More cells than this are asked for by number: their document would be too large to be read. */
const mostCells = 1_000

/**
 * The lineage of a run: its inputs by hash, where the rows of each training set came from by origin and age, and its
 * parts with their hashes. Nothing is run and nothing written; numbers of rows follow from policy, sizes and stages.
 *
 * @param run the folder of a run
 * @throws GenlossError `input` where there is no run, for cells and generations that it does not have; `io`
 *
 * @example
 * const { cells } = await lineage('runs/tails')
 * cells[0].generations[5].rows // [{ origin: 'real', made: { first: 0, last: 0 }, age: { least: 5, most: 5 }, records: 53, ... }]
 */
export async function lineage(run: string, options: LineageOptions = {}): Promise<LineageDocument> {
  const folder = resolve(run)
  const { plan, text } = await readPlan(folder)
  const inputs = await inputsOf(folder, plan)
  const hash = sha256(text)
  const core = description()
  const wanted = wantedCells(plan, options)
  const cells = wanted.map((index) => cellLineage(cellOf(plan, index, core), inputs, options))
  return {
    schema: lineageId,
    run,
    plan: { sha256: hash, numerics: plan.numerics, cells: cellCount(plan.axes), blocks: plan.blocks.length },
    made_by: await madeBy(folder),
    inputs,
    cells,
    parts: await partsOf(folder, plan, hash, new Set(wanted)),
  }
}

function wantedCells({ axes }: Plan, { cells }: LineageOptions): readonly number[] {
  const all = cellCount(axes)
  const bad = cells?.find((index) => !(Number.isInteger(index) && index >= 0 && index < all))
  if (bad !== undefined) {
    throw new GenlossError({ code: 'input', path: 'cells', value: bad, rule: `cells from 0 to ${all - 1}` })
  }
  if (cells) return cells
  if (all <= mostCells) return Array.from({ length: all }, (_, index) => index)
  const hint = 'name the cells that are asked for'
  throw new GenlossError({
    code: 'input',
    path: 'cells',
    value: `${all} cells`,
    rule: `up to ${mostCells} of them`,
    hint,
  })
}

function cellLineage(cell: Cell, inputs: readonly LineageInput[], { generations }: LineageOptions): LineageCell {
  const { hash, index, law, method, swept, settings } = cell
  const { origin } = settings
  const beyond = generations?.find((g) => !(Number.isInteger(g) && g >= 0 && g <= settings.generations))
  if (beyond !== undefined) {
    const rule = `generations from 0 to ${settings.generations}`
    throw new GenlossError({ code: 'input', path: 'generations', value: beyond, rule })
  }
  const place = inputs.findIndex((input) => origin.kind === 'table' && input.sha256 === origin.sha256)
  const at = generations && new Set(generations)
  return {
    ...{ cell: hash, index, law, method, swept, settings },
    input: place < 0 ? null : place,
    generations: lineageOf(settings, at),
  }
}

async function madeBy(folder: string): Promise<Record<string, unknown> | null> {
  try {
    return JSON.parse(await readFile(join(folder, 'provenance.json'), 'utf8')) as Record<string, unknown>
  } catch {
    return null
  }
}

/** The parts that hold one of the cells. */
async function partsOf(
  folder: string,
  { blocks }: Plan,
  plan: string,
  wanted: ReadonlySet<number>,
): Promise<LineagePart[]> {
  const parts: LineagePart[] = []
  for (const [block, { cells, replicates }] of blocks.entries()) {
    let holds = false
    for (let cell = cells[0]; cell < cells[1] && !holds; cell++) holds = wanted.has(cell)
    if (!holds) continue
    const part = partName(block)
    const path = join(folder, 'parts', part)
    const bytes = await stat(path).then(
      ({ size }) => size,
      () => null,
    )
    const there = { part, cells, replicates, bytes }
    if (bytes === null) parts.push({ ...there, sha256: null, state: 'missing' })
    else {
      const fault = native().checkPart(path, plan, true, blocks[block]!)
      parts.push({ ...there, sha256: await sha256Of(path), state: fault ?? 'whole' })
    }
  }
  return parts
}
