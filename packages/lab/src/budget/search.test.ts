import { describe, expect, it } from 'vitest'
import type { Kept } from './chains.js'
import { crossingOf } from './crossing.js'
import { type Budgeted, hardest, type Point } from './experiment.js'
import { gridOf } from './grid.js'
import { Search } from './search.js'
import { Strata } from './strata.js'

/** Chances of 0..n successes in n trials. */
function binomial(n: number, p: number): Float64Array {
  const law = new Float64Array(n + 1)
  law[0] = 1
  for (let trial = 0; trial < n; trial++) {
    for (let k = trial + 1; k >= 0; k--) law[k] = law[k]! * (1 - p) + (k > 0 ? law[k - 1]! * p : 0)
  }
  return law
}

/** Chances of 0..good good ones in `sample` of good + bad, drawn without replacement one after the other. */
function hypergeometric(good: number, bad: number, sample: number): Float64Array {
  const law = new Float64Array(good + 1)
  law[0] = 1
  for (let drawn = 0; drawn < sample; drawn++) {
    for (let k = Math.min(good, drawn + 1); k >= 0; k--) {
      const left = good + bad - drawn
      const stays = (law[k]! * Math.max(0, left - (good - k))) / left
      law[k] = stays + (k > 0 ? (law[k - 1]! * (good - k + 1)) / left : 0)
    }
  }
  return law
}

/** Exact chances, by the matrix of a count: X' = r + Binomial(n - R, k q / (k q + 1 - q)), q the last share, that of the table at first. */
class Exact {
  readonly #known = new Map<string, number>()
  readonly #draws = new Map<string, Float64Array>()
  readonly budgeted: Budgeted

  constructor(counts: number[], rounds: number, keep: number, n?: number) {
    const all = counts.reduce((a, b) => a + b)
    const groups = counts.map((rows, code) => ({
      column: 'g',
      value: `v${code}`,
      rows,
      missing: false,
      watch: `w${code}`,
      code,
    }))
    const origin = {}
    this.budgeted = { name: '', origin, groups, counts, all, n: n ?? all, rounds, keep, replicates: 1e12, seed: '0' }
  }

