/** Least squares on the logarithmic scale for two laws of a size n: y = A n^e, and y = A n^e + B. */

/** One value of the law, as the logarithm ln y at x = ln n, weighted by 1 / error^2. */
export interface LogPoint {
  x: number
  y: number
  /** Standard deviation of y. */
  error: number
  /** True where the value is only known to be at least exp(y): it counts where the law lies below. */
  isBound?: boolean
}

/** The numbers of a law, and how far it lies from its points. */
export interface LawParameters {
  /** ln |A| and the sign of A: A itself may be beyond all numbers for a steep law. */
  logAmplitude: number
  sign: 1 | -1
  exponent: number
  plateau: number
  /** Sum of squares of (ln y - ln law) / error. */
  chiSquare: number
}

/** Exponents that are looked for. */
const steepest = 12

/** The law's value at ln n. */
export function lawAt({ logAmplitude, sign, exponent, plateau }: LawParameters, x: number): number {
  return sign * Math.exp(logAmplitude + exponent * x) + plateau
}

function residual({ x, y, error, isBound }: LogPoint, law: LawParameters): number {
  const value = lawAt(law, x)
  if (!(value > 0)) return Number.POSITIVE_INFINITY
  const distance = (y - Math.log(value)) / error
  return isBound && distance < 0 ? 0 : distance
}

/** The sum of squares of a law over points. */
function chiSquareOf(points: readonly LogPoint[], law: LawParameters): number {
  return points.reduce((sum, point) => sum + residual(point, law) ** 2, 0)
}

/** The straight line through points whose values are known. */
function line(points: readonly LogPoint[]): Omit<LawParameters, 'chiSquare'> {
  let [weight, meanX, meanY] = [0, 0, 0]
  for (const { x, y, error } of points) {
    const w = 1 / (error * error)
    weight += w
    meanX += w * x
    meanY += w * y
  }
  meanX /= weight
  meanY /= weight
  let [squares, products] = [0, 0]
  for (const { x, y, error } of points) {
    const w = 1 / (error * error)
    squares += w * (x - meanX) ** 2
    products += w * (x - meanX) * (y - meanY)
  }
  const exponent = products / squares
  return { logAmplitude: meanY - exponent * meanX, sign: 1, exponent, plateau: 0 }
}

/**
 * The power law y = A n^e of least squares in ln y: a straight line in ln n. Bounds count where the line lies below them;
 * points and weights need two different sizes.
 */
export function fitPower(points: readonly LogPoint[]): LawParameters {
  const known = points.filter(({ isBound }) => !isBound)
  const bounds = points.filter(({ isBound }) => isBound)
  let law = line(known.length > 1 ? known : points)
  let active: readonly LogPoint[] = []
  // The bounds that pull are those that the line lies below; the set settles in a few rounds.
  for (let round = 0; round <= bounds.length; round++) {
    const below = bounds.filter(({ x, y }) => law.logAmplitude + law.exponent * x < y || active.some((p) => p.x === x))
    if (below.length === active.length) break
    active = below
    law = line([...known, ...active])
  }
  return { ...law, chiSquare: chiSquareOf(points, { ...law, chiSquare: 0 }) }
}

type Triple = [number, number, number]

/** The solution of a symmetric positive definite system of three equations by elimination; undefined where it is none. */
function solve(matrix: readonly Triple[], right: Triple): Triple | undefined {
  const rows = matrix.map((row, i) => [...row, right[i]!])
  for (let k = 0; k < 3; k++) {
    const pivot = rows[k]![k]!
    if (!(pivot > 0)) return undefined
    for (let i = k + 1; i < 3; i++) {
      const factor = rows[i]![k]! / pivot
      for (let j = k; j < 4; j++) rows[i]![j]! -= factor * rows[k]![j]!
    }
  }
  const solution: Triple = [0, 0, 0]
  for (let k = 2; k >= 0; k--) {
    let value = rows[k]![3]!
    for (let j = k + 1; j < 3; j++) value -= rows[k]![j]! * solution[j]!
    solution[k] = value / rows[k]![k]!
  }
  return solution
}

/** A law about a middle size and in units of a middle value: u exp(e (x - x0)) + b. */
interface Centred {
  amplitude: number
  exponent: number
  plateau: number
}

/** A fit in progress: points about the middle, and what a law makes of them. */
class Search {
  readonly points: LogPoint[]
  readonly x0: number
  readonly y0: number

  constructor(points: readonly LogPoint[]) {
    this.x0 = points.reduce((sum, { x }) => sum + x, 0) / points.length
    this.y0 = points.reduce((sum, { y }) => sum + y, 0) / points.length
    this.points = points.map((point) => ({ ...point, x: point.x - this.x0, y: point.y - this.y0 }))
  }

  inside(law: LawParameters): Centred {
    const { logAmplitude, sign, exponent, plateau } = law
    const amplitude = sign * Math.exp(logAmplitude + exponent * this.x0 - this.y0)
    return { amplitude, exponent, plateau: plateau * Math.exp(-this.y0) }
  }

