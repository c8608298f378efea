/** Means of a Gaussian chain that learns only from its own output, from its steps: estimable where plain means are not. */
import { meanIntervals, sampleSkewness } from './mean-interval.js'
import { checkShape, refuse, type Shape } from './shape.js'

/** An expectation with its interval, one value a recorded generation. */
export interface Expectation {
  mean: Float64Array
  low: Float64Array
  high: Float64Array
  /** False where the standard error exceeds a third of the estimate, and where steps can't be estimated themselves. */
  reliable: boolean[]
}

/** Expectations over chains, in units of the origin's variance. */
export interface Conditional {
  /** E v. */
  variance: Expectation
  /** E W2^2 of model and origin: E m^2 + E (s - 1)^2. */
  w2_squared: Expectation
}

export interface ChainSizes {
  /** Records of generation 0's training set. */
  initial: number
  /** Records a generation, after that; Infinity is allowed. A list holds the size of each fit 0..G. */
  n: number | ArrayLike<number>
}

/** Ratios of a variance below this to its next one have lost digits. */
const SMALLEST = 1e-280
const LARGEST_ERROR = 1 / 3

/** One recorded generation's step from the last: the mean ratio of variances and of sds, and each chain's part in them. */
interface Step {
  variance: number
  sd: number
  /** A chain's ratio over the mean ratio, less 1; 0 for chains that do not count. */
  varianceParts: Float64Array
  sdParts: Float64Array
}

function stepInto(step: Step, values: Float64Array, { replicates, generations }: Shape, i: number): void {
  const { varianceParts, sdParts } = step
  let count = 0
  let sum = 0
  let roots = 0
  for (let r = 0; r < replicates; r++) {
    const at = r * generations + i
    const before = i === 0 ? 1 : values[at - 1]!
    const ratio = before > SMALLEST ? values[at]! / before : Number.NaN
    varianceParts[r] = ratio
    sdParts[r] = Math.sqrt(ratio)
    if (Number.isNaN(ratio)) continue
    count++
    sum += ratio
    roots += sdParts[r]!
  }
  step.variance = sum / count
  step.sd = roots / count
  // A chain that does not count has no part; the others then stand for more.
  const weight = replicates / count
  for (let r = 0; r < replicates; r++) {
    const counts = !Number.isNaN(varianceParts[r])
    varianceParts[r] = counts ? weight * (varianceParts[r]! / step.variance - 1) : 0
    sdParts[r] = counts ? weight * (sdParts[r]! / step.sd - 1) : 0
  }
}

/** 1/n summed over the fits after recorded generation i up to the next one, each weighted by what its model's E v is. */
interface Gap {
  /** Sum of ratio^k / n. */
  sum: number
  /** Its derivative by the logarithm of the whole gap's ratio. */
  slope: number
}

/** Between recorded generations E v goes geometrically, as sizes that do not change make it. */
function gapOf(length: number, ratio: number, sizeAt: (k: number) => number): Gap {
  const gap = { sum: 0, slope: 0 }
  for (let k = 0; k < length; k++) {
    const term = ratio ** (k / length) / sizeAt(k)
    gap.sum += term
    gap.slope += (k / length) * term
  }
  return gap
}

function checkSizes({ n }: ChainSizes, recorded: ArrayLike<number>): void {
  if (recorded.length > 0 && recorded[0] !== 0) refuse('recorded[0]', '0, the first fit', recorded[0])
  if (typeof n === 'number') return
  for (let i = 1; i < recorded.length; i++) {
    if (recorded[i] !== i) refuse(`recorded[${i}]`, `${i}, every generation where sizes change`, recorded[i])
  }
  if (n.length < recorded.length) refuse('sizes.n.length', `at least ${recorded.length}`, n.length)
}

