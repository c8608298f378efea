// The experiment that an audit is: whole rows of the table resampled, one cell a pipeline, row sets followed.

import type { Watch } from '@genloss/models'
import type { ExperimentInput } from '../experiment.js'
import type { TableData } from '../sources/index.js'
import type { AuditSettings } from './options.js'
import type { Pipeline } from './pipelines.js'

/** The axis that holds the pipelines: they differ in policy and in the rows made a round. */
export const pipelineAxis = 'policy,n'

/** Drawing a row costs about 1/25 of counting the copies of one: above this many rows a round for each real one, counts are drawn. */
const countedFrom = 25

/** What an audit runs, as an experiment that a person may save, read and change. */
export type AuditExperiment = ExperimentInput & { name: string }

/**
 * Whole-row resampling (Wright-Fisher on rows): the table as origin, the empirical model, the pipelines as one axis,
 * recorded at the rounds that are shown.
 */
export function auditExperiment(
  settings: AuditSettings,
  { name, sha256, rows }: Pick<TableData, 'name' | 'sha256' | 'rows'>,
  pipelines: readonly Pipeline[],
  watch: readonly Watch[],
): AuditExperiment {
  const { file, group, shown, rounds, replicates, seed } = settings
  const { allowCode: _, ...reading } = settings.reading
  return {
    name: `audit-${name}`,
    // The hash makes sure that a saved experiment is run on the same rows.
    origin: { kind: 'table', file, sha256, ...(group === undefined ? {} : { group }), ...reading },
    model: { kind: 'empirical' },
    generations: rounds,
    replicates,
    seed,
    method: pipelines.some(({ n }) => n > countedFrom * rows) ? 'exact' : 'draws',
    record: { at: [0, ...shown] },
    events: false,
    // The cheapest measure: what an audit wants to know is in the followed sets.
    columns: ['distinct_alive'],
    watch,
    sweep: { [pipelineAxis]: pipelines.map(({ policy, n }) => [policy, n]) },
  }
}
