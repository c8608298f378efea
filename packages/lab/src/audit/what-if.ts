// What chains of classes add to the resampled rows: the generator's factors, the stages, and what the samples leave open.

import { type CellColumns, uniforms, wilson } from '@genloss/metrics'
import { sampledShares } from '@genloss/models'
import { canonical, sha256 } from '../canonical.js'
import type { EngineOptions } from '../engine.js'
import type { TableData } from '../sources/index.js'
import type { Beside } from './beside.js'
import { runChains } from './chains.js'
import { likelyFactor, openFactor } from './factors.js'
import { type Fate, fateOf, statesOf } from './fates.js'
import type { AuditSettings } from './options.js'
import { type Partition, partitionsOf } from './partitions.js'
import { type Parts, partsOf, towards } from './parts.js'
import type { Pipeline } from './pipelines.js'
import type { Questions } from './questions.js'
import { ofRealShares, type RangeChances, tenfoldOf } from './ranges.js'
import { cellOf, isPlain } from './stages.js'

/** What chains of classes say of a set; lists have one entry a pipeline. */
export interface SetChances extends RangeChances {
  /** With the generator's factors and the stages; absent where there are none. `low` and `high` are then by the factor's interval. */
  fates?: Fate[]
  /** Its share over its real share after one step of temperature and top-p, or of curation, by formula. */
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

/**
 * Runs what the resampled rows can't show, by the column that records a set. A bias of whole rows is not simulated: each
 * group, tail and crossing is followed as a chain of classes, in which odds change by a constant factor a round.
 */
export async function whatIf(asked: WhatIf, engine: EngineOptions): Promise<Map<string, SetChances>> {
  const { settings, questions, table, pipelines, synthetic } = asked
  const whole = settings.stages.sampling !== undefined
  const picked = settings.curate !== undefined
  const found = new Map<string, SetChances>()
  const put = (watch: string, chances: SetChances) => found.set(watch, { ...found.get(watch), ...chances })
  if (synthetic || picked || !isPlain(settings.stages))
    for (const partition of partitionsOf(questions, table, whole))
      for (const [watch, chances] of await withStages(partition, asked, engine)) put(watch, chances)
  if (!synthetic && !whole && !picked)
    for (const [watch, chances] of await ofRealShares(table, pipelines, questions, settings, engine))
      put(watch, chances)
  return found
}

/** The factors of the generator with those of curation. */
function withPicked(factors: Float64Array | undefined, { picked }: Parts): Float64Array | undefined {
  if (!picked) return factors
  return factors ? factors.map((factor, c) => factor * picked[c]!) : picked
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
  const parts = partsOf(partition, table, settings, asked.synthetic)
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

/** What a step of temperature and top-p, or of curation, does to a set in expectation; nothing where equal categories leave it open. */
function stepOf(parts: Parts, i: number, { table, settings: { stages } }: WhatIf): { step?: number } {
  const { rows, picked, sets } = parts
  if (!stages.sampling && !picked) return {}
  const shares = Array.from(rows, (count, c) => (count / table.rows) * (picked?.[c] ?? 1))
  const after = sampledShares(shares, stages.sampling ?? {})
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
      return cellOf(pipeline, settings.stages, withPicked(factors, parts))
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
      return pipelines.map((pipeline) => cellOf(pipeline, settings.stages, withPicked(moved, parts)))
    })
  })
  const columns = await runChains(parts, cells, table, settings, engine)
  const few = pipelines.length
  return sets.map((_, i) => ({
    low: columns.slice(2 * i * few, (2 * i + 1) * few),
    high: columns.slice((2 * i + 1) * few, (2 * i + 2) * few),
  }))
}
