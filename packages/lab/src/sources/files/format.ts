// Which format a file has: its first bytes decide, then its name.

import { basename } from 'node:path'
import { fileError } from '../problem.js'
import type { Format } from '../types.js'

/** First bytes of formats that are not read, and what to do with such a file. */
const others: [prefix: string, name: string, hint: string][] = [
  ['PK\x03\x04', 'a zip archive or spreadsheet', 'save the sheet as CSV, or unpack the archive'],
  ['\xd0\xcf\x11\xe0', 'an old spreadsheet', 'save the sheet as CSV'],
  ['PARE', 'an encrypted Parquet file', 'write it without encryption'],
  ['ARROW1', 'an Arrow file', 'write it as Parquet'],
  ['FEA1', 'a Feather file', 'write it as Parquet'],
  ['ORC', 'an ORC file', 'write it as Parquet'],
  ['Obj\x01', 'an Avro file', 'write it as Parquet'],
  ['SQLite format 3', 'a SQLite database', 'export the table as CSV, or copy it into a DuckDB file'],
  ['\x89HDF', 'an HDF5 file', 'export the table as CSV or Parquet'],
  ['BZh', 'a bzip2 file', 'unpack it, or pack it with gzip or zstd'],
  ['\xfd7zXZ', 'an xz file', 'unpack it, or pack it with gzip or zstd'],
  ['\x04\x22\x4d\x18', 'an lz4 file', 'unpack it, or pack it with gzip or zstd'],
  ['%PDF', 'a PDF', 'save the table as CSV'],
]

const wanted = 'a table as CSV, TSV, Parquet or JSON Lines, plain or packed as .gz or .zst, or in a DuckDB file'

/** The file's name without folder and the endings of formats: `people` for `data/people.csv.gz`. */
export function tableName(path: string): string {
  const name = basename(path)
  return (
    name.replace(/\.(gz|zst|zstd)$/i, '').replace(/\.(csv|tsv|tab|txt|parquet|pq|jsonl|ndjson|json|duckdb|db)$/i, '') ||
    name
  )
}

/**
 * The format of a file's unpacked content.
 *
 * @param head the first bytes, unpacked
 * @throws GenlossError `input` for formats that are not read
 */
export function formatOf(path: string, head: Uint8Array): Format {
  const text = Buffer.from(head.subarray(0, 512)).toString('latin1')
  const name = basename(path)
    .toLowerCase()
    .replace(/\.(gz|zst|zstd)$/, '')
  if (text.startsWith('PAR1')) return 'parquet'
  if (text.startsWith('DUCK', 8) && text.includes('\0')) return 'duckdb'
  for (const [prefix, kind, hint] of others) {
    if (text.startsWith(prefix)) throw fileError(path, kind, wanted, hint)
  }
  if (/\.(parquet|pq)$/.test(name)) {
    throw fileError(path, 'bytes that are not', 'a Parquet file, as its name says', 'rename it if it is a CSV')
  }
  const first = text.replace(/^(\xef\xbb\xbf)+/, '').trimStart()[0]
  if (/\.(jsonl|ndjson|json)$/.test(name)) {
    if (first === '[')
      throw fileError(path, 'a JSON array', 'one JSON object a line', "convert it: jq -c '.[]' in.json > out.jsonl")
    return 'jsonl'
  }
  if (/\.(tsv|tab)$/.test(name)) return 'tsv'
  return first === '{' && !name.endsWith('.csv') && text.includes('":') ? 'jsonl' : 'csv'
}
