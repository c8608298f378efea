// From what a run recorded to the audit's answer: the document of `audit --json`.

import { type CellColumns, quantile, wilson } from '@genloss/metrics'
import { type Kinds, kindsOf, type TableData, type Written, writtenOf } from '../sources/index.js'
import { type Assumption, assumptionsOf } from './assumptions.js'
import type { ByRound } from './chances.js'
import { atRound, type Fate, fateOf } from './fates.js'
import type { Gap } from './gaps.js'
import type { AuditSettings } from './options.js'
import type { Pipeline } from './pipelines.js'
import type { Skipped } from './profile.js'
import type { Questions } from './questions.js'
import type { RefusedTail } from './tails.js'
import { verdictOf } from './verdict.js'

/** Real rows of a set: how many, their share of the table, and Wilson's 95 % interval of that share. */
export interface RealRows {
  rows: number
  share: number
  low: number
  high: number
}

export interface GroupAnswer extends RealRows, Fate {
  column: string
  value: string
}
export interface CrossingAnswer extends RealRows, Fate {
  columns: [string, string]
  values: [string, string]
}
export interface TailAnswer extends RealRows, Fate {
  column: string
  side: 'lower' | 'upper'
  p: number
  /** The largest number of a lower tail, the smallest of an upper one. */
  edge: number
}
/** Mean of a number over a group less its mean over the largest group: real, and over the runs by round. */
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
}

/** The document of `audit --json`. */
export interface AuditAnswer {
  verdict: string
  /** True until the generator's own errors were measured: sampling loss is all that is counted. */
  best_case: boolean
  read: {
    file: string
    rows: number
    columns: number
    /** Missing values by column, where there are any. */
    missing: Record<string, number>
    duplicates: number
    skipped: Skipped[]
    notes: string[]
    /** How many columns hold numbers, and how many words. */
    kinds: Kinds
    /** What the file is, and what was found or told about how it is written. */
    written: Written
  }
  assumptions: Assumption[]
  /** The rounds that are answered for, the simulated runs of each pipeline, and what counts as kept. */
  rounds: number[]
  replicates: number
  keep: number
  pipelines: PipelineAnswer[]
  left_out: {
    groups: number
    crossings: number
    crossings_few: number
    tails: RefusedTail[]
    more_tails: number
    gaps: number
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
  cells: readonly CellColumns[]
  run: string | null
}

/** Makes the answer. */
export function answerOf({ table, settings, pipelines, questions, cells, run }: Recorded): AuditAnswer {
  const answered = pipelines.map((pipeline, i) => answerPipeline(pipeline, cells[i]!, table.rows, settings, questions))
  const { groups, crossings, tails, gaps, skipped } = questions
  const { duplicates, missing, notes } = table.report
  const partly = Object.fromEntries(Object.entries(missing).filter(([, count]) => count > 0))
  return {
    verdict: verdictOf(answered, table.rows, settings),
    best_case: true,
    read: {
      file: table.path,
      rows: table.rows,
      columns: table.report.columns,
      missing: partly,
      duplicates,
      skipped,
      notes,
      kinds: kindsOf(table.columns),
      written: writtenOf(table.report),
    },
    assumptions: assumptionsOf(settings, pipelines, table),
    rounds: [...settings.shown],
    replicates: settings.replicates,
    keep: settings.keep,
    pipelines: answered,
    left_out: {
      groups: groups.leftOut,
      crossings: crossings.leftOut,
      crossings_few: crossings.leftOutFew,
      tails: tails.refused,
      more_tails: tails.leftOut,
      gaps: gaps.leftOut,
    },
    run,
  }
}

function answerPipeline(
  { name, words, realRows, generatedRows }: Pipeline,
  cell: CellColumns,
  rows: number,
  { keep, shown }: AuditSettings,
  { groups, crossings, tails, gaps }: Questions,
): PipelineAnswer {
  const follow = <T extends { watch: string; rows: number }>({ watch, ...set }: T) => {
    const { share, low, high } = wilson(set.rows, rows)
    return { ...set, share, low, high, ...fateOf(cell, watch, share, keep, shown) }
  }
  return {
    name,
    words,
    real_rows: realRows,
    generated_rows: generatedRows,
    groups: groups.groups.map(follow),
    crossings: crossings.crossings.map(follow),
    tails: tails.tails.map(follow),
    gaps: gaps.gaps.map((gap) => answerGap(gap, cell, shown)),
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
