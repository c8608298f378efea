// A worker thread that runs pieces of blocks: it loads the addon and the modules once, and gives columns back by transfer.

import type { BlockColumns } from '@genloss/metrics'
import { fromNative, type OwnModel } from '@genloss/models'
import { move, transferableSymbol, valueSymbol } from 'piscina'
import { type NativeTable, native } from '../native.js'
import { type Bundle, loadModel } from './bundle.js'
import { type HostedCell, runHosted } from './host.js'

/** What a worker is asked for. Columns of tables lie in shared memory. */
export interface Task {
  text: string
  tables: { key: number; columns: (Float64Array | Uint32Array)[] }[]
  control: Uint32Array
  cells: HostedCell[]
  modules: (Bundle & { name: string })[]
  /** The folder for files of models. */
  work: string
}

/** Columns, or the parts of the error that stopped them: only those of GenlossError cross whole. */
export type Answer = { columns: BlockColumns } | { error: Record<string, unknown> }

const tables = new Map<number, NativeTable>()

function tableOf(key: number, columns: (Float64Array | Uint32Array)[]): NativeTable {
  const known = tables.get(key)
  if (known) return known
  const made = new (native().Table)(columns)
  tables.set(key, made)
  return made
}

export async function run({ text, tables: given, control, cells, modules, work }: Task): Promise<Answer> {
  try {
    const models = new Map<string, OwnModel>()
    for (const module of modules) models.set(module.sha256, await loadModel(module, module.name))
    const inCore = given.map(({ key, columns }) => tableOf(key, columns))
    const columns = runHosted(native(), text, inCore, control, cells, (sha256) => models.get(sha256)!, work)
    return move(new Moved(columns) as never) as unknown as Answer
  } catch (error) {
    return { error: { ...fromNative(error).toJSON() } }
  }
}

/** Columns that leave this thread's memory for the other's. */
class Moved {
  readonly #columns: BlockColumns

  constructor(columns: BlockColumns) {
    this.#columns = columns
  }

  get [transferableSymbol](): ArrayBuffer[] {
    const { cell, replicate, generation, values, events } = this.#columns
    return [cell, replicate, generation, ...values, ...events].map(({ buffer }) => buffer as ArrayBuffer)
  }

  get [valueSymbol](): Answer {
    return { columns: this.#columns }
  }
}
