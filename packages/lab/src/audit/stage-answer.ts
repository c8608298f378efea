// What a detector, poison and weights do to the rows of a pipeline: the laws, and for poison what the chains say.

import { type CellColumns, quantile } from '@genloss/metrics'
import type { EngineOptions } from '../engine.js'
import type { TableData } from '../sources/index.js'
import { runChains } from './chains.js'
import type { ByRound } from './chances.js'
import { atRound } from './fates.js'
import { poisonedShares, rowsLeft, settledDiversity, wayOf } from './laws.js'
import type { AuditSettings } from './options.js'
import type { Pipeline } from './pipelines.js'
import { cellOf } from './stages.js'

/** What the stages leave of a round of a pipeline. */
export interface StageAnswer {
  /** Rows left in expectation: real, generated, and those of the poison. */
  real_rows: number
  generated_rows: number
  poisoned_rows: number
  /** Real rows that the detector takes by mistake in a round, in expectation: of each group in proportion to its share. */
  wrongly_removed: number
  /** The part of a round that real rows make, by their weight; of everything made so far that of the first round. */
  real_share: number
  /**
   * Diversity of categories in the long run over the table's, with the detector and without, where the real rows are drawn
   * anew in every round (else there is no such formula); null without a detector.
   */
  diversity: { with: number; without: number } | null
  /** Share of poisoned rows at each round: by formula, and median and 5 % and 95 % quantiles over the runs. */
  poisoned: { formula: ByRound; median: ByRound; low: ByRound; high: ByRound } | null
}

/** Runs what only chains can say, and answers for each pipeline; undefined without detector, poison and weights. */
export async function stageAnswers(
  table: TableData,
  pipelines: readonly Pipeline[],
  settings: AuditSettings,
  engine: EngineOptions,
): Promise<StageAnswer[] | undefined> {
  const { filter, poison, weights } = settings.stages
  if (!filter && !poison && !weights) return undefined
  const cells = poison ? await runPoison(table, pipelines, settings, engine) : undefined
  return pipelines.map((pipeline, i) => {
    const left = rowsLeft(pipeline, settings.stages)
    const way = wayOf(pipeline, settings.stages)
    const { filter: _, ...others } = settings.stages
    const without = rowsLeft(pipeline, others)
    const anew = pipeline.policy.kind === 'mix' || pipeline.policy.kind === 'replace'
    return {
      real_rows: left.real,
      generated_rows: left.generated,
      poisoned_rows: left.poison,
      wrongly_removed: filter && pipeline.policy.kind === 'mix' ? pipeline.realRows * filter.falsePositiveRate : 0,
      real_share: way.kind === 'anew' ? way.real : way.first / (way.first + way.more),
      diversity: filter && anew ? { with: settledDiversity(left), without: settledDiversity(without) } : null,
      poisoned: cells ? poisonedOf(cells[i]!, pipeline, settings) : null,
    }
  })
}

const watch = 'poisoned'

/** The table as one class, beside poison. */
function runPoison(
  table: TableData,
  pipelines: readonly Pipeline[],
  settings: AuditSettings,
  engine: EngineOptions,
): Promise<CellColumns[]> {
  const column = { codes: new Uint32Array(table.rows).fill(1), classes: 2, sets: [{ watch, classes: [0] }] }
  const { sampling: _, ...stages } = settings.stages
  const cells = pipelines.map((pipeline) => cellOf(pipeline, stages, undefined))
  return runChains(column, cells, table, settings, engine)
}

function poisonedOf(cell: CellColumns, pipeline: Pipeline, { stages, shown }: AuditSettings): StageAnswer['poisoned'] {
  const shares = poisonedShares(pipeline, stages, shown.at(-1)!)
  const byRound = (of: (round: number) => number): ByRound =>
    Object.fromEntries(shown.map((round) => [round, of(round)]))
  const at = (p: number) => byRound((round) => quantile(atRound(cell, watch, round), p))
  return { formula: byRound((round) => shares[round]!), median: at(0.5), low: at(0.05), high: at(0.95) }
}
