// E of the mass that a normal model leaves in the origin's tails: it rises while the median collapses.

import { fitSizes, type Sizes } from './setting.js'
import { lnGamma, normalTails } from './special.js'

/** The grid of ln R: its step, and where a record is so far spread that the mass is read off its limit. */
const step = 1 / 8
const farthest = Math.log(1e8)
/** Grid points that an interpolation takes. */
const points = 10

/**
 * E P(|X| > t) for X drawn from the model of generations 0..G under `replace`, t in sd of the origin from its mean.
 *
 * Given all fitted variances X is normal of variance A = 1/N_0 + v_0/N_1 + ... + v_(g-1)/N_g + v_g, which is what the map R ->
 * 1/N_j + c_j R makes of 1 for j = g, ..., 0, c_j = chi2(N_j - 1)/div. So the mass 2 Q(t / sqrt R) is carried through the
 * kernels of N_0, N_1, ... as a function of R on a logarithmic grid, and its value at 1 read off after each.
 */
export function expectedTailMass(t: number, sizes: Sizes, unbiased: boolean): Float64Array {
  const all = fitSizes(sizes)
  const grid = new Grid(-Math.log(Math.max(...all)) - (points / 2) * step)
  // 1 - mass, which beyond the grid goes with 1 / sqrt R.
  let inside: Float64Array = grid.values.map((R) => 1 - normalTails(t / Math.sqrt(R)))
  let rows: Float64Array[] = []
  return Float64Array.from(all, (size, g) => {
    if (size !== all[g - 1]) {
      const kernel = kernelOf(size, unbiased)
      rows = [1, ...grid.values].map((R) => grid.row(kernel.map(([c, weight]) => [1 / size + c * R, weight])))
    }
    const carried = Float64Array.from(rows, (row) => product(row, inside))
    inside = carried.subarray(1)
    return 1 - carried[0]!
  })
}

function product(row: Float64Array, values: Float64Array): number {
  let sum = 0
  for (let i = 0; i < row.length; i++) sum += row[i]! * values[i]!
  return sum
}

/** E of the retention of the tails, both of mass p/2: the model's mass there over p. */
export function tailRetention(p: number, sizes: Sizes, unbiased: boolean): Float64Array {
  return expectedTailMass(tailPoint(p), sizes, unbiased).map((mass) => mass / p)
}

/** t with mass p of a standard normal law beyond it on both sides together. */
function tailPoint(p: number): number {
  let [low, high] = [0, 40]
  while (high - low > 1e-14 * high) {
    const middle = (low + high) / 2
    if (normalTails(middle) > p) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Values of chi2(N-1)/div with weights: the trapezoidal rule in the logarithm, exact to rounding for an analytic density. */
function kernelOf(size: number, unbiased: boolean): [number, number][] {
  const half = (size - 1) / 2
  const divisor = (unbiased ? size - 1 : size) / 2
  const sd = Math.sqrt(1 / half + 1 / (2 * half * half))
  const by = Math.min(sd / 1.6, 0.25)
  const centre = Math.log(half / divisor)
  const nodes: [number, number][] = []
  const add = (u: number) => {
    const c = Math.exp(u)
    const weight = by * Math.exp(half * (u + Math.log(divisor)) - divisor * c - lnGamma(half))
    if (weight > 1e-17) nodes.push([c, weight])
    return weight > 1e-17
  }
  for (let k = 0; add(centre + k * by) || k < 4; k++);
  for (let k = 1; add(centre - k * by) || k < 4; k++);
  // What rounding leaves of the total mass of a narrow law.
  const total = nodes.reduce((sum, [, weight]) => sum + weight, 0)
  return nodes.map(([c, weight]) => [c, weight / total])
}

/** Equal steps of ln R, and sums of values between them by Lagrange interpolation. */
class Grid {
  readonly values: Float64Array
  readonly #from: number
  readonly #divisors: number[]

  constructor(from: number) {
    this.#from = from
    const count = Math.ceil((farthest - from) / step)
    this.values = Float64Array.from({ length: count }, (_, i) => Math.exp(from + i * step))
    this.#divisors = Array.from({ length: points }, (_, i) => {
      let product = 1
      for (let j = 0; j < points; j++) if (j !== i) product *= i - j
      return product
    })
  }

  /** The weights of the grid's values in the weighted sum of a function's values at the given R. */
  row(nodes: readonly (readonly [number, number])[]): Float64Array {
    const row = new Float64Array(this.values.length)
    const last = row.length - 1
    for (const [R, weight] of nodes) {
      const place = (Math.log(R) - this.#from) / step
      if (place > last) row[last]! += weight * Math.sqrt(this.values[last]! / R)
      else this.#interpolate(place, weight, row)
    }
    return row
  }

  #interpolate(place: number, weight: number, row: Float64Array): void {
    const first = Math.min(row.length - points, Math.max(0, Math.floor(place) - points / 2 + 1))
    const offset = place - first
    let product = weight
    for (let j = 0; j < points; j++) product *= offset - j
    if (product === 0) row[first + Math.round(offset)]! += weight
    else for (let i = 0; i < points; i++) row[first + i]! += product / ((offset - i) * this.#divisors[i]!)
  }
}
