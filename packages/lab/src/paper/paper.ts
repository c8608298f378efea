// Runs an experiment of the paper and lays what its chains show beside what is known.

import { didYouMean, GenlossError } from '@genloss/models'
import { run } from '../api.js'
import type { EngineOptions } from '../engine.js'
import { type ExperimentInput, type SetPath, setPaths } from '../experiment.js'
import type { Cell } from '../plan.js'
import { type Prepared, prepare } from '../prepare.js'
import { type Constant, constantsOf } from './constants.js'
import { type Finding, isRoom, type PaperExperiment, type Part, type Preset, type Switch } from './preset.js'
import { experiments } from './presets/index.js'
import { type Chains, columnsOf, type Read, read, recordOf } from './readings.js'
import { agrees, type Rule, withinErrors } from './rules.js'
import { cellInWords } from './words.js'

/** A number that is known, and how ours is held against it. */
export interface KnownNumber {
  value: number
  source: string
  rule: Rule
  agrees: boolean
}

/**
 * `agrees` with everything that is known; `corrected`: with the closed form, and not with what was published, for the
 * reason that stands beside it; `differs`; `open`: nothing is known here.
 */
export type PaperVerdict = 'agrees' | 'corrected' | 'differs' | 'open'

export interface PaperFigure {
  /** The run, in words. */
  part: string
  /** What is swept, in words; empty for a single cell. */
  cell: string
  quantity: string
  generation: number
  /** Null: not known here. */
  published: KnownNumber | null
  exact: KnownNumber | null
  /** With a 95 % interval; not reliable: a mean that hangs on few chains. */
  ours: Read
  verdict: PaperVerdict
  correction?: string
  remark?: string
}

export interface Reproduction {
  name: string
  title: string
  verdict: 'agrees' | 'differs'
  /** What was set over the preset. */
  set: string[]
  constants: Constant[]
  switches: readonly Switch[]
  /** The runs as `genloss run` takes them. */
  runs: { part: string; experiment: Record<string, unknown> }[]
  figures: PaperFigure[]
}

/** Runs an experiment in memory: its cells in order. Tests give one that makes a mistake. */
export type PaperRunner = (experiment: ExperimentInput, options: EngineOptions) => Promise<readonly Chains[]>

export interface PaperOptions extends EngineOptions {
  /** Fewer chains. */
  quick?: boolean
  /** Settings put over every run of the preset. */
  set?: readonly (string | SetPath)[]
  /** Default 0. */
  seed?: string | number
  runner?: PaperRunner
  /** Called after each run with the number of those done, of all. */
  onPart?: (done: number, total: number) => void
}

const engine: PaperRunner = async (experiment, options) => (await run(experiment, options)).cells

/**
 * Reproduces an experiment of the paper, by name or as data.
 *
 * @throws GenlossError `usage` for a name that is none and for an experiment that this build can't run; `plan` for what
 *   is set over it; `interrupted`
 *
 * @example
 * const { figures } = await paper('recursion-replace', { set: ['model.estimator=unbiased'] })
 */
export async function paper(which: string | Preset, options: PaperOptions = {}): Promise<Reproduction> {
  const preset = typeof which === 'string' ? presetOf(which) : which
  const { set = [], onPart } = options
  const figures: PaperFigure[] = []
  const runs: Reproduction['runs'] = []
  for (const [i, part] of preset.parts.entries()) {
    const experiment = settled(part, options)
    runs.push({ part: part.title, experiment })
    figures.push(...(await figuresOf(part, experiment, options)))
    onPart?.(i + 1, preset.parts.length)
  }
  if (figures.length === 0) {
    const last = Math.min(...preset.parts.flatMap(({ findings }) => findings.flatMap(({ at }) => at ?? [0])))
    throw new GenlossError({ code: 'plan', path: 'generations', value: set.join(' '), rule: `at least ${last}` })
  }
  return {
    name: preset.name,
    title: preset.title,
    verdict: figures.some(({ verdict }) => verdict === 'differs') ? 'differs' : 'agrees',
    set: set.map((one) => (typeof one === 'string' ? one : `${one.path}=${one.values.join(',')}`)),
    constants: constantsOf(preset),
    switches: preset.switches ?? [],
    runs,
    figures,
  }
}

/**
 * The presets of names, all that run here for `all`.
 *
 * @param set what is to be put over them: there can be one preset only then
 * @throws GenlossError `usage`
 */
export function presetsOf(names: readonly string[], set: readonly unknown[] = []): Preset[] {
  const found = names.includes('all')
    ? experiments.flatMap((experiment) => (isRoom(experiment) ? [] : [experiment]))
    : [...new Set(names)].map(presetOf)
  if (set.length === 0 || found.length === 1) return found
  const rule = 'settings over one experiment'
  throw new GenlossError({ code: 'usage', path: 'set', value: names.join(' '), rule, hint: 'give one name' })
}

