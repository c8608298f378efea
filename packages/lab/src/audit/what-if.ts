// What chains of classes add to the resampled rows: the generator's factors and the stages, the ends of intervals, ten times the rows.

import { type CellColumns, type Proportion, uniforms, wilson } from '@genloss/metrics'
import { sampledShares } from '@genloss/models'
import { canonical, sha256 } from '../canonical.js'
import type { EngineOptions } from '../engine.js'
import type { TableData } from '../sources/index.js'
import type { Beside } from './beside.js'
import { type ClassColumn, runChains } from './chains.js'
import type { ByRound } from './chances.js'
import { likelyFactor, openFactor } from './factors.js'
import { type Fate, fateOf } from './fates.js'
import { type AuditSettings, wrong } from './options.js'
import { countKeys, type Partition, partitionsOf, type SetRows } from './partitions.js'
import type { Pipeline } from './pipelines.js'
import type { Questions } from './questions.js'
import { cellOf, isPlain } from './stages.js'

/** Shares of runs in a state at each round. */
export interface States {
  halved: ByRound
  gone: ByRound
}

/** What chains of classes say of a set; lists have one entry a pipeline. */
export interface SetChances {
  /** With the generator's factors and the stages; absent where there are none. */
  fates?: Fate[]
  /** At the lower and upper end of the 95 % interval of the generator's factor, or without one of the real share. */
  low?: States[]
  high?: States[]
  /** Under `replace` with ten times the rows a round. */
  tenfold?: States
  /** Its share over its real share after one step of the generator's temperature and top-p, by formula. */
  step?: number
}

export interface WhatIf {
  table: TableData
  settings: AuditSettings
  pipelines: readonly Pipeline[]
  questions: Questions
  /** The generated rows, where there are any. */
  synthetic?: Beside | undefined
}

/** Times the rows a round of the line that says what more rows would do. */
export const moreRows = 10

/**
 * Runs what the resampled rows can't show, by the column that records a set. A bias of whole rows is not simulated: each
 * group, tail and crossing is followed as a chain of classes, in which odds change by a constant factor a round.
 */
export async function whatIf(asked: WhatIf, engine: EngineOptions): Promise<Map<string, SetChances>> {
  const { settings, questions, table, synthetic } = asked
  const whole = settings.stages.sampling !== undefined
  const found = new Map<string, SetChances>()
  const put = (watch: string, chances: SetChances) => found.set(watch, { ...found.get(watch), ...chances })
  if (synthetic || !isPlain(settings.stages))
    for (const partition of partitionsOf(questions, table, whole))
      for (const [watch, chances] of await withStages(partition, asked, engine)) put(watch, chances)
  if (!synthetic && !whole) for (const [watch, chances] of await ofRealShares(asked, engine)) put(watch, chances)
  return found
}

/** The cell of ten times the rows, where rows are only generated ones. */
function tenfoldOf(pipelines: readonly Pipeline[]): Pipeline | undefined {
  const plain = pipelines.find(({ name }) => name === 'replace')
  return plain && { ...plain, n: moreRows * plain.n, generatedRows: moreRows * plain.generatedRows }
}

// --- the generator and the stages ---

/** Each class is drawn in each round of each run. */
const mostClasses = 4096

/** A partition as classes: their real rows, and the rows of each that the generator made and would have made without bias. */
interface Parts extends ClassColumn {
  rows: Float64Array
  made: Float64Array | undefined
  expected: Float64Array
}

function partsOf({ about, sets, keys, has }: Partition, { table, synthetic, settings }: WhatIf): Parts {
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
  return { codes, classes, rows, made, expected, sets: followed }
}

/**
 * The chains of a partition. Each run has factors of its own, drawn from what the generated rows leave open: few of them
 * are no proof of a bias, and none. The error of the real sample is not in them, for the chains begin with that very sample.
 */
