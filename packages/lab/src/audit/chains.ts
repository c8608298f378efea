// Chains of classes: the parts of a partition as a column of categories, run with the generator's factors and other stages.

import type { CellColumns } from '@genloss/metrics'
import type { Policy, Stages } from '@genloss/models'
import { canonical, sha256 } from '../canonical.js'
import type { EngineOptions } from '../engine.js'
import { prepare } from '../prepare.js'
import { runPrepared } from '../run.js'
import type { TableData } from '../sources/index.js'
import type { AuditSettings } from './options.js'

/** A column of classes, each with at least one row but `poisoned`, and the sets of classes that are followed. */
export interface ClassColumn {
  codes: Uint32Array
  classes: number
  sets: readonly { watch: string; classes: readonly number[] }[]
}

/** How some of the chains go. */
export interface ChainCell {
  policy: Policy
  n: number
  stages: Stages
}

const column = 'set'

/** The name of a class. */
export function className(code: number): string {
  return `c${code}`
}

/**
 * Runs chains of the classes of a column: the counts of the next round's classes are multinomial, whatever the number of
 * rows. The column stands for the table: generation 0 learns from all of its rows. In memory; one result a cell.
 *
 * @throws GenlossError `plan` for stages that a pipeline can't have, `interrupted`, `native`
 */
export async function runChains(
  { codes, classes, sets }: ClassColumn,
  cells: readonly ChainCell[],
  table: Pick<TableData, 'sha256' | 'report'>,
  { rounds, shown, seed, replicates }: Pick<AuditSettings, 'rounds' | 'shown' | 'seed' | 'replicates'>,
  engine: EngineOptions,
): Promise<CellColumns[]> {
  const labels = Array.from({ length: classes }, (_, code) => className(code))
  // A name of its own, so that columns of one table have streams of their own.
  const hash = sha256(canonical({ table: table.sha256, sets: sets.map(({ watch }) => watch), classes }))
  const data: TableData = {
    name: column,
    path: column,
    sha256: hash,
    rows: codes.length,
    columns: [{ name: column, kind: 'text', codes, labels, missing: 0 }],
    report: table.report,
  }
  const experiment = {
    origin: { kind: 'table', file: column, sha256: hash, columns: [column] },
    model: { kind: 'categorical' },
    generations: rounds,
    seed,
    replicates,
    method: 'exact',
    record: { at: [0, ...shown] },
    events: false,
    columns: ['classes_alive'],
    watch: sets.map(({ watch, classes: own }) => ({
      name: watch,
      where: own.map((code) => ({ [column]: className(code) })),
    })),
    sweep: {
      'policy,n,sampling,filter,poison,weights': cells.map(({ policy, n, stages }) => [
        policy,
        n,
        ...stageList(stages),
      ]),
    },
  }
  const prepared = await prepare(experiment, { tables: [data] })
  const { cells: found } = await runPrepared(prepared, engine)
  return found.map(({ data }) => data)
}

function stageList({ sampling, filter, poison, weights }: Stages): unknown[] {
  return [sampling, filter, poison, weights].map((stage) => stage ?? 'none')
}