/** The preset of a name. @throws GenlossError `usage` */
function presetOf(name: string): Preset {
  const found: PaperExperiment | undefined = experiments.find((experiment) => experiment.name === name)
  const names = experiments.flatMap((experiment) => (isRoom(experiment) ? [] : [experiment.name]))
  if (found && !isRoom(found)) return found
  const hint = found ? found.reason : (didYouMean(name, names) ?? `there are ${names.join(', ')}`)
  const rule = found ? 'an experiment that this build runs' : 'an experiment of the paper'
  throw new GenlossError({ code: 'usage', path: 'name', value: name, rule, hint })
}

function settled({ experiment, quick }: Part, options: PaperOptions): Record<string, unknown> {
  const seed = String(options.seed ?? 0)
  return setPaths({ ...experiment, ...(options.quick ? quick : {}), seed }, options.set ?? [])
}

/** What is read of a cell, and at which generation. */
interface Look {
  finding: Finding
  /** The cell's place in its run. */
  place: number
  generation: number
}

async function figuresOf(
  part: Part,
  experiment: Record<string, unknown>,
  options: PaperOptions,
): Promise<PaperFigure[]> {
  const cells = cellsOf(await prepare(experiment))
  const own = options.set?.length ? cellsOf(await prepare(part.experiment)) : cells
  const looks = part.findings.flatMap((finding) =>
    cells.flatMap(({ settings: { generations } }, place) =>
      (finding.at ?? [generations])
        .filter((generation) => generation <= generations)
        .map((generation): Look => ({ finding, place, generation })),
    ),
  )
  if (looks.length === 0) return []
  const chains = await (options.runner ?? engine)({ ...experiment, ...keptBy(looks, cells) }, options)
  return looks.map(({ finding, place, generation }) => {
    const cell = cells[place]!
    const ours = read(finding.reading, chains[place]!, generation)
    return figure(part, finding, cell, generation, ours, isAsPublished(cell, finding, own))
  })
}

/** Whether published numbers are about a cell: it has the law of one of the preset's own, and ends where that does. */
function isAsPublished({ law, settings }: Cell, { at }: Finding, own: readonly Cell[]): boolean {
  return own.some((one) => one.law === law && (at !== undefined || one.settings.generations === settings.generations))
}

/** What a run need not keep more than: columns and generations that are looked at. */
function keptBy(looks: readonly Look[], cells: readonly Cell[]): ExperimentInput {
  const named = new Set(looks.flatMap(({ finding }) => columnsOf(finding.reading)))
  // Shares of classes are not asked for by name, and a run has one column at least.
  const measures = cells[0]!.settings.columns.filter((name) => named.has(name))
  const records = looks.map(({ finding, generation }) => recordOf(finding.reading, generation))
  const isWhole =
    records.includes('all') || cells.some(({ settings }) => settings.generations !== cells[0]!.settings.generations)
  const at = [0, ...records.flatMap((record) => (record === 'all' ? [] : record))]
  return {
    columns: measures.length > 0 ? measures : ['n'],
    events: false,
    record: isWhole ? 'all' : { at: [...new Set(at)].filter((g) => g <= cells[0]!.settings.generations) },
  }
}

function cellsOf({ plan, cellAt }: Prepared): Cell[] {
  return Array.from({ length: plan.blocks.at(-1)!.cells[1] }, (_, i) => cellAt(i))
}

/** @param isOwn whether published numbers are about the cell */
function figure(
  { title }: Part,
  finding: Finding,
  cell: Cell,
  generation: number,
  ours: Read,
  isOwn: boolean,
): PaperFigure {
  const { quantity, exact: form, published: stated, remark } = finding
  const known = (expected: typeof form): KnownNumber | null => {
    const value = expected?.value(cell.settings, generation) ?? Number.NaN
    if (!expected || Number.isNaN(value)) return null
    const { source, rule = withinErrors } = expected
    return { value, source, rule, agrees: agrees(rule, ours, value) }
  }
  const exact = known(form)
  const published = isOwn ? known(stated) : null
  const verdict = verdictOf(exact, published, stated?.correction !== undefined)
  return {
    part: title,
    cell: cellInWords(cell.swept),
    quantity,
    generation,
    published,
    exact,
    ours,
    verdict,
    ...(verdict === 'corrected' ? { correction: stated!.correction! } : {}),
    ...(remark === undefined ? {} : { remark }),
  }
}

function verdictOf(exact: KnownNumber | null, published: KnownNumber | null, isCorrected: boolean): PaperVerdict {
  if (!exact && !published) return 'open'
  if (exact && !exact.agrees) return 'differs'
  if (!published || published.agrees) return 'agrees'
  return exact && isCorrected ? 'corrected' : 'differs'
}
