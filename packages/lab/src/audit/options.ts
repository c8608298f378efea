// What an audit is asked for: the options as people give them, and the same with every default filled in.

import { type CopulaModel, GenlossError, readingFields, readModel, type Stages } from '@genloss/models'
import type { ReadOptions } from '../sources/index.js'

/** Options of an audit, those of reading among them; every one but the file has a default. */
export interface AuditOptions extends Omit<ReadOptions, 'columns' | 'group'> {
  /** A CSV, TSV, JSON Lines, Parquet or DuckDB file. */
  file: string
  /** The column of groups; without it every column of text with 2 to 50 categories. */
  group?: string
  /** `replace`, `anchor:ROWS`, `keep-all`, `pile-up`; without it the first three side by side. */
  pipelines?: readonly string[]
  /** Generated rows of `keep-all` a round; the table's number by default. */
  generated?: number
  /** Rows a round of the other pipelines; the table's number by default. */
  rows?: number
  /** Rounds of training on generated rows; 50 by default. */
  rounds?: number
  /** Simulated runs of each pipeline; 200 by default. */
  replicates?: number
  /** A whole number below 2^64; 0 by default. */
  seed?: string | number | bigint
  /** A group is kept while its share is above this part of its real share; 0.5 by default. */
  keep?: number
  /** Rows that the person's own generator made after it learned from the table: its errors are measured and counted. */
  synthetic?: string
  /** Real rows that the generator has not seen, held against the table in the same way. */
  holdout?: string
  /** Whether rows that stand in the table and in `holdout` are only counted, not refused. */
  allowOverlap?: boolean
  /**
   * What each round fits to its rows and draws new ones from, as an experiment takes it: `copula`, `copula:margin=kde`, or
   * its settings. Without it, or with `empirical`, whole rows are resampled. Not beside `synthetic` and what is done to rows.
   */
  model?: string | Readonly<Record<string, unknown>>
  /** The generator's temperature; 1 changes nothing. Not with `synthetic`, whose rows were made at one already. */
  temperature?: number
  /** The generator draws from the fewest likeliest categories that hold this share; 1 changes nothing. */
  topP?: number
  /** What finds generated rows and throws them away: the share of them that it finds, the share of real rows that it takes for one (0), and whether more is made until a round is full. */
  detector?: { found: number; falseAlarms?: number; topUp?: boolean }
  /** The share of each round's new rows that one bad row takes, over and over. */
  poison?: number
  /** A real row counts as so many generated ones. */
  realWeight?: number
  /** Curation: how many times as readily rows of a value of `group` are picked as others. */
  curate?: Readonly<Record<string, number>>
  /** Whether rows of the table that repeat an earlier one are left out. */
  dedup?: boolean
}

/** An audit's settings, complete but for what only the table knows. */
export interface AuditSettings {
  file: string
  group?: string
  pipelines: readonly string[]
  generated?: number
  rows?: number
  rounds: number
  /** The rounds that are looked at, ascending; the last is `rounds`. */
  shown: readonly number[]
  replicates: number
  seed: string
  keep: number
  synthetic?: string
  holdout?: string
  allowOverlap: boolean
  /** Absent where whole rows are resampled. */
  model?: CopulaModel
  /** What is done to rows beside sampling; nothing at a value that changes nothing. */
  stages: Stages
  curate?: Readonly<Record<string, number>>
  dedup: boolean
  /** How the file is read. */
  reading: Omit<ReadOptions, 'columns' | 'group'>
}

/** The pipelines that are shown side by side where none is named. */
export const defaultPipelines: readonly string[] = ['replace', 'anchor', 'keep-all']

const usualRounds = [5, 10, 20, 50]
const largest = 2 ** 53

/** Checks options and fills in defaults. @throws GenlossError `input`, with the option's name as its path */
export function readOptions(options: AuditOptions): AuditSettings {
  const { file, group, generated, rows, rounds = 50, replicates = 200, seed = 0, keep = 0.5 } = options
  if (typeof file !== 'string' || file === '')
    throw wrong('file', file, 'the name of a CSV, TSV, JSON Lines, Parquet or DuckDB file')
  if (!(keep > 0 && keep < 1)) throw wrong('keep', keep, 'a number between 0 and 1')
  checkWhole('rounds', rounds, 10_000)
  checkWhole('replicates', replicates, 2 ** 32 - 1)
  if (rows !== undefined) checkWhole('rows', rows, largest)
  if (generated !== undefined) checkWhole('generated', generated, largest)
  const pipelines = options.pipelines?.length ? options.pipelines : defaultPipelines
  const optional = {
    ...(group === undefined ? {} : { group }),
    ...(rows === undefined ? {} : { rows }),
    ...(generated === undefined ? {} : { generated }),
    ...(options.synthetic === undefined ? {} : { synthetic: options.synthetic }),
    ...(options.holdout === undefined ? {} : { holdout: options.holdout }),
    ...readCuration(options),
    ...modelled(options),
    dedup: options.dedup ?? false,
    reading: readingOf(options),
    stages: readStages(options),
    allowOverlap: options.allowOverlap ?? false,
  }
  return { file, pipelines, rounds, shown: shownRounds(rounds), replicates, seed: readSeed(seed), keep, ...optional }
}

