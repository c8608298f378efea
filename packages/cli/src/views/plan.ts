// What a person or a program sees of a plan that is not run (`run --dry-run`).
import type { Prepared, Standing } from '@genloss/lab'
import { stripStages, writeSettings } from '@genloss/models'
import { duration } from '../progress.js'
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
  /** Parts that are there and good. */
  done: number
  /** Parts that were never made. */
  missing: number
  /** Parts that are there and would be made again, with the reason. */
  broken: { part: string; why: string }[]
  /** Why the run would refuse its folder, or null. */
  refused: string | null
  /** Seconds of one core that the parts to be made take, foretold by a model of costs and the speed of this machine. */
  cpu_seconds: number
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

export function planDocument(prepared: Prepared, name: string, out: string, standing: Standing): PlanDocument {
  const { plan, hash, notes, fitsOf } = prepared
  return {
    name,
    out,
    plan: hash,
    cells: cellsOf(prepared),
    blocks: plan.blocks.length,
    fits: plan.blocks.reduce((sum, _, block) => sum + fitsOf(block), 0),
    done: standing.done,
    missing: standing.missing,
    broken: standing.broken,
    refused: standing.refused,
    cpu_seconds: Number(standing.cpuSeconds.toPrecision(3)),
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
  const swept = axes.map(({ path, values }) => `  ${path}: ${listed(fewWords(path, values))}`)
  const staged = Object.entries(stages).map(
    ([stage, settings]) => `${stage} ${writeSettings(settings as Record<string, unknown>) ?? JSON.stringify(settings)}`,
  )
  return [
    `${name}: ${count(cells)} ${cells === 1 ? 'cell' : 'cells'}, ${count(fits)} fits, ${bytes(planned.bytes)} of columns in ${count(blocks)} ${blocks === 1 ? 'part' : 'parts'}`,
    ...(swept.length ? ['swept', ...swept] : []),
    ...(staged.length ? [`stages ${staged.join('; ')}`] : []),
    ...standingLines(planned),
    ...notes.map((text) => `note   ${text}`),
    `files  ${out} (nothing is written by --dry-run)`,
  ].join('\n')
}

/** More broken parts than this are counted. */
const MOST_BROKEN = 10

/** What is there, what is made and why, and what that takes. */
function standingLines({ blocks, done, missing, broken, refused, cpu_seconds }: PlanDocument): string[] {
  if (refused !== null) return [`folder refused: ${refused}`]
  const left = missing + broken.length
  const more = broken.length - MOST_BROKEN
  return [
    `parts  ${count(done)} of ${count(blocks)} are there and good, ${count(missing)} not made yet${broken.length ? `, ${count(broken.length)} to be made again` : ''}`,
    ...broken.slice(0, MOST_BROKEN).map(({ part, why }) => `       ${part}: ${why}`),
    ...(more > 0 ? [`       and ${count(more)} more`] : []),
    ...(left > 0 ? [`time   about ${duration(1000 * cpu_seconds)} of one core, foretold`] : []),
  ]
}

/** Values of an axis beyond this are left out in the middle. */
const MOST_VALUES = 12

function fewWords(path: string, values: readonly unknown[]): string[] {
  const words = (some: readonly unknown[]) => some.map((value) => word(path, value))
  if (values.length <= MOST_VALUES) return words(values)
  return [...words(values.slice(0, 4)), '...', ...words(values.slice(-2)), `(${count(values.length)} values)`]
}

/** Words in a row; those with commas of their own are kept apart. */
function listed(words: readonly string[]): string {
  return words.join(words.some((one) => one.includes(',')) ? ' | ' : ', ')
}
