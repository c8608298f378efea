/** Sample-size laws y = A n^e and y = A n^e + B through values with resamples: exponents, plateaus, what size a target needs. */
import { chiSquareTail } from '../chi-square.js'
import type { Estimate } from '../difference.js'
import { checkConfidence, refuse } from '../shape.js'
import { choose, misfit, type PlateauRule } from './choice.js'
import { fitPlateau, fitPower, type LawParameters, type LogPoint, lawAt } from './least-squares.js'
import { above, finite, type LawPoint, pointOf, resampled, type SizedValue, weightsOf } from './points.js'

export interface LawOptions {
  /** Default `nonnegative`. */
  plateau?: PlateauRule
  /** B where it is known, as of n = infinity; the law is then y = A n^e + B with this B, and nothing is tested. */
  level?: number
  /** Default 0.95. */
  confidence?: number
}

/** A law with intervals from resamples. */
export interface LawFit {
  /** A, the value at n = 1 less the plateau. */
  amplitude: Estimate
  /** e: -1 for a loss that goes as 1/n. */
  exponent: Estimate
  /** B; 0 in a power law. */
  plateau: Estimate
  /** Sum of squared deviations of ln y in units of their errors, with its degrees of freedom and P(as much by chance). */
  chi_square: number
  freedom: number
  p: number
  /** The largest deviation of a value from the law, as a share of the law. */
  worst: number
}

/**
 * Whether there is a plateau: `seen`; `none`, where it is at most a quarter of the last value; `unclear`, where the values
 * allow for more; `known`, where it was given; `untested` with fewer than four sizes, or where none was asked for.
 */
export type PlateauVerdict = 'seen' | 'none' | 'unclear' | 'known' | 'untested'

/** The exponent between two sizes that follow each other. */
export interface LocalExponent {
  from: number
  to: number
  exponent: Estimate
}

/** The size at which a law has a value. */
export interface SizeEstimate extends Estimate {
  /** Whether the law was read, or the line through the two nearest sizes. */
  by: 'law' | 'neighbours'
  /** Whether the value lies outside those that were measured. */
  isExtrapolated: boolean
}

/** What a plateau may be of the last value and count as none. */
const negligible = 1 / 4
/** Sample-size laws of one quantity. Made by `scalingLaw`. */
export class ScalingLaw {
  readonly points: readonly LawPoint[]
  /** Null where too few values can be fitted. */
  readonly power: LawFit | null
  readonly plateau: LawFit | null
  readonly verdict: PlateauVerdict
  /** The law that is taken: with a plateau only where one is seen. */
  readonly law: 'power' | 'plateau' | null
  readonly local: readonly LocalExponent[]
  readonly #confidence: number
  /** What is taken off values before a law is fitted. */
  readonly #level: number
  readonly #used: readonly SizedValue[]
  readonly #logs: readonly LogPoint[]
  readonly #fits: { power: LawParameters[]; plateau: LawParameters[] } = { power: [], plateau: [] }

