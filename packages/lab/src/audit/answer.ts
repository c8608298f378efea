// From what a run recorded to the audit's answer: the document of `audit --json`.

import { type CellColumns, quantile, wilson } from '@genloss/metrics'
import { type FileAnswer, fileAnswer, kindsOf, type TableData } from '../sources/index.js'
import { type Assumption, assumptionsOf } from './assumptions.js'
import type { Beside } from './beside.js'
import type { ByRound } from './chances.js'
import { type CorrelationAnswer, correlationsOf } from './correlations.js'
import type { Factor } from './factors.js'
import { atRound, type Fate, fateOf, type States } from './fates.js'
import type { Gap } from './gaps.js'
import { expectedShares, roundsTo, settledShare, wayOf } from './laws.js'
import { type BesideAnswer, besideAnswer, type MeasuredGap, measured, measuredGap } from './measured.js'
import { type Misfit, misfitOf } from './misfit.js'
import type { AuditSettings } from './options.js'
import type { SetRows } from './partitions.js'
import type { Pipeline } from './pipelines.js'
import type { Questions } from './questions.js'
import { moreRows } from './ranges.js'
import type { StageAnswer } from './stage-answer.js'
import type { RefusedTail } from './tails.js'
import { verdictOf } from './verdict.js'
import type { SetChances } from './what-if.js'

/** Real rows of a set: how many, their share of the table, and Wilson's 95 % interval of that share. */
export interface RealRows {
  rows: number
  share: number
  low: number
  high: number
}

/** What the formula says of a set that every round makes at the generator's factor times the share it was seen at. */
export interface Formula {
  /** Its expected share over its real share at each round that is shown. */
  share: ByRound
  /** The round at which that is down to `keep`; null where it never is. */
  halves: number | null
  /** What it tends to; null where it grows without end. */
  settles: number | null
}

/** What is known of a set beside its fate. */
export interface Known {
  /** Its share of the generated rows over its real share, and the same for the real rows kept aside. */
  factor?: Factor
  holdout?: Factor
  formula?: Formula
  /** Its share over its real share after one step of temperature and top-p, or of curation, by formula. */
  step?: number
  /** Its fate by sampling loss alone, where the generator's errors or stages are in the other one. */
  sampling_only?: Fate
  /** Chances where the factor, or without one the real share, is at the lower and upper end of its 95 % interval. */
  at_low?: States
  at_high?: States
  /** Chances under `replace` with ten times the rows a round. */
  tenfold?: States
}

export interface GroupAnswer extends RealRows, Fate, Known {
  column: string
  value: string
  /** Whether these are the rows in which the value is missing. */
  missing: boolean
}
export interface CrossingAnswer extends RealRows, Fate, Known {
  /** Whether one of the values is missing there. */
  missing: boolean
  columns: [string, string]
  values: [string, string]
}
export interface TailAnswer extends RealRows, Fate, Known {
  column: string
  side: 'lower' | 'upper'
  p: number
  /** The largest number of a lower tail, the smallest of an upper one. */
  edge: number
}
/** Mean of a number over a group less its mean over the largest group: real, and over the runs by round, by sampling loss alone. */
export interface GapAnswer {
  column: string
  group: { column: string; value: string }
  reference: string
  rows: [number, number]
  means: [number, number]
  /** The real gap. */
  gap: number
  /** Median and 5 % and 95 % quantiles over the runs in which both groups have rows; null where none has. */
  median: Record<string, number | null>
  low: Record<string, number | null>
  high: Record<string, number | null>
  /** Share of runs in which the gap has the other sign, or no longer exists because a group is gone. */
  reversed: ByRound
  undefined: ByRound
  /** The gap in the generated rows, and in the real rows kept aside. */
  made?: MeasuredGap
  holdout?: MeasuredGap
}

export interface PipelineAnswer {
  name: string
  words: string
  real_rows: number
  generated_rows: number
  groups: GroupAnswer[]
  crossings: CrossingAnswer[]
  tails: TailAnswer[]
  gaps: GapAnswer[]
  /** What a detector, poison and weights make of a round; absent without them. */
  stages?: StageAnswer
}

/** The document of `audit --json`. */
export interface AuditAnswer {
  verdict: string
  /** True until the generator's own errors were measured: sampling loss is all that is counted. */
  best_case: boolean
  /** The generated rows, and the real rows kept aside, that were read beside the table. */
  synthetic: BesideAnswer | null
  holdout: BesideAnswer | null
  /** The table; what it skips are the columns that the audit passes over. */
  read: FileAnswer
  /** What the model makes of each set before any feeding back; null where whole rows are resampled. */
  misfit: Misfit | null
  assumptions: Assumption[]
  /** The rounds that are answered for, the simulated runs of each pipeline, and what counts as kept. */
  rounds: number[]
  replicates: number
  keep: number
  /** Rows a round of `tenfold`; null without `replace`. */
  tenfold_rows: number | null
  pipelines: PipelineAnswer[]
  /** Correlations in the tables beside the real one, those that differ most clearly first; empty without such tables. */
  correlations: CorrelationAnswer[]
  left_out: {
    groups: number
    crossings: number
    crossings_few: number
    tails: RefusedTail[]
    more_tails: number
    gaps: number
    correlations: number
    /** Sets that the model can't tell, in words. */
    undecided: string[]
  }
  /** The run's folder; null for a run in memory. */
  run: string | null
}

