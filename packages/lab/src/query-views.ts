// The views of a run in DuckDB: cells, observations, events.

import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api'
import type { Description } from './native.js'
import { cellOf, type Plan, sweptWord } from './plan.js'
import { sqlName, sqlPath, sqlText } from './sources/parquet/duckdb.js'
import { cellCount } from './sweep.js'

/** The good parts of a run: `files[i]` holds block `blocks[i]`. */
export interface RunParts {
  folder: string
  plan: Plan
  core: Description
  files: string[]
  blocks: number[]
}

/** The columns of `cells` after `cell`: every swept setting. */
export function cellColumns({ axes }: Plan): string[] {
  return axes.flatMap(({ path }) => path.split(','))
}

/** Creates `cells`, `observations` and `events` over the good parts. */
export async function createViews(connection: DuckDBConnection, run: RunParts): Promise<void> {
  await createCells(connection, run)
  const source = run.files.length
    ? `read_parquet([${run.files.map(sqlPath).join(', ')}], union_by_name = true)`
    : `(SELECT ${emptyColumns(run)} WHERE false)`
  await connection.run(`CREATE VIEW genloss_parts AS SELECT * FROM ${source}`)
  const values = run.plan.columns.map((name) => `p.${sqlName(name)}`)
  await connection.run(
    `CREATE VIEW observations AS SELECT ${['c.cell', 'p.replicate', 'p.generation', ...values].join(', ')} ` +
      'FROM genloss_parts p JOIN genloss_cells c ON c.place = p.cell',
  )
  await createEvents(connection, run)
}

function emptyColumns({ plan, core }: RunParts): string {
  const whole = ['cell', 'replicate', 'generation'].map((name) => `0::UINTEGER AS ${name}`)
  const values = plan.columns.map((name) => `0::DOUBLE AS ${sqlName(name)}`)
  const events = eventNames(core).map((name) => `0::INTEGER AS ${sqlName(`event_${name}`)}`)
  return [...whole, ...values, ...events].join(', ')
}

function eventNames({ events }: Description): string[] {
  return [...events, 'stopped_reason']
}

/** One row a cell: its place in the plan, its hash and its swept settings, each in the type that all its values have. */
async function createCells(connection: DuckDBConnection, { plan, core }: RunParts): Promise<void> {
  const paths = cellColumns(plan)
  const rows = Array.from({ length: cellCount(plan.axes) }, (_, index) => {
    const { hash, swept } = cellOf(plan, index, core)
    return { index, hash, values: paths.map((path) => sweptWord(path, swept[path], plan.data)) }
  })
  const types = paths.map((_, i) => typeOf(rows.map(({ values }) => values[i]!)))
  const columns = paths.map((path, i) => `${sqlName(path)} ${types[i]}`)
  await connection.run(`CREATE TABLE genloss_cells (${['place UINTEGER', 'cell VARCHAR', ...columns].join(', ')})`)
  const appender = await connection.createAppender('genloss_cells')
  for (const { index, hash, values } of rows) {
    appender.appendUInteger(index)
    appender.appendVarchar(hash)
    for (const [i, value] of values.entries()) append(appender, types[i]!, value)
    appender.endRow()
  }
  appender.closeSync()
  const shown = ['cell', ...paths.map(sqlName)].join(', ')
  await connection.run(`CREATE VIEW cells AS SELECT ${shown} FROM genloss_cells ORDER BY place`)
}

function append(appender: DuckDBAppender, type: string, value: string | number | boolean): void {
  if (type === 'BIGINT') appender.appendBigInt(BigInt(value))
  else if (type === 'DOUBLE') appender.appendDouble(Number(value))
  else if (type === 'BOOLEAN') appender.appendBoolean(value === true)
  else appender.appendVarchar(String(value))
}

function typeOf(values: readonly (string | number | boolean)[]): string {
  if (values.every((value) => typeof value === 'number'))
    return values.every(Number.isSafeInteger) ? 'BIGINT' : 'DOUBLE'
  return values.every((value) => typeof value === 'boolean') ? 'BOOLEAN' : 'VARCHAR'
}

/** Events stand in the rows of generation 0; a reason is that of `stopped`. */
async function createEvents(connection: DuckDBConnection, run: RunParts): Promise<void> {
  const { core } = run
  const there = await connection.runAndReadAll('SELECT column_name FROM (DESCRIBE genloss_parts)')
  const columns = new Set(there.getRows().map(([name]) => String(name)))
  const dated = core.events.filter((name) => columns.has(`event_${name}`))
  if (dated.length === 0) {
    const none = 'NULL::VARCHAR AS cell, 0::UINTEGER AS replicate, NULL::VARCHAR AS event, 0 AS generation'
    await connection.run(`CREATE VIEW events AS SELECT ${none}, NULL::VARCHAR AS reason WHERE false`)
    return
  }
  const reasons = core.stoppedReasons.map((words, i) => `WHEN ${i} THEN ${sqlText(words)}`).join(' ')
  const each = dated.map(
    (name) =>
      `SELECT cell, replicate, ${sqlText(name)} AS event, ${sqlName(`event_${name}`)} AS generation, ` +
      `${name === 'stopped' ? `CASE event_stopped_reason ${reasons} END` : 'NULL'} AS reason FROM genloss_parts WHERE generation = 0`,
  )
  await connection.run(
    `CREATE VIEW events AS SELECT c.cell, e.replicate, e.event, e.generation, e.reason FROM (${each.join(' UNION ALL ')}) e ` +
      'JOIN genloss_cells c ON c.place = e.cell',
  )
}
