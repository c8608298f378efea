// Combinations of family, policy and stage without meaning: one table, each entry with the setting that it is about.

import {
  type Abilities,
  broken,
  type CellSettings,
  mixShares,
  orList,
  type Policy,
  type Sampling,
  type Stages,
} from '@genloss/models'
import { drawsSubsets } from './methods.js'

/** What the rules read. */
export interface Facts {
  settings: CellSettings
  /** The stages that change something, classes by code. */
  stages: Stages
  abilities: Abilities
  /** Names of the classes, where records are classes. */
  classes: readonly string[] | undefined
}

interface Rule {
  /** The setting. */
  path: string
  /** The value that is wrong, or undefined where nothing is. */
  wrong: (facts: Facts) => unknown
  rule: string | ((facts: Facts) => string)
  hint?: string
}

/** Shares of the new records of a set. */
const shares = (policy: Policy) => (policy.kind === 'mix' ? mixShares(policy) : { synthetic: 1, previous: 0, real: 0 })
/** The value where a condition holds. */
const where = (holds: boolean | undefined, value: unknown) => (holds ? value : undefined)

/** Why a family lacks a setting of `sampling`. */
const lacks: { readonly [K in keyof Sampling]-?: string } = {
  temperature: 'a power of its density has no closed form that it could be sampled from',
  bias: 'factors are for classes',
  topK: 'the most probable records are counted where there are classes',
  topP: 'the most probable records are counted where there are classes',
  spread: 'it has no variance of its own that could be changed',
  truncate: 'distances from a mean are for normal models',
}

const sampling = (Object.keys(lacks) as (keyof Sampling)[]).map(
  (key): Rule => ({
    path: `sampling.${key}`,
    wrong: ({ stages, abilities }) => where(!abilities.sampling[key]?.length, stages.sampling?.[key]),
    rule: ({ settings, abilities }) => {
      const has = Object.keys(abilities.sampling)
      return has.length ? `${orList(has)} for '${settings.model.kind}'` : `no changed law for '${settings.model.kind}'`
    },
    hint: lacks[key],
  }),
)

const noGenerated = 'a policy that has generated records'

