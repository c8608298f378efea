// The result of one cell: its columns, and what the metrics make of them.

import {
  type CellColumns,
  type Dates,
  dates,
  type Incidence,
  incidence,
  passage,
  type Shape,
  type State,
  type Summary,
  state,
  summary,
} from '@genloss/metrics'
import { type CellSettings, didYouMean, GenlossError, type Method, sizeAt } from '@genloss/models'
import { type CellDocument, cellDocument } from './cell-document.js'
import { type ConditionalMeans, conditionalMeans } from './conditional-means.js'
import type { Cell } from './plan.js'
import { recorded, stateColumns } from './settings.js'

/** Columns whose mean hangs on a few chains after n/2 generations of a normal model under replace. */
const heavyTailed = new Set(['variance', 'fit_variance', 'variance_ratio'])
const states: readonly string[] = Object.values(stateColumns)
/** The event of a class whose share is a column. */
const lost = 'lost_'

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
  readonly #source: Cell
  readonly #coreEvents: readonly string[]
  readonly #held: readonly string[]
  readonly #summaries = new Map<string, Summary>()

  /**
   * @param names the columns that `data` holds
   * @param coreEvents the core's events
   * @param eventNames the events that `data` holds, if they are not the core's
   */
  constructor(
    cell: Cell,
    data: CellColumns,
    names: readonly string[],
    coreEvents: readonly string[],
    eventNames?: readonly string[],
  ) {
    this.cell = cell.hash
    this.index = cell.index
    this.settings = cell.settings
    this.method = cell.method
    this.swept = cell.swept
    this.generations = Array.from(data.generations)
    this.shape = data.shape
    this.names = [...names]
    this.data = data
    this.#source = cell
    this.#coreEvents = cell.settings.events ? coreEvents : []
    this.#held = eventNames ?? this.#coreEvents
  }

  /** A column, row-major [replicate][generation]; NaN = undefined. @throws GenlossError `usage` for an unknown name */
  column(name: string): Float64Array {
    return this.data.values(known('column', name, this.names))
  }

  /** All columns by name. */
  get columns(): Record<string, Float64Array> {
    return Object.fromEntries(this.names.map((name) => [name, this.data.values(name)]))
  }

  /** Mean, sd, median, their intervals and quantiles of a column, one value a recorded generation. */
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

  /**
   * E[variance_ratio] and E[W2^2] of a normal chain under replace, step by step: both can be estimated long after the
   * means of columns can't. Undefined for other cells.
   */
  conditional(): ConditionalMeans | undefined {
    if (!this.names.includes('variance_ratio') || !this.#isWhole) return undefined
    return conditionalMeans(this.settings, () => this.column('variance_ratio'), this.shape, this.generations)
  }

  /** Share of chains below a threshold at each recorded generation; undefined where events were not dated. */
  state(which: keyof typeof stateColumns): State | undefined {
    const name = stateColumns[which]
    return this.names.includes(name) ? state(this.column(name), this.shape) : undefined
  }

  /**
   * Names of the events that chains are dated by: the core's, and `lost_<class>` for each class whose share is a column,
   * its first recorded generation without the class. None where events were not dated.
   */
  get eventNames(): string[] {
    if (this.#coreEvents.length === 0 || !this.#isWhole) return [...this.#held]
    const { shares } = this.settings
    const classes = Array.isArray(shares) ? shares.filter((name) => this.names.includes(`share_${name}`)) : []
    return [...new Set([...this.#held, ...classes.map((name) => `${lost}${name}`)])]
  }

  /** One date a chain, -1 = never. @throws GenlossError `usage` for an unknown event */
  dated(event: string): Int32Array {
    known('event', event, this.eventNames)
    if (this.#held.includes(event)) return this.data.events(event)
    return passage(this.column(`share_${event.slice(lost.length)}`), this.shape, { atMost: 0 }, this.generations)
  }

  /** Dates of the events by name; empty where events were not dated. */
  get events(): Record<string, Dates> {
    const { generations } = this.settings
    return Object.fromEntries(this.eventNames.map((name) => [name, dates(this.dated(name), generations)]))
  }

  /**
   * Share of chains whose event has come by each generation 0..G. Chains that stopped before it never have it.
   *
   * @throws GenlossError `usage` for an unknown event
   */
  incidence(event: string): Incidence {
    const horizons = this.settings.generations
    if (event === 'stopped') return incidence({ events: this.dated(event), horizons })
    return incidence({ events: this.dated(event), stopped: this.dated('stopped'), horizons })
  }

  /** Numbers of the reasons for which chains stopped, one a chain, -1 for those that did not. */
  get stoppedReasons(): Int32Array {
    return this.#coreEvents.length ? this.data.events('stopped_reason') : new Int32Array(0)
  }

  /** The measures: every column but the states. */
  get measures(): string[] {
    return this.names.filter((name) => !states.includes(name))
  }

  /** A column at the last recorded generation, one value a chain. */
  last(name: string): Float64Array {
    const column = this.column(name)
    const { replicates, generations } = this.shape
    return Float64Array.from({ length: replicates }, (_, r) => column[(r + 1) * generations - 1]!)
  }

  /** This cell with its last recorded generation alone, copied, and some of its columns: small, however long the chains. */
  ends(wanted: readonly string[] = this.names): CellResult {
    const names = this.names.filter((name) => wanted.includes(name))
    const values = new Map(names.map((name) => [name, this.last(name)]))
    const dated = new Map(this.eventNames.map((name) => [name, this.dated(name).slice()]))
    if (dated.size > 0) dated.set('stopped_reason', this.stoppedReasons.slice())
    const data: CellColumns = {
      ...this.data,
      shape: { replicates: this.shape.replicates, generations: 1 },
      generations: this.data.generations.slice(-1),
      values: (name) => values.get(name)!,
      events: (name) => dated.get(name)!,
    }
    return new CellResult(this.#source, data, names, this.#coreEvents, this.eventNames)
  }

  /** Whether all recorded generations are there. */
  get #isWhole(): boolean {
    return this.generations.length === recorded(this.settings).length
  }

  /** The cell as `run --json` shows it. */
  toJSON(): CellDocument {
    return cellDocument(this)
  }
}

function known(path: string, name: string, names: readonly string[]): string {
  if (names.includes(name)) return name
  const hint = didYouMean(name, names) ?? `there are ${names.join(', ')}`
  throw new GenlossError({
    code: 'usage',
    path,
    value: name,
    rule: `${path === 'event' ? 'an' : 'a'} ${path} of this run`,
    hint,
  })
}
