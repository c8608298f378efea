// What an audit takes for granted, one line each: the value, where it is from, how it is changed, and what it does.

import type { TableData } from '../sources/index.js'
import { modelMethod } from './experiment.js'
import type { AuditSettings } from './options.js'
import { grouped, type Pipeline } from './pipelines.js'

/** One assumption in words for a person. */
export interface Assumption {
  name: string
  value: string | number
  /** Where the value is from: `given`, `default`, the table, ... */
  source: string
  /** The option that changes it; absent where none does. */
  option?: string
  effect: string
}

/** The assumptions of an audit, those that matter most first. */
export function assumptionsOf(settings: AuditSettings, pipelines: readonly Pipeline[], table: TableData): Assumption[] {
  const gaps = table.columns.some(({ missing }) => missing > 0)
  return [
    generatorOf(settings),
    ...modelOf(settings, pipelines),
    rowsARound(settings, table.rows),
    ...pipelines.flatMap((pipeline) => realAndGenerated(pipeline, settings)),
    ...stagesOf(settings),
    halved(settings),
    runs(settings),
    ...(gaps ? [missing] : []),
  ]
}

function generatorOf({ synthetic, stages, model }: AuditSettings): Assumption {
  if (model) {
    const { margin = 'empirical', margins = {} } = model
    const others = Object.entries(margins).map(([column, law]) => `, ${law} for ${column}`)
    return {
      name: 'generator',
      value: `a gaussian copula, margins of numbers ${margin}${others.join('')}, fitted anew in every round`,
      source: 'given',
      option: '--model',
      effect: 'its own misfit is counted, yours may differ; a set is gone where it makes none of it',
    }
  }
  if (synthetic !== undefined) {
    return {
      name: 'generator',
      value: `as ${synthetic} shows it, the same in every round`,
      source: 'measured',
      option: '--synthetic',
      effect: 'the odds of each set change by one factor a round; gaps by sampling loss alone',
    }
  }
  const { temperature = 1, topP = 1 } = stages.sampling ?? {}
  if (stages.sampling) {
    const value = `temperature ${temperature}, top-p ${topP}, on the categories of a column or a crossing`
    const effect = 'it has no other errors; tails and gaps by sampling loss alone'
    return { name: 'generator', value, source: 'given', option: '--temperature, --top-p', effect }
  }
  return {
    name: 'generator',
    value: 'draws whole rows again',
    source: 'at best',
    option: '--synthetic',
    effect: 'yours loses more',
  }
}

/** Of many rows not every one is drawn. */
function modelOf({ model }: AuditSettings, pipelines: readonly Pipeline[]): Assumption[] {
  if (!model || modelMethod(pipelines) === 'draws') return []
  return [
    {
      name: 'rows of the copula',
      value: 'not drawn one by one, as a round has many: counts of each column and correlations by their laws',
      source: 'method exact',
      option: '--rows',
      effect: 'columns are drawn apart, which is an approximation',
    },
  ]
}

const missing: Assumption = {
  name: 'missing values',
  value: 'a group of their own',
  source: 'default',
  effect: 'where numbers are missing they are in no tail',
}

function rowsARound({ rows, synthetic, stages }: AuditSettings, tableRows: number): Assumption {
  const value = rows ?? tableRows
  const source = rows === undefined ? "the table's own number" : 'given'
  const more = { name: 'rows a round', value, source, option: '--rows' }
  if (synthetic !== undefined || stages.sampling)
    return { ...more, effect: "more of them don't help against the generator's own errors" }
  return { ...more, effect: 'dates grow with rows' }
}

function realAndGenerated({ name, realRows, generatedRows }: Pipeline, settings: AuditSettings): Assumption[] {
  if (name.startsWith('anchor')) {
    const source = settings.pipelines.includes('anchor') ? 'a tenth' : 'given'
    return [
      {
        name: 'real rows of anchor',
        value: realRows,
        source,
        option: '--pipeline anchor:ROWS',
        effect: 'more keep more',
      },
    ]
  }
  if (name !== 'keep-all') return []
  const source = settings.generated === undefined ? 'as many as real' : 'given'
  return [
    { name: 'generated in keep-all', value: generatedRows, source, option: '--generated', effect: 'fewer keep more' },
  ]
}

function halved({ keep }: AuditSettings): Assumption {
  const source = keep === 0.5 ? 'default' : 'given'
  const [name, part] = keep === 0.5 ? ['halved', 'half'] : [`fallen to ${keep}`, String(keep)]
  const value = `${part} of the real share or less AT the round`
  return { name, value, source, option: '--keep', effect: 'some recover' }
}

/** What is done to rows on their way into a round. */
function stagesOf({ stages: { filter, poison, weights }, curate, dedup, group }: AuditSettings): Assumption[] {
  const found: Assumption[] = []
  const add = (name: string, value: string, option: string, effect: string) =>
    found.push({ name, value, source: 'given', option, effect })
  if (filter) {
    const [good, bad] = [filter.truePositiveRate, filter.falsePositiveRate].map((share) => `${short(100 * share)} %`)
    const fill = filter.topUp ? 'more is made until an anchor round is full' : 'no more is made'
    const value = `finds ${good} of generated rows, takes ${bad} of real ones for such; ${fill}`
    add(
      'detector',
      value,
      '--detector, --top-up',
      'it throws away what it finds, and the fewer rows a round the faster the loss',
    )
  }
  if (poison)
    add(
      'poison',
      `${short(100 * poison.share)} % of new rows are one bad row`,
      '--poison',
      'a model learns it and makes more of it',
    )
  if (weights)
    add(
      'weights',
      `a real row counts as ${short(weights.real)} generated ones`,
      '--real-weight',
      'it is as if there were more real rows, but no new ones',
    )
  if (curate) {
    const value = Object.entries(curate).map(([name, times]) => `${name} ${short(times)}`)
    const effect = 'odds change by that factor in every round; crossings and tails as their real rows are picked'
    add('curation', `times as readily picked by ${group}: ${value.join(', ')}`, '--curate', effect)
  }
  if (dedup) add('repeated rows', 'left out of the table', '--dedup', 'shares are those of different rows')
  return found
}

/** Three figures. */
function short(value: number): string {
  return String(Number(value.toPrecision(3)))
}

/** The accuracy is half the width of a 95 % interval at one half, in percent. */
function runs({ replicates, rounds, seed }: AuditSettings): Assumption {
  const effect = `chances are good to ${Math.ceil(98 / Math.sqrt(replicates))} in 100`
  const value = `${grouped(replicates)} of ${rounds} rounds`
  return { name: 'runs', value, source: `seed ${seed}`, option: '--replicates, --rounds, --seed', effect }
}
