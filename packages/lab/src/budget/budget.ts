// The budget from file to answer: read the table, search the numbers of real rows, simulate the curve, answer.

import { basename } from 'node:path'
import { GenlossError } from '@genloss/models'
import { wrong } from '../audit/options.js'
import { auditFolder, writeExperiment } from '../audit/save.js'
import type { EngineOptions } from '../engine.js'
import { prepare } from '../prepare.js'
import { runPrepared } from '../run.js'
import { readTable, type TableData } from '../sources/index.js'
import { answerOf, type BudgetAnswer } from './answer.js'
import { Chains, type Kept, keptOf } from './chains.js'
import { type GroupColumn, groupColumn } from './column.js'
import {
  type BudgetExperiment,
  type Budgeted,
  budgetedOf,
  hardest,
  type Point,
  pointsExperiment,
  type Source,
} from './experiment.js'
import { factorNeeds } from './factors.js'
import { gridOf } from './grid.js'
import { type BudgetOptions, type BudgetSettings, readBudgetOptions } from './options.js'
import { realRowsRounds } from './rounds.js'
import { type Need, Search } from './search.js'

/** How a budget is run. */
export interface BudgetRun extends EngineOptions {
  /** The folder of the curve's run; by default `runs/budget-<name>`; null stays in memory. */
  out?: string | null
  /** A file to write the experiment to, for `genloss run`. */
  save?: string
}

/** A budget's answer, and the experiment of its curve and of the answers with their neighbours. */
export interface BudgetResult {
  answer: BudgetAnswer
  experiment: BudgetExperiment
}

/** Runs of each number of real rows: as many as make this much work, between the two. */
const work = 2e7
const mostRuns = 20_000
const fewestRuns = 500
/** Numbers of real rows that a budget simulates, roughly. */
const usualPoints = 80

const does =
  "Each cell has the whole table first and then a fixed set of its rows ('real' of n) in every round; 'watch' lists the groups."

/**
 * Finds how many real rows of a table keep each of its groups, when models are trained on their own output and the same
 * real rows stand in every round: picked at random, and stratified by group. The first round learns from the whole table.
 * Whole rows are drawn again (Wright-Fisher on groups), so what is counted is sampling loss alone: the best case.
 *
 * @throws GenlossError `input` for the file, the group and the other options; `interrupted`; `io`, `native`
 *
 * @example
 * const { answer } = await budget({ file: 'people.csv', group: 'region', rounds: 20 })
 * answer.stratified // { rows: 89, share: 0.167, low: 89, high: 89, group: 'north' }
 */
export async function budget(options: BudgetOptions, run: BudgetRun = {}): Promise<BudgetResult> {
  const settings = readBudgetOptions(options)
  const { table, column } = await readGroups(settings)
  const budgeted = withRuns(settings, table, column)
  checkRealRows(settings, budgeted)
  const { out, save, ...engine } = run
  const chains = new Chains(budgeted, onlyColumn(table, column), engine, usualPoints)
  const { confidence } = settings
  const need = (source: Source) =>
    new Search(chains, budgeted, source, confidence).need(hardest(budgeted.groups, source))
  const random = await need('random')
  const stratified = await need('stratified')
  const factors = await factorNeeds(chains, budgeted, confidence, { random, stratified })
  const { realRows } = settings
  const allowed = realRows === undefined ? null : await realRowsRounds(chains, budgeted, realRows, confidence)
  const grid = gridOf(Math.min(budgeted.all, budgeted.n), largest(random, stratified))
  const points = pointsOf(grid, random, stratified)
  const simulated = await simulate(budgeted, table, column, points, { out, save, engine })
  const kept = {
    random: simulated.kept.slice(0, grid.length),
    stratified: simulated.kept.slice(grid.length, 2 * grid.length),
  }
  const found = { table, column, settings, budgeted, random, stratified, grid, kept, factors, realRows: allowed }
  return { answer: answerOf({ ...found, run: simulated.run }), experiment: simulated.experiment }
}

/** Reads no more than the column of groups, where that is known. */
async function readGroups({
  file,
  group,
  reading,
}: BudgetSettings): Promise<{ table: TableData; column: GroupColumn }> {
  const only = group === undefined ? {} : { columns: [group], group }
  const table = await readTable(file, { ...reading, ...only }).catch((error: unknown) => {
    if (!(error instanceof GenlossError && error.path === 'columns')) throw error
    throw wrong('group', group, error.rule, error.hint)
  })
  return { table, column: groupColumn(table, group) }
}

/** What the experiment's plan knows of the table: it would read this column alone. */
function onlyColumn(table: TableData, { name }: GroupColumn): TableData {
  return { ...table, columns: table.columns.filter((column) => column.name === name) }
}

function withRuns(settings: BudgetSettings, table: TableData, column: GroupColumn): Budgeted {
  const usual = Math.floor(work / (settings.rounds * column.counts.length))
  const replicates = settings.replicates ?? Math.min(mostRuns, Math.max(fewestRuns, usual))
  return budgetedOf({ ...settings, replicates, group: column.name }, table, column.groups, column.counts)
}

function checkRealRows({ realRows = 0, rows }: BudgetSettings, { all, n }: Budgeted): void {
  if (realRows > all) throw wrong('realRows', realRows, `at most ${all} real rows`, 'the table has no more')
  if (realRows > n) throw wrong('realRows', realRows, `at most ${n} real rows`, `a round has ${rows} rows; see --rows`)
}

function largest(a: Need, b: Need): number | null {
  return a.rows === null || b.rows === null ? null : Math.max(a.rows, b.rows)
}

/** The grid for each way to pick rows, then the answers and what is just below them. */
function pointsOf(grid: readonly number[], random: Need, stratified: Need): Point[] {
  const curve = (source: Source) => grid.map((rows) => ({ source, rows }))
  const near = (source: Source, { rows }: Need) =>
    rows ? [rows, rows - 1].filter((size) => !grid.includes(size)).map((size) => ({ source, rows: size })) : []
  return [...curve('random'), ...curve('stratified'), ...near('random', random), ...near('stratified', stratified)]
}

/** Runs the points in a folder, or in memory, and writes their experiment. */
async function simulate(
  budgeted: Budgeted,
  table: TableData,
  column: GroupColumn,
  points: readonly Point[],
  { out, save, engine }: { out: string | null | undefined; save: string | undefined; engine: EngineOptions },
): Promise<{ kept: Kept[]; experiment: BudgetExperiment; run: string | null }> {
  const distinct = points.filter(({ rows, source }, i) => {
    const same = (other: Point) => other.rows === rows && (rows === 0 || other.source === source)
    return points.findIndex(same) === i
  })
  const experiment = pointsExperiment(budgeted, distinct, { replicates: budgeted.replicates })
  const prepared = await prepare(experiment, { tables: [onlyColumn(table, column)] })
  const run = out === undefined ? await auditFolder(experiment.name, prepared) : out
  // Under the folder's name, so that `genloss run` finds what was done.
  const named = out === undefined && run !== null ? { ...experiment, name: basename(run) } : experiment
  if (save !== undefined) {
    const head = `# Made by 'genloss budget'. To run it: genloss run ${save}\n# ${does}\n`
    await writeExperiment(save, named, head)
  }
  const { cells } = await runPrepared(prepared, { ...engine, ...(run === null ? {} : { out: run }) })
  const kept = points.map(({ rows, source }) => {
    const cell = distinct.findIndex((other) => other.rows === rows && (rows === 0 || other.source === source))
    return keptOf(cells[cell]!, budgeted)
  })
  return { kept, experiment: named, run }
}
