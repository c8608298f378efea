/** Simulations with fixed seeds: intervals hold what they promise, and doubtful means are flagged. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { dates, medianRank, normalQuantile, type Shape, summary, wilson } from './index.js'
import { uniforms } from './random.js'

interface Oracle {
  wilsonCoverage: [trials: number, p: number, coverage: number][]
  medianRank: [n: number, confidence: number, rank: number, coverage: number][]
}
const oracles: Oracle = JSON.parse(readFileSync(new URL('./oracles.json', import.meta.url), 'utf8'))

/** Four standard errors of a coverage seen in `runs` simulations: alpha = 6e-5 a comparison. */
function tolerance(coverage: number, runs: number): number {
  return 4 * Math.sqrt((coverage * (1 - coverage)) / runs)
}

it.each(oracles.wilsonCoverage)(
  'wilson, %i trials at p = %d, covers as often as its exact law says (%d)',
  (trials, p, exact) => {
    const uniform = uniforms(11)
    const runs = 20_000
    let covered = 0
    for (let run = 0; run < runs; run++) {
      let successes = 0
      for (let i = 0; i < trials; i++) if (uniform() < p) successes++
      const { low, high } = wilson(successes, trials)
      if (low <= p && p <= high) covered++
    }
    expect(Math.abs(covered / runs - exact)).toBeLessThan(tolerance(exact, runs))
  },
)

describe('the interval of the median date', () => {
  /** Share of simulated runs whose interval holds the law's median; dates come from `draw`. */
  function coverage(n: number, horizon: number, median: number, runs: number, draw: () => number): number {
    let covered = 0
    for (let run = 0; run < runs; run++) {
      const events = Int32Array.from({ length: n }, draw).map((date) => (date > horizon ? -1 : date))
      const { low, high } = dates(events, horizon)
      if ((low ?? Number.POSITIVE_INFINITY) <= median && median <= (high ?? Number.POSITIVE_INFINITY)) covered++
    }
    return covered / runs
  }

  it.each([10, 30, 100])('without ties, %i chains: the exact coverage of the ranks', (n) => {
    const uniform = uniforms(5)
    const exact = oracles.medianRank.find(([size, confidence]) => size === n && confidence === 0.95)![3]
    const runs = 4000
    // Uniform over 0..1999: the median is 999, ties are rare.
    const found = coverage(n, 2_000, 999, runs, () => Math.floor(uniform() * 2_000))
    expect(Math.abs(found - exact)).toBeLessThan(tolerance(exact, runs))
  })

  it.each([6, 10, 30, 101])('with ties and a horizon, %i chains: at least 95 %', (n) => {
    const uniform = uniforms(6)
    const runs = 10_000
    // P(date <= g) = 1 - 0.8^(g+1): the median is 3.
    const draw = (): number => Math.floor(Math.log(uniform()) / Math.log(0.8))
    const found = coverage(n, 4, 3, runs, draw)
    expect(found).toBeGreaterThan(0.95 - tolerance(0.95, runs))
  })

  it('has no rank below 5 chains', () => {
    expect([4, 5].map((n) => medianRank(n, 0.95))).toEqual([0, 1])
  })
})

/** Columns of independent samples: each generation is one simulated experiment. */
function simulate({ replicates, generations }: Shape, seed: number, draw: (normal: number) => number): Float64Array {
  const uniform = uniforms(seed)
  return Float64Array.from({ length: replicates * generations }, () => draw(normalQuantile(uniform())))
}

it('the interval of a mean of 8 normal values covers 95 %', () => {
  const shape = { replicates: 8, generations: 40_000 }
  const { low, high } = summary(
    simulate(shape, 1, (z) => 3 + 2 * z),
    shape,
  )
  let covered = 0
  for (let g = 0; g < shape.generations; g++) if (low[g]! <= 3 && 3 <= high[g]!) covered++
  expect(Math.abs(covered / shape.generations - 0.95)).toBeLessThan(tolerance(0.95, shape.generations))
})

