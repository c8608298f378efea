// What a budget takes for granted, one line each, in the form of an audit's assumptions.

import type { Assumption } from '../audit/assumptions.js'
import { grouped } from '../audit/pipelines.js'
import type { GroupColumn } from './column.js'
import type { Budgeted } from './experiment.js'
import type { BudgetSettings } from './options.js'

/** The assumptions of a budget, those that matter most first. */
export function assumptionsOf(
  settings: BudgetSettings,
  { n, replicates }: Budgeted,
  column: GroupColumn,
): Assumption[] {
  const { rounds, keep, confidence, seed } = settings
  const given = (isDefault: boolean) => (isDefault ? 'default' : 'given')
  return [
    {
      name: 'generator',
      value: 'draws whole rows again',
      source: 'at best',
      effect: 'yours loses more, and needs more real rows',
    },
    {
      name: 'real rows',
      value: 'the same ones in every round',
      source: 'picked once',
      effect: 'the first round learns from the whole table; rows drawn anew each round keep more',
    },
    {
      name: 'rows a round',
      value: n,
      source: settings.rows === undefined ? "the table's own number" : 'given',
      option: '--rows',
      effect: 'real and generated ones together; with more of them less is lost, and fewer real rows do',
    },
    {
      name: 'rounds',
      value: rounds,
      source: given(rounds === 20),
      option: '--rounds',
      effect: 'what counts is the state AT that round',
    },
    {
      name: 'kept',
      value: `above ${keep === 0.5 ? 'half' : keep} of the real share, in ${percentOf(confidence)} of runs`,
      source: given(keep === 0.5 && confidence === 0.95),
      option: '--keep, --confidence',
      effect: 'each group by itself: all of them at once are kept more rarely',
    },
    ...groupsOf(settings, column),
    {
      name: 'runs',
      value: `${grouped(replicates)} for each number that is close`,
      source: `seed ${seed}`,
      option: '--replicates, --seed',
      effect: 'the ranges say what that leaves open',
    },
  ]
}

/** Which groups are looked at, where there are others. */
function groupsOf({ group }: BudgetSettings, { name, groups, leftOut, others }: GroupColumn): Assumption[] {
  if (others.length === 0 && leftOut === 0) return []
  const value = leftOut > 0 ? `the ${groups.length} rarest of ${name}` : `those of ${name}`
  const source = group === undefined ? 'the column with the rarest one' : 'given'
  const effect = leftOut > 0 ? 'the others are no rarer' : 'another column has an answer of its own'
  return [{ name: 'groups', value, source, option: '--group', effect }]
}

/** `95 %`. */
export function percentOf(share: number): string {
  return `${Number((100 * share).toPrecision(6))} %`
}
