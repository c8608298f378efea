// The document of `budget --json`, and how it is made of what was simulated.

import { wilson } from '@genloss/metrics'
import type { RealRows } from '../audit/answer.js'
import type { Assumption } from '../audit/assumptions.js'
import { type TableData, type Written, writtenOf } from '../sources/index.js'
import { assumptionsOf } from './assumptions.js'
import type { Kept } from './chains.js'
import type { GroupColumn } from './column.js'
import { type Budgeted, hardest, type Source } from './experiment.js'
import type { FactorNeed } from './factors.js'
import type { BudgetSettings } from './options.js'
import type { RealRowsRounds } from './rounds.js'
import type { Need } from './search.js'
import { goalOf, verdictOf } from './verdict.js'

/** A number of real rows: null where no number of the table's rows is enough. */
export interface RowsNeeded {
  rows: number | null
  /** The same as a share of the table. */
  share: number | null
  /** 95 % interval of the rows, in view of the number of simulated runs. */
  low: number | null
  high: number | null
  /** The group that needs as many; null where none is needed. */
  group: string | null
}

/** Shares of the runs in which the group that is kept least often is kept, by real rows. */
export interface CurvePoint {
  rows: number
  random: number
  stratified: number
  /** Half the width of the wider one's 95 % interval. */
  error: number
}

/** A group, with the share of the runs in which it is kept at each number of rows of the curve. */
export interface BudgetGroup extends RealRows {
  value: string
  random: number[]
  stratified: number[]
}

/** The document of `budget --json`. */
export interface BudgetAnswer {
  verdict: string
  goal: string
  /** True: sampling loss is all that is counted. */
  best_case: boolean
  random: RowsNeeded
  stratified: RowsNeeded
  curve: CurvePoint[]
  /** What is needed where the generator makes the group that decides at a factor of its share. */
  factors: FactorNeed[]
  /** The rounds that a given number of real rows allows; null where none was given. */
  real_rows: RealRowsRounds | null
  column: string
  groups: BudgetGroup[]
  rounds: number
  keep: number
  confidence: number
  replicates: number
  assumptions: Assumption[]
  read: { file: string; rows: number; missing: number; written: Written; notes: string[] }
  /** Commoner groups that are not followed, and other columns that have groups. */
  left_out: { groups: number; columns: string[] }
  /** The run's folder; null for a run in memory. */
  run: string | null
}

/** What an answer is made from. */
export interface Simulated {
  table: TableData
  column: GroupColumn
  settings: BudgetSettings
  budgeted: Budgeted
  random: Need
  stratified: Need
  /** The grid, and what was kept at each of its numbers. */
  grid: readonly number[]
  kept: { random: readonly Kept[]; stratified: readonly Kept[] }
  factors: FactorNeed[]
  realRows: RealRowsRounds | null
  run: string | null
}

/** Makes the answer. */
export function answerOf(simulated: Simulated): BudgetAnswer {
  const { table, column, settings, budgeted, random, stratified, factors, realRows, run } = simulated
  const answer = {
    goal: goalOf(column.name, settings),
    best_case: true,
    random: neededOf(random, budgeted),
    stratified: neededOf(stratified, budgeted),
    curve: curveOf(simulated),
    factors,
    real_rows: realRows,
    column: column.name,
    groups: groupsOf(simulated),
    rounds: settings.rounds,
    keep: settings.keep,
    confidence: settings.confidence,
    replicates: budgeted.replicates,
    assumptions: assumptionsOf(settings, budgeted, column),
    read: {
      file: table.path,
      rows: table.rows,
      missing: table.report.missing[column.name] ?? 0,
      written: writtenOf(table.report),
      notes: table.report.notes,
    },
    left_out: { groups: column.leftOut, columns: column.others },
    run,
  }
  return { verdict: verdictOf(answer, budgeted), ...answer }
}

function neededOf({ rows, low, high, group }: Need, { all, groups }: Budgeted): RowsNeeded {
  const share = rows === null ? null : rows / all
  return { rows, share, low, high, group: group === undefined ? null : groups[group]!.value }
}

function curveOf({ grid, kept, budgeted }: Simulated): CurvePoint[] {
  const least = (source: Source, i: number) => {
    const { runs, groups } = kept[source][i]!
    return wilson(Math.min(...hardest(budgeted.groups, source).map((group) => groups[group]!)), runs)
  }
  return grid.map((rows, i) => {
    const [random, stratified] = [least('random', i), least('stratified', i)]
    const error = Math.max(random.high - random.low, stratified.high - stratified.low) / 2
    return { rows, random: random.share, stratified: stratified.share, error }
  })
}

function groupsOf({ budgeted: { groups, all }, kept }: Simulated): BudgetGroup[] {
  const shares = (points: readonly Kept[], group: number) => points.map(({ runs, groups }) => groups[group]! / runs)
  return groups.map(({ value, rows }, group) => {
    const { share, low, high } = wilson(rows, all)
    const [random, stratified] = [shares(kept.random, group), shares(kept.stratified, group)]
    return { value, rows, share, low, high, random, stratified }
  })
}
