// What an audit takes for granted, one line each: the value, where it is from, how it is changed, and what it does.

import type { TableData } from '../sources/index.js'
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
    rowsARound(settings, table.rows),
    ...pipelines.flatMap((pipeline) => realAndGenerated(pipeline, settings)),
    halved(settings),
    runs(settings),
    ...(gaps ? [missing] : []),
  ]
}

function generatorOf({ synthetic, stages }: AuditSettings): Assumption {
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

/** The accuracy is half the width of a 95 % interval at one half, in percent. */
function runs({ replicates, rounds, seed }: AuditSettings): Assumption {
  const effect = `chances are good to ${Math.ceil(98 / Math.sqrt(replicates))} in 100`
  const value = `${grouped(replicates)} of ${rounds} rounds`
  return { name: 'runs', value, source: `seed ${seed}`, option: '--replicates, --rounds, --seed', effect }
}
