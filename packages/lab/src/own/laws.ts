// The laws that a model of one's own must obey, each with what is wrong in words where it does not.

import { isDeepStrictEqual } from 'node:util'
import { GenlossError, type ModelContext, type OwnModel, type RecordColumn, type Records } from '@genloss/models'
import { Hosted } from './host.js'
import { Tape } from './tape.js'

/** What is known of a model: how its samples follow its records. */
export type Equivariance = 'translation' | 'scale'

/** A model with its settings, records of an origin, and the random numbers of one call. */
export interface Trial {
  model: OwnModel
  parameters: Record<string, unknown>
  records: Records
  context: ModelContext<unknown>
  equivariant: readonly Equivariance[]
}

/** Records of the samples that densities are compared with. */
const many = 4000

/** A law: its name, and what is wrong; nothing where it is obeyed or says nothing about this model. */
interface Law {
  name: string
  wrong: (bench: Bench) => string | undefined
}

/** A model on the bench: fitted and sampled with random numbers that can be heard again. */
class Bench {
  readonly trial: Trial
  readonly hosted: Hosted
  readonly #fits: Tape
  readonly #samples: Tape

  constructor(trial: Trial) {
    this.trial = trial
    const columns = Object.entries(trial.records).map(([name, column]) => ({
      name,
      ...(column instanceof Float64Array ? {} : { labels: column.labels }),
    }))
    this.hosted = new Hosted({ index: 0, sha256: '', parameters: trial.parameters, columns }, trial.model)
    this.#fits = new Tape(trial.context.stream)
    this.#samples = new Tape(trial.context.stream)
  }

  get n(): number {
    return lengthOf(this.trial.records)
  }

  fit(records: Records = this.trial.records): unknown {
    const { model, parameters, context } = this.trial
    const stream = this.#fits.play()
    return model.fit(copied(records), parameters as never, contextWith(context, stream))
  }

