// DuckDB, loaded when it is first needed: a database in memory that never loads or fetches anything by itself.

import type { DuckDBConnection } from '@duckdb/node-api'
import { GenlossError } from '@genloss/models'
import { messageOf } from '../problem.js'

/** Runs `work` with a connection to a database in memory and closes it. */
export function withDuckDB<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  return connected(':memory:', {}, work)
}

/**
 * Runs `work` with a connection that can read one file and nothing else: no other file, no network, no extension, whatever
 * SQL is run.
 *
 * @param open whether the file is the database itself, read only; otherwise `work` reads it in a database in memory
 */
export function withFile<T>(
  file: string,
  open: boolean,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  return connected(open ? file : ':memory:', open ? { access_mode: 'READ_ONLY' } : {}, async (connection) => {
    // The name as a pattern is looked at as well, before it is resolved.
    if (!open) await connection.run(`SET allowed_paths = [${sqlText(file)}, ${sqlPath(file)}]`)
    await connection.run('SET enable_external_access = false')
    await connection.run('SET lock_configuration = true')
    return work(connection)
  })
}

async function connected<T>(
  database: string,
  settings: Record<string, string>,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const { DuckDBInstance } = await load()
  const instance = await DuckDBInstance.create(database, {
    ...settings,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    // Spilling would write into the current folder; reading streams and needs none of it.
    temp_directory: '',
  })
  try {
    const connection = await instance.connect()
    try {
      await connection.run("SET TimeZone = 'UTC'")
      return await work(connection)
    } finally {
      connection.closeSync()
    }
  } finally {
    instance.closeSync()
  }
}

async function load(): Promise<typeof import('@duckdb/node-api')> {
  try {
    return await import('@duckdb/node-api')
  } catch (error) {
    throw new GenlossError(
      {
        code: 'io',
        path: '@duckdb/node-api',
        value: messageOf(error),
        rule: 'the package that reads Parquet and DuckDB files to be installed',
        hint: 'npm install @duckdb/node-api',
      },
      { cause: error },
    )
  }
}

/** A value as a SQL string. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** A name as a SQL identifier. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A path as a SQL string that names this one file, whatever characters it has that a pattern would read otherwise. */
export function sqlPath(path: string): string {
  return sqlText(path.replace(/[[*?]/g, '[$&]'))
}
