// The text of a block: the exact canonical JSON that the native core parses, and the tables that go with it.

import { type CellSettings, type MixtureComponent, mixShares, type Policy, type Stages } from '@genloss/models'
import type { BlockRange } from './blocks.js'
import { canonical } from './canonical.js'
import type { CoreTables } from './core-tables.js'
import type { Cell } from './plan.js'
import { recorded, valueColumns } from './settings.js'
import { type CoreTable, classWatch, marginsOf } from './watched.js'

/** A block ready for the core: its text and the tables that the text counts. */
export interface BlockText {
  text: string
  tables: CoreTable[]
}

/**
 * The text of a block.
 *
 * @param cellAt the cell of an index
 * @param tables the tables of the plan, made once for all blocks
 */
export function blockText(
  range: BlockRange,
  cellAt: (index: number) => Cell,
  tables: CoreTables,
  numerics: number,
): BlockText {
  const { cells, replicates } = range
  const chains = Array.from({ length: cells[1] - cells[0] }, (_, i) => ({ cell: cells[0] + i, replicates }))
  return chainsText(chains, cellAt, tables, numerics)
}

/** The text of some chains of cells that could share a block. */
export function chainsText(
  chains: readonly { cell: number; replicates: [number, number] }[],
  cellAt: (index: number) => Cell,
  tables: CoreTables,
  numerics: number,
): BlockText {
  const used = new TableList(tables)
  const { settings } = cellAt(chains[0]!.cell)
  const texts = chains.map(({ cell, replicates }) => cellText(cellAt(cell), replicates, used))
  const [table] = used.list
  const text = canonical({
    numerics,
    events: settings.events,
    columns: valueColumns(settings),
    watch: table ? table.watch : classWatch(settings),
    cells: texts,
  })
  return { text, tables: used.list }
}

function cellText(
  { index, law, settings, method, stages }: Cell,
  replicates: [number, number],
  tables: TableList,
): object {
  const { seed, n, initial, generations, sustain, record, onEmpty } = settings
  return {
    index,
    law,
    seed,
    replicates,
    origin: originText(settings, tables),
    model: modelText(settings, tables),
    policy: policyText(settings.policy),
    n,
    initial,
    generations,
    method,
    record: record === 'all' ? 'all' : recorded(settings),
    sustain,
    ...(Object.keys(stages).length > 0 ? { stages: stagesText(stages) } : {}),
    ...(onEmpty === 'stop' ? {} : { onEmpty }),
  }
}

/** Stages with all their settings; poison without an end says so. */
function stagesText({ poison, ...others }: Stages): object {
  return { ...others, ...(poison ? { poison: { ...poison, until: poison.until ?? null } } : {}) }
}

function originText(settings: CellSettings, tables: TableList): object {
  const { origin } = settings
  if (origin.kind === 'categorical') return { kind: origin.kind, probabilities: origin.probabilities }
  if (origin.kind === 'mixture') return { kind: origin.kind, components: origin.components.map(componentText) }
  if (origin.kind !== 'table') return origin
  const table = tables.of(settings)
  return { kind: 'table', table, columns: tables.list[table]!.modelled }
}

/** A copula's margins as a list, one a modelled column. */
function modelText({ model, ...settings }: CellSettings, tables: TableList): object {
  if (model.kind === 'module') return { kind: model.kind, records: model.records }
  if (model.kind !== 'copula') return model
  return marginsOf(model, tables.list[tables.of({ model, ...settings })]!.names)
}

/** A component with its mean and covariance in full. */
function componentText(component: MixtureComponent): object {
  const { weight } = component
  if (component.kind === 'gaussian') {
    return { weight, mean: [component.mean], covariance: [[component.sd ** 2]] }
  }
  const { dimensions } = component
  const { mean = Array.from({ length: dimensions }, () => 0) } = component
  const { covariance = mean.map((_, i) => mean.map((_, j) => (i === j ? 1 : 0))) } = component
  return { weight, mean, covariance }
}

/** What the core knows of a model of one's own is how it is measured. */
function policyText(policy: Policy): object {
  if (policy.kind !== 'mix') return policy
  const { kind, source, composition, recycle } = policy
  const { synthetic, previous, real } = mixShares(policy)
  return { kind, synthetic, previous, real, source, composition, recycle }
}

/** The core's tables of a block, each once. */
class TableList {
  readonly list: CoreTable[] = []
  readonly #tables: CoreTables

  constructor(tables: CoreTables) {
    this.#tables = tables
  }

  of(settings: CellSettings): number {
    const table = this.#tables.of(settings)
    const known = this.list.indexOf(table)
    return known >= 0 ? known : this.list.push(table) - 1
  }
}