/** Models of whole tables: others hold no columns of words and numbers together. */
function modelOf(given: AuditOptions['model']): CopulaModel | undefined {
  if (given === undefined) return undefined
  const model = readModel(given)
  if (model.kind === 'copula') return model
  if (model.kind === 'empirical') return undefined
  const hint = 'other models hold no columns of words and numbers together'
  throw wrong('model', model.kind, "'copula', or 'empirical' for rows that are drawn again", hint)
}

/** A model stands for the generator: what else says what that is like, or is answered by chains of classes, has no meaning beside it. */
function modelled(options: AuditOptions): { model?: CopulaModel } {
  const model = modelOf(options.model)
  if (model === undefined) return {}
  const { synthetic, temperature = 1, topP = 1, detector, poison = 0, realWeight = 1, curate = {} } = options
  const beside = {
    synthetic,
    temperature: temperature === 1 ? undefined : temperature,
    topP: topP === 1 ? undefined : topP,
    detector,
    poison: poison === 0 ? undefined : poison,
    realWeight: realWeight === 1 ? undefined : realWeight,
    curate: Object.keys(curate).length === 0 ? undefined : curate,
  }
  const [other] = Object.entries(beside).filter(([, value]) => value !== undefined)
  if (!other) return { model }
  const hint = 'the model stands for your generator; leave out one of the two'
  throw wrong(other[0], other[1], "none beside 'model'", hint)
}

/** The stages asked for, each only where it changes something. */
function readStages(options: AuditOptions): Stages {
  const { detector, poison = 0, realWeight = 1 } = options
  if (!(poison >= 0 && poison < 1)) throw wrong('poison', poison, 'a share of at least 0 and below 1')
  if (!(realWeight > 0 && realWeight < Number.POSITIVE_INFINITY))
    throw wrong('realWeight', realWeight, 'a number above 0')
  return {
    ...readSampling(options),
    ...readDetector(detector),
    ...(poison === 0 ? {} : { poison: { share: poison, from: 1, record: 0 } }),
    ...(realWeight === 1 ? {} : { weights: { real: realWeight, synthetic: 1 } }),
  }
}

function readSampling({ temperature = 1, topP = 1, synthetic }: AuditOptions): Stages {
  if (!(temperature > 0 && temperature < Number.POSITIVE_INFINITY))
    throw wrong('temperature', temperature, 'a number above 0')
  if (!(topP > 0 && topP <= 1)) throw wrong('topP', topP, 'a number above 0 and at most 1')
  const sampling = { ...(temperature === 1 ? {} : { temperature }), ...(topP === 1 ? {} : { topP }) }
  const [asked] = Object.entries(sampling)
  if (!asked) return {}
  if (synthetic === undefined) return { sampling }
  const hint = 'its rows were made at the temperature of the generator: it is in them'
  throw wrong(asked[0], asked[1], `none beside 'synthetic'`, hint)
}

function readDetector(detector: AuditOptions['detector']): Stages {
  if (detector === undefined) return {}
  const { found, falseAlarms = 0, topUp = false } = detector
  const isShare = (value: number) => value >= 0 && value <= 1
  if (!isShare(found)) throw wrong('detector.found', found, 'a share from 0 to 1')
  if (!isShare(falseAlarms)) throw wrong('detector.falseAlarms', falseAlarms, 'a share from 0 to 1')
  if (found === 1 && falseAlarms === 1)
    throw wrong('detector', detector, 'a detector that lets some rows pass', 'this one throws every row away')
  if (found === 0 && falseAlarms === 0) return {}
  return { filter: { truePositiveRate: found, falsePositiveRate: falseAlarms, topUp } }
}

function readCuration({ curate, group }: AuditOptions): { curate?: Readonly<Record<string, number>> } {
  const entries = Object.entries(curate ?? {})
  if (entries.length === 0) return {}
  if (group === undefined) throw wrong('curate', curate, 'a group to pick by', 'name its column: --group COLUMN')
  for (const [value, times] of entries)
    if (!(times >= 0 && times < Number.POSITIVE_INFINITY))
      throw wrong(`curate.${value}`, times, 'a number of at least 0')
  return { curate: Object.fromEntries(entries) }
}

/** Those of the options that say how the file is read. */
export function readingOf(options: Omit<ReadOptions, 'columns' | 'group'>): AuditSettings['reading'] {
  const names = [...Object.keys(readingFields), 'allowCode'] as (keyof AuditSettings['reading'])[]
  return Object.fromEntries(names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])))
}

/** 5, 10, 20, 50 as far as `rounds` goes, and `rounds` itself. */
export function shownRounds(rounds: number): number[] {
  return [...usualRounds.filter((round) => round < rounds), rounds]
}

/** @throws GenlossError `input` */
export function readSeed(seed: string | number | bigint): string {
  const text = String(seed).trim()
  const exact = typeof seed !== 'number' || Number.isSafeInteger(seed)
  if (exact && /^\d+$/.test(text) && BigInt(text) < 2n ** 64n) return String(BigInt(text))
  throw wrong('seed', seed, 'a whole number from 0 to 2^64 - 1')
}

/** @throws GenlossError `input` where a value is no whole number from 1 to `most` */
export function checkWhole(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return
  throw wrong(name, value, most === largest ? 'a whole number of at least 1' : `a whole number from 1 to ${most}`)
}

/** The error of an option that breaks its rule. */
export function wrong(path: string, value: unknown, rule: string, hint?: string): GenlossError {
  return new GenlossError({ code: 'input', path, value, rule, hint })
}
