// Remarks about results, gathered over cells: what JSON shows as null and why, means not to be trusted, chains that stopped.

import type { CellResult } from './cell-result.js'

const kinds = {
  undefined: 'undefined, so null in JSON',
  infinite: 'infinite in some chains, so mean, sd and interval are null in JSON',
  doubtful: 'means that hang on few chains, so look at median and quantiles',
} as const
type Kind = keyof typeof kinds

interface Remark {
  cells: number
  /** The first generation that it is about. */
  from: number
}

/** Collects remarks cell by cell, so that a sweep of many cells has one line for each kind. */
export class Notes {
  readonly #remarks: Record<Kind, Map<string, Remark>> = {
    undefined: new Map(),
    infinite: new Map(),
    doubtful: new Map(),
  }
  readonly #stopped = new Map<string, number>()
  readonly #cells = new Set<number>()

  /** Looks at the columns of a cell, or at some of them; chains that stopped are counted once a cell. */
  add(cell: CellResult, reasons: readonly string[]): void {
    for (const name of cell.measures) {
      const { count, mean, reliable, share_infinite } = cell.summary(name)
      this.#remark('undefined', name, cell.generations, (i) => count[i] === 0)
      this.#remark('infinite', name, cell.generations, (i) => (share_infinite?.[i] ?? 0) > 0)
      const doubtful = (i: number) => !reliable[i] && count[i]! > 1 && Number.isFinite(mean[i])
      this.#remark('doubtful', name, cell.generations, doubtful)
    }
    if (this.#cells.has(cell.index)) return
    this.#cells.add(cell.index)
    for (const reason of cell.stoppedReasons) {
      if (reason < 0) continue
      const words = reasons[reason] ?? `reason ${reason}`
      this.#stopped.set(words, (this.#stopped.get(words) ?? 0) + 1)
    }
  }

  #remark(kind: Kind, name: string, generations: readonly number[], at: (i: number) => boolean): void {
    const first = generations.findIndex((_, i) => at(i))
    if (first < 0) return
    const from = generations[first]!
    const known = this.#remarks[kind].get(name)
    this.#remarks[kind].set(name, { cells: (known?.cells ?? 0) + 1, from: Math.min(from, known?.from ?? from) })
  }

  /** One sentence a kind of remark. */
  list(): string[] {
    const sentences = (Object.keys(kinds) as Kind[]).flatMap((kind) => {
      const about = [...this.#remarks[kind]].map(([name, remark]) => this.#about(name, remark))
      return about.length ? [`${kinds[kind]}: ${about.join(', ')}`] : []
    })
    return [...sentences, ...[...this.#stopped].map(([reason, chains]) => `${chains} chains stopped: ${reason}`)]
  }

  #about(name: string, { cells, from }: Remark): string {
    const where = cells < this.#cells.size ? [`${cells} of ${this.#cells.size} cells`] : []
    const since = from > 0 ? [`from generation ${from}`] : []
    const words = [...where, ...since].join(', ')
    return words ? `${name} (${words})` : name
  }
}
