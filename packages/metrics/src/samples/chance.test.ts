import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { uniforms } from '../random.js'
import { binsOf, exceedances, fisher, permutationTest, slicedTest, sortedSample, tail, tailWeight } from './index.js'
import { hypergeometric } from './permutation.js'

interface Exact {
  a: number[]
  b: number[]
  w1: [value: number, p: number]
  energy: [value: number, p: number]
  ks: [value: number, p: number]
}
const oracles: {
  exceedances: number[][]
  fisher: number[][]
  hypergeometric: [draws: number, good: number, all: number, mean: number, variance: number, upToMean: number][]
  permutations: Exact[]
  chi_square: [a: number[], b: number[], value: number][]
} = JSON.parse(readFileSync(new URL('./oracles.json', import.meta.url), 'utf8'))

it('exceedances agree with scipy', () => {
  for (const [n, k, m, seen, low, high, p] of oracles.exceedances) {
    const found = exceedances(n!, k!, m!, seen!)
    expect([found.low, found.high], `${n}, ${k}, ${m}`).toEqual([low, high])
    expect(found.p / p!).toBeCloseTo(1, 8)
  }
  expect(() => exceedances(5, 6, 5, 0)).toThrow('outermost: expected at most 5')
})

it("counts of a kind agree with Fisher's exact test of scipy", () => {
  for (const [a, n, b, m, low, high, p] of oracles.fisher) {
    const found = fisher(a!, n!, b!, m!)
    expect([found.low, found.high], `${a} of ${n}`).toEqual([low, high])
    expect(found.p / p!).toBeCloseTo(1, 7)
  }
  expect(() => fisher(3, 2, 0, 1)).toThrow('a: expected at most 2')
})

it('the tail of samples of one law is outside the range of chance in about 5 of 100', () => {
  const uniform = uniforms(11)
  let outside = 0
  for (let r = 0; r < 2000; r++) {
    const [a, b] = [200, 150].map((rows) => sortedSample(Float64Array.from({ length: rows }, uniform)))
    const { edge, weight } = tail(a!, 0.05, 'upper')!
    const seen = tailWeight(b!, edge, 'upper')
    const { low, high } = exceedances(200, weight, 150, seen)
    if (seen < low || seen > high) outside++
  }
  // At most 5 %, and near it: counts are whole. Four standard errors are 2 %.
  expect(outside / 2000).toBeGreaterThan(0.015)
  expect(outside / 2000).toBeLessThan(0.06)
})

it('hypergeometric counts have the mean, the variance and the median of their law', () => {
  const uniform = uniforms(12)
  for (const [draws, good, all, mean, variance, upToMean] of oracles.hypergeometric) {
    const counts = Float64Array.from({ length: 20_000 }, () => hypergeometric(draws, good, all, uniform))
    const average = counts.reduce((sum, x) => sum + x, 0) / counts.length
    const squares = counts.reduce((sum, x) => sum + (x - mean) ** 2, 0) / counts.length
    const below = counts.reduce((sum, x) => sum + (x <= mean ? 1 : 0), 0) / counts.length
    const name = `${draws} of ${all}, ${good} good`
    expect(Math.abs(average - mean) / Math.sqrt(variance / counts.length), name).toBeLessThan(4)
    expect(Math.abs(squares / variance - 1), name).toBeLessThan(0.1)
    expect(Math.abs(below - upToMean), name).toBeLessThan(0.016)
  }
  const draw = () => 0.5
  expect([hypergeometric(5, 0, 9, draw), hypergeometric(5, 9, 9, draw), hypergeometric(9, 4, 9, draw)]).toEqual([
    0, 5, 4,
  ])
})

it('p-values are those of all ways to deal the rows out', () => {
  for (const { a, b, ...exact } of oracles.permutations) {
    const found = permutationTest(binsOf(sortedSample(a), sortedSample(b)), ['w1', 'ks', 'energy'], {
      permutations: 20_000,
      seed: 5,
    })
    for (const name of ['w1', 'ks', 'energy'] as const) {
      const [value, p] = exact[name]
      expect(found[name]!.value).toBeCloseTo(value, 12)
      expect(Math.abs(found[name]!.p - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 20_000) + 1e-4)
    }
  }
})

