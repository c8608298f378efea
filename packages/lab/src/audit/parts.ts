// A partition as classes for chains: their real rows, what the generator made of each, and how readily each is picked.

import type { TableData, TextColumn } from '../sources/index.js'
import type { Beside } from './beside.js'
import type { ClassColumn } from './chains.js'
import { columnOf } from './matching.js'
import { type AuditSettings, wrong } from './options.js'
import { countKeys, type Partition } from './partitions.js'

/** Each class is drawn in each round of each run. */
const mostClasses = 4096

/** A partition as classes: their real rows, and the rows of each that the generator made and would have made without bias. */
export interface Parts extends ClassColumn {
  rows: Float64Array
  made: Float64Array | undefined
  expected: Float64Array
  /** How readily rows of each class are picked, over the mean of all; undefined without curation. */
  picked: Float64Array | undefined
}

/** The classes of a partition. @throws GenlossError `input` for more of them than chains are run of */
export function partsOf(
  { about, sets, keys, has }: Partition,
  table: TableData,
  settings: AuditSettings,
  synthetic: Beside | undefined,
): Parts {
  const own = keys(table)
  // Poison is a class of its own, the first: it has no real row, and the core counts classes up to the last with one.
  const first = settings.stages.poison ? 1 : 0
  const code = new Map<number, number>()
  for (const key of own) if (!code.has(key)) code.set(key, first + code.size)
  const codes = own.map((key) => code.get(key)!)
  const classes = first + code.size
  if (classes > mostClasses)
    throw wrong('temperature', `${classes} categories of ${about}`, `at most ${mostClasses}`, 'take another --group')
  const rows = new Float64Array(classes)
  for (const one of codes) rows[one]!++
  const counts = synthetic && countKeys(keys(synthetic.table))
  const made = counts && new Float64Array(classes)
  if (made) for (const [key, c] of code) made[c] = counts.get(key) ?? 0
  const expected = rows.map((count) => (count / table.rows) * (synthetic?.table.rows ?? 0))
  const followed = sets.map(({ watch }, i) => ({
    watch,
    classes: [...code].flatMap(([key, one]) => (has(key, i) ? [one] : [])),
  }))
  const picked = pickedOf(codes, rows, table, settings)
  return { codes, classes, rows, made, expected, picked, sets: followed }
}

/**
 * The mean readiness of each class's real rows to be picked. Where groups are picked and the classes are others, that is
 * what curation does to them at first.
 */
function pickedOf(
  codes: Uint32Array,
  rows: Float64Array,
  table: TableData,
  { curate, group }: AuditSettings,
): Float64Array | undefined {
  if (curate === undefined) return undefined
  const own = columnOf(table, group!) as TextColumn
  const times = own.labels.map((label) => curate[label] ?? 1)
  const sums = new Float64Array(rows.length)
  let all = 0
  codes.forEach((code, row) => {
    const one = times[own.codes[row]!]!
    sums[code]! += one
    all += one
  })
  return sums.map((sum, c) => (rows[c]! > 0 ? sum / rows[c]! / (all / codes.length) : 1))
}

/** The factors with which the classes of a set have another share together after one step, and the others what is left. */
export function towards(
  { rows, classes }: Parts,
  factors: Float64Array,
  own: readonly number[],
  share: number,
  all: number,
): Float64Array {
  const made = Float64Array.from({ length: classes }, (_, c) => (factors[c]! * rows[c]!) / all)
  const total = made.reduce((sum, x) => sum + x, 0)
  const before = own.reduce((sum, c) => sum + made[c]!, 0)
  const wanted = Math.min(share * total, (total + before) / 2)
  const inside = before > 0 ? wanted / before : 1
  const outside = total > before ? (total - wanted) / (total - before) : 1
  return factors.map((factor, c) => factor * (own.includes(c) ? inside : outside))
}