  constructor(
    given: readonly SizedValue[],
    { plateau: asked = 'nonnegative', level: known, confidence = 0.95 }: LawOptions,
  ) {
    this.#confidence = confidence
    this.#level = known ?? 0
    const plateau = known === undefined ? asked : 'none'
    const values = given.map((one) => above(one, this.#level))
    const points = values.map(pointOf)
    const isFitted = (point: LawPoint) => point.leftOut === null
    const all = values.filter((_, i) => isFitted(points[i]!)).sort((a, b) => a.size - b.size)
    this.local = localExponents(all, confidence)
    const used = points.filter(isFitted).sort((a, b) => a.size - b.size)
    const errors = weightsOf(used)
    const logs = used.map(({ size, value }, i) => ({ x: Math.log(size), y: Math.log(value), error: errors[i]! }))
    const chosen = choose(logs, plateau)
    const from = chosen.from < used.length ? used[chosen.from]!.size : 0
    this.points = points.map((point, i) => {
      const leftOut = isFitted(point) && point.size < from ? ('off the law' as const) : point.leftOut
      return { ...point, value: given[i]!.value, leftOut }
    })
    this.#logs = logs.slice(chosen.from)
    this.#used = all.slice(chosen.from)
    this.power = null
    this.plateau = null
    const { power, level } = chosen
    if (power) {
      this.#fits.power = this.#refit(fitPower, power)
      this.power = this.#describe('power')
    }
    if (level) {
      this.#fits.plateau = this.#refit((again) => fitPlateau(again, plateau === 'free', level), level)
      this.plateau = this.#describe('plateau')
    }
    this.verdict = known === undefined ? this.#judge(chosen.isSeen) : 'known'
    this.law = this.power ? (this.verdict === 'seen' ? 'plateau' : 'power') : null
  }

  /** The law's value at a size, with its interval; NaN without a law. */
  at(size: number): Estimate {
    return this.#estimate(this.law, (law) => lawAt(law, Math.log(size)) + this.#level)
  }

  /**
   * The size at which the quantity has a value; Infinity where it has it at none, the plateau being in the way.
   *
   * Where the law misfits, the size is read off the line through the two nearest values, in logarithms, beyond them all
   * through the last two. The interval is right as far as the law is; where it is unclear whether there is a plateau, it
   * holds those of both laws for values beyond the ones measured. NaN without a law.
   */
  sizeFor(value: number): SizeEstimate {
    if (!(value > 0)) refuse('value', 'a number above 0', value)
    const nothing = { value: Number.NaN, low: Number.NaN, high: Number.NaN }
    if (this.law === null) return { ...nothing, by: 'law', isExtrapolated: false }
    const left = value - this.#level
    const known = this.#used.map((one) => one.value)
    const isInside = left >= Math.min(...known) && left <= Math.max(...known)
    const by = this.isMisfit ? 'neighbours' : 'law'
    const found: Estimate = by === 'law' ? this.#inverse(this.law, left) : this.#between(left)
    if (by === 'law' && !isInside && this.verdict === 'unclear') {
      const other = this.#inverse('plateau', left)
      found.low = Math.min(found.low, other.low)
      found.high = Math.max(found.high, other.high)
    }
    return { ...found, by, isExtrapolated: !isInside }
  }

  /** The exponent that other values at the same sizes, a theory's, give the same law with the same weights. */
  exponentOf(valueAt: (size: number) => number): number {
    const values = this.#used.map(({ size }) => valueAt(size) - this.#level)
    if (!this.law || !values.every((value) => value > 0 && value < Number.POSITIVE_INFINITY)) return Number.NaN
    const logs = this.#logs.map((point, i) => ({ ...point, y: Math.log(values[i]!) }))
    return (this.law === 'power' ? fitPower(logs) : fitPlateau(logs, true, this.#fits.plateau[0])).exponent
  }

  /** Whether the law lies further from the values than chance has it (p < 0.01). */
  get isMisfit(): boolean {
    return this.law !== null && this[this.law]!.p < misfit
  }

  /** The largest plateau that the values allow for; NaN where that was not tested. */
  get largestPlateau(): number {
    return this.plateau ? this.plateau.plateau.high : Number.NaN
  }

  /** The fit found, and those of all resamples. */
  #refit(refitted: (points: readonly LogPoint[]) => LawParameters, found: LawParameters): LawParameters[] {
    const count = this.#used[0]!.resamples.length
    const again = Array.from({ length: count }, (_, k) =>
      refitted(this.#logs.map((point, i) => resampled(point, this.#used[i]!, k))),
    )
    return [found, ...again]
  }

  #describe(which: 'power' | 'plateau'): LawFit {
    const [law] = this.#fits[which] as [LawParameters]
    const of = (read: (law: LawParameters) => number) => this.#estimate(which, read)
    const logs = this.#logs
    const freedom = logs.length - (which === 'power' ? 2 : 3)
    return {
      amplitude: of(({ sign, logAmplitude }) => sign * Math.exp(logAmplitude)),
      exponent: of(({ exponent }) => exponent),
      plateau: of(({ plateau }) => plateau + this.#level),
      chi_square: law.chiSquare,
      freedom,
      p: freedom > 0 ? chiSquareTail(law.chiSquare, freedom) : Number.NaN,
      worst: Math.max(...logs.map(({ x, y }) => Math.abs(Math.exp(y) / lawAt(law, x) - 1))),
    }
  }

  /** A number of a law, with the middle of what resamples make of it. */
  #estimate(which: 'power' | 'plateau' | null, read: (law: LawParameters) => number): Estimate {
    const fits = which ? this.#fits[which] : []
    if (fits.length === 0) return { value: Number.NaN, low: Number.NaN, high: Number.NaN }
    return { value: read(fits[0]!), ...middle(fits.slice(1).map(read), this.#confidence) }
  }

  #inverse(which: 'power' | 'plateau' | null, value: number): Estimate {
    return this.#estimate(which, (law) => inverted(law, value))
  }

  /** The size on the line through the two nearest values, in logarithms; beyond them all on that of the last two. */
  #between(value: number): Estimate {
    const used = this.#used
    const sizes = used.map(({ size }) => Math.log(size))
    if (!(value > 0)) return never
    const cross = (values: readonly number[]): number => {
      const isFalling = values[0]! > values.at(-1)!
      const passed = values.findIndex((one) => (isFalling ? one <= value : one >= value))
      const i = passed < 0 ? values.length - 1 : Math.max(1, passed)
      const [a, b] = [Math.log(values[i - 1]!), Math.log(values[i]!)]
      const x = sizes[i]! + ((Math.log(value) - b) * (sizes[i]! - sizes[i - 1]!)) / (b - a)
      // A line that turns back has the value nowhere beyond.
      return Number.isNaN(x) || (passed < 0 && x < sizes[i]!) ? Number.POSITIVE_INFINITY : Math.exp(x)
    }
    const count = used[0]!.resamples.length
    const again = Array.from({ length: count }, (_, k) => cross(used.map((one) => finite(one.resamples[k]!, one))))
    return { value: cross(used.map((one) => one.value)), ...middle(again, this.#confidence) }
  }

  #judge(isSeen: boolean): PlateauVerdict {
    if (!this.plateau) return 'untested'
    const { value, low, high } = this.plateau.plateau
    if (isSeen && (low > 0 || high < 0)) return 'seen'
    const { value: last } = this.#used.at(-1)!
    const isSmall = Math.max(Math.abs(value), Math.abs(low), Math.abs(high)) <= negligible * last
    return isSmall || !(this.plateau.exponent.value < 0) ? 'none' : 'unclear'
  }
}

const never: Readonly<Estimate> = {
  value: Number.POSITIVE_INFINITY,
  low: Number.POSITIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
}

function localExponents(used: readonly SizedValue[], confidence: number): LocalExponent[] {
  return used.slice(1).map((b, i) => {
    const a = used[i]!
    const slope = (first: number, second: number) => Math.log(second / first) / Math.log(b.size / a.size)
    const again = Array.from(a.resamples, (first, k) => slope(finite(first, a), finite(b.resamples[k]!, b)))
    return { from: a.size, to: b.size, exponent: { value: slope(a.value, b.value), ...middle(again, confidence) } }
  })
}

/** The ends of the middle `confidence` of values, some of which may be infinite; NaN where one is undefined. */
function middle(values: readonly number[], confidence: number): { low: number; high: number } {
  const sorted = Float64Array.from(values).sort()
  const k = Math.floor(((1 - confidence) / 2) * (sorted.length + 1))
  if (k < 1 || Number.isNaN(sorted.at(-1)!)) return { low: Number.NaN, high: Number.NaN }
  return { low: sorted[k - 1]!, high: sorted.at(-k)! }
}

/** The size at which a law has a value; Infinity where it has it at none. */
function inverted({ sign, logAmplitude, exponent, plateau }: LawParameters, value: number): number {
  const power = sign * (value - plateau)
  if (!(power > 0)) return Number.POSITIVE_INFINITY
  const size = Math.exp((Math.log(power) - logAmplitude) / exponent)
  return Number.isNaN(size) ? Number.POSITIVE_INFINITY : size
}

/**
 * Fits y = A n^e, and with four sizes or more y = A n^e + B, to a quantity known at several sizes.
 *
 * Least squares of ln y, each weighted by the inverse square of its error, which its resamples have. Every resample is fitted
 * in the same way, weights unchanged, and intervals are the middle of what comes out (the percentile bootstrap): B. Efron
 * & R. J. Tibshirani, An Introduction to the Bootstrap (1993), chapter 13. A resample that is Infinity says "at least
 * `bound`" and counts where a law lies below it. Values that are not positive, not finite or not known to a third take no
 * part. With fewer than three that do there is no law. Where a law does not hold at small sizes they are left out, and a
 * plateau is taken where it is seen: `choose` has the rules.
 *
 * Throws RangeError for sizes that are none or come twice, resamples that differ in number, and a confidence outside (0, 1).
 */
export function scalingLaw(values: readonly SizedValue[], options: LawOptions = {}): ScalingLaw {
  checkConfidence(options.confidence ?? 0.95)
  const count = values[0]?.resamples.length ?? 0
  for (const [i, { size, resamples }] of values.entries()) {
    if (resamples.length !== count)
      refuse(`values[${i}].resamples.length`, `${count}, as of the first`, resamples.length)
    if (values.findIndex((one) => one.size === size) !== i) refuse(`values[${i}].size`, 'sizes that differ', size)
  }
  return new ScalingLaw(values, options)
}