it('p-values of samples of one law are uniform, for few rows and for many, and so are those of categories', () => {
  const uniform = uniforms(13)
  const draw = (rows: number) => sortedSample(Float64Array.from({ length: rows }, () => uniform() ** 3))
  const levels = [40, 3000].map((rows) => {
    let few = 0
    for (let r = 0; r < 100; r++) {
      const { w1 } = permutationTest(binsOf(draw(rows), draw(2 * rows)), ['w1'], { permutations: 99, seed: r })
      if (w1!.p <= 0.1) few++
    }
    return few
  })
  // 10 of 100 expected; four standard errors are 12.
  for (const few of levels) expect(Math.abs(few - 10)).toBeLessThan(12)
  let [rare, square] = [0, 0]
  for (let r = 0; r < 100; r++) {
    const [a, b] = [0, 0].map(() => new Float64Array(60))
    for (const counts of [a!, b!]) for (let k = 0; k < 200; k++) counts[Math.floor(60 * uniform() ** 3)]!++
    const { tv, chi_square } = permutationTest({ a: a!, b: b!, isExact: true }, ['tv', 'chi_square'], {
      permutations: 99,
      seed: r,
    })
    if (tv!.p <= 0.1) rare++
    if (chi_square!.p <= 0.1) square++
  }
  for (const few of [rare, square]) expect(Math.abs(few - 10)).toBeLessThan(12)
})

it('coarse bins are cut at order statistics of all rows together', () => {
  const uniform = uniforms(16)
  const draw = (rows: number, from: number) =>
    Float64Array.from({ length: rows }, () => from + Math.floor(uniform() * 5e3))
  for (const [n, m, from] of [
    [3000, 2000, 0],
    [200, 5000, 4000],
    [4000, 4000, 5000],
  ] as const) {
    const [a, b] = [draw(n, 0), draw(m, from)]
    const pooled = [...a, ...b].sort((x, y) => x - y)
    const ends = [
      ...new Set(Array.from({ length: 256 }, (_, k) => pooled[Math.ceil(((k + 1) * pooled.length) / 256) - 1]!)),
    ]
    const counts = (values: Float64Array) =>
      ends.map((end, k) => values.filter((x) => x <= end && (k === 0 || x > ends[k - 1]!)).length)
    const bins = binsOf(sortedSample(a), sortedSample(b))
    expect([[...bins.a], [...bins.b]]).toEqual([counts(a), counts(b)])
    expect(bins.ways!.reduce((sum, way) => sum + 2 * way, 0)).toBeCloseTo(ends.at(-1)! - ends[0]!, 6)
  }
})

it('chi-square is that of scipy', () => {
  for (const [a, b, value] of oracles.chi_square) {
    const bins = { a: Float64Array.from(a), b: Float64Array.from(b), isExact: true }
    expect(permutationTest(bins, ['chi_square'], { permutations: 1 }).chi_square!.value).toBeCloseTo(value, 10)
  }
})

it('finds what differs, and gives the same numbers for the same seed', () => {
  const uniform = uniforms(14)
  const a = sortedSample(Float64Array.from({ length: 5000 }, uniform))
  const b = sortedSample(Float64Array.from({ length: 5000 }, () => uniform() ** 1.2))
  const bins = binsOf(a, b)
  expect(bins.isExact).toBe(false)
  expect(bins.a.length).toBeGreaterThan(200)
  const found = permutationTest(bins, ['w1', 'ks', 'energy'], { seed: 3 })
  for (const { p, value, high } of Object.values(found)) {
    expect(p).toBe(0.001)
    expect(value).toBeGreaterThan(high)
  }
  expect(permutationTest(bins, ['w1', 'ks', 'energy'], { seed: 3 })).toEqual(found)
  expect(permutationTest(bins, ['w1'], { seed: 4 }).w1!.median).not.toBe(found.w1!.median)
  expect(permutationTest(binsOf(sortedSample([]), b), ['ks']).ks!.p).toBeNaN()
})

it('columns that only together differ are told apart', () => {
  const uniform = uniforms(15)
  const rows = (sign: number) => {
    const x = Float64Array.from({ length: 150 }, () => uniform() - 0.5)
    return [x, x.map((value) => sign * value)]
  }
  expect(slicedTest(rows(1), rows(1), { directions: 30 }).p).toBeGreaterThan(0.02)
  expect(slicedTest(rows(1), rows(-1), { directions: 30 }).p).toBe(1 / 200)
})