  outside({ amplitude, exponent, plateau }: Centred, chiSquare: number): LawParameters {
    const logAmplitude = Math.log(Math.abs(amplitude)) - exponent * this.x0 + this.y0
    return { logAmplitude, sign: amplitude < 0 ? -1 : 1, exponent, plateau: plateau * Math.exp(this.y0), chiSquare }
  }

  chiSquare({ amplitude, exponent, plateau }: Centred): number {
    let sum = 0
    for (const { x, y, error, isBound } of this.points) {
      const value = amplitude * Math.exp(exponent * x) + plateau
      if (!(value > 0)) return Number.POSITIVE_INFINITY
      const distance = (y - Math.log(value)) / error
      if (!(isBound && distance < 0)) sum += distance * distance
    }
    return sum
  }

  /** Amplitude and plateau for an exponent: linear least squares of y itself, its error being y times that of ln y. */
  start(exponent: number): Centred | undefined {
    let [w, wp, wpp, wy, wpy] = [0, 0, 0, 0, 0]
    for (const { x, y, error } of this.points) {
      const [value, power] = [Math.exp(y), Math.exp(exponent * x)]
      const weight = 1 / (value * error) ** 2
      w += weight
      wp += weight * power
      wpp += weight * power * power
      wy += weight * value
      wpy += weight * power * value
    }
    const determinant = w * wpp - wp * wp
    if (!(determinant > 0)) return undefined
    return { exponent, amplitude: (w * wpy - wp * wy) / determinant, plateau: (wpp * wy - wp * wpy) / determinant }
  }

  /** Levenberg-Marquardt steps until nothing is gained: D. W. Marquardt, J. SIAM 11 (1963) 431-441. */
  refine(from: Centred): [Centred, number] {
    let law = from
    let best = this.chiSquare(law)
    let damping = 1e-3
    for (let step = 0; step < 200 && damping < 1e12; step++) {
      const next = this.#step(law, damping)
      const found = next ? this.chiSquare(next) : Number.POSITIVE_INFINITY
      if (!next || !(found < best)) {
        damping *= 8
        continue
      }
      const gained = best - found
      law = next
      best = found
      damping = Math.max(1e-12, damping / 8)
      if (gained < 1e-11 * (1 + best)) break
    }
    return [law, best]
  }

  #step({ amplitude, exponent, plateau }: Centred, damping: number): Centred | undefined {
    const matrix: Triple[] = [
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]
    const right: Triple = [0, 0, 0]
    for (const { x, y, error, isBound } of this.points) {
      const power = Math.exp(exponent * x)
      const value = amplitude * power + plateau
      const distance = (y - Math.log(value)) / error
      if (isBound && distance < 0) continue
      const scale = 1 / (value * error)
      const slopes: Triple = [power * scale, amplitude * x * power * scale, scale]
      for (let i = 0; i < 3; i++) {
        right[i]! += slopes[i]! * distance
        for (let j = 0; j < 3; j++) matrix[i]![j]! += slopes[i]! * slopes[j]!
      }
    }
    for (let i = 0; i < 3; i++) matrix[i]![i]! *= 1 + damping
    const move = solve(matrix, right)
    if (!move) return undefined
    const found = { amplitude: amplitude + move[0], exponent: exponent + move[1], plateau: plateau + move[2] }
    return Math.abs(found.exponent) <= steepest ? found : undefined
  }
}

/** Exponents that a search starts from. */
const starts = [-4, -3, -2, -1.5, -1, -0.7, -0.5, -0.3, -0.15, 0.15, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 4]

/**
 * The law y = A n^e + B of least squares in ln y. A loss falls to what is left of it: A > 0, e < 0 and B at least 0; with
 * `isFree` it may also rise to B or without end. Where the best one would be another, the law is the power law.
 *
 * @param near a law to start from; without it several starts are tried
 */
export function fitPlateau(points: readonly LogPoint[], isFree: boolean, near?: LawParameters): LawParameters {
  const search = new Search(points)
  const power = fitPower(points)
  let best = power
  const take = (start: Centred): void => {
    const [law, chiSquare] = search.refine(start)
    if (chiSquare < best.chiSquare && isSound(law, isFree)) best = search.outside(law, chiSquare)
  }
  if (near && Number.isFinite(near.logAmplitude)) take(search.inside(near))
  else for (const start of candidates(search)) take(start)
  if (best === power) take({ ...search.inside(power), plateau: 1e-6 })
  return best
}

/** Whether a law keeps above 0 for all larger sizes, and a loss falls to its plateau. */
function isSound({ amplitude, exponent, plateau }: Centred, isFree: boolean): boolean {
  if (!isFree) return plateau >= 0 && amplitude > 0 && exponent < 0
  return exponent < 0 ? plateau >= 0 : amplitude > 0
}

/** The three best starts. */
function candidates(search: Search): Centred[] {
  const found = starts.flatMap((exponent) => search.start(exponent) ?? [])
  const judged = found.map((law) => [search.chiSquare(law), law] as const).filter(([size]) => Number.isFinite(size))
  judged.sort(([a], [b]) => a - b)
  return judged.slice(0, 3).map(([, law]) => law)
}
