import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { uniforms } from '../random.js'
import { gapsOf, weightedGaps } from './gaps.js'
import {
  beyondRange,
  categoryCoverage,
  definitions,
  distances,
  energy,
  expectedShortfall,
  jensenShannon,
  klDivergence,
  ks,
  ksAt,
  meanShift,
  missingMass,
  quantileError,
  rangeCoverage,
  rareRetention,
  type Side,
  sampleQuantile,
  slicedWasserstein,
  sortedSample,
  spread,
  tail,
  tailRegion,
  tailRetention,
  totalVariation,
  varianceRatio,
  w1,
  w2,
} from './index.js'

interface Line {
  u: number[]
  v: number[]
  uw?: number[]
  vw?: number[]
  w1: number
  w2: number
  energy: number
  ks: number
  quantiles: [p: number, error: number][]
  shortfall: [p: number, side: Side, value: number][]
  mean: number
  sd: number
  kurtosis: number
}
interface Classes {
  p: number[]
  q: number[]
  tv: number
  kl_forward: number | string
  kl_reverse: number | string
  js: number
}
const oracles: { lines: Line[]; categories: Classes[] } = JSON.parse(
  readFileSync(new URL('./oracles.json', import.meta.url), 'utf8'),
)

/** Equal to 12 digits of the size of what was computed with. */
function near(found: number, value: number, size = Math.abs(value)): void {
  if (Number.isFinite(value)) expect(Math.abs(found - value)).toBeLessThanOrEqual(1e-12 * size)
  else expect(found).toBe(value)
}

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number

describe('against scipy', () => {
  it.each(oracles.lines.map((line, k) => [k, line] as const))('samples on the line, %i', (_, line) => {
    const [a, b] = [sortedSample(line.u, { weights: line.uw! }), sortedSample(line.v, { weights: line.vw! })]
    const size = Math.max(...line.u.map(Math.abs), ...line.v.map(Math.abs))
    const found = distances(a, b)
    near(found.w1, line.w1, size)
    near(found.w2, line.w2, size)
    near(found.energy, line.energy, Math.sqrt(size))
    near(found.ks, line.ks)
    expect([w1(a, b), w2(a, b), energy(a, b), ks(a, b)]).toEqual([found.w1, found.w2, found.energy, found.ks])
    for (const [p, error] of line.quantiles) near(quantileError(a, b, p), error, size)
    for (const [p, side, value] of line.shortfall) near(expectedShortfall(a, p, side), value, size)
    const { mean, sd, kurtosis } = spread(a)
    near(mean, line.mean, size)
    // numpy takes squares of values as they are; a large mean costs it digits, not us.
    expect(sd / line.sd).toBeCloseTo(1, 8)
    expect(kurtosis / line.kurtosis).toBeCloseTo(1, 6)
  })

  it('shares of categories', () => {
    for (const { p, q, ...line } of oracles.categories) {
      near(totalVariation(p, q), line.tv, 1e-2)
      near(jensenShannon(p, q), line.js, 1e-4)
      near(klDivergence(p, q), line.kl_forward === 'inf' ? infinity : Number(line.kl_forward), 1e-2)
      near(klDivergence(q, p), line.kl_reverse === 'inf' ? infinity : Number(line.kl_reverse), 1e-2)
    }
  })
})

