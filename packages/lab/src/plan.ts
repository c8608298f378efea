// The plan: what runs, frozen before the first block. Cells derive from their index, so a plan of many cells is small.

import {
  GenlossError,
  isObject,
  type ModuleModel,
  parametersOf,
  type SizeRule,
  writeSettings,
  writeShorthand,
  writeSize,
} from '@genloss/models'
import { type BlockRange, chainBytes, cutBlocks } from './blocks.js'
import { canonical, Hashing, sha256 } from './canonical.js'
import { chainCost } from './cost.js'
import type { DataInfo } from './data-info.js'
import type { Experiment } from './experiment.js'
import { hashesOf } from './laws.js'
import { recordBytes } from './memory.js'
import type { Description } from './native.js'
import { withoutDefaults } from './objects.js'
import { type Settled, settle, valueColumns } from './settings.js'
import { type Axis, cellCount, sweptAt, sweptInWords, withSwept } from './sweep.js'

/** Records of a chain that need less are not worth a note. */
const worthTelling = 1e6

/** What `plan.json` holds, in canonical JSON. Nothing in it depends on the machine, the time or a path. */
export interface Plan {
  version: 1
  numerics: number
  /** Settings that no axis varies, defaults filled in; tables by hash. */
  base: Record<string, unknown>
  axes: Axis[]
  blocks: BlockRange[]
  /** Every value column of some cell, in order of first appearance. */
  columns: string[]
  /** Tables by the SHA-256 of their content. */
  data: Record<string, DataInfo>
  /** SHA-256 over the laws of all cells: what defaults and methods resolved to. */
  laws: string
}

/** One cell of a plan. */
export interface Cell extends Settled {
  index: number
  /** 32 hex digits. */
  hash: string
  /** 32 hex digits: the key of its random numbers. */
  law: string
  /** Swept settings by path. */
  swept: Record<string, unknown>
}

/** A plan with its canonical text, its hash and what planning remarked. */
export interface Planned {
  plan: Plan
  text: string
  hash: string
  notes: string[]
  /** Bytes of all columns of the run. */
  bytes: number
  /** Bytes of the records that a chain holds at most; 0 where no records are kept. */
  recordBytes: number
  /** What decides the plan, as canonical text. */
  draft: string
  /** Of one chain of each cell: bytes of its columns, and its cost as foretold. Left out where cells were not settled. */
  chains?: { bytes: Float64Array; costs: Float64Array }
}

/**
 * Plans an experiment whose tables are known: settles every cell, cuts the blocks, hashes the whole.
 *
 * @param data tables by hash; the experiment's origins name them by `sha256`
 * @param seen gets each cell once, in order
 * @throws GenlossError `plan`, naming the cell where there are several
 */
export function makePlan(
  experiment: Experiment,
  data: Readonly<Record<string, DataInfo>>,
  core: Description,
  seen: (cell: Cell) => void = () => undefined,
): Planned {
  // In the form that a folder gives back: a cell is the same whether it is planned or read.
  const text = draftText(experiment, data, core)
  const draft = JSON.parse(text) as Pick<Plan, 'numerics' | 'base' | 'axes' | 'data'>
  const columns = new Set<string>()
  const notes = new Set<string>()
  const laws = new Hashing('\n')
  const cells = cellCount(draft.axes)
  const twins = new Map<string, number>()
  const costs = new Float64Array(cells)
  const sizes = new Float64Array(cells)
  let known: string[] | undefined
  let bytes = 0
  let records = 0
  const blocks = cutBlocks(cells, (index) => {
    const cell = cellOf(draft, index, core)
    const own = valueColumns(cell.settings)
    if (own !== known) for (const column of own) columns.add(column)
    known = own
    for (const note of notesOf(cell)) notes.add(note)
    const { settings } = cell
    records = Math.max(records, recordBytes(cell))
    laws.add(cell.law)
    costs[index] = chainCost(cell)
    sizes[index] = chainBytes(settings)
    bytes += sizes[index] * settings.replicates
    refuseTwin(twins, cell)
    seen(cell)
    return cell
  })
  const plan: Plan = {
    version: 1,
    ...draft,
    blocks,
    columns: [...columns],
    laws: laws.digest(),
  }
  if (records >= worthTelling) notes.add(`records are kept: up to ${megabytes(records)} a chain, one chain a thread`)
  const whole = canonical(plan)
  return {
    plan: JSON.parse(whole) as Plan,
    text: whole,
    hash: sha256(whole),
    notes: [...notes],
    bytes,
    recordBytes: records,
    draft: text,
    chains: { bytes: sizes, costs },
  }
}

