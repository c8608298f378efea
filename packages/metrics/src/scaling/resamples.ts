/** Resamples of a statistic over chains: what it would have been with other chains of the same law. */
import { betaQuantile } from '../beta.js'
import { normalQuantile } from '../normal.js'
import { uniforms } from '../random.js'
import { checkWhole, refuse } from '../shape.js'

export interface ResampleOptions {
  /** Number of resamples. */
  resamples: number
  /** The same seed gives the same resamples; two sets of chains under one seed, of one length, are resampled alike. */
  seed: number
}

/** Above this many chains, sums of groups of them are resampled in their place. */
const mostChains = 2000
const groups = 1000

function check({ resamples, seed }: ResampleOptions): void {
  checkWhole('resamples', resamples, 1)
  checkWhole('seed', seed, 0)
}

/** Sums over consecutive groups of values, with how many there are in each. */
function grouped(values: ArrayLike<number>): { sums: Float64Array; counts: Int32Array } {
  const count = values.length
  const size = count <= mostChains ? count : groups
  const [sums, counts] = [new Float64Array(size), new Int32Array(size)]
  for (let i = 0; i < count; i++) {
    const group = count === size ? i : Math.floor((i * size) / count)
    sums[group]! += values[i]!
    counts[group]!++
  }
  return { sums, counts }
}

/**
 * Means of resamples of the values: as many as there are, drawn with replacement. Of many values whole groups of
 * neighbours are drawn, whose means have the same law but for the group's size.
 */
export function resampledMeans(values: ArrayLike<number>, options: ResampleOptions): Float64Array {
  check(options)
  if (values.length === 0) return new Float64Array(options.resamples).fill(Number.NaN)
  const { sums, counts } = grouped(values)
  const next = uniforms(options.seed)
  return Float64Array.from({ length: options.resamples }, () => {
    let [sum, count] = [0, 0]
    for (let i = 0; i < sums.length; i++) {
      const at = Math.floor(next() * sums.length)
      sum += sums[at]!
      count += counts[at]!
    }
    return sum / count
  })
}

/** Places 0..n-1 of the m-th smallest (counted from 1) of n draws with replacement from n sorted values, shuffled. */
class Places {
  readonly #shares = new Map<string, Float64Array>()

  /** Quantiles of Beta(m, n - m + 1), the law of the m-th smallest of n uniform numbers, evenly spaced in probability. */
  of(n: number, m: number, resamples: number): Float64Array {
    const key = `${n}/${m}/${resamples}`
    let shares = this.#shares.get(key)
    if (!shares) {
      shares = Float64Array.from({ length: resamples }, (_, k) => betaQuantile((k + 0.5) / resamples, m, n - m + 1))
      this.#shares.clear()
      this.#shares.set(key, shares)
    }
    return shares.slice()
  }
}

const places = new Places()

function shuffle(values: Float64Array, next: () => number): void {
  for (let i = values.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1))
    ;[values[i], values[j]] = [values[j]!, values[i]!]
  }
}

/**
 * Medians of resamples of the values: of two middle values their mean, or with `isWhole` the lower one. The median of n
 * draws stands at the place of an order statistic of n uniform numbers, so that nothing is drawn but that.
 */
export function resampledMedians(
  values: ArrayLike<number>,
  options: ResampleOptions & { isWhole?: boolean },
): Float64Array {
  check(options)
  const { resamples, seed, isWhole = false } = options
  const sorted = Float64Array.from(values).sort()
  const n = sorted.length
  if (n === 0) return new Float64Array(resamples).fill(Number.NaN)
  const m = Math.ceil(n / 2)
  const next = uniforms(seed)
  const shares = places.of(n, m, resamples)
  shuffle(shares, next)
  const at = (share: number): number => sorted[Math.min(n - 1, Math.floor(n * share))]!
  return shares.map((share) => {
    const lower = at(share)
    if (isWhole || n % 2 === 1) return lower
    // The next of the n - m larger numbers, given this one.
    const upper = at(share + (1 - share) * -Math.expm1(Math.log(next()) / (n - m)))
    return lower === upper ? lower : lower / 2 + upper / 2
  })
}

/** Medians of resamples of which chain i is drawn as often as under the same seed in any other list of this length. */
export function pairedMedians(
  values: ArrayLike<number>,
  options: ResampleOptions & { isWhole?: boolean },
): Float64Array {
  check(options)
  const n = values.length
  if (n === 0) return new Float64Array(options.resamples).fill(Number.NaN)
  const order = Int32Array.from({ length: n }, (_, i) => i)
  order.sort((i, j) => (values[i]! < values[j]! ? -1 : values[i]! > values[j]! ? 1 : i - j))
  const rank = new Int32Array(n)
  for (const [place, i] of order.entries()) rank[i] = place
  const times = new Int32Array(n)
  const next = uniforms(options.seed)
  const half = Math.ceil(n / 2)
  return Float64Array.from({ length: options.resamples }, () => {
    times.fill(0)
    for (let i = 0; i < n; i++) times[rank[Math.floor(next() * n)]!]!++
    let place = 0
    let sum = times[0]!
    while (sum < half) sum += times[++place]!
    const lower = values[order[place]!]!
    if (options.isWhole || n % 2 === 1 || sum > half) return lower
    place++
    while (times[place] === 0) place++
    const upper = values[order[place]!]!
    return lower === upper ? lower : lower / 2 + upper / 2
  })
}

/** Values that have the interval (low, high) of 95 % about a value, normal on each side of ln value. */
export function resamplesOfInterval(
  { value, low, high }: { value: number; low: number; high: number },
  options: ResampleOptions,
): Float64Array {
  check(options)
  if (!(low > 0 && low <= value && value <= high)) refuse('low', 'an interval of numbers above 0', `${low} to ${high}`)
  const reach = normalQuantile(0.975)
  const next = uniforms(options.seed)
  return Float64Array.from({ length: options.resamples }, () => {
    const z = normalQuantile(next()) / reach
    return value * Math.exp(z < 0 ? -z * Math.log(low / value) : z * Math.log(high / value))
  })
}

/** Dates are whole generations: resamples of them are spread over the generation that the crossing lies in. */
export function spreadDates(dates: Float64Array, seed: number): Float64Array {
  const next = uniforms(seed)
  return dates.map((date) => date + next() - 0.5)
}
