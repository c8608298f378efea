// The result of one cell: its columns, and what the metrics make of them.

import {
  type CellColumns,
  type Dates,
  dates,
  type Shape,
  type State,
  type Summary,
  state,
  summary,
  toJson,
} from '@genloss/metrics'
import { type CellSettings, didYouMean, GenlossError, type Method, sizeAt } from '@genloss/models'
import type { Cell } from './plan.js'
import { recorded, stateColumns } from './settings.js'

/** A cell in the JSON document of a run; NaN and infinity are null. */
export interface CellDocument {
  cell: string
  settings: CellSettings
  method: Method
  generations: number[]
  summary: Record<string, Record<string, (number | null)[]>>
  state: Record<string, (number | null)[]>
  events: Record<string, { median: number | null; low: number | null; high: number | null; share: number | null }>
}

/** Columns whose mean hangs on a few chains after n/2 generations of a normal model under replace. */
const heavyTailed = new Set(['variance', 'fit_variance', 'variance_ratio'])
const curves = ['mean', 'sd', 'low', 'high', 'median', 'q05', 'q95', 'share_infinite'] as const
const states: readonly string[] = Object.values(stateColumns)

export class CellResult {
  /** The cell's hash. */
  readonly cell: string
  readonly index: number
  readonly settings: CellSettings
  readonly method: Method
  /** Swept settings by path. */
  readonly swept: Record<string, unknown>
  /** The recorded generations. */
  readonly generations: number[]
  /** Number of chains and of recorded generations. */
  readonly shape: Shape
  /** Names of the columns. */
  readonly names: string[]
  /** The columns with their order. */
  readonly data: CellColumns
  readonly #eventNames: readonly string[]
  readonly #summaries = new Map<string, Summary>()

  /**
   * @param names the columns that `data` holds
   * @param eventNames the core's events
   */
  constructor(cell: Cell, data: CellColumns, names: readonly string[], eventNames: readonly string[]) {
    this.cell = cell.hash
    this.index = cell.index
    this.settings = cell.settings
    this.method = cell.method
    this.swept = cell.swept
    this.generations = recorded(cell.settings)
    this.shape = data.shape
    this.names = [...names]
    this.data = data
    this.#eventNames = cell.settings.events ? eventNames : []
  }

  /** A column, row-major [replicate][generation]; NaN = undefined. @throws GenlossError `usage` for an unknown name */
  column(name: string): Float64Array {
    if (this.names.includes(name)) return this.data.values(name)
    const hint = didYouMean(name, this.names) ?? `there are ${this.names.join(', ')}`
    throw new GenlossError({ code: 'usage', path: 'column', value: name, rule: 'a column of this run', hint })
  }

  /** All columns by name. */
  get columns(): Record<string, Float64Array> {
    return Object.fromEntries(this.names.map((name) => [name, this.data.values(name)]))
  }

  /** Mean, sd, interval of the mean and quantiles of a column, one value a recorded generation. */
  summary(name: string): Summary {
    let found = this.#summaries.get(name)
    if (!found) {
      found = summary(this.column(name), this.shape, this.#options(name))
      this.#summaries.set(name, found)
    }
    return found
  }

  #options(name: string) {
    const { model, policy, n } = this.settings
    const heavy = model.kind === 'gaussian' && policy.kind === 'replace' && n !== 'inf' && heavyTailed.has(name)
    return { recorded: this.generations, ...(heavy ? { reliableUntil: sizeAt(n, 0) / 2 } : {}) }
  }

  /** Share of chains below a threshold at each recorded generation; undefined where events were not dated. */
  state(which: keyof typeof stateColumns): State | undefined {
    const name = stateColumns[which]
    return this.names.includes(name) ? state(this.column(name), this.shape) : undefined
  }

  /** Dates of the events by name; empty where events were not dated. */
  get events(): Record<string, Dates> {
    const { generations } = this.settings
    return Object.fromEntries(this.#eventNames.map((name) => [name, dates(this.data.events(name), generations)]))
  }

  /** Numbers of the reasons for which chains stopped, one a chain, -1 for those that did not. */
  get stoppedReasons(): Int32Array {
    return this.#eventNames.length ? this.data.events('stopped_reason') : new Int32Array(0)
  }

  /** The measures: every column but the states. */
  get measures(): string[] {
    return this.names.filter((name) => !states.includes(name))
  }

  /** The cell as `run --json` shows it. */
  toJSON(): CellDocument {
    const shown = (name: string) => {
      const found = this.summary(name)
      return Object.fromEntries(curves.flatMap((curve) => (found[curve] ? [[curve, toJson(found[curve])]] : [])))
    }
    const event = ({ median, low, high, share }: Dates) => ({
      median,
      low,
      high,
      share: Number.isFinite(share) ? share : null,
    })
    const early = this.state('early')
    const late = this.state('late')
    return {
      cell: this.cell,
      settings: this.settings,
      method: this.method,
      generations: this.generations,
      summary: Object.fromEntries(this.measures.map((name) => [name, shown(name)])),
      state: { ...(early ? { early: toJson(early.share) } : {}), ...(late ? { late: toJson(late.share) } : {}) },
      events: Object.fromEntries(Object.entries(this.events).map(([name, found]) => [name, event(found)])),
    }
  }
}