/** THE table of rules, in the order in which they are looked at. */
export const stageRules: readonly Rule[] = [
  {
    path: 'model.features',
    wrong: ({ settings, stages, abilities }) => where(abilities.sameFeatures && !oneSize(settings, stages), 'same'),
    rule: "'fresh' here",
    hint: "the same features in every batch need 'n' and 'initial' to be one number, no filter, and replace, accumulate or window",
  },
  ...sampling,
  {
    path: 'policy.source',
    wrong: ({ settings: { policy, model } }) =>
      where(
        policy.kind === 'mix' && policy.source === 'fixed-stratified' && model.kind !== 'categorical',
        'fixed-stratified',
      ),
    rule: "'fresh' or 'fixed' here",
    hint: "records in proportion to their classes need a 'categorical' model",
  },
  {
    path: 'sampling.topK',
    wrong: ({ stages, classes }) =>
      where(classes && (stages.sampling?.topK ?? 0) > classes.length, stages.sampling?.topK),
    rule: ({ classes }) => `at most the ${classes!.length} classes`,
  },
  {
    path: 'filter',
    wrong: ({ settings, stages }) => where(shares(settings.policy).synthetic === 0, stages.filter),
    rule: noGenerated,
    hint: 'a detector looks for generated records, and this mix has none',
  },
  {
    path: 'filter',
    wrong: ({ settings, stages }) => where(shares(settings.policy).previous > 0, stages.filter),
    rule: "a mix without 'previous'",
    hint: 'records of the last training set have passed the detector already',
  },
  {
    path: 'filter',
    wrong: ({ settings, stages }) => where(fixedSet(settings.policy), stages.filter),
    rule: "a mix whose 'source' is 'fresh'",
    hint: 'the set of real records would change while it is fixed',
  },
  {
    path: 'filter.topUp',
    wrong: ({ settings, stages }) => where(stages.filter?.topUp && settings.policy.kind !== 'mix', true),
    rule: "'false' where all new records are generated",
    hint: 'as many would be made as are thrown away; what changes is the share of real records, so take mix',
  },
  {
    path: 'filter.topUp',
    wrong: ({ settings: { policy }, stages: { filter } }) => where(filter?.topUp && nonePass(policy, filter), true),
    rule: 'a detector that lets some records pass',
    hint: 'no set would ever be full',
  },
  {
    path: 'selection',
    wrong: ({ stages, abilities }) => where(abilities.selection.length === 0, stages.selection),
    rule: 'a model whose records can be put in order',
    hint: 'classes and resampled rows have none',
  },
  {
    path: 'selection',
    wrong: ({ settings, stages }) => where(shares(settings.policy).synthetic === 0, stages.selection),
    rule: noGenerated,
    hint: 'a selection is among what the model made',
  },
  {
    path: 'poison',
    wrong: ({ stages, abilities }) => where(abilities.record !== 'class' && !abilities.poison, stages.poison),
    rule: 'a model of one column',
    hint: 'a record of this one is several numbers or a whole row; model one column of numbers or of text',
  },
  {
    path: 'poison.from',
    wrong: ({ settings, stages }) => where((stages.poison?.from ?? 0) > settings.generations, stages.poison?.from),
    rule: ({ settings }) => `a generation up to ${settings.generations}, the last`,
  },
  {
    path: 'poison',
    wrong: ({ settings: { policy }, stages }) =>
      where(policy.kind === 'mix' && policy.composition === 'bernoulli', stages.poison),
    rule: "a mix whose 'composition' is 'stratified'",
    hint: 'poison takes the place of generated records, whose number is left to chance here',
  },
  {
    path: 'poison',
    wrong: ({ settings: { policy }, stages }) =>
      where(policy.kind === 'mix' && stages.filter !== undefined, stages.poison),
    rule: "a mix without 'filter'",
    hint: 'poison takes the place of generated records, whose number is left to chance here',
  },
  {
    path: 'poison.share',
    wrong: ({ settings, stages }) =>
      where((stages.poison?.share ?? 0) > shares(settings.policy).synthetic, stages.poison?.share),
    rule: ({ settings }) => `at most ${shares(settings.policy).synthetic}, the share of generated records`,
    hint: 'poison takes their place',
  },
  {
    path: 'weights',
    wrong: ({ settings, stages }) => where(drawsSubsets(settings.policy), stages.weights),
    rule: 'a policy that takes whole batches',
    hint: 'records drawn from a set carry no weights',
  },
  {
    path: 'weights',
    wrong: ({ settings, stages }) => where(oneKind(settings.policy), stages.weights),
    rule: 'a policy that has real and generated records in one set',
    hint: 'where all are of one kind, only their number would change',
  },
  {
    path: 'weights',
    wrong: ({ stages, abilities }) => where(abilities.weights.length === 0, stages.weights),
    rule: 'a model that can weigh its records',
    hint: 'they are resampled one by one; counts of the rows of a table can be weighed',
  },
  {
    path: 'n',
    wrong: ({ settings: { n, policy } }) => where(n === 'inf' && policy.kind === 'accumulate-subsample', n),
    rule: 'a number of records to draw from what was made',
  },
  {
    path: 'n',
    wrong: ({ settings: { n }, stages }) => where(n === 'inf' && stages.selection !== undefined, n),
    rule: 'a number of records to select from candidates',
  },
  {
    path: 'n',
    wrong: ({ settings: { n }, stages: { filter } }) => where(n === 'inf' && filter && !filter.topUp, n),
    rule: 'a number of records to filter',
    hint: 'of infinitely many, infinitely many pass; set filter.topUp to change the share of real ones',
  },
  {
    path: 'n',
    wrong: ({ settings: { n, policy } }) =>
      where(n === 'inf' && policy.kind === 'mix' && policy.composition === 'bernoulli', n),
    rule: "a number of records for a mix whose 'composition' is 'bernoulli'",
    hint: 'of infinitely many records the shares are exact; take stratified',
  },
]

/** @throws GenlossError `plan` with the first rule that a cell breaks */
export function checkStages(facts: Facts): void {
  for (const { path, wrong, rule, hint } of stageRules) {
    const value = wrong(facts)
    if (value !== undefined) throw broken(path, value, typeof rule === 'string' ? rule : rule(facts), hint)
  }
}

/** Whether training sets are whole batches, all of one size. */
function oneSize({ policy, n, initial }: CellSettings, { filter }: Stages): boolean {
  const whole = policy.kind === 'replace' || policy.kind === 'accumulate' || policy.kind === 'window'
  return whole && n === initial && filter === undefined
}

function fixedSet(policy: Policy): boolean {
  return policy.kind === 'mix' && policy.source !== 'fresh' && mixShares(policy).real > 0
}

function nonePass(policy: Policy, filter: NonNullable<Stages['filter']>): boolean {
  const { synthetic, real } = shares(policy)
  return synthetic * (1 - filter.truePositiveRate) + real * (1 - filter.falsePositiveRate) === 0
}

/** Whether every training set after the first holds records of one kind only. */
function oneKind(policy: Policy): boolean {
  if (policy.kind === 'window') return policy.batches === 1 && !policy.keepReal
  if (policy.kind !== 'mix') return policy.kind === 'replace'
  const { synthetic, previous, real } = mixShares(policy)
  return previous === 0 && (synthetic === 0 || real === 0)
}
