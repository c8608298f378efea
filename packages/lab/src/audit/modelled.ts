// An audit in which each round fits a model to its rows and draws new ones: the model, its columns, and what of the questions it can answer.

import { type CopulaModel, GenlossError } from '@genloss/models'
import { checkMargins, dataInfo } from '../data-info.js'
import { type Prepared, prepare } from '../prepare.js'
import type { TableColumn, TableData } from '../sources/index.js'
import { type AuditExperiment, auditExperiment } from './experiment.js'
import { mistakable } from './mistakable.js'
import { type AuditSettings, wrong } from './options.js'
import type { Pipeline } from './pipelines.js'
import { type Questions, watchList } from './questions.js'

/**
 * Columns that the model is fitted to: those that anything is followed in or may be. The core takes the first of those that
 * tell a set equally well: words before numbers, and of words those of few values.
 */
function modelledColumns({ skipped }: Questions, { columns }: TableData): string[] {
  const passed = new Set(skipped.map(({ column }) => column))
  const values = (column: TableColumn) => (column.kind === 'text' ? column.labels.length : Number.POSITIVE_INFINITY)
  const kept = columns.filter(({ name }) => !passed.has(name))
  return kept.sort((a, b) => (values(a) === values(b) ? 0 : values(a) - values(b))).map(({ name }) => name)
}

/** Laws are of columns of numbers that are modelled. */
function refuseMargins(
  model: CopulaModel,
  { skipped }: Questions,
  table: TableData,
  modelled: readonly string[],
): void {
  for (const [name, law] of Object.entries(model.margins ?? {})) {
    const why = skipped.find(({ column }) => column === name)?.why
    if (why !== undefined) throw wrong(`model.margins.${name}`, law, 'a column that is followed', why)
  }
  const places = modelled.map((name) => table.columns.findIndex((column) => column.name === name))
  checkMargins(model, places, dataInfo(table, new Set()))
}

/** What can be run: the experiment, and the questions that it answers. */
export interface Answerable {
  questions: Questions
  experiment: AuditExperiment
  prepared: Prepared
  /** The followed sets that the model can't tell, in words. */
  undecided: string[]
}

/**
 * Plans the run. A model knows a set of rows only where one of its columns decides it, or two of few values: the others are
 * left out and named.
 *
 * @throws GenlossError as `prepare`, and `input` where nothing is left to follow
 */
export async function answerable(
  asked: Questions,
  table: TableData,
  pipelines: readonly Pipeline[],
  settings: AuditSettings,
): Promise<Answerable> {
  const columns = settings.model ? modelledColumns(asked, table) : []
  if (settings.model) refuseMargins(settings.model, asked, table, columns)
  const undecided: string[] = []
  let questions = asked
  for (const watch of settings.model ? mistakable(asked, table, columns) : []) {
    const { questions: rest, names } = without(questions, watch)
    undecided.push(...names)
    questions = rest
  }
  for (;;) {
    const { groups, crossings, tails } = questions
    if (groups.groups.length + crossings.crossings.length + tails.tails.length === 0)
      throw wrong(
        'model',
        settings.model!.kind,
        'a table with groups or tails that a column of the model tells',
        `left out: ${undecided.slice(0, 4).join('; ')}`,
      )
    const experiment = auditExperiment(settings, table, pipelines, watchList(questions), columns)
    try {
      const prepared = await prepare(experiment, { tables: [table] })
      return { questions, experiment, prepared, undecided }
    } catch (error) {
      const watch = settings.model ? untold(error) : undefined
      const rest = watch === undefined ? undefined : without(questions, watch)
      if (!rest || rest.names.length === 0) throw error
      undecided.push(...rest.names)
      questions = rest.questions
    }
  }
}

/** The set that an error of the core is about. */
function untold(error: unknown): string | undefined {
  if (!(error instanceof GenlossError) || error.path !== 'watch') return undefined
  return typeof error.value === 'string' ? error.value : undefined
}

/** The questions but for one set; names are in words. */
function without(questions: Questions, watch: string): { questions: Questions; names: string[] } {
  const isIt = (set: { watch: string }) => set.watch === watch
  const isIn = (gap: { watch: readonly string[] }) => gap.watch.includes(watch)
  const { groups, crossings, tails, gaps } = questions
  const names = [
    ...groups.groups.filter(isIt).map(({ column, value }) => `${column} = ${value}`),
    ...crossings.crossings.filter(isIt).map(({ columns: [a, b], values: [x, y] }) => `${a} = ${x} with ${b} = ${y}`),
    ...tails.tails
      .filter(isIt)
      .map(({ column, side, p }) => `the ${side === 'lower' ? 'lowest' : 'highest'} ${100 * p} % of ${column}`),
    ...gaps.gaps
      .filter(isIn)
      .map(
        ({ column, group, reference }) =>
          `the gap in ${column} between ${group.column} = ${group.value} and ${reference}`,
      ),
  ]
  const rest = {
    ...questions,
    groups: { ...groups, groups: groups.groups.filter((set) => !isIt(set)) },
    crossings: { ...crossings, crossings: crossings.crossings.filter((set) => !isIt(set)) },
    tails: { ...tails, tails: tails.tails.filter((set) => !isIt(set)) },
    gaps: { ...gaps, gaps: gaps.gaps.filter((gap) => !isIn(gap)) },
  }
  return { questions: rest, names }
}