describe('odd input', () => {
  it('an infinity is a value: W1 is infinite unless both samples have it', () => {
    expect(distances([0, 1], [0, infinity])).toEqual({
      w1: infinity,
      w2: infinity,
      ks: 0.5,
      ks_at: 1,
      energy: infinity,
    })
    expect(distances([0, infinity], [1, infinity])).toMatchObject({ w1: 0.5, ks: 0.5, ks_at: 0, energy: Math.SQRT1_2 })
    expect(distances([-infinity, 1], [-infinity, 1])).toEqual({ w1: 0, w2: 0, ks: 0, ks_at: nan, energy: 0 })
    expect(distances([-infinity], [infinity])).toMatchObject({ w1: infinity, ks: 1, ks_at: -infinity })
    expect(expectedShortfall([-infinity, 1], 0.5, 'lower')).toBe(-infinity)
    expect(rangeCoverage([0, infinity], [1, 2])).toBe(0)
  })
  it('NaN is refused, or left out and counted', () => {
    expect(() => w1([0, nan], [1])).toThrow('values[1]: expected a number, got NaN (1 of 2)')
    expect(sortedSample([nan, 2, nan, 1], { nan: 'omit' })).toMatchObject({ total: 2, missing: 2 })
    expect(() => sortedSample([1], { weights: [-1] })).toThrow('weights[0]: expected a finite number of at least 0')
    expect(() => sortedSample([1], { weights: [1, 2] })).toThrow('weights.length: expected 1')
    expect(() => totalVariation([1, nan], [1, 1])).toThrow('p[1]: expected a finite number of at least 0, got NaN')
    expect(() => totalVariation([1], [1, 1])).toThrow('q.length: expected 1')
  })
  it('nothing gives NaN, and one row gives what it can', () => {
    expect(Object.values(distances([], [1]))).toEqual([nan, nan, nan, nan, nan])
    expect([sampleQuantile([], 0.5), expectedShortfall([], 0.5, 'upper'), rangeCoverage([], [1])]).toEqual([
      nan,
      nan,
      nan,
    ])
    expect([rangeCoverage([1, 2], []), missingMass([1, 2], [0, 0]), categoryCoverage([0, 0], [1, 1])]).toEqual([
      0,
      1,
      nan,
    ])
    expect(tail([], 0.5, 'lower')).toBeNull()
    expect([distances([3], [5]).w2, meanShift([3], [5]), varianceRatio([1, 2], [5])]).toEqual([2, nan, nan])
    expect([klDivergence([0], [1]), totalVariation([0, 0], [1, 0])]).toEqual([nan, nan])
  })
  it('squares neither overflow nor vanish', () => {
    expect(distances([-1e308, 1e308], [-1e308, -1e308])).toMatchObject({ w1: 1e308, ks: 0.5 })
    expect(w2([0, 1e300], [0, 0]) / 1e300).toBeCloseTo(Math.SQRT1_2, 12)
    expect(w2([0, 1e-300], [0, 0]) / 1e-300).toBeCloseTo(Math.SQRT1_2, 12)
    expect(spread([1e300, 3e300]).sd / 1e300).toBeCloseTo(Math.SQRT2, 12)
  })
})

it('sees what a cut range hides: 20 of 100,000 values far out', () => {
  const reference = Float64Array.from({ length: 100_000 }, (_, k) => k / 100_000)
  const other = reference.slice()
  other.fill(100, 99_980)
  // Each of the last 20 goes from about 1 to 100.
  expect(w1(reference, other)).toBeCloseTo((20 * 99.0001) / 100_000, 6)
  expect(tailRetention(reference, other, 0.001, 'upper')).toBe(1)
  expect(1 - tailRetention(other, reference, 0.0002, 'upper')).toBe(1)
})

describe('laws of measures', () => {
  const integers = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 40 })
  const anything = fc.array(
    fc.oneof(
      fc.integer({ min: -3, max: 3 }),
      fc.double({ noNaN: true, min: -5, max: 5 }),
      fc.constantFrom(infinity, -infinity),
    ),
    { minLength: 1, maxLength: 30 },
  )
  it('the fast walk is the plain one', () => {
    fc.assert(
      fc.property(anything, anything, (u, v) => {
        const [a, b] = [sortedSample(u), sortedSample(v)]
        const [fast, plain] = [gapsOf(a, b), weightedGaps(a, b)]
        expect(fast.largest).toBeCloseTo(plain.largest, 12)
        expect(fast.halfSquares).toBeCloseTo(plain.halfSquares, 12)
        if (fast.largest > 0) {
          const gap = (x: number) =>
            u.filter((y) => y <= x).length / u.length - v.filter((y) => y <= x).length / v.length
          expect(Math.abs(gap(fast.at))).toBeCloseTo(fast.largest, 12)
        } else expect(fast.at).toBe(nan)
      }),
    )
  })
  it('and so it is where a walk takes several strides', () => {
    const uniform = uniforms(3)
    const [u, v] = [12_000, 9_001].map((rows) => Float64Array.from({ length: rows }, () => Math.round(uniform() * 5e4)))
    const [a, b] = [sortedSample(u!), sortedSample(v!.map((x) => x * 1.02))]
    const [fast, plain] = [gapsOf(a, b), weightedGaps(a, b)]
    expect([fast.largest, fast.halfSquares].map((x) => x.toPrecision(12))).toEqual(
      [plain.largest, plain.halfSquares].map((x) => x.toPrecision(12)),
    )
    expect(fast.at).toBe(plain.at)
  })
  it('a weight is a row that stands so often', () => {
    fc.assert(
      fc.property(integers, integers, fc.integer({ min: 0, max: 99 }), (u, v, seed) => {
        const uniform = uniforms(seed)
        const weights = u.map(() => Math.floor(uniform() * 4))
        const rows = u.flatMap((x, k) => Array.from({ length: weights[k]! }, () => x))
        fc.pre(rows.length > 1)
        const [light, heavy, other] = [sortedSample(rows), sortedSample(u, { weights }), sortedSample(v)]
        for (const measure of [w1, w2, ks, energy]) expect(measure(heavy, other)).toBeCloseTo(measure(light, other), 10)
        for (const p of [0, 0.1, 0.5, 0.77, 1])
          expect(sampleQuantile(heavy, p)).toBeCloseTo(sampleQuantile(light, p), 10)
        expect(tail(heavy, 0.1, 'lower')).toEqual(tail(light, 0.1, 'lower'))
        expect(tailRegion(heavy, 0.5)).toEqual(tailRegion(light, 0.5))
        expect(spread(heavy).sd).toBeCloseTo(spread(light).sd, 10)
      }),
    )
  })
  it('distances are symmetric, 0 for the same rows, and move with the rows', () => {
    fc.assert(
      fc.property(integers, integers, (u, v) => {
        const [there, back] = [distances(u, v), distances(v, u)]
        for (const name of ['w1', 'w2', 'ks', 'energy'] as const) expect(there[name]).toBeCloseTo(back[name], 12)
        expect(distances(u, [...u].reverse())).toMatchObject({ w1: 0, w2: 0, ks: 0, energy: 0 })
        // Twice the rows is the same law.
        expect(distances(u, [...u, ...u]).ks).toBe(0)
        expect(
          w1(
            u,
            u.map((x) => x + 3),
          ),
        ).toBeCloseTo(3, 12)
        expect(there.w1).toBeLessThanOrEqual(there.w2 + 1e-12)
        expect(there.ks).toBeLessThanOrEqual(1)
      }),
    )
  })
})

