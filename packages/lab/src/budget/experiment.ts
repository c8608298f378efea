// The experiment that a budget is: the groups of a column as classes, and one fixed set of real rows of each size.

import type { Policy, Watch } from '@genloss/models'
import { type Group, watchGroup } from '../audit/groups.js'
import type { ExperimentInput } from '../experiment.js'
import type { TableData } from '../sources/index.js'
import type { BudgetSettings } from './options.js'

/** How the real rows are picked. */
export type Source = 'random' | 'stratified'

/** One set of real rows, and perhaps a generator that makes a group with a factor of its share. */
export interface Point {
  source: Source
  /** Real rows in every round. */
  rows: number
  factor?: { value: string; factor: number }
}

/** A group with the code of its label. */
export interface Followed extends Group {
  code: number
}

/** What every simulation of a budget shares. */
export interface Budgeted {
  /** The experiment's name. */
  name: string
  origin: Record<string, unknown>
  groups: readonly Followed[]
  /** Rows of every group of the column, those that are not followed among them, in the order of their codes. */
  counts: readonly number[]
  /** Rows of the table, and of a round. */
  all: number
  n: number
  rounds: number
  keep: number
  replicates: number
  seed: string
}

/**
 * Of the groups with as many rows each, one that is kept no more often than the others, by its place: picked at random
 * they have one law, and stratified the last one gets no more real rows than they do. To ask of many groups of one law
 * whether each is kept would ask more than that: the unluckiest of them decides.
 */
export function hardest(groups: readonly Followed[], source: Source): number[] {
  const found = new Map<number, number>()
  for (const [place, { rows, code }] of groups.entries()) {
    const known = found.get(rows)
    if (known === undefined || (source === 'stratified' && code > groups[known]!.code)) found.set(rows, place)
  }
  return [...found.values()]
}

/** An experiment with a name. */
export type BudgetExperiment = ExperimentInput & { name: string }

/** What the simulations of a table share. */
export function budgetedOf(
  settings: BudgetSettings & { replicates: number; group: string },
  { name, sha256, rows }: TableData,
  groups: readonly Followed[],
  counts: readonly number[],
): Budgeted {
  const { file, group, rounds, keep, replicates, seed } = settings
  const { allowCode: _, ...reading } = settings.reading
  // The hash makes sure that a saved experiment is run on the same rows.
  const origin = { kind: 'table', file, sha256, columns: [group], group, ...reading }
  return {
    name: `budget-${name}`,
    origin,
    groups,
    counts,
    all: rows,
    n: settings.rows ?? rows,
    rounds,
    keep,
    replicates,
    seed,
  }
}

/**
 * Points of one factor as the cells of one experiment. Each group's rows are counted: whole rows drawn again make
 * multinomial counts of groups, and T_0 is the whole table.
 *
 * @param rounds followed in full, if given; otherwise the last round alone is recorded
 */
export function pointsExperiment(
  { name, origin, groups, n, rounds: last, seed }: Budgeted,
  points: readonly Point[],
  { replicates, rounds }: { replicates: number; rounds?: number },
): BudgetExperiment {
  const factor = points[0]?.factor
  return {
    name,
    origin: origin as never,
    model: { kind: 'categorical' },
    n,
    generations: rounds ?? last,
    replicates,
    seed,
    method: 'exact',
    record: rounds === undefined ? { at: [0, last] } : 'all',
    events: false,
    // What a budget wants to know is in the followed shares.
    columns: ['real_share'],
    watch: groups.map(watchGroup) as Watch[],
    ...(factor ? { sampling: { bias: { [factor.value]: factor.factor } } } : {}),
    sweep: { policy: points.map((point) => policyOf(point, n)) },
  } as BudgetExperiment
}

function policyOf({ source, rows }: Point, n: number): Policy {
  if (rows === 0) return { kind: 'replace' }
  const kind = source === 'random' ? 'fixed' : 'fixed-stratified'
  return { kind: 'mix', real: rows / n, source: kind, composition: 'stratified', recycle: false }
}