  sample(fitted: unknown, n: number = this.n): (Float64Array | Uint32Array)[] {
    const { model, context } = this.trial
    const drawn = model.sample(fitted, n, contextWith(context, this.#samples.play()))
    return this.hosted.columns(drawn, n)
  }
}

/** THE list of laws, in the order in which they are looked at. */
const laws: readonly Law[] = [
  {
    name: 'fit gives a model',
    wrong(bench) {
      const fitted = bench.fit()
      if (fitted === null) return `fit returns null for ${bench.n} records: it says that it can not be fitted to them`
      if (fitted === undefined) return 'fit returns nothing: return what it fitted'
      if (fitted instanceof Promise) return 'fit is asynchronous: it must return what it fitted at once'
      const lost = Object.entries(typeof fitted === 'object' ? (fitted as object) : { 'the model': fitted }).find(
        ([, value]) => typeof value === 'number' && !Number.isFinite(value),
      )
      return lost ? `fit gives ${lost[0]} = ${lost[1]}: a fitted number must be finite` : undefined
    },
  },
  {
    name: 'samples are the columns that were fitted, finite and of the size asked for',
    wrong(bench) {
      const fitted = bench.fit()
      for (const n of [1, bench.n, 2 * bench.n + 1]) {
        for (const [i, column] of bench.sample(fitted, n).entries()) {
          const at = column.findIndex((value: number) => !Number.isFinite(value))
          if (at >= 0) {
            const name = Object.keys(bench.trial.records)[i]
            return `sample gives ${column[at]} in column '${name}' (record ${at} of ${n}): every number must be finite`
          }
        }
      }
      return undefined
    },
  },
  {
    name: 'randomness comes from the stream alone',
    wrong(bench) {
      const real = Math.random
      let used = false
      Math.random = () => {
        used = true
        return real()
      }
      try {
        bench.sample(bench.fit())
      } finally {
        Math.random = real
      }
      return used ? 'it calls Math.random: take context.stream, whose numbers a seed brings back' : undefined
    },
  },
  {
    name: 'the same records and random numbers give the same model',
    wrong: (bench) =>
      isDeepStrictEqual(bench.fit(), bench.fit())
        ? undefined
        : 'fit gives another model the second time: it depends on the time, or on something kept from call to call',
  },
  {
    name: 'the same model and random numbers give the same records',
    wrong(bench) {
      const fitted = bench.fit()
      return isDeepStrictEqual(bench.sample(fitted), bench.sample(fitted))
        ? undefined
        : 'sample gives other records the second time: it depends on the time, or keeps something from call to call'
    },
  },
  {
    name: 'a model does not depend on other models',
    wrong(bench) {
      const fitted = bench.fit()
      const alone = bench.sample(fitted)
      bench.fit(part(bench.trial.records, Math.ceil(bench.n / 2)))
      return isDeepStrictEqual(bench.sample(fitted), alone)
        ? undefined
        : 'after another fit the same model gives other records: it keeps state outside of what fit returns'
    },
  },
  {
    name: 'sampling leaves the model as it was',
    wrong(bench) {
      const fitted = bench.fit()
      const before = cloned(fitted)
      if (before === undefined) return 'what fit returns can not be copied (structuredClone): keep functions out of it'
      bench.sample(fitted)
      return isDeepStrictEqual(fitted, before.value)
        ? undefined
        : 'sample changes the fitted model: copy what it changes'
    },
  },
  {
    name: 'few or equal records are no fault',
    wrong(bench) {
      const { records } = bench.trial
      const cases: [string, Records][] = [
        ['1 record', part(records, 1)],
        ['2 records', part(records, 2)],
        ['equal records', equal(records)],
      ]
      for (const [what, few] of cases) {
        try {
          const fitted = bench.fit(few)
          if (fitted !== null) bench.sample(fitted, 3)
        } catch (error) {
          return `it fails for ${what} (${messageOf(error)}): return null from fit where records are too few or too much alike`
        }
      }
      return undefined
    },
  },
  { name: 'densities hold the mass that samples have', wrong: densityFault },
  {
    name: 'samples follow records that are moved',
    wrong: (bench) => followFault(bench, 'translation', (x) => x + 16, 'plus 16'),
  },
  {
    name: 'samples follow records that are scaled',
    wrong: (bench) => followFault(bench, 'scale', (x) => 4 * x, 'times 4'),
  },
]

/** Names of the laws that a model obeys, and what is wrong with the others. */
export function tried(trial: Trial): { obeyed: string[]; faults: { law: string; fault: string }[] } {
  const obeyed: string[] = []
  const faults: { law: string; fault: string }[] = []
  for (const { name, wrong } of laws) {
    let fault: string | undefined
    try {
      fault = wrong(new Bench(trial))
    } catch (error) {
      fault = messageOf(error)
    }
    if (fault === undefined) obeyed.push(name)
    else faults.push({ law: name, fault })
    // Without a model there is nothing to look at.
    if (fault !== undefined && obeyed.length === 0) break
  }
  return { obeyed, faults }
}

function messageOf(error: unknown): string {
  if (error instanceof GenlossError) return `expected ${error.rule}, got ${String(error.value)}`
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}

/** The density's mass between two quantiles of samples beside their share, or its sum over the classes. */
function densityFault(bench: Bench): string | undefined {
  const { model, records } = bench.trial
  const [[name, column] = [], ...others] = Object.entries(records)
  if (!model.logDensity || !column || others.length > 0) return undefined
  const fitted = bench.fit()
  const density = (values: RecordColumn) => model.logDensity!(fitted, { [name!]: values }).map(Math.exp)
  const [sample] = bench.sample(fitted, many)
  if (!(column instanceof Float64Array)) {
    const codes = Uint32Array.from(column.labels, (_, code) => code)
    const sum = density({ codes, labels: column.labels }).reduce((sum, p) => sum + p, 0)
    return Math.abs(sum - 1) < 1e-9 ? undefined : `exp(logDensity) adds up to ${sum} over the classes: it must be 1`
  }
  const sorted = Float64Array.from(sample!).sort()
  const [low, high] = [sorted[Math.round(0.05 * many)]!, sorted[Math.round(0.95 * many)]!]
  if (!(high > low)) return undefined
  const steps = 4000
  const width = (high - low) / steps
  const middles = Float64Array.from({ length: steps }, (_, i) => low + (i + 0.5) * width)
  const mass = density(middles).reduce((sum, value) => sum + value * width, 0)
  // The mass between two order statistics has sd sqrt(0.9 x 0.1 / many); a thousandth is left to the sum.
  const bound = 5 * Math.sqrt(0.09 / many) + 0.001
  if (Math.abs(mass - 0.9) <= bound) return undefined
  const shown = mass.toPrecision(3)
  return `exp(logDensity) has mass ${shown} between ${low.toPrecision(3)} and ${high.toPrecision(3)}, where 0.9 of the samples lie`
}

function followFault(bench: Bench, law: Equivariance, map: (x: number) => number, words: string): string | undefined {
  const { records, equivariant } = bench.trial
  if (!equivariant.includes(law)) return undefined
  const moved = Object.fromEntries(
    Object.entries(records).map(([name, column]) => [name, column instanceof Float64Array ? column.map(map) : column]),
  )
  const [before, after] = [bench.sample(bench.fit()), bench.sample(bench.fit(moved))]
  for (const [i, column] of before.entries()) {
    if (!(column instanceof Float64Array)) continue
    const expected = column.map(map)
    const scale = expected.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
    const at = expected.findIndex((x, j) => !(Math.abs(x - after[i]![j]!) <= 1e-9 * scale))
    if (at < 0) continue
    const name = Object.keys(records)[i]
    return `records ${words} give ${after[i]![at]} where a sample of '${name}' ${words} is ${expected[at]}: it does not follow its records (${law})`
  }
  return undefined
}

function contextWith(context: ModelContext<unknown>, stream: ModelContext<unknown>['stream']): ModelContext<unknown> {
  const { replicate, generation, work, control } = context
  return { stream, last: undefined, replicate, generation, cancelled: false, work, control }
}

function lengthOf(records: Records): number {
  const [column] = Object.values(records)
  return (column instanceof Float64Array ? column : column!.codes).length
}

function mapped(records: Records, map: <T extends Float64Array | Uint32Array>(values: T) => T): Records {
  const one = (column: RecordColumn) =>
    column instanceof Float64Array ? map(column) : { codes: map(column.codes), labels: column.labels }
  return Object.fromEntries(Object.entries(records).map(([name, column]) => [name, one(column)]))
}

const copied = (records: Records) => mapped(records, (values) => values.slice() as typeof values)
const part = (records: Records, n: number) => mapped(records, (values) => values.slice(0, n) as typeof values)
const equal = (records: Records) => mapped(records, (values) => values.slice().fill(values[0]!) as typeof values)

function cloned(value: unknown): { value: unknown } | undefined {
  try {
    return { value: structuredClone(value) }
  } catch {
    return undefined
  }
}
