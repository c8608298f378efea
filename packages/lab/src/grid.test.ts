// Every policy x stage x family x size: what can be planned runs in the core, and what can't says why before it starts.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { empirical, type FamilyKind, GenlossError, models, type Origin, policies } from '@genloss/models'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from './api.js'
import { description } from './native.js'
import { twinModel } from './own/twin-model.js'
import { readTable } from './sources/index.js'
import type { TableData } from './sources/types.js'

let folder: string
let tables: TableData[]
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'genloss-grid-'))
  const rows = Array.from({ length: 30 }, (_, i) => `${(i * 7) % 11},${'abc'[i % 3]}`)
  await writeFile(join(folder, 'table.csv'), ['number,class', ...rows].join('\n'))
  tables = [await readTable(join(folder, 'table.csv'))]
})
afterAll(() => rm(folder, { recursive: true }))

/** Origins with what they need beside their defaults. */
const given: Partial<Record<Origin['kind'], object>> = {
  categorical: { probabilities: [0.5, 0.3, 0.2] },
  poisson: { mean: 4 },
  'multivariate-gaussian': { dimensions: 2 },
  'linear-regression': { dimensions: 2 },
}

function originOf(kind: Origin['kind'], family: FamilyKind): object {
  if (kind !== 'table') return { kind, ...given[kind] }
  const columns =
    family === 'empirical' || family === 'copula' ? {} : { columns: [family === 'categorical' ? 'class' : 'number'] }
  return { kind, file: join(folder, 'table.csv'), ...columns }
}

const mixes = [
  'mix:real=0.3',
  'mix:real=1',
  'mix:real=0.3,source=fixed',
  'mix:real=0.3,composition=bernoulli',
  'mix:previous=0.3,real=0.2',
  'mix:previous=0.4,composition=bernoulli',
]
const written = [
  ...Object.keys(policies),
  'accumulate-subsample:replacement=true',
  'window:batches=2,keepReal=true',
  ...mixes,
]

const stages: Record<string, object> = {
  'no stage': {},
  temperature: { sampling: { temperature: 0.8 } },
  spread: { sampling: { spread: 0.8 } },
  truncate: { sampling: { truncate: 2 } },
  topK: { sampling: { topK: 2 } },
  topP: { sampling: { topP: 0.8 } },
  bias: { sampling: { bias: [1, 2, 1] } },
  filter: { filter: { truePositiveRate: 0.3, falsePositiveRate: 0.1 } },
  'filter of nearly all': { filter: { truePositiveRate: 0.95, falsePositiveRate: 0.95 }, onEmpty: 'keep' },
  topUp: { filter: { truePositiveRate: 0.3, topUp: true } },
  highest: { selection: { keep: 0.5, by: 'highest' } },
  central: { selection: { keep: 0.5, by: 'central' } },
  poison: { poison: { share: 0.1, record: 2, from: 2, until: 3 } },
  weights: { weights: { real: 2, synthetic: 0.5 } },
}

const sizes: Record<string, object> = {
  constant: { n: 20 },
  growing: { n: { start: 20, power: 1 } },
  shrinking: { n: 'start:20/factor:0.9', initial: 20 },
  infinite: { n: 'inf' },
}

const generations = 4
/** A model of one's own for records of any kind. */
const resampling = twinModel(empirical(), { records: 1 })

interface Outcome {
  ran: string[]
  refused: string[]
}

/** Runs one cell of the grid; errors of the core and numbers that are missing without a reason fail the test. */
async function attempt(what: string, experiment: object, outcome: Outcome): Promise<void> {
  const running = run({ ...experiment, generations, replicates: 2 } as never, { threads: 1, tables })
  const result = await running.catch((error: unknown) => {
    // What the core refuses carries its own error as cause: planning should have found it.
    if (error instanceof GenlossError && error.code === 'plan' && error.cause === undefined) return error
    throw new Error(`${what}: ${String(error)}`, { cause: error })
  })
  if (result instanceof GenlossError) {
    expect(result.path, what).toMatch(/^[a-z]/)
    outcome.refused.push(`${what}: ${result.message}`)
    return
  }
  const [cell] = result.cells
  const alive = Array.from(cell!.stoppedReasons, (reason) => reason < 0)
  const { kind } = cell!.settings.model
  const { columns } = description().families.find((family) => family.kind === kind)!
  // Some columns say that they are undefined in several dimensions.
  const isDefined = (name: string) => !/undefined/.test(columns.find((column) => column.name === name)!.doc)
  const fitted = cell!.names.filter((name) => name === 'n' || (name.startsWith('fit_') && isDefined(name)))
  for (const name of fitted) {
    const missing = cell!
      .column(name)
      .some((value, i) => Number.isNaN(value) && alive[Math.floor(i / (generations + 1))])
    expect(missing, `${what}: ${name} is missing`).toBe(false)
  }
  outcome.ran.push(what)
}

/** Without a population method, infinity is a million records: one such cell is enough. */
function isSlow(family: FamilyKind, origin: Origin['kind'], size: string): boolean {
  return size === 'infinite' && !models[family].abilities({} as never, { kind: origin } as never).population
}

describe.each(Object.keys(models) as FamilyKind[])('%s', (family) => {
  it.each(models[family].origins.map((kind) => [kind]))('of a %s origin runs under every plan', async (kind) => {
    const outcome: Outcome = { ran: [], refused: [] }
    for (const policy of written) {
      for (const [stage, settings] of Object.entries(stages)) {
        for (const [size, records] of Object.entries(sizes)) {
          if (isSlow(family, kind, size)) continue
          const model = family === 'module' ? resampling : { kind: family }
          const experiment = { origin: originOf(kind, family), model, policy, ...settings, ...records }
          await attempt(`${family}, ${kind}, ${policy}, ${stage}, ${size}`, experiment, outcome)
        }
      }
    }
    const plain = outcome.ran.filter((what) => what.includes('no stage, constant'))
    // A table of 30 rows has enough real ones for every mix.
    expect(plain).toHaveLength(written.length)
    expect(outcome.refused.length).toBeGreaterThan(0)
  })
})
