// What a person or a program sees of a plan that is not run (`run --dry-run`).
import type { Prepared } from '@genloss/lab'
import { stripStages, writeSettings } from '@genloss/models'
import { word } from './cells.js'
import { bytes, count } from './numbers.js'

/** The plan in numbers. */
export interface PlanDocument {
  name: string
  out: string
  /** The plan's hash. */
  plan: string
  cells: number
  blocks: number
  /** Models fitted: chains times generations, over all cells. */
  fits: number
  /** Bytes of all columns in memory; parts are smaller. */
  bytes: number
  /** Bytes of the records that a chain keeps at most; 0 where it keeps none. */
  record_bytes: number
  /** The stages that hold for all cells, without their defaults. */
  stages: Record<string, unknown>
  columns: string[]
  axes: { path: string; values: unknown[] }[]
  notes: string[]
}

export function planDocument(prepared: Prepared, name: string, out: string): PlanDocument {
  const { plan, hash, notes, fitsOf } = prepared
  return {
    name,
    out,
    plan: hash,
    cells: cellsOf(prepared),
    blocks: plan.blocks.length,
    fits: plan.blocks.reduce((sum, _, block) => sum + fitsOf(block), 0),
    bytes: prepared.bytes,
    record_bytes: prepared.recordBytes,
    stages: commonStages(prepared),
    columns: plan.columns,
    axes: plan.axes.map(({ path, values }) => ({ path, values: [...values] })),
    notes: [...notes],
  }
}

function commonStages({ plan, cellAt }: Prepared): Record<string, unknown> {
  const varied = plan.axes.flatMap(({ path }) => path.split(',')).map((path) => path.split('.')[0]!)
  const common = Object.entries(stripStages(cellAt(0).settings)).filter(([name]) => !varied.includes(name))
  return Object.fromEntries(common)
}

/** How many cells a plan has. */
export function cellsOf({ plan }: Pick<Prepared, 'plan'>): number {
  return plan.blocks.at(-1)?.cells[1] ?? 0
}

export function planText(planned: PlanDocument): string {
  const { name, out, cells, blocks, fits, axes, notes, stages } = planned
  const swept = axes.map(({ path, values }) => `  ${path}: ${listed(values.map((value) => word(path, value)))}`)
  const staged = Object.entries(stages).map(
    ([stage, settings]) => `${stage} ${writeSettings(settings as Record<string, unknown>) ?? JSON.stringify(settings)}`,
  )
  return [
    `${name}: ${count(cells)} ${cells === 1 ? 'cell' : 'cells'}, ${count(fits)} fits, ${bytes(planned.bytes)} of columns in ${count(blocks)} ${blocks === 1 ? 'part' : 'parts'}`,
    ...(swept.length ? ['swept', ...swept] : []),
    ...(staged.length ? [`stages ${staged.join('; ')}`] : []),
    ...notes.map((text) => `note   ${text}`),
    `files  ${out} (nothing is written by --dry-run)`,
  ].join('\n')
}

/** Words in a row; those with commas of their own are kept apart. */
function listed(words: readonly string[]): string {
  return words.join(words.some((one) => one.includes(',')) ? ' | ' : ', ')
}