/**
 * E v and E W2^2 at each generation from the variances of chains with m' = m + sqrt(v/n) Z, v' = v X, X independent of
 * the past: a normal model under `replace`, whatever its estimator.
 *
 * `ratios` are variances over the origin's, row-major `[replicate][generation]`. Both expectations hang on ever fewer
 * chains as g grows: beyond g = n/2 their plain means are worth little, and beyond (n/2) ln(replicates) they are wrong
 * with every appearance of precision. Conditioned on the generation before they do not. X is independent of the past, so
 * E v_g is the product over generations of the mean ratios E[v_j / v_(j-1)], E s_g that of their roots, and E m_g^2 =
 * sum over j < g of E v_j / n_(j+1) + 1/n_0; so E W2^2 = E m^2 + E v - 2 E s + 1 with a relative error of about
 * sqrt(2 g / (n R)) for R chains.
 *
 * Intervals (95 %) come from each chain's part in all mean ratios, by the delta method (`put`); they cover 93 to 96 %
 * from 50 chains on, about 90 % with 10. Recorded generations may leave some out if n is one number; a step of more than
 * n/2 of them hangs on few chains like any plain mean, and what follows is not reliable. Variances that have underflowed do
 * not count. Throws RangeError for lengths that do not fit, recorded generations that do not start at 0 or leave some out
 * where sizes change.
 */
export function conditional(
  ratios: Float64Array,
  shape: Shape,
  recorded: ArrayLike<number>,
  sizes: ChainSizes,
): Conditional {
  checkShape(ratios, shape)
  const { replicates, generations } = shape
  if (recorded.length !== generations) {
    refuse('recorded.length', `${generations} (the generations of the shape)`, recorded.length)
  }
  checkSizes(sizes, recorded)
  const { n } = sizes
  const sizeOf = (fit: number): number => (fit === 0 ? sizes.initial : typeof n === 'number' ? n : n[fit]!)
  const column = (): Float64Array => new Float64Array(replicates)
  const step: Step = { variance: 1, sd: 1, varianceParts: column(), sdParts: column() }
  // Each chain's part in the relative error of E v and E s, and in the error of E m^2.
  const [inVariance, inSd, inMean, inTotal] = [column(), column(), column(), column()]
  const interval = meanIntervals()
  const result = { variance: emptyExpectation(generations), w2_squared: emptyExpectation(generations) }
  let variance = 1
  let sd = 1
  let square = 1 / sizes.initial
  let isLong = false
  for (let i = 0; i < generations; i++) {
    stepInto(step, ratios, shape, i)
    if (i > 0) {
      const from = recorded[i - 1]!
      isLong ||= recorded[i]! - from > sizeOf(from + 1) / 2
      const gap = gapOf(recorded[i]! - from, step.variance, (k) => sizeOf(from + k + 1))
      for (let r = 0; r < replicates; r++) {
        inMean[r]! += variance * (gap.sum * inVariance[r]! + gap.slope * step.varianceParts[r]!)
      }
      square += variance * gap.sum
    }
    variance *= step.variance
    sd *= step.sd
    const total = square + variance - 2 * sd + 1
    for (let r = 0; r < replicates; r++) {
      inVariance[r]! += step.varianceParts[r]!
      inSd[r]! += step.sdParts[r]!
      inTotal[r] = inMean[r]! + variance * inVariance[r]! - 2 * sd * inSd[r]!
      if (total > 0) inTotal[r]! /= total
    }
    put(result.variance, i, variance, inVariance, interval)
    put(result.w2_squared, i, total, inTotal, interval)
    if (isLong) result.variance.reliable[i] = result.w2_squared.reliable[i] = false
  }
  return result
}

function emptyExpectation(generations: number): Expectation {
  const column = (): Float64Array => new Float64Array(generations)
  return { mean: column(), low: column(), high: column(), reliable: new Array<boolean>(generations).fill(false) }
}

/**
 * Writes an expectation and its interval from each chain's part in its relative error; parts add up to 0.
 *
 * The mean of the parts has the interval of any mean (`meanIntervals`). A product of many means is skewed beyond that: its
 * logarithm is near normal, and half a variance below the logarithm of what is estimated without bias.
 */
function put(
  into: Expectation,
  i: number,
  mean: number,
  parts: Float64Array,
  interval: ReturnType<typeof meanIntervals>,
) {
  const count = parts.length
  let squares = 0
  let cubes = 0
  for (let r = 0; r < count; r++) {
    const part = parts[r]!
    squares += part * part
    cubes += part * part * part
  }
  const sd = Math.sqrt(squares / (count - 1))
  const skewness = sampleSkewness(squares, cubes, count)
  const [low, high] = interval({ mean: 0, sd, skewness }, count)
  const variance = (sd * sd) / count
  into.mean[i] = mean
  into.low[i] = mean * Math.exp(low + variance / 2)
  into.high[i] = mean * Math.exp(high + variance / 2)
  into.reliable[i] = Number.isFinite(mean) && variance <= LARGEST_ERROR ** 2
}
