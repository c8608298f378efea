// A table without the rows that repeat an earlier one.

import { canonical, sha256 } from '../canonical.js'
import { firstOfKind } from '../sources/columns/duplicates.js'
import type { TableColumn, TableData } from '../sources/index.js'

/** The same table with each row once. It has a hash of its own: its rows are not those of the file. */
export function deduplicated(table: TableData): TableData {
  const kept = firstOfKind(table.columns, table.rows)
  if (kept.length === table.rows) return table
  const columns = table.columns.map((column) => take(column, kept))
  const missing = Object.fromEntries(columns.map((column) => [column.name, column.missing]))
  return {
    ...table,
    sha256: sha256(canonical({ table: table.sha256, rows: 'each once' })),
    rows: kept.length,
    columns,
    report: { ...table.report, rows: kept.length, missing },
  }
}

function take(column: TableColumn, rows: Uint32Array): TableColumn {
  if (column.kind === 'number') {
    const values = Float64Array.from(rows, (row) => column.values[row]!)
    return { ...column, values, missing: values.reduce((sum, value) => sum + Number(Number.isNaN(value)), 0) }
  }
  const codes = Uint32Array.from(rows, (row) => column.codes[row]!)
  // The last label stands for missing values.
  const last = column.labels.length - 1
  const missing = column.missing > 0 ? codes.reduce((sum, code) => sum + Number(code === last), 0) : 0
  return { ...column, codes, missing }
}
