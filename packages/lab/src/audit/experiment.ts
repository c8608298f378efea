// The experiment that an audit is: whole rows of the table resampled, one cell a pipeline, row sets followed; and the groups' factors as one.

import type { Watch } from '@genloss/models'
import type { ExperimentInput } from '../experiment.js'
import type { TableData, TextColumn } from '../sources/index.js'
import type { Beside } from './beside.js'
import { likelyFactor } from './factors.js'
import { codesLike, columnOf } from './matching.js'
import type { AuditSettings } from './options.js'
import { countKeys } from './partitions.js'
import type { Pipeline } from './pipelines.js'
import { cellOf } from './stages.js'

/** The axis that holds the pipelines: they differ in policy and in the rows made a round. */
export const pipelineAxis = 'policy,n'

/** Drawing a row costs about 1/25 of counting the copies of one: above this many rows a round for each real one, counts are drawn. */
const countedFrom = 25

/** Rows of a model are drawn one by one for up to so many a round; above it that takes minutes. */
const drawnUpTo = 5_000

/** How rounds of a model are made: row by row, or, of many rows, as counts of its columns by their laws. */
export function modelMethod(pipelines: readonly Pipeline[]): 'draws' | 'exact' {
  return pipelines.some(({ n, realRows }) => Math.max(n, realRows) > drawnUpTo) ? 'exact' : 'draws'
}

/** What an audit runs, as an experiment that a person may save, read and change. */
export type AuditExperiment = ExperimentInput & { name: string }

/**
 * Whole-row resampling (Wright-Fisher on rows), or a model fitted to rows and drawn from: the table as origin, the pipelines
 * as one axis, recorded at the rounds that are shown.
 *
 * @param columns those that a model is fitted to; resampled rows are whole
 */
export function auditExperiment(
  settings: AuditSettings,
  { name, sha256, rows }: Pick<TableData, 'name' | 'sha256' | 'rows'>,
  pipelines: readonly Pipeline[],
  watch: readonly Watch[],
  columns: readonly string[] = [],
): AuditExperiment {
  const { file, group, shown, rounds, replicates, seed, model } = settings
  const { allowCode: _, ...reading } = settings.reading
  return {
    name: `audit-${name}`,
    // The hash makes sure that a saved experiment is run on the same rows.
    origin: {
      kind: 'table',
      file,
      sha256,
      ...(group === undefined ? {} : { group }),
      ...(model ? { columns: [...columns] } : {}),
      ...reading,
    },
    model: model ?? { kind: 'empirical' },
    generations: rounds,
    replicates,
    seed,
    method: model ? modelMethod(pipelines) : pipelines.some(({ n }) => n > countedFrom * rows) ? 'exact' : 'draws',
    record: { at: [0, ...shown] },
    events: false,
    // The cheapest measure: what an audit wants to know is in the followed sets.
    columns: [model ? 'n' : 'distinct_alive'],
    watch,
    sweep: { [pipelineAxis]: pipelines.map(({ policy, n }) => [policy, n]) },
  }
}

/**
 * The groups' chains with the generator's likely factors, as an experiment that a person may save, change and run: a cell a
 * column of groups and pipeline. The audit itself gives each of its runs factors of its own, from what the generated rows
 * leave open. Undefined where no column has groups.
 */
export function factorExperiment(
  settings: AuditSettings,
  table: TableData,
  pipelines: readonly Pipeline[],
  columns: readonly string[],
  synthetic: Beside,
): AuditExperiment | undefined {
  if (columns.length === 0) return undefined
  const base = auditExperiment(settings, table, pipelines, [])
  const { watch: _, sweep: __, columns: ___, origin, ...rest } = base
  const cells = columns.flatMap((name) =>
    pipelines.map((pipeline) => {
      const { policy, n, stages } = cellOf(pipeline, settings.stages, undefined)
      const own = { ...(origin as object), columns: [name] }
      return [own, { ...stages.sampling, bias: factorsByName(table, name, synthetic) }, policy, n]
    }),
  )
  return {
    ...rest,
    name: `${base.name}-factors`,
    model: { kind: 'categorical' },
    method: 'exact',
    shares: 'all',
    sweep: { [`origin,sampling,${pipelineAxis}`]: cells },
  } as AuditExperiment
}

function factorsByName(table: TableData, name: string, { table: other }: Beside): Record<string, number> {
  const own = columnOf(table, name) as TextColumn
  const real = countKeys(own.codes)
  const made = countKeys(codesLike(own, columnOf(other, name)!))
  return Object.fromEntries(
    own.labels.map((label, code) => {
      const expected = ((real.get(code) ?? 0) / table.rows) * other.rows
      return [label, Number(likelyFactor(made.get(code) ?? 0, expected).toPrecision(4))]
    }),
  )
}
