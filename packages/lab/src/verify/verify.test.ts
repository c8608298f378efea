import { describe, expect, it } from 'vitest'
import type { ExperimentInput } from '../experiment.js'
import { judge } from './judge.js'
import { engine, type Measured, type Runner, verify } from './verify.js'

// Verify must pass the engine as it is, and fail one that makes a common mistake: each of these runners is the engine
// with one mistake made, in all settings where it can be made.

/** Runs each experiment once, a generation longer than asked, so that a shifted one needs no run of its own. */
class Remembered {
  readonly #runs = new Map<string, Promise<Measured>>()

  readonly right: Runner = (experiment, options) => this.#shifted(experiment, options, 0)
  readonly late: Runner = (experiment, options) => this.#shifted(experiment, options, 1)

  changed(change: (experiment: ExperimentInput) => ExperimentInput): Runner {
    return (experiment, options) => this.right(change(experiment), options)
  }

  async #shifted(experiment: ExperimentInput, options: object, by: 0 | 1): Promise<Measured> {
    const { at } = experiment.record as { at: number[] }
    const longer = {
      ...experiment,
      generations: Number(experiment.generations) + 1,
      record: { at: [...new Set(at.flatMap((g) => [g, g + 1]))].sort((a, b) => a - b) },
    }
    const key = JSON.stringify(longer)
    if (!this.#runs.has(key)) this.#runs.set(key, engine(longer, options))
    const run = await this.#runs.get(key)!
    return { generations: run.generations.map((g) => g - by), column: (name) => run.column(name) }
  }
}

const remembered = new Remembered()
const judged = (runner: Runner) => verify({ quick: true, runner })

const text = (value: unknown) => JSON.stringify(value ?? '')
const isGaussian = ({ origin, model }: ExperimentInput) =>
  text(origin).startsWith('"gaussian') && text(model ?? 'gaussian').startsWith('"gaussian')

function otherDivisor(experiment: ExperimentInput): ExperimentInput {
  if (!isGaussian(experiment)) return experiment
  return { ...experiment, model: text(experiment.model).includes('mle') ? 'gaussian' : 'gaussian:estimator=mle' }
}

function otherReplacement(experiment: ExperimentInput): ExperimentInput {
  const { policy } = experiment
  if (policy === 'accumulate-subsample') return { ...experiment, policy: 'accumulate-subsample:replacement=true' }
  return policy === 'accumulate-subsample:replacement=true'
    ? { ...experiment, policy: 'accumulate-subsample' }
    : experiment
}

function freshInsteadOfFixed(experiment: ExperimentInput): ExperimentInput {
  const { policy } = experiment
  return typeof policy === 'string' ? { ...experiment, policy: policy.replace(/,source=fixed/, '') } : experiment
}

/** Accumulation that merges sums of squares but forgets how far the batches' means are apart. */
const withoutBetweenTerm: Runner = async (experiment, options) => {
  const right = await remembered.right(experiment, options)
  const { policy, model, n, initial = n, replicates, record, sampling, filter, poison, weights } = experiment
  const isPlain = !sampling && !filter && !poison && !weights && typeof n === 'number'
  if (!isGaussian(experiment) || policy !== 'accumulate' || !isPlain) return right
  const { at } = record as { at: number[] }
  const mle = text(model).includes('mle')
  const normal = normals(1)
  const columns = { variance_ratio: [] as number[], mean_shift: [] as number[] }
  for (let chain = 0; chain < Number(replicates); chain++) {
    const pool = { n: 0, mean: 0, squares: 0 }
    let model = { mean: 0, variance: 1 }
    for (let g = 0; g <= at.at(-1)!; g++) {
      const size = g === 0 ? Number(initial) : n
      const batch = Array.from({ length: size }, () => model.mean + Math.sqrt(model.variance) * normal())
      const mean = batch.reduce((sum, x) => sum + x, 0) / size
      pool.mean += ((mean - pool.mean) * size) / (pool.n + size)
      pool.n += size
      pool.squares += batch.reduce((sum, x) => sum + (x - mean) ** 2, 0)
      model = { mean: pool.mean, variance: pool.squares / (mle ? pool.n : pool.n - 1) }
      if (!at.includes(g)) continue
      columns.variance_ratio.push(model.variance)
      columns.mean_shift.push(model.mean)
    }
  }
  const made = {
    variance_ratio: Float64Array.from(columns.variance_ratio),
    mean_shift: Float64Array.from(columns.mean_shift),
  }
  // Bookkeeping columns stay those of the engine, at the generations of this series.
  const other = (name: string) => {
    const [values, width] = [right.column(name), right.generations.length]
    const places = at.map((g) => right.generations.indexOf(g))
    return Float64Array.from({ length: Number(replicates) * at.length }, (_, i) => {
      return values[Math.floor(i / at.length) * width + places[i % at.length]!]!
    })
  }
  return { generations: at, column: (name) => made[name as keyof typeof made] ?? other(name) }
}