describe('reliable', () => {
  /** Share of samples whose mean is called reliable, and how often the interval of those holds the mean. */
  function judged(shape: Shape, truth: number, draw: (normal: number) => number): { kept: number; covered: number } {
    const { low, high, reliable } = summary(simulate(shape, 2, draw), shape)
    let kept = 0
    let covered = 0
    for (let g = 0; g < shape.generations; g++) {
      if (!reliable[g]) continue
      kept++
      if (low[g]! <= truth && truth <= high[g]!) covered++
    }
    return { kept: kept / shape.generations, covered: covered / kept }
  }

  it.each([3, 10, 20, 30, 100, 1000])('%i normal values are hardly ever distrusted', (replicates) => {
    const { kept } = judged({ replicates, generations: 2000 }, 0, (z) => z)
    expect(kept).toBeGreaterThan(0.97)
  })

  const logNormal = (s: number) => (z: number) => Math.exp(s * z - (s * s) / 2)

  it.each([0.25, 0.5, 0.75, 1])('the interval of 100 log-normal values of log-sd %d covers 93 to 97 %', (s) => {
    const shape = { replicates: 100, generations: 4000 }
    const { low, high } = summary(simulate(shape, 4, logNormal(s)), shape)
    const covered = low.filter((end, g) => end <= 1 && 1 <= high[g]!).length / shape.generations
    expect(covered).toBeGreaterThan(0.93)
    expect(covered).toBeLessThan(0.97)
  })

  it.each([0.5, 0.75, 1, 1.25, 1.5, 2, 3])('log-sd %d: few intervals that are not flagged miss the mean', (s) => {
    for (const replicates of [30, 100, 1000]) {
      const shape = { replicates, generations: 60_000 / replicates }
      const { kept, covered } = judged(shape, 1, logNormal(s))
      const missed = kept === 0 ? 0 : kept * (1 - covered)
      expect(missed).toBeLessThan(0.07 + tolerance(0.07, shape.generations))
    }
  })

  it('log-normal values are distrusted as their tail grows, where their interval fails', () => {
    const shape = { replicates: 1000, generations: 300 }
    expect(judged(shape, 1, logNormal(0.5)).kept).toBe(1)
    expect(judged(shape, 1, logNormal(1)).kept).toBeGreaterThan(0.9)
    expect(judged(shape, 1, logNormal(2)).kept).toBeLessThan(0.3)
    expect(judged(shape, 1, logNormal(3)).kept).toBeLessThan(0.03)
    // The 95 % interval of the last, flagged or not, holds the mean in about 8 of 10 samples.
    const { low, high } = summary(simulate(shape, 2, logNormal(3)), shape)
    const covered = low.filter((end, g) => end <= 1 && 1 <= high[g]!).length
    expect(covered / shape.generations).toBeLessThan(0.88)
  })

  it('so are the variances of a Gaussian chain, whose mean stays 1 while nearly every chain dies', () => {
    const [n, shape] = [10, { replicates: 1000, generations: 51 }]
    const uniform = uniforms(3)
    const variances = new Float64Array(shape.replicates * shape.generations)
    for (let r = 0, i = 0; r < shape.replicates; r++) {
      for (let g = 0, variance = 1; g < shape.generations; g++, i++) {
        let squares = 0
        for (let k = 1; k < n; k++) squares += normalQuantile(uniform()) ** 2
        variance *= squares / (n - 1)
        variances[i] = variance
      }
    }
    const { reliable, median, effective } = summary(variances, shape, { reliableUntil: n / 2 })
    expect(reliable.slice(0, 3)).toEqual([true, true, true])
    expect(reliable.slice(6)).not.toContain(true)
    expect(effective[0]).toBeGreaterThan(700)
    expect(effective[40]).toBeLessThan(50)
    // What the flag is for: the median is far from the mean of 1, which few chains carry.
    expect(median[40]).toBeLessThan(0.05)
  })
})
