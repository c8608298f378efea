// Runs the checks and lays what chains show beside theory.

import { run } from '../api.js'
import type { EngineOptions } from '../engine.js'
import type { ExperimentInput } from '../experiment.js'
import { prepare } from '../prepare.js'
import { stateColumns, valueColumns } from '../settings.js'
import type { Check, VerifyRow } from './check.js'
import { checks } from './checks/index.js'
import { estimate } from './estimate.js'
import { type Judgement, judge } from './judge.js'
import { type Statement, statementsOf } from './statements.js'
import { settingInWords } from './words.js'

/** What a setting's chains show: columns, row-major [replicate][recorded generation]. */
export interface Measured {
  generations: readonly number[]
  column: (name: string) => Float64Array
}

/** Runs an experiment of one cell. Tests give one that makes a mistake. */
export type Runner = (experiment: ExperimentInput, options: EngineOptions) => Promise<Measured>

export interface VerifyOptions extends EngineOptions {
  /** The short list, with fewer chains. */
  quick?: boolean
  /** Default 0. */
  seed?: string | number
  /** The settings to check; default the list of this build. */
  checks?: readonly Check[]
  runner?: Runner
  /** Called after each setting with the number of those done, of all. */
  onCheck?: (done: number, total: number) => void
}

export interface Verified extends Judgement {
  rows: VerifyRow[]
}

/** Chains behind each row. */
const usual = { quick: 3000, full: 20_000 }

/** The engine itself. */
export const engine: Runner = async (experiment, options) => {
  const [cell] = (await run(experiment, options)).cells
  return cell!
}

/**
 * Checks closed forms against this build, setting by setting. Every row has chains of its own, so that their z-scores are
 * independent of each other.
 *
 * @throws GenlossError of a setting that can't be run, `interrupted` when the signal stops it
 */
export async function verify(options: VerifyOptions = {}): Promise<Verified> {
  const { quick = false, seed = 0, runner = engine, onCheck } = options
  const list = (options.checks ?? checks).filter((check) => !quick || check.quick)
  const chains = quick ? usual.quick : usual.full
  const rows: VerifyRow[] = []
  for (const [i, check] of list.entries()) {
    rows.push(...(await rowsOf(check, Math.ceil(chains * (check.chains ?? 1)), seed, runner, options)))
    onCheck?.(i + 1, list.length)
  }
  return { rows, ...judge(rows) }
}

async function rowsOf(
  check: Check,
  chains: number,
  seed: string | number,
  runner: Runner,
  options: VerifyOptions,
): Promise<VerifyRow[]> {
  const generations = check.at.at(-1)!
  const planned: ExperimentInput = { ...check.experiment, generations, seed: String(seed) }
  const settings = (await prepare(planned)).cellAt(0).settings
  const states: readonly string[] = Object.values(stateColumns)
  const known = new Set([...valueColumns(settings), ...states])
  const statements = statementsOf(check, settings).filter(({ columns }) => columns.every((name) => known.has(name)))
  if (statements.length === 0) throw new Error(`nothing is stated of ${settingInWords(settings)}`)
  const wanted = [...new Set(statements.flatMap(({ columns }) => columns))]
  const measures = wanted.filter((name) => settings.columns.includes(name) && !states.includes(name))
  const events = wanted.some((name) => states.includes(name))
  const measured = await runner(
    {
      ...planned,
      replicates: settings.n === 'inf' ? 2 : chains * statements.length,
      // One column at least: a run has none without a measure.
      columns: measures.length ? measures : ['n'],
      record: { at: [...new Set([0, ...check.at])] },
      events,
    },
    options,
  )
  const setting = settingInWords(settings)
  return statements.map((statement, i) => {
    const numbers = numbersOf(statement, measured, settings.n === 'inf' ? [0, 2] : [i * chains, (i + 1) * chains])
    const { measured: found, se } = estimate(statement, numbers)
    const quantity = `${statement.quantity} at generation ${statement.generation}`
    const z = se > 0 ? (found - statement.theory) / se : null
    return { setting, quantity, theory: statement.theory, measured: found, se, z }
  })
}

/** The statement's number of each chain of a range. */
function numbersOf({ columns, of, generation }: Statement, measured: Measured, [from, to]: [number, number]): number[] {
  const place = measured.generations.indexOf(generation)
  const width = measured.generations.length
  const read = columns.map((name) => measured.column(name))
  return Array.from({ length: to - from }, (_, i) => of(...read.map((column) => column[(from + i) * width + place]!)))
}
