// A cell as JSON holds it.

import { type Dates, type Expectation, type Incidence, type State, type Summary, toJson } from '@genloss/metrics'
import type { CellSettings, Method } from '@genloss/models'
import type { CellResult } from './cell-result.js'
import type { ConditionalMeans } from './conditional-means.js'

type Lists = Record<string, (number | null | boolean)[]>

/** An event of a cell: its median date with a 95 % interval, and shares of chains by the last generation. */
export interface EventDocument {
  /** Generations; null is beyond the last one. */
  median: number | null
  low: number | null
  high: number | null
  /** Share of chains that it came to, with its interval. */
  share: number | null
  share_low: number
  share_high: number
  /** Share of chains that stopped before it: they never have it. */
  share_stopped: number | null
}

/** A cell in the JSON document of a run; lists have a value a recorded generation, NaN and infinity are null. */
export interface CellDocument {
  cell: string
  settings: CellSettings
  method: Method
  generations: number[]
  /** By measure: mean, sd, median, their 95 % intervals and quantiles; `reliable` is false for means not to be trusted. */
  summary: Record<string, Lists>
  /** E[variance_ratio] and E[W2^2] of a normal chain under replace, estimated step by step; only of such cells. */
  conditional?: Record<string, Lists>
  /** Shares of chains below the thresholds, with their 95 % intervals. */
  state: Lists
  /** Shares of chains whose event has come by each recorded generation. */
  incidence: Record<string, Lists>
  events: Record<string, EventDocument>
}

const curves = [
  'mean',
  'sd',
  'low',
  'high',
  'median',
  'median_low',
  'median_high',
  'q05',
  'q95',
  'share_infinite',
] as const

/** The cell as `run --json` shows it. */
export function cellDocument(cell: CellResult): CellDocument {
  const conditional = cell.conditional()
  const dated = Object.entries(cell.events)
  const known = (date: number) => date >= 0
  const stopped = dated.length > 0 ? cell.dated('stopped') : undefined
  const shareStopped = (name: string): number => {
    if (name === 'stopped') return 0
    const events = cell.dated(name)
    return events.filter((date, i) => !known(date) && known(stopped![i]!)).length / events.length
  }
  return {
    cell: cell.cell,
    settings: cell.settings,
    method: cell.method,
    generations: cell.generations,
    summary: Object.fromEntries(cell.measures.map((name) => [name, summaryOf(cell.summary(name))])),
    ...(conditional ? { conditional: expectations(conditional) } : {}),
    state: { ...stateOf('early', cell.state('early')), ...stateOf('late', cell.state('late')) },
    incidence: Object.fromEntries(dated.map(([name]) => [name, incidenceOf(cell.incidence(name), cell.generations)])),
    events: Object.fromEntries(dated.map(([name, found]) => [name, eventOf(found, shareStopped(name))])),
  }
}

function summaryOf(found: Summary) {
  const shown = curves.flatMap((curve) => (found[curve] ? [[curve, toJson(found[curve])]] : []))
  return { ...Object.fromEntries(shown), reliable: found.reliable } as Lists
}

function expectations({ variance_ratio, w2_squared }: ConditionalMeans): Record<string, Lists> {
  return { variance_ratio: expectation(variance_ratio), w2_squared: expectation(w2_squared) }
}

function expectation({ mean, low, high, reliable }: Expectation): Lists {
  return { ...toJson({ mean, low, high }), reliable }
}

function stateOf(name: string, found: State | undefined): Lists {
  if (!found) return {}
  const { share, low, high } = toJson(found)
  return { [name]: share, [`${name}_low`]: low, [`${name}_high`]: high }
}

function incidenceOf({ share, low, high }: Incidence, generations: readonly number[]): Lists {
  const at = (curve: Float64Array) => toJson(Float64Array.from(generations, (g) => curve[g]!))
  return { share: at(share), low: at(low), high: at(high) }
}

function eventOf({ median, low, high, share, share_low, share_high }: Dates, shareStopped: number): EventDocument {
  return {
    median,
    low,
    high,
    ...toJson({ share, share_low, share_high, share_stopped: shareStopped }),
  } as EventDocument
}