async function withStages(
  partition: Partition,
  asked: WhatIf,
  engine: EngineOptions,
): Promise<Map<string, SetChances>> {
  const { table, settings, pipelines } = asked
  const parts = partsOf(partition, asked)
  const { sets } = partition
  const uniform = uniforms(Number.parseInt(sha256(canonical([settings.seed, sets[0]!.watch])).slice(0, 13), 16))
  const tenfold = tenfoldOf(pipelines)
  const open = await runOpen(parts, tenfold ? [...pipelines, tenfold] : pipelines, asked, uniform, engine)
  const ends = await runEnds(parts, partition, asked, engine)
  const { keep, shown } = settings
  return new Map(
    sets.map(({ watch, rows }, i) => {
      const fates = open.map((cells) => fateOf(cells, watch, rows / table.rows, keep, shown))
      const states = (cells: readonly CellColumns[]) =>
        cells.map((cell) => statesOf(fateOf(cell, watch, rows / table.rows, keep, shown)))
      return [
        watch,
        {
          fates: fates.slice(0, pipelines.length),
          ...(ends ? { low: states(ends[i]!.low), high: states(ends[i]!.high) } : {}),
          ...(tenfold ? { tenfold: statesOf(fates.at(-1)!) } : {}),
          ...stepOf(parts, i, asked),
        },
      ]
    }),
  )
}

/** What a step of temperature and top-p does to a set in expectation; nothing where equal categories leave it open. */
function stepOf({ rows, sets }: Parts, i: number, { table, settings: { stages } }: WhatIf): { step?: number } {
  const after =
    stages.sampling &&
    sampledShares(
      Array.from(rows, (count) => count / table.rows),
      stages.sampling,
    )
  if (!after) return {}
  const sum = (of: ArrayLike<number>) => sets[i]!.classes.reduce((total, c) => total + of[c]!, 0)
  return { step: sum(after) / (sum(rows) / table.rows) }
}

/** The most different factors of one pipeline; each is a cell. */
const mostDraws = 200

/** As many draws of the factors as there are runs, up to `mostDraws`; one cell a draw and pipeline, by pipeline. */
async function runOpen(
  parts: Parts,
  pipelines: readonly Pipeline[],
  { table, settings }: WhatIf,
  uniform: () => number,
  engine: EngineOptions,
): Promise<CellColumns[][]> {
  const { made, expected } = parts
  const draws = made ? Math.min(settings.replicates, mostDraws) : 1
  // Rounded up, so that each draw has as many runs.
  const replicates = Math.ceil(settings.replicates / draws)
  const cells = pipelines.flatMap((pipeline) =>
    Array.from({ length: draws }, () => {
      const factors = made?.map((count, c) => openFactor(count, expected[c]!, uniform))
      return cellOf(pipeline, settings.stages, factors)
    }),
  )
  const columns = await runChains(parts, cells, table, { ...settings, replicates }, engine)
  return pipelines.map((_, i) => columns.slice(i * draws, (i + 1) * draws))
}

/** Chains of each set with its made share at an end of its interval, one cell a pipeline; undefined without generated rows. */
async function runEnds(
  parts: Parts,
  { sets }: Partition,
  { table, settings, pipelines, synthetic }: WhatIf,
  engine: EngineOptions,
): Promise<{ low: CellColumns[]; high: CellColumns[] }[] | undefined> {
  const { made, expected } = parts
  if (!synthetic || !made) return undefined
  const likely = made.map((count, c) => likelyFactor(count, expected[c]!))
  const cells = sets.flatMap(({ watch }, i) => {
    const { low, high } = wilson(synthetic.counts.get(watch) ?? 0, synthetic.table.rows)
    return [low, high].flatMap((share) => {
      const moved = towards(parts, likely, parts.sets[i]!.classes, share, table.rows)
      return pipelines.map((pipeline) => cellOf(pipeline, settings.stages, moved))
    })
  })
  const columns = await runChains(parts, cells, table, settings, engine)
  const few = pipelines.length
  return sets.map((_, i) => ({
    low: columns.slice(2 * i * few, (2 * i + 1) * few),
    high: columns.slice((2 * i + 1) * few, (2 * i + 2) * few),
  }))
}