it('ties: the gap is taken after all of them', () => {
  expect(ksAt([1, 1, 2, 2, 2], [1, 2, 2, 3])).toEqual({ distance: 0.25, at: 2 })
})

it('tails: the outermost rows and those that tie', () => {
  const reference = Float64Array.from({ length: 534 }, (_, k) => k)
  expect(tail(reference, 0.01, 'lower')).toEqual({ edge: 5, weight: 6 })
  expect(tail(reference, 0.01, 'upper')).toEqual({ edge: 528, weight: 6 })
  expect(tailRegion(reference, 0.01)).toEqual({ lower: { edge: 1, weight: 2 }, upper: { edge: 532, weight: 2 } })
  expect(tailRegion(reference, 0.001)).toBeNull()
  expect(tailRetention(reference, [0, 1, 2, 300], 0.01, 'lower')).toBeCloseTo(0.75 / (6 / 534), 12)
  expect(tailRetention(reference, [0, 1, 533, 300], 0.01, 'both')).toBeCloseTo(0.75 / (4 / 534), 12)
  expect(tail([0, 0, 0, 1], 0.25, 'lower')).toEqual({ edge: 0, weight: 3 })
  expect(beyondRange([1, 2, 3, 9], [2, 4])).toEqual({ lower: 1, upper: 1 })
})

it('categories: what is left and what is gone', () => {
  const [p, q] = [
    [90, 6, 3, 1],
    [95, 5, 0, 0],
  ]
  expect([categoryCoverage(p, q), missingMass(p, q), rareRetention(p, q)]).toEqual([0.5, 0.04, 0])
  expect(klDivergence(p, q)).toBe(infinity)
  expect(rareRetention([1, 1], [1, 1])).toBe(nan)
})

it('sliced: of one column the distance itself, of a shift its mean length along random directions', () => {
  const column = [3, 1, 4, 1, 5]
  expect(slicedWasserstein([column], [[2, 2]])).toEqual({ w1: w1(column, [2, 2]), w2: w2(column, [2, 2]) })
  const uniform = uniforms(8)
  const rows = [0, 1, 2].map(() => Float64Array.from({ length: 50 }, uniform))
  const moved = rows.map((values, k) => values.map((x) => x + [3, 4, 12][k]!))
  const found = slicedWasserstein(rows, moved, { directions: 4000 })
  // In three dimensions |cos| is uniform: mean 1/2, mean square 1/3.
  expect(found.w1 / 6.5).toBeCloseTo(1, 1)
  expect(found.w2 / (13 / Math.sqrt(3))).toBeCloseTo(1, 1)
  expect(slicedWasserstein(rows, rows)).toEqual({ w1: 0, w2: 0 })
  expect(slicedWasserstein(rows, moved, { seed: 4 })).toEqual(slicedWasserstein(rows, moved, { seed: 4 }))
  expect(() => slicedWasserstein(rows, [rows[0]!])).toThrow('b.length: expected 3 columns')
  expect(() => slicedWasserstein([[1, nan]], [[1]])).toThrow('a[0][1]: expected a finite number, got NaN')
})

it('every measure is defined once', () => {
  const names = definitions.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  for (const definition of definitions) for (const text of Object.values(definition)) expect(text).not.toBe('')
})