/** Normal numbers from a small generator of the tests' own. */
function normals(seed: number): () => number {
  let state = seed
  let spare: number | undefined
  const uniform = () => {
    state = (state + 0x9e3779b9) | 0
    let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32
  }
  return () => {
    const kept = spare
    spare = undefined
    if (kept !== undefined) return kept
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
    const angle = 2 * Math.PI * uniform()
    spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }
}

describe('verify', () => {
  it('passes this build, with many comparisons and scores that are scores', async () => {
    const { verdict, rows, rms, faults } = await judged(remembered.right)
    expect(faults).toEqual([])
    expect(verdict).toBe('pass')
    expect(rows.length).toBeGreaterThanOrEqual(100)
    expect(rms).toBeGreaterThan(0.9)
    expect(rms).toBeLessThan(1.1)
    for (const { theory, measured, se, z } of rows) {
      if (z === null) expect(se).toBe(0)
      else expect(z).toBe((measured - theory) / se)
    }
  })

  it.each<[string, Runner, RegExp]>([
    ['divides by the other of N and N - 1', remembered.changed(otherDivisor), /^gaussian/],
    ['drops the term between batches', withoutBetweenTerm, /accumulate/],
    ['subsamples the other way', remembered.changed(otherReplacement), /accumulate-subsample/],
    ['counts generations from 1', remembered.late, /replace/],
    ['takes new real records for the first ones', remembered.changed(freshInsteadOfFixed), /source=fixed/],
  ])('fails a build that %s', async (_, runner, where) => {
    const { verdict, faults } = await judged(runner)
    expect(verdict).toBe('fail')
    expect(faults.filter((fault) => where.test(fault)).length).toBeGreaterThan(0)
    // What the mistake does not touch is not blamed.
    if (runner !== remembered.late) {
      expect(faults.filter((fault) => !where.test(fault) && !fault.startsWith('z-scores'))).toEqual([])
    }
  })

  it('tells how far it is', async () => {
    const steps: number[][] = []
    const checks = [{ experiment: { origin: 'gaussian', n: 10 }, at: [1], columns: ['mean_shift'] }]
    const found = await verify({ checks, seed: 5, onCheck: (...step) => steps.push(step) })
    expect(steps).toEqual([[1, 1]])
    expect(found.rows.map(({ quantity }) => quantity)).toEqual([
      'mean of mean_shift at generation 1',
      'variance of mean_shift at generation 1',
    ])
    expect(found.rows[0]!.setting).toBe('gaussian on gaussian, replace, n=10')
  })

  it('refuses a setting of which nothing is known', async () => {
    const checks = [{ experiment: { origin: 'gaussian', n: 10 }, at: [1], columns: ['rare_alive'] }]
    await expect(verify({ checks })).rejects.toThrow(/nothing is stated of gaussian/)
  })
})

describe('the judgement', () => {
  const row = (z: number | null, measured = 1) => ({
    setting: 'a',
    quantity: 'b',
    theory: 1,
    measured,
    se: z === null ? 0 : 1,
    z,
  })
  const scores = (count: number, scale = 1) => {
    const normal = normals(3)
    return Array.from({ length: count }, () => row(scale * normal()))
  }

  it('of scores takes their number into account', () => {
    expect(judge(scores(200)).verdict).toBe('pass')
    expect(judge([...scores(200), row(4)]).verdict).toBe('pass')
    expect(judge([...scores(200), row(-5.5)]).faults).toEqual(['a: b: z = -5.5'])
    expect(judge([row(4.5)]).verdict).toBe('fail')
    expect(judge(scores(100_000)).limit).toBeGreaterThan(6)
  })

  it('of scores that are all a little too large, or too small', () => {
    expect(judge(scores(200, 1.4)).faults).toEqual([expect.stringMatching(/root mean square 1\.\d+, which is not 1/)])
    expect(judge(scores(200, 0.6)).verdict).toBe('fail')
  })

  it('where nothing varies is of equality', () => {
    expect(judge([row(null, 1 + 1e-10)]).verdict).toBe('pass')
    expect(judge([row(null, 1 + 1e-8)]).faults).toEqual(['a: b: 1.00000001, not 1'])
    expect(judge([row(null, Number.NaN)]).verdict).toBe('fail')
    expect(judge([{ ...row(0), z: Number.NaN, measured: Number.NaN }]).verdict).toBe('fail')
  })
})