/** The factors with which the classes of a set have another share together after one step, and the others what is left. */
function towards(
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

function statesOf({ halved, gone }: Fate): States {
  return { halved, gone }
}

// --- the real share's interval ---

/** A class of so many rows that stands for a set of another size. */
interface Item {
  set: SetRows
  end: 'low' | 'point' | 'high'
  rows: number
}

const mostItems = 48

/**
 * What becomes of sets whose real share is at an end of its 95 % interval: a class of that many rows in a table of the same
 * number. Many classes stand beside each other in one table: what becomes of one depends on its own size alone.
 */
async function ofRealShares(asked: WhatIf, engine: EngineOptions): Promise<Map<string, SetChances>> {
  const { questions, table, settings, pipelines } = asked
  const sets: SetRows[] = [...questions.groups.groups, ...questions.crossings.crossings, ...questions.tails.tails]
  const tenfold = tenfoldOf(pipelines)
  const items = sets.flatMap((set): Item[] => {
    const ends = wilson(set.rows, table.rows)
    return [
      { set, end: 'low', rows: rowsAt(ends, 'low', table.rows) },
      { set, end: 'high', rows: rowsAt(ends, 'high', table.rows) },
      ...(tenfold ? [{ set, end: 'point' as const, rows: set.rows }] : []),
    ]
  })
  const all = tenfold ? [...pipelines, tenfold] : pipelines
  const cells = all.map((pipeline) => cellOf(pipeline, settings.stages, undefined))
  const found = new Map<string, SetChances>()
  for (const packed of packs(items, table.rows)) {
    const columns = await runChains(columnOf(packed, table.rows, settings), cells, table, settings, engine)
    for (const item of packed) {
      const states = columns.map((cell) => statesAt(cell, item, table.rows, settings))
      const { watch } = item.set
      const one = item.end === 'point' ? { tenfold: states.at(-1)! } : { [item.end]: states.slice(0, pipelines.length) }
      found.set(watch, { ...found.get(watch), ...one })
    }
  }
  return found
}

function rowsAt(ends: Proportion, end: 'low' | 'high', rows: number): number {
  return Math.max(1, Math.min(rows, Math.round(ends[end] * rows)))
}

/** First fit, the largest first. */
function packs(items: readonly Item[], capacity: number): Item[][] {
  const made: { items: Item[]; left: number }[] = []
  for (const item of [...items].sort((a, b) => b.rows - a.rows)) {
    const place = made.find(({ items, left }) => left >= item.rows && items.length < mostItems)
    if (!place) made.push({ items: [item], left: capacity - item.rows })
    else {
      place.items.push(item)
      place.left -= item.rows
    }
  }
  return made.map(({ items }) => items)
}

function nameOf({ set, end }: Item): string {
  return `${end}_${set.watch}`
}

/** The items' rows one after another, and the rest; the first class is the rest or poison, so that the last has rows. */
function columnOf(items: readonly Item[], rows: number, { stages }: AuditSettings): ClassColumn {
  const rest = rows - items.reduce((sum, item) => sum + item.rows, 0)
  const first = (stages.poison ? 1 : 0) + (rest > 0 ? 1 : 0)
  const codes = new Uint32Array(rows).fill(first - 1)
  let from = 0
  items.forEach((item, i) => {
    codes.fill(first + i, from, from + item.rows)
    from += item.rows
  })
  const sets = items.map((item, i) => ({ watch: nameOf(item), classes: [first + i] }))
  return { codes, classes: first + items.length, sets }
}

function statesAt(cell: CellColumns, item: Item, rows: number, { keep, shown }: AuditSettings): States {
  return statesOf(fateOf(cell, nameOf(item), item.rows / rows, keep, shown))
}
