import { uniforms } from '@genloss/metrics'
import { describe, expect, it } from 'vitest'
import { type ChainCell, runChains } from './chains.js'
import { atMost, binomial, convolve, exactChain } from './exact-chains.js'
import { likelyFactor, openFactor } from './factors.js'
import { chanceAt, fateOf } from './fates.js'
import { expectedShares, roundsTo, settledShare, wayOf } from './laws.js'
import { readPipelines } from './pipelines.js'
import { cellOf } from './stages.js'

const table = { sha256: 'a'.repeat(64), report: { missing: {}, notes: [], skipped: [] } as never }
const settings = { rounds: 10, shown: [1, 5, 10], seed: '4', replicates: 20_000 }

/** A column of `rows` rows, the first `own` of them of the class that is followed. */
function column(own: number, rows: number) {
  const codes = Uint32Array.from({ length: rows }, (_, row) => Number(row >= own))
  return { codes, classes: 2, sets: [{ watch: 'own', classes: [0] }] }
}

const pipelines = (words: string[], rows: number) => readPipelines(words, {}, rows)

describe('chains with factors', () => {
  it('have the exact chances of the biased Wright-Fisher matrix', async () => {
    const [own, rows] = [4, 20]
    const factors = Float64Array.of(0.7, 1.2)
    const made = (count: number) => (0.7 * count) / (0.7 * count + 1.2 * (rows - count))
    const laws = {
      replace: exactChain(10, own, (count) => binomial(rows, made(count))),
      'anchor:5': exactChain(10, own, (count) => convolve(binomial(5, own / rows), binomial(15, made(count)))),
    }
    const ways = pipelines(['replace', 'anchor:5'], rows)
    const cells = ways.map((way) => cellOf(way, {}, factors))
    const found = await runChains(column(own, rows), cells, table, settings, {})
    for (const [i, { name }] of ways.entries()) {
      const fate = fateOf(found[i]!, 'own', own / rows, 0.5, settings.shown)
      for (const round of settings.shown) {
        const law = laws[name as keyof typeof laws][round - 1]!
        for (const [state, p] of [
          ['halved', atMost(law, own / 2)],
          ['gone', atMost(law, 0)],
        ] as const) {
          const error = 4 * Math.sqrt((p * (1 - p)) / settings.replicates) + 1e-9
          expect(Math.abs(fate[state][round]! - p), `${name} ${state} ${round}`).toBeLessThan(error)
        }
      }
    }
  })

  it('follow the formulas where the set is rare and the rows are many', async () => {
    const [own, rows, n] = [10, 100_000, 4e12]
    for (const factor of [0.5, 0.9, 1.2]) {
      for (const word of ['replace', 'anchor', 'pile-up']) {
        const [way] = readPipelines([word], word === 'anchor' ? {} : { rows: n }, rows)
        const cell = cellOf(way!, {}, Float64Array.of(factor, 1))
        const [found] = await runChains(column(own, rows), [cell], table, { ...settings, replicates: 400 }, {})
        const shares = found!.values('own')
        const expected = expectedShares(wayOf(way!), factor, 10)
        const rounds = found!.generations
        rounds.forEach((round, g) => {
          const all = Float64Array.from({ length: 400 }, (_, r) => shares[r * rounds.length + g]! / (own / rows))
          const mean = all.reduce((sum, x) => sum + x, 0) / 400
          const sd = Math.sqrt(all.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 399)
          // The formula leaves out the set's own share, (1 - own / rows) a round.
          expect(Math.abs(mean - expected[round]!), `${word} ${factor} ${round}`).toBeLessThan(
            (4 * sd) / Math.sqrt(400) + 0.005 * expected[round]!,
          )
        })
      }
    }
  })

  it('have intervals that hold the truth 19 times in 20', async () => {
    const [own, rows, runs, tables] = [2, 20, 100, 400]
    const truth = atMost(exactChain(5, own, (count) => binomial(rows, count / rows))[4]!, 1)
    const cells: ChainCell[] = [cellOf(pipelines(['replace'], rows)[0]!, {}, undefined)]
    let inside = 0
    for (let seed = 0; seed < tables; seed++) {
      const own1 = { rounds: 5, shown: [5], seed: String(seed), replicates: runs }
      const [found] = await runChains(column(own, rows), cells, table, own1, {})
      const { low, high } = chanceAt(fateOf(found!, 'own', own / rows, 0.5, [5]), 'halved', 5)
      if (low <= truth && truth <= high) inside++
    }
    // 93 to 97 % within 2.5 standard errors of so many tables.
    const slack = 2.5 * Math.sqrt((0.95 * 0.05) / tables)
    expect(inside / tables).toBeGreaterThan(0.93 - slack)
    expect(inside / tables).toBeLessThan(0.97 + slack)
  })
})

describe('formulas', () => {
  const [replace, anchor, keepAll, pileUp] = pipelines(['replace', 'anchor:10', 'keep-all', 'pile-up'], 100).map(
    (one) => wayOf(one),
  )

  it('halve in ln 0.5 / ln k rounds, and settle at a / (1 - (1 - a) k)', () => {
    expect(roundsTo(0.5, replace!, 0.8)).toBeCloseTo(Math.log(0.5) / Math.log(0.8), 12)
    expect(settledShare(anchor!, 0.8)).toBeCloseTo(0.1 / (1 - 0.9 * 0.8), 12)
    expect(settledShare(keepAll!, 0.5)).toBeCloseTo(0.5 / 0.75, 12)
    expect(roundsTo(0.5, keepAll!, 0.5)).toBeNull()
    expect(settledShare(anchor!, 1.2)).toBeNull()
    for (const way of [replace, anchor, pileUp]) expect(settledShare(way!, 1)).toBeCloseTo(1, 12)
    expect(roundsTo(0.5, replace!, 0)).toBe(1)
    expect(roundsTo(0.5, replace!, 1)).toBeNull()
  })

  it('agree with the recursion that they solve', () => {
    for (const [way, factor] of [
      [replace, 0.93],
      [anchor, 0.7],
      [pileUp, 0.3],
    ] as const) {
      const round = roundsTo(0.5, way!, factor)!
      const shares = expectedShares(way!, factor, 5000)
      expect(shares[Math.ceil(round)]).toBeLessThanOrEqual(0.5)
      expect(shares[Math.ceil(round) - 1]).toBeGreaterThan(0.5)
      if (way!.kind === 'anew') expect(shares.at(-1)).toBeCloseTo(settledShare(way!, factor)!, 9)
    }
  })
})

describe('the factors of runs', () => {
  it('spread as the count leaves them open, about the likely one', () => {
    const uniform = uniforms(3)
    for (const [made, expected] of [
      [0, 0.1],
      [0, 20],
      [12, 20],
    ] as const) {
      const draws = Array.from({ length: 20_000 }, () => openFactor(made, expected, uniform))
      const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length
      const sd = Math.sqrt(made + 0.5) / (expected + 0.5)
      expect(Math.abs(mean - likelyFactor(made, expected))).toBeLessThan((4 * sd) / Math.sqrt(draws.length))
    }
  })
})
