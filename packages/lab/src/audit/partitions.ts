// The followed sets as classes of rows: every row of a table has a key, and a set is all rows of certain keys.

import type { NumberColumn, TableData, TextColumn } from '../sources/index.js'
import type { Crossing } from './crossings.js'
import type { Group } from './groups.js'
import { codesLike, columnOf, unseen } from './matching.js'
import type { Questions } from './questions.js'
import type { Tail } from './tails.js'

/** A followed set by the column of the run that records it, with its real rows. */
export interface SetRows {
  watch: string
  rows: number
}

/** A way to part rows so that each of some followed sets is a union of the parts. */
export interface Partition {
  /** What is parted, for people: a column, or two. */
  about: string
  sets: readonly SetRows[]
  /** The key of each row of a table with the real one's columns; `unseen` for categories that the real one lacks. */
  keys: (table: TableData) => Uint32Array
  /** Whether rows of a key are in the set of a number. */
  has: (key: number, set: number) => boolean
}

/**
 * Partitions that together hold every followed group, crossing and tail.
 *
 * @param whole parts by every category (crossings: by every pair), where what is not followed matters too; else what is not
 *   in a followed set is one part. Tails have no categories and are left out then.
 */
export function partitionsOf({ groups, crossings, tails }: Questions, real: TableData, whole = false): Partition[] {
  const found = [
    ...byColumn(groups.groups).map((own) => groupPartition(own, real, whole)),
    ...crossings.crossings.map((crossing) => crossingPartition(crossing, real, whole)),
  ]
  return whole ? found : [...found, ...byColumn(tails.tails).map(tailPartition)]
}

function byColumn<T extends { column: string }>(sets: readonly T[]): T[][] {
  const columns = new Map<string, T[]>()
  for (const set of sets) columns.set(set.column, [...(columns.get(set.column) ?? []), set])
  return [...columns.values()]
}

function groupPartition(groups: readonly Group[], real: TableData, whole: boolean): Partition {
  const own = columnOf(real, groups[0]!.column) as TextColumn
  const codes = groups.map(({ value }) => own.labels.indexOf(value))
  const keyOf = own.labels.map((_, code) => (whole ? code : codes.includes(code) ? codes.indexOf(code) : codes.length))
  return {
    about: own.name,
    sets: groups,
    keys: (table) => codesLike(own, columnOf(table, own.name)!).map((code) => keyOf[code] ?? unseen),
    has: (key, set) => key === (whole ? codes[set] : set),
  }
}

function crossingPartition(crossing: Crossing, real: TableData, whole: boolean): Partition {
  const [a, b] = crossing.columns.map((name) => columnOf(real, name)) as [TextColumn, TextColumn]
  const [x, y] = [a.labels.indexOf(crossing.values[0]), b.labels.indexOf(crossing.values[1])]
  const width = b.labels.length
  return {
    about: crossing.columns.join(' x '),
    sets: [crossing],
    keys: (table) => {
      const seconds = codesLike(b, columnOf(table, b.name)!)
      return codesLike(a, columnOf(table, a.name)!).map((first, row) => {
        const second = seconds[row]!
        if (first === unseen || second === unseen) return unseen
        return whole ? first * width + second : Number(first === x && second === y)
      })
    },
    has: (key) => key === (whole ? x * width + y : 1),
  }
}

/** Keys are masks: bit i is set where the value is in the i-th tail. */
function tailPartition(tails: readonly Tail[]): Partition {
  const { column } = tails[0]!
  return {
    about: column,
    sets: tails,
    keys: (table) => {
      const found = columnOf(table, column)!
      // A column without a value is read as one of words.
      const { values } =
        found.kind === 'number' ? found : ({ values: new Float64Array(table.rows).fill(Number.NaN) } as NumberColumn)
      return Uint32Array.from(values, (value) =>
        tails.reduce(
          (mask, { side, edge }, i) => mask + ((side === 'lower' ? value <= edge : value >= edge) ? 1 << i : 0),
          0,
        ),
      )
    },
    has: (key, set) => ((key >> set) & 1) === 1,
  }
}

/** Rows of each key, `unseen` ones left out. */
export function countKeys(keys: Uint32Array): Map<number, number> {
  const counts = new Map<number, number>()
  for (const key of keys) if (key !== unseen) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

/** Rows of each set, by the column that records it. */
export function countSets({ sets, has }: Partition, counts: ReadonlyMap<number, number>): Map<string, number> {
  return new Map(
    sets.map(({ watch }, i) => [watch, [...counts].reduce((sum, [key, rows]) => sum + (has(key, i) ? rows : 0), 0)]),
  )
}