  #drawn(real: number, share: number, factor: number): Float64Array {
    const key = `${real} ${share} ${factor}`
    const p = (factor * share) / (factor * share + 1 - share)
    const draws = this.#draws.get(key) ?? binomial(this.budgeted.n - real, p)
    this.#draws.set(key, draws)
    return draws
  }

  /** The chance that a group of so many rows is kept by R real rows, r of them its own. */
  #kept(rows: number, real: number, own: number, factor: number): number {
    const key = `${rows} ${real} ${own} ${factor}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const { n, all, rounds, keep } = this.budgeted
    let law = new Float64Array(n + 1)
    for (const [k, p] of this.#drawn(real, rows / all, factor).entries()) law[own + k] = p
    for (let round = 1; round < rounds; round++) {
      const next = new Float64Array(n + 1)
      for (const [count, chance] of law.entries()) {
        if (chance === 0) continue
        for (const [k, p] of this.#drawn(real, count / n, factor).entries()) next[own + k]! += chance * p
      }
      law = next
    }
    const chance = law.reduce((sum, p, count) => sum + (count * all > keep * rows * n ? p : 0), 0)
    this.#known.set(key, chance)
    return chance
  }

  chance(group: number, { source, rows: real, factor }: Point): number {
    const { counts, all } = this.budgeted
    const rows = counts[group]!
    const k = factor?.value === `v${group}` ? factor.factor : 1
    if (source === 'stratified') return this.#kept(rows, real, new Strata(counts).rowsOf(group, real), k)
    const law = hypergeometric(rows, all - rows, real)
    return law.reduce((sum, p, own) => sum + (p > 1e-15 ? p * this.#kept(rows, real, own, k) : 0), 0)
  }

  /** As many runs as make a share exact to 1e-12. */
  async of(points: readonly Point[]): Promise<Kept[]> {
    const runs = this.budgeted.replicates
    const groups = this.budgeted.groups.map(({ code }) => code)
    return points.map((point) => ({
      runs,
      groups: groups.map((group) => Math.round(this.chance(group, point) * runs)),
    }))
  }

  /** One more than the largest number of rows that does not keep a group as often as asked; null where that is the largest there is. */
  answer(
    source: Point['source'],
    confidence: number,
    groups: readonly number[],
    factor?: Point['factor'],
  ): number | null {
    const most = Math.min(this.budgeted.all, this.budgeted.n)
    for (let rows = most; rows >= 0; rows--) {
      const point = { source, rows, ...(factor ? { factor } : {}) }
      if (groups.some((group) => this.chance(group, point) < confidence)) return rows === most ? null : rows + 1
    }
    return 0
  }
}

const sources = ['random', 'stratified'] as const

describe('the search', () => {
  it.each([
    { counts: [4, 8, 23] },
    { counts: [1, 2, 27] },
    { counts: [3, 3, 3, 25] },
    { counts: [9, 9, 10] },
    { counts: [2, 5, 6, 8, 11] },
    { counts: [4, 8, 23], n: 20 },
    { counts: [3, 5, 12], n: 34 },
  ])('finds the smallest number from which on every larger one keeps all: %j', async ({ counts, n }) => {
    for (const [rounds, keep] of [
      [3, 0.5],
      [9, 0.8],
      [30, 0.25],
    ] as const) {
      const exact = new Exact(counts, rounds, keep, n)
      const groups = counts.map((_, i) => i)
      for (const confidence of [0.61, 0.88, 0.951]) {
        for (const source of sources) {
          const { rows, low, high } = await new Search(exact as never, exact.budgeted, source, confidence).need(
            hardest(exact.budgeted.groups, source),
          )
          const setting = [source, rounds, keep, confidence]
          const answer = exact.answer(source, confidence, groups)
          expect([...setting, rows, low, high]).toEqual([...setting, answer, answer, answer])
        }
      }
    }
  })

  it('does so for a group that is made at a factor of its share', async () => {
    const exact = new Exact([4, 9, 27], 12, 0.5)
    const factor = { value: 'v1', factor: 0.7 }
    for (const source of sources) {
      const search = new Search(exact as never, exact.budgeted, source, 0.9, factor)
      const answer = exact.answer(source, 0.9, [1], factor)
      expect(await search.rows([1], exact.answer(source, 0.9, [1])!)).toBe(answer)
      expect((await search.need([1])).rows).toBe(answer)
      expect(answer).toBeGreaterThan(exact.answer(source, 0.9, [1])!)
    }
  })
})

describe('strata', () => {
  it('have proportions rounded by largest remainder, as the core has', () => {
    const wages = new Strata([440, 27, 67])
    const all = (size: number) => [0, 1, 2].map((group) => wages.rowsOf(group, size))
    expect([0, 53, 68, 89, 534].map(all)).toEqual([
      [0, 0, 0],
      [44, 3, 6],
      [56, 3, 9],
      [73, 5, 11],
      [440, 27, 67],
    ])
    const large = new Strata([9_007_199_254_740_991, 1])
    expect([0, 1].map((group) => large.rowsOf(group, 4_503_599_627_370_497))).toEqual([4_503_599_627_370_496, 1])
    expect([0, 1, 2].map((group) => new Strata([1, 1, 1]).rowsOf(group, 2))).toEqual([1, 1, 0])
  })

  it('know the last size of which a group has so many rows', () => {
    for (const counts of [
      [440, 27, 67],
      [5, 1, 1, 1, 92],
      [3, 300, 697],
    ]) {
      const strata = new Strata(counts)
      const most = counts.reduce((a, b) => a + b)
      for (const [group, count] of counts.entries()) {
        for (let rows = 0; rows <= Math.min(count, 9); rows++) {
          let last = 0
          for (let size = 0; size <= most; size++) if (strata.rowsOf(group, size) <= rows) last = size
          expect(strata.lastSizeOf(group, rows, most)).toBe(last)
        }
      }
    }
  })
})

describe('the line through probits', () => {
  it('finds where shares cross a level, with an interval that holds it', () => {
    // A share of Phi(x / 40 - 3): 0.95 at x = 40 (3 + 1.6449) = 185.8.
    const phi = (z: number) => {
      // Simpson's rule over the density from -8 on.
      const steps = 2000
      const h = (z + 8) / steps
      let sum = 0
      for (let i = 0; i <= steps; i++) {
        const t = -8 + i * h
        sum += Math.exp((-t * t) / 2) * (i === 0 || i === steps ? 1 : i % 2 ? 4 : 2)
      }
      return (sum * h) / 3 / Math.sqrt(2 * Math.PI)
    }
    const runs = 20_000
    const counted = [175, 180, 185, 190, 195].map((rows) => ({
      rows,
      runs,
      kept: Math.round(runs * phi(rows / 40 - 3)),
    }))
    const { rows, low, high } = crossingOf(counted, 0.95)!
    expect(rows).toBeCloseTo(40 * (3 + 1.644854), 0)
    // 40 times the error of one probit, sqrt(p q / runs) / phi(z) = 0.0149, at about five points.
    expect((high - low) / 2 / 1.96 / ((40 * 0.01494) / Math.sqrt(5))).toBeCloseTo(1, 1)
    expect(crossingOf(counted.slice(2), 0.95)).toBeUndefined()
    expect(
      crossingOf(
        counted.map((point) => ({ ...point, kept: runs - point.kept })),
        0.95,
      ),
    ).toBeUndefined()
  })
})

describe('the grid', () => {
  it('holds the answer, whatever its size', () => {
    expect(gridOf(534, 185)).toEqual([0, 27, 53, 107, 134, 187, 267])
    expect(gridOf(534, 500)).toEqual([0, 27, 53, 107, 134, 187, 267, 401, 481, 534])
    expect(gridOf(534, null)).toEqual([0, 27, 53, 107, 134, 187, 267, 401, 481, 534])
    expect(gridOf(1_000_000, 3400)).toEqual([0, 500, 1000, 2000, 2500, 3500, 5000])
    expect(gridOf(1_000_000, 0)).toEqual([0, 1, 2, 4, 5, 7, 10])
    for (let needed = 0; needed <= 1000; needed += 7) {
      const grid = gridOf(1000, needed)
      expect(grid.at(-1)).toBeGreaterThanOrEqual(needed)
      expect(grid[1]).toBeLessThanOrEqual(Math.max(needed, 2))
    }
  })
})
