// SQL over a run: views of its cells, observations, events and summaries, with nothing else in reach.

import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { GenlossError } from '@genloss/models'
import { sha256 } from './canonical.js'
import { partName, readPlan } from './folder.js'
import { description, native } from './native.js'
import type { Plan } from './plan.js'
import { createSummary } from './query-summary.js'
import { type PlainValue, plainValue } from './query-values.js'
import { cellColumns, createViews, type RunParts } from './query-views.js'
import { sqlText, withDuckDB } from './sources/parquet/duckdb.js'

export type QueryRow = Record<string, PlainValue>

export interface QueryOptions {
  /** Told about parts that are left out because they are missing or damaged. */
  onNote?: (note: string) => void
}

/**
 * Asks a run in SQL. The views are `cells` (cell, and a column for every swept setting), `observations` (cell, replicate,
 * generation, and the run's columns), `events` (cell, replicate, event, generation or null, reason) and `summary`
 * (cell, generation, measure, mean, sd, low, high, median, q05, q95). Only parts that are finished are seen.
 *
 * Nothing but the run's parts can be read, nothing can be written, nothing is loaded or fetched.
 *
 * @returns one object a row: whole numbers as numbers up to 2^53 and as strings beyond, null for null
 * @throws GenlossError `usage` for SQL that fails, with the views; `io` where there is no run
 */
export async function query(folder: string, sql: string, options: QueryOptions = {}): Promise<QueryRow[]> {
  const run = await openParts(resolve(folder), options.onNote)
  return withDuckDB(async (connection) => {
    // One thread: sums of floats come out the same every time.
    await connection.run('SET threads = 1')
    await createViews(connection, run)
    if (/\bsummary\b/i.test(sql)) await createSummary(connection, run)
    await confine(connection, run.files)
    return ask(connection, sql, run.plan)
  })
}

/** The good parts of a run. */
async function openParts(folder: string, onNote: QueryOptions['onNote']): Promise<RunParts> {
  const { plan, text } = await readPlan(folder)
  const core = description()
  const hash = sha256(text)
  const there = new Set(await readdir(join(folder, 'parts')).catch(() => []))
  const files: string[] = []
  const blocks: number[] = []
  let missing = 0
  for (const block of plan.blocks.keys()) {
    const name = partName(block)
    const path = join(folder, 'parts', name)
    const fault = there.has(name) ? native().checkPart(path, hash, false, plan.blocks[block]!) : 'missing'
    if (fault === null) {
      files.push(path)
      blocks.push(block)
    } else if (fault === 'missing') missing++
    else onNote?.(`parts/${name} is left out: ${fault}`)
  }
  if (missing > 0) onNote?.(`${missing} of ${plan.blocks.length} parts are not there yet`)
  return { folder, plan, core, files, blocks }
}

/** From here on only the parts can be read, and none of this can be undone by SQL. */
async function confine(connection: DuckDBConnection, files: readonly string[]): Promise<void> {
  await connection.run(`SET allowed_paths = [${files.map(sqlText).join(', ')}]`)
  await connection.run('SET enable_external_access = false')
  await connection.run('SET lock_configuration = true')
}

async function ask(connection: DuckDBConnection, sql: string, plan: Plan): Promise<QueryRow[]> {
  if (sql.trim() === '') throw wrongSql(sql, 'nothing is asked', plan)
  try {
    const statements = await connection.extractStatements(sql)
    if (statements.count !== 1) throw wrongSql(sql, `these are ${statements.count} statements`, plan)
    const statement = await statements.prepare(0)
    const { StatementType } = await import('@duckdb/node-api')
    if (statement.statementType !== StatementType.SELECT) {
      throw wrongSql(sql, `this is ${StatementType[statement.statementType] ?? 'another statement'}`, plan)
    }
    const result = await statement.stream()
    const names = result.deduplicatedColumnNames()
    const rows: QueryRow[] = []
    for await (const chunk of result) {
      for (const row of chunk.getRows()) {
        rows.push(Object.fromEntries(names.map((name, i) => [name, plainValue(row[i])])))
      }
    }
    return rows
  } catch (cause) {
    if (cause instanceof GenlossError) throw cause
    const message = cause instanceof Error ? cause.message : String(cause)
    throw wrongSql(sql, message.split('\n\n')[0]!.replace(/\s+/g, ' ').trim(), plan, cause)
  }
}

function wrongSql(sql: string, why: string, plan: Plan, cause?: unknown): GenlossError {
  const views = [
    `cells (${['cell', ...cellColumns(plan)].join(', ')})`,
    `observations (cell, replicate, generation, ${plan.columns.join(', ')})`,
    'events (cell, replicate, event, generation, reason)',
    'summary (cell, generation, measure, mean, sd, low, high, median, q05, q95)',
  ]
  const hint = `${why}; the views are ${views.join(', ')}; names with a dot stand in double quotes`
  const parts = { code: 'usage', path: 'sql', value: sql, rule: 'one SELECT over the views of a run', hint } as const
  return new GenlossError(parts, { cause })
}

/** The version of DuckDB. @throws GenlossError `io` where it is not installed */
export async function duckdbVersion(): Promise<string> {
  return withDuckDB(async (connection) => {
    const result = await connection.runAndReadAll('SELECT version() AS version')
    return String(result.getRows()[0]![0])
  })
}
