// Runs chains of groups for numbers of real rows: in how many of them each group is kept at the last round.

import { GenlossError } from '@genloss/models'
import { atRound, isKept } from '../audit/fates.js'
import type { CellResult } from '../cell-result.js'
import type { EngineOptions } from '../engine.js'
import { prepare } from '../prepare.js'
import { runPrepared } from '../run.js'
import type { TableData } from '../sources/index.js'
import { type Budgeted, type Point, pointsExperiment } from './experiment.js'

/** In how many of so many runs each group was kept at the last round. */
export interface Kept {
  runs: number
  groups: number[]
}

/** Simulates numbers of real rows, each once for a number of runs: the same again is remembered. */
export class Chains {
  readonly #budgeted: Budgeted
  readonly #table: TableData
  readonly #options: EngineOptions
  readonly #known = new Map<string, Kept>()
  #fits = 0
  #foretold: number

  /** @param foretold numbers of real rows that will be asked for, roughly: for the progress */
  constructor(budgeted: Budgeted, table: TableData, options: EngineOptions, foretold: number) {
    this.#budgeted = budgeted
    this.#table = table
    this.#options = options
    this.#foretold = foretold * budgeted.replicates * (budgeted.rounds + 1)
  }

  /** One result a point, in their order; results of more runs than asked for may be given. */
  async of(points: readonly Point[], runs: number): Promise<Kept[]> {
    const missing = points.filter((point, i) => {
      const known = this.#known.get(keyOf(point))
      const repeated = points.findIndex((other) => keyOf(other) === keyOf(point)) < i
      return !repeated && !(known && known.runs >= runs)
    })
    for (const some of byFactor(missing)) {
      const cells = await this.run(some, { replicates: runs })
      for (const [i, cell] of cells.entries()) this.#known.set(keyOf(some[i]!), keptOf(cell, this.#budgeted))
    }
    return points.map((point) => this.#known.get(keyOf(point))!)
  }

  /** Runs points of one factor as cells of one experiment, in their order. */
  async run(
    points: readonly Point[],
    { replicates, rounds }: { replicates: number; rounds?: number },
  ): Promise<readonly CellResult[]> {
    const experiment = pointsExperiment(this.#budgeted, points, {
      replicates,
      ...(rounds === undefined ? {} : { rounds }),
    })
    const prepared = await prepare(experiment, { tables: [this.#table] })
    const before = this.#fits
    const { onProgress, ...options } = this.#options
    const told = onProgress && {
      onProgress: ({ done, total, rate }: { done: number; total: number; rate: number }) => {
        this.#fits = before + done
        // What is still to come is not known: the end is never told to be nearer than this.
        const all = Math.max(this.#foretold, before + total)
        onProgress({ done: this.#fits, total: all, before: 0, rate, gained: this.#fits / all })
      },
    }
    const { cells } = await runPrepared(prepared, { ...options, ...told }).catch(withoutParts)
    return cells
  }
}

/** A search that was stopped has no parts to go on from. */
function withoutParts(error: unknown): never {
  if (!(error instanceof GenlossError && error.code === 'interrupted')) throw error
  const { code, path, rule } = error
  const hint = 'nothing is kept of the search for the number of rows: it begins anew'
  throw new GenlossError({ code, path, value: 'the search', rule, hint }, { cause: error })
}

/** Counts the runs in which groups are kept at the last round of a cell. */
export function keptOf(cell: CellResult, { groups, all, keep, rounds }: Budgeted): Kept {
  const { data } = cell
  const kept = groups.map(({ watch, rows }) => {
    let count = 0
    for (const share of atRound(data, watch, rounds)) if (isKept(share, keep, rows / all)) count++
    return count
  })
  return { runs: data.shape.replicates, groups: kept }
}

function keyOf({ source, rows, factor }: Point): string {
  // Without real rows there is nothing to pick.
  return `${rows === 0 ? '' : source} ${rows} ${factor ? JSON.stringify(factor) : ''}`
}

function byFactor(points: readonly Point[]): Point[][] {
  const found = new Map<string, Point[]>()
  for (const point of points) {
    const key = JSON.stringify(point.factor ?? null)
    found.set(key, [...(found.get(key) ?? []), point])
  }
  return [...found.values()]
}
