// Stages in the form that the core takes: only what changes something, classes by their codes.

import {
  type Abilities,
  activeStages,
  broken,
  type CellSettings,
  classNames,
  definitionOf,
  didYouMean,
  type Poison,
  type Sampling,
  type Stages,
} from '@genloss/models'
import { type DataInfo, modelledColumns } from './data-info.js'
import { checkStages } from './stage-rules.js'

/** The stages of a cell with what its family can do. */
export interface CellStages {
  stages: Stages
  abilities: Abilities
}

/** Resolves and checks the stages of a cell. @throws GenlossError `plan` */
export function settleStages(settings: CellSettings, table: DataInfo | undefined): CellStages {
  const abilities = abilitiesOf(settings, table)
  const classes = abilities.record === 'class' ? classesOf(settings, table) : undefined
  const active = activeStages(settings)
  const stages = { ...active }
  if (active.sampling) stages.sampling = withFactors(active.sampling, classes)
  checkStages({ settings, stages, abilities, classes })
  if (active.poison) stages.poison = withCode(active.poison, abilities, classes)
  return { stages: activeStages(stages), abilities }
}

/** What the family can do; records of a table are as wide as the columns that are modelled. */
function abilitiesOf({ model, origin }: CellSettings, table: DataInfo | undefined): Abilities {
  const { abilities } = definitionOf(model.kind)
  if (origin.kind !== 'table' || model.kind === 'empirical') return abilities(model as never, origin)
  const columns = modelledColumns(origin, model, table!).map((index) => table!.columns[index]!.name)
  return abilities(model as never, { ...origin, columns })
}

/** Names of the classes in the order of their codes. */
function classesOf({ origin, model }: CellSettings, table: DataInfo | undefined): readonly string[] | undefined {
  if (origin.kind === 'categorical') return classNames(origin)
  if (origin.kind !== 'table') return undefined
  const [column] = modelledColumns(origin, model, table!)
  return table!.columns[column!]!.labels
}

/** One factor a class. Classes that are not named keep theirs. */
function withFactors(sampling: Sampling, classes: readonly string[] | undefined): Sampling {
  const { bias, ...rest } = sampling
  if (!bias || !classes) return sampling
  const factors = Array.isArray(bias) ? bias : byCode(bias, classes)
  if (factors.length !== classes.length) {
    throw broken('sampling.bias', bias, `a factor for each of the ${classes.length} classes`)
  }
  if (factors.every((factor) => factor === 0)) throw broken('sampling.bias', bias, 'a factor above 0')
  // Factors that are all alike change nothing.
  return new Set(factors).size === 1 ? rest : { ...rest, bias: factors }
}

function byCode(bias: Record<string, number>, classes: readonly string[]): number[] {
  for (const [name, factor] of Object.entries(bias)) {
    if (!classes.includes(name)) throw broken(`sampling.bias.${name}`, factor, ...nameRule(name, classes))
  }
  return classes.map((name) => bias[name] ?? 1)
}

/** Poison whose record is a number: itself, or the code of a class. The default 0 is the first class. */
function withCode(poison: Poison, { poison: check }: Abilities, classes: readonly string[] | undefined): Poison {
  if (!classes) return check ? { ...poison, record: check.read(poison.record, 'poison.record') } : poison
  const code = classes.indexOf(String(poison.record))
  if (code >= 0) return { ...poison, record: code }
  if (poison.record === 0) return poison
  throw broken('poison.record', poison.record, ...nameRule(String(poison.record), classes))
}

function nameRule(name: string, classes: readonly string[]): [string, string] {
  return ['the name of a class', didYouMean(name, classes) ?? `there are ${classes.slice(0, 12).join(', ')}`]
}
