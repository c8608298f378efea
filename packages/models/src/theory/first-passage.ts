// When a single chain first has little variance, which is not when half of the chains have it.

import { logVarianceRate } from './gaussian-law.js'
import { lnGamma, normalTails, trigamma } from './special.js'

/** Sets of more records than this have the law of their limit, Brownian motion. */
const mostWalked = 2000
/** ln v above which no chain comes back in time. */
const highest = 8
/** Nodes and weights of Gauss-Legendre quadrature on (-1, 1), the positive half: Abramowitz & Stegun, table 25.4. */
const gauss = [
  [0.14887433898163122, 0.29552422471475287],
  [0.4333953941292472, 0.26926671930999635],
  [0.6794095682990244, 0.219086362515982],
  [0.8650633666889845, 0.1494513491505806],
  [0.9739065285171717, 0.06667134430868814],
] as const
/** Steps further out than so many standard deviations have no mass. */
const reach = 10

/**
 * The median over chains of the first generation whose variance is at most `ratio` (below 1) times the origin's, for a
 * normal model under `replace` with sets of n records each.
 *
 * ln v is a random walk with steps ln(chi2_(n-1) / div). The density of the walks that have not yet been at or below ln
 * ratio is carried from fit to fit by Gauss-Legendre quadrature. Above 2000 records the walk is taken for a Brownian
 * motion with its drift and variance, whose first passage has an inverse Gaussian law, the threshold moved by 0.5826
 * standard deviations of a step because walks are only seen at fits: D. Siegmund, Sequential Analysis (1985), section X.2.
 */
export function medianFirstPassage(n: number, unbiased: boolean, ratio = 0.5): number {
  const fits = n > mostWalked ? limitMedian(n, unbiased, ratio) : walkMedian(n, unbiased, ratio)
  return fits - 1
}

/** Fits until half of all walks have passed. */
function walkMedian(n: number, unbiased: boolean, ratio: number): number {
  const half = (n - 1) / 2
  const div = unbiased ? n - 1 : n
  const constant = half * Math.log(div / 2) - lnGamma(half)
  const density = (z: number) => Math.exp(constant + half * z - (div / 2) * Math.exp(z))
  const sd = Math.sqrt(trigamma(half))
  const { nodes, weights } = grid(Math.log(ratio), highest, 2 * sd)
  let alive: Float64Array = nodes.map(density)
  const step = stepper(weights, nodes, density, reach * sd)
  for (let fits = 1; ; fits++) {
    if (sumOf(alive, weights) <= 0.5) return fits
    alive = step(alive)
  }
}

function grid(from: number, to: number, width: number): { nodes: Float64Array; weights: Float64Array } {
  const panels = Math.ceil((to - from) / width)
  const scale = (to - from) / panels / 2
  const [nodes, weights] = [new Float64Array(10 * panels), new Float64Array(10 * panels)]
  for (let panel = 0; panel < panels; panel++) {
    const centre = from + (2 * panel + 1) * scale
    for (const [i, [x, weight]] of gauss.entries()) {
      nodes[10 * panel + 5 + i] = centre + scale * x
      nodes[10 * panel + 4 - i] = centre - scale * x
      weights[10 * panel + 5 + i] = weights[10 * panel + 4 - i] = scale * weight
    }
  }
  return { nodes, weights }
}

function sumOf(values: Float64Array, weights: Float64Array): number {
  return values.reduce((sum, value, i) => sum + value * weights[i]!, 0)
}

/** A step of the walk from every node to every other; panels are alike, so only their distance counts. */
function stepper(weights: Float64Array, nodes: Float64Array, density: (z: number) => number, far: number) {
  const size = 2 * gauss.length
  const panels = nodes.length / size
  const most = Math.min(panels - 1, Math.ceil((far * panels) / (nodes.at(-1)! - nodes[0]!)) + 1)
  // From node j of a panel to node i of the one that stands `offset` panels above it, weighted.
  const kernel = (offset: number) =>
    Float64Array.from({ length: size * size }, (_, k) => {
      const [i, j] = [Math.floor(k / size), k % size]
      const [to, from] = offset < 0 ? [i, j - offset * size] : [offset * size + i, j]
      return density(nodes[to]! - nodes[from]!) * weights[j]!
    })
  const kernels = Array.from({ length: 2 * most + 1 }, (_, k) => kernel(k - most))
  return (alive: Float64Array): Float64Array => {
    const next = new Float64Array(nodes.length)
    for (let to = 0; to < panels; to++) {
      for (let from = Math.max(0, to - most); from <= Math.min(panels - 1, to + most); from++) {
        const table = kernels[to - from + most]!
        for (let i = 0; i < size; i++) {
          let sum = 0
          for (let j = 0; j < size; j++) sum += table[i * size + j]! * alive[from * size + j]!
          next[to * size + i]! += sum
        }
      }
    }
    return next
  }
}

/** The share of Brownian motions with a drift that have fallen by `distance` by a time. */
function passed(time: number, distance: number, drift: number, sd: number): number {
  const scale = sd * Math.sqrt(time)
  const below = (x: number) => (x < 0 ? normalTails(-x) / 2 : 1 - normalTails(x) / 2)
  const mirrored = below((drift * time - distance) / scale)
  return below((-drift * time - distance) / scale) + Math.exp((-2 * drift * distance) / (sd * sd)) * mirrored
}

function limitMedian(n: number, unbiased: boolean, ratio: number): number {
  const sd = Math.sqrt(trigamma((n - 1) / 2))
  const drift = logVarianceRate(n, unbiased)
  const distance = -Math.log(ratio) + 0.5826 * sd
  let [low, high] = [0, 1]
  while (passed(high, distance, drift, sd) < 0.5) high *= 2
  while (high - low > 1e-9 * high) {
    const middle = (low + high) / 2
    if (passed(middle, distance, drift, sd) < 0.5) low = middle
    else high = middle
  }
  return Math.ceil(high)
}
