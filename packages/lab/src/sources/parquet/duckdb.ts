// DuckDB, loaded when it is first needed: a database in memory that never loads or fetches anything by itself.

import type { DuckDBConnection } from '@duckdb/node-api'
import { GenlossError } from '@genloss/models'
import { messageOf } from '../problem.js'

/** Runs `work` with a connection of its own and closes it. */
export async function withDuckDB<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const { DuckDBInstance } = await load()
  const instance = await DuckDBInstance.create(':memory:', {
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
        rule: 'the package that reads Parquet to be installed',
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
