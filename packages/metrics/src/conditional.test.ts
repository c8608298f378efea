import { describe, expect, it } from 'vitest'
import { conditional, normalQuantile, type Shape, summary } from './index.js'
import { uniforms } from './random.js'

const n = 20
const lnGamma = (x: number): number => {
  // Stirling after moving x beyond 10: good to 1e-12.
  let [shift, y] = [0, x]
  for (; y < 10; y++) shift -= Math.log(y)
  return (
    shift +
    (y - 0.5) * Math.log(y) -
    y +
    0.5 * Math.log(2 * Math.PI) +
    1 / (12 * y) -
    1 / (360 * y ** 3) +
    1 / (1260 * y ** 5)
  )
}

/** E s_g of one step with divisor `div`: sqrt(2/div) Gamma(n/2) / Gamma((n-1)/2). */
const c4 = (div: number): number => Math.sqrt(2 / div) * Math.exp(lnGamma(n / 2) - lnGamma((n - 1) / 2))

/** Exact E W2^2 after g + 1 fits. */
const exactW2 = (div: number, g: number): number => {
  const [mean, sd] = [(n - 1) / div, c4(div)]
  let square = 0
  for (let j = 0; j <= g; j++) square += mean ** j / n
  return square + mean ** (g + 1) - 2 * sd ** (g + 1) + 1
}

/** Variances of chains, v_(g+1) = v_g chi2_(n-1) / div, row-major. */
function chains({ replicates, generations }: Shape, div: number, seed: number): Float64Array {
  const uniform = uniforms(seed)
  const values = new Float64Array(replicates * generations)
  for (let r = 0, i = 0; r < replicates; r++) {
    for (let g = 0, variance = 1; g < generations; g++, i++) {
      // Chi-square with 19 degrees: 9 exponentials and a squared normal.
      let product = 1
      for (let k = 0; k < 9; k++) product *= uniform()
      variance *= (-2 * Math.log(product) + normalQuantile(uniform()) ** 2) / div
      values[i] = variance
    }
  }
  return values
}

const generations = Array.from({ length: 101 }, (_, g) => g)

describe.each([
  ['unbiased', n - 1],
  ['mle', n],
])('the %s variance under replace', (_, div) => {
  it('E v and E W2^2: 95 % intervals cover 93 to 97 % over 1000 simulated runs, far beyond g = n/2', () => {
    const shape = { replicates: 100, generations: 101 }
    const at = [0, 10, 50, 100]
    const covered = at.map(() => [0, 0])
    for (let run = 0; run < 1000; run++) {
      const found = conditional(chains(shape, div, run), shape, generations, { initial: n, n })
      for (const [i, g] of at.entries()) {
        const { variance, w2_squared } = found
        const truth = ((n - 1) / div) ** (g + 1)
        if (variance.low[g]! <= truth && truth <= variance.high[g]!) covered[i]![0]!++
        const w2 = exactW2(div, g)
        if (w2_squared.low[g]! <= w2 && w2 <= w2_squared.high[g]!) covered[i]![1]!++
      }
    }
    for (const share of covered.flat().map((times) => times / 1000)) {
      expect(share).toBeGreaterThan(0.93)
      expect(share).toBeLessThan(0.97)
    }
  })
})

it('finds what the plain mean misses by an order of magnitude', () => {
  const shape = { replicates: 400, generations: 201 }
  const recorded = Array.from({ length: 201 }, (_, g) => g)
  const values = chains(shape, n - 1, 3)
  const { variance, w2_squared } = conditional(values, shape, recorded, { initial: n, n })
  const plain = summary(values, shape)
  expect(plain.mean[200]).toBeLessThan(0.1)
  expect(variance.low[200]).toBeLessThan(1)
  expect(variance.high[200]).toBeGreaterThan(1)
  expect(variance.reliable[200]).toBe(true)
  // Unbounded growth by 1/n a generation, as Theorem 3.1 of the paper has it: 201/20 + 2.
  expect(w2_squared.mean[200]! / exactW2(n - 1, 200)).toBeCloseTo(1, 0)
  expect(w2_squared.low[200]).toBeLessThan(exactW2(n - 1, 200))
  expect(w2_squared.high[200]).toBeGreaterThan(exactW2(n - 1, 200))
})

it('generations left out are filled in, sizes that change are counted one by one', () => {
  const shape = { replicates: 200, generations: 101 }
  const values = chains(shape, n - 1, 8)
  const all = conditional(values, shape, generations, { initial: n, n })
  const some = [0, 1, 5, 15, 24, 33, 43, 53, 100]
  const picked = Float64Array.from({ length: 200 * some.length }, (_, i) => {
    const [r, k] = [Math.floor(i / some.length), i % some.length]
    return values[r * 101 + some[k]!]!
  })
  const few = conditional(picked, { replicates: 200, generations: some.length }, some, { initial: n, n })
  for (const [k, g] of some.slice(0, -1).entries()) {
    expect(few.w2_squared.mean[k]! / all.w2_squared.mean[g]!).toBeCloseTo(1, 0)
  }
  // The last step is longer than n/2.
  expect(few.w2_squared.reliable).toEqual([...new Array(8).fill(true), false])
  const listed = conditional(values, shape, generations, { initial: n, n: generations.map(() => n) })
  expect(listed.w2_squared.mean[100]).toBeCloseTo(all.w2_squared.mean[100]!, 12)
})

it('with infinitely many records nothing is lost', () => {
  const shape = { replicates: 3, generations: 2 }
  const infinite = { initial: Number.POSITIVE_INFINITY, n: Number.POSITIVE_INFINITY }
  const { variance, w2_squared } = conditional(new Float64Array(6).fill(1), shape, [0, 1], infinite)
  expect([...variance.mean, ...w2_squared.mean]).toEqual([1, 1, 0, 0])
})

it('says so where nothing is left to estimate from', () => {
  const shape = { replicates: 3, generations: 3 }
  const values = Float64Array.of(1, 1e-300, 1e-310, 1, 0, 0, 1, 0, 0)
  const { variance } = conditional(values, shape, [0, 1, 2], { initial: n, n })
  expect(variance.reliable).toEqual([true, false, false])
  const one = conditional(Float64Array.of(1, 0.5), { replicates: 1, generations: 2 }, [0, 1], { initial: n, n })
  expect(one.variance.reliable).toEqual([false, false])
})

it('refuses generations that can not be filled in', () => {
  const shape = { replicates: 1, generations: 2 }
  const values = Float64Array.of(1, 1)
  expect(() => conditional(values, shape, [1, 2], { initial: n, n })).toThrow(RangeError)
  expect(() => conditional(values, shape, [0, 2], { initial: n, n: [5, 5, 5] })).toThrow(
    new RangeError('recorded[1]: expected 1, every generation where sizes change, got 2'),
  )
  expect(() => conditional(values, shape, [0], { initial: n, n })).toThrow(RangeError)
  expect(() => conditional(values, shape, [0, 1], { initial: n, n: [5] })).toThrow(RangeError)
})