/** What decides a plan, as canonical text: the rest of it follows. */
export function draftText(
  experiment: Experiment,
  data: Readonly<Record<string, DataInfo>>,
  { numerics }: Description,
): string {
  const axes = experiment.axes.map(axisWithoutFiles)
  return canonical({ numerics, base: withoutFiles(experiment.base), axes, data })
}

/** Two cells that are one setting would write each other's rows twice under one name. */
function refuseTwin(seen: Map<string, number>, { hash, index, swept }: Cell): void {
  const twin = seen.get(hash)
  seen.set(hash, index)
  if (twin === undefined) return
  const hint = `cells ${twin} and ${index} are the same; the later is ${sweptInWords(swept)}`
  throw new GenlossError({ code: 'plan', path: 'sweep', value: swept, rule: 'cells that differ', hint })
}

/**
 * The cell of an index, from the plan alone.
 *
 * @throws GenlossError `plan` for an index that no cell has, and for settings that are wrong together
 */
export function cellOf(
  plan: Pick<Plan, 'base' | 'axes' | 'data' | 'numerics'>,
  index: number,
  core: Description,
): Cell {
  const { base, axes, data, numerics } = plan
  const cells = cellCount(axes)
  if (!(Number.isInteger(index) && index >= 0 && index < cells)) {
    throw new GenlossError({ code: 'plan', path: 'cell', value: index, rule: `a cell from 0 to ${cells - 1}` })
  }
  const swept = sweptAt(axes, index)
  try {
    const settled = settle(withFiles(withSwept(base, swept), data), data, core)
    return { index, ...hashesOf(settled, numerics, data), ...settled, swept }
  } catch (error) {
    throw inCell(error, swept)
  }
}

/** An error with the cell that it is about, where there are several. */
export function inCell(error: unknown, swept: Readonly<Record<string, unknown>>): unknown {
  if (!(error instanceof GenlossError) || Object.keys(swept).length === 0) return error
  const { code, path, value, rule, hint } = error
  const where = `in the cell with ${sweptInWords(swept)}`
  return new GenlossError({ code, path, value, rule, hint: hint ? `${hint}; ${where}` : where }, { cause: error })
}

function notesOf({ settings, method, why, remarks }: Cell): string[] {
  return settings.method === 'auto' ? [...remarks, `method ${method}: ${why}`] : remarks
}

function megabytes(bytes: number): string {
  return bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toPrecision(3)} GB`
}

/** An origin by the hash of its content: the path of a file is no part of a plan. */
function withoutFiles(settings: Record<string, unknown>): Record<string, unknown> {
  return 'origin' in settings ? { ...settings, origin: originWithoutFile(settings.origin) } : settings
}

function originWithoutFile(origin: unknown): unknown {
  if (!isObject(origin) || origin.kind !== 'table' || origin.sha256 === undefined) return origin
  const { file: _, ...rest } = origin
  return rest
}

function axisWithoutFiles({ path, values }: Axis): Axis {
  const paths = path.split(',')
  const at = paths.indexOf('origin')
  if (at < 0) return { path, values }
  if (paths.length === 1) return { path, values: values.map(originWithoutFile) }
  const inside = (tuple: unknown) =>
    (tuple as unknown[]).map((value, i) => (i === at ? originWithoutFile(value) : value))
  return { path, values: values.map(inside) }
}

/** Origins with the name of their table in the place of its path. */
function withFiles(
  settings: Record<string, unknown>,
  data: Readonly<Record<string, DataInfo>>,
): Record<string, unknown> {
  const { origin } = settings
  if (!isObject(origin) || origin.kind !== 'table' || 'file' in origin) return settings
  const info = data[String(origin.sha256)]
  return info ? { ...settings, origin: { ...origin, file: info.name } } : settings
}

/** A swept value as one word for a table of cells: objects as shorthand without their defaults. */
export function sweptWord(
  path: string,
  value: unknown,
  data: Readonly<Record<string, DataInfo>>,
): string | number | boolean {
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (!isObject(value)) return Array.isArray(value) ? value.join('/') : String(value)
  if (path === 'n') return writeSize(value as SizeRule)
  if (!('kind' in value)) return writeSettings(withoutDefaults(path, value)) ?? JSON.stringify(value)
  // A model of one's own by its name: its hash is for the plan.
  if (value.kind === 'module') return writeShorthand({ kind: value.name, ...parametersOf(value as ModuleModel) })
  const { origin } = withFiles({ origin: value }, data) as { origin: Record<string, unknown> }
  const { sha256: hash, ...named } = origin
  return writeShorthand(withoutDefaults(path, 'file' in named ? named : { ...named, sha256: hash }))
}