/** What an answer is made from. `cells` are the run's, one a pipeline, in their order. */
export interface Recorded {
  table: TableData
  settings: AuditSettings
  pipelines: readonly Pipeline[]
  questions: Questions
  /** Sets that the model can't tell, in words. */
  undecided: readonly string[]
  cells: readonly CellColumns[]
  /** What chains of classes say, by the column that records a set. */
  chances: ReadonlyMap<string, SetChances>
  /** By pipeline. */
  stages?: readonly StageAnswer[] | undefined
  synthetic?: Beside | undefined
  holdout?: Beside | undefined
  run: string | null
}

/** Makes the answer. */
export function answerOf(recorded: Recorded): AuditAnswer {
  const { table, settings, pipelines, questions, undecided, synthetic, holdout, run } = recorded
  const answered = pipelines.map((_, i) => answerPipeline(recorded, i))
  const correlations = correlationsOf(questions.numbers, table, synthetic?.table, holdout?.table)
  const { groups, crossings, tails, gaps, skipped } = questions
  return {
    verdict: verdictOf(answered, table.rows, settings, synthetic?.table.path, groups.leftOut),
    best_case: synthetic === undefined,
    synthetic: synthetic ? besideAnswer(synthetic) : null,
    holdout: holdout ? besideAnswer(holdout) : null,
    read: { ...fileAnswer(table.path, kindsOf(table.columns), table.report), skipped },
    misfit: settings.model ? misfitOf(settings.model, questions, recorded.cells[0]!, table.rows) : null,
    assumptions: assumptionsOf(settings, pipelines, table),
    rounds: [...settings.shown],
    replicates: settings.replicates,
    keep: settings.keep,
    tenfold_rows: pipelines.flatMap(({ name, n }) => (name === 'replace' ? moreRows * n : []))[0] ?? null,
    pipelines: answered,
    correlations: correlations.pairs,
    left_out: {
      groups: groups.leftOut,
      crossings: crossings.leftOut,
      crossings_few: crossings.leftOutFew,
      tails: tails.refused,
      more_tails: tails.leftOut,
      gaps: gaps.leftOut,
      correlations: correlations.leftOut,
      undecided: [...undecided],
    },
    run,
  }
}

function answerPipeline(recorded: Recorded, place: number): PipelineAnswer {
  const { table, settings, questions, synthetic, holdout } = recorded
  const pipeline = recorded.pipelines[place]!
  const cell = recorded.cells[place]!
  const { groups, crossings, tails, gaps } = questions
  const follow = <T extends { watch: string; rows: number }>({ watch, ...set }: T) => {
    const { share, low, high } = wilson(set.rows, table.rows)
    const sampled = fateOf(cell, watch, share, settings.keep, settings.shown)
    return { ...set, share, low, high, ...fateAndMore(sampled, { watch, rows: set.rows }, recorded, place) }
  }
  return {
    name: pipeline.name,
    words: pipeline.words,
    real_rows: pipeline.realRows,
    generated_rows: pipeline.generatedRows,
    groups: groups.groups.map(follow),
    crossings: crossings.crossings.map(follow),
    tails: tails.tails.map(follow),
    ...(recorded.stages ? { stages: recorded.stages[place]! } : {}),
    gaps: gaps.gaps.map((gap, i) => ({
      ...answerGap(gap, cell, settings.shown),
      ...(synthetic ? { made: measuredGap(synthetic, i, gap, table) } : {}),
      ...(holdout ? { holdout: measuredGap(holdout, i, gap, table) } : {}),
    })),
  }
}

function fateAndMore(sampled: Fate, set: SetRows, recorded: Recorded, place: number): Fate & Known {
  const { table, settings, pipelines, chances, synthetic, holdout } = recorded
  const { fates, low, high, tenfold, step } = chances.get(set.watch) ?? {}
  const pipeline = pipelines[place]!
  const factor = synthetic && measured(synthetic, set, table.rows)
  return {
    ...(fates?.[place] ?? sampled),
    ...(factor ? { factor, formula: formulaOf(factor.factor * (step ?? 1), pipeline, settings) } : {}),
    ...(holdout ? { holdout: measured(holdout, set, table.rows) } : {}),
    ...(step === undefined ? {} : { step }),
    ...(fates ? { sampling_only: sampled } : {}),
    ...(low && high ? { at_low: low[place]!, at_high: high[place]! } : {}),
    ...(tenfold && pipeline.name === 'replace' ? { tenfold } : {}),
  }
}

function formulaOf(factor: number, pipeline: Pipeline, { keep, shown, stages }: AuditSettings): Formula {
  const way = wayOf(pipeline, stages)
  const shares = expectedShares(way, factor, shown.at(-1)!)
  return {
    share: Object.fromEntries(shown.map((round) => [round, shares[round]!])),
    halves: roundsTo(keep, way, factor),
    settles: settledShare(way, factor),
  }
}

function answerGap({ watch, ...gap }: Gap, cell: CellColumns, rounds: readonly number[]): GapAnswer {
  const real = gap.means[0] - gap.means[1]
  const answer: GapAnswer = { ...gap, gap: real, median: {}, low: {}, high: {}, reversed: {}, undefined: {} }
  for (const round of rounds) {
    const [means, others] = watch.map((name) => atRound(cell, name, round)) as [Float64Array, Float64Array]
    const gaps = means.map((mean, r) => mean - others[r]!)
    const runs = gaps.length
    answer.undefined[round] = gaps.filter(Number.isNaN).length / runs
    answer.reversed[round] = gaps.filter((value) => value * real < 0).length / runs
    for (const [name, p] of [
      ['low', 0.05],
      ['median', 0.5],
      ['high', 0.95],
    ] as const) {
      const value = quantile(gaps, p)
      answer[name][round] = Number.isNaN(value) ? null : value
    }
  }
  return answer
}
