// The tables of a plan as the core gets them, each made once for all blocks.

import { type CellSettings, type ColumnInfo, columnsOfLaw, type TableOrigin } from '@genloss/models'
import { canonical } from './canonical.js'
import { dataInfo, modelledColumns } from './data-info.js'
import { type Native, type NativeTable, native } from './native.js'
import type { TableData } from './sources/types.js'
import { type CoreTable, coreTable } from './watched.js'

export class CoreTables {
  readonly #made = new Map<string, CoreTable>()
  readonly #native = new Map<CoreTable, NativeTable>()
  readonly #tables: ReadonlyMap<string, TableData>

  /** @param tables tables by the SHA-256 of their content */
  constructor(tables: ReadonlyMap<string, TableData>) {
    this.#tables = tables
  }

  /** The table of a cell. @throws GenlossError `data` where it can't be modelled or followed as asked */
  of(settings: CellSettings): CoreTable {
    const { origin, model, shares, watch } = settings
    const key = canonical({ origin, model: model.kind, shares, watch })
    let table = this.#made.get(key)
    if (!table) {
      table = coreTable(settings, this.#tables.get((origin as TableOrigin).sha256!)!)
      this.#made.set(key, table)
    }
    return table
  }

  /** The columns that a cell's records have. */
  columnsOf({ origin, model }: CellSettings): ColumnInfo[] {
    if (origin.kind !== 'table') return columnsOfLaw(origin)
    const table = this.#tables.get(origin.sha256!)!
    return modelledColumns(origin, model, dataInfo(table, new Set())).map((index) => {
      const column = table.columns[index]!
      return { name: column.name, ...(column.kind === 'text' ? { labels: column.labels } : {}) }
    })
  }

  /** The same in the core's memory. */
  inCore(table: CoreTable, core: Native = native()): NativeTable {
    let made = this.#native.get(table)
    if (!made) {
      made = new core.Table(table.columns)
      this.#native.set(table, made)
    }
    return made
  }
}
