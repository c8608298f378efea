/** Which law a quantity follows, over which sizes, and whether it has a plateau. */
import { chiSquareTail } from '../chi-square.js'
import { fitPlateau, fitPower, type LawParameters, type LogPoint } from './least-squares.js'

/**
 * What B may be: `none` (B = 0), `nonnegative` (a loss, which can't be below 0) or `free`.
 */
export type PlateauRule = 'none' | 'nonnegative' | 'free'

/** Fewest sizes of a law with two numbers and of one with three. */
export const fewestSizes = { power: 3, plateau: 4 } as const

/** A law with a smaller p does not hold, and is said to misfit. */
export const misfit = 0.01
/** Small sizes are left out until p is at least this: a bend that is just not seen would bend the exponent. */
const enough = 0.05

/** A law chosen for the sizes from one on. */
export interface Chosen {
  /** How many of the smallest sizes are left out. */
  from: number
  power: LawParameters | null
  /** With a plateau. */
  level: LawParameters | null
  isSeen: boolean
}

/**
 * The law of the most sizes, the smallest being left out one after another: a law of large n need not hold at small ones.
 *
 * A plateau is seen where leaving it out costs more than chance does (p < 0.01, chi-square of one degree of freedom), where
 * with it the law fits, and where it is at least half of the last value. Laws with p of at least 0.05 come first, then those
 * with 0.01. With none, the power law of all sizes is given with its misfit.
 */
export function choose(logs: readonly LogPoint[], rule: PlateauRule): Chosen {
  const isFree = rule === 'free'
  const found: (Chosen & { p: number })[] = []
  for (let from = 0; from <= logs.length - fewestSizes.power; from++) {
    const points = logs.slice(from)
    const power = fitPower(points)
    const level = rule !== 'none' && points.length >= fewestSizes.plateau ? fitPlateau(points, isFree) : null
    const isSeen = level !== null && isPlateau(level, power, points, isFree)
    const p = isSeen ? chance(level, points, 3) : chance(power, points, 2)
    found.push({ from, power, level, isSeen, p })
    if (p >= enough) break
  }
  const [first] = found
  if (!first) return { from: 0, power: null, level: null, isSeen: false }
  return found.find(({ p }) => p >= enough) ?? found.find(({ p }) => p >= misfit) ?? { ...first, isSeen: false }
}

/** P(a law misfits as much by chance). */
function chance({ chiSquare }: LawParameters, points: readonly LogPoint[], numbers: number): number {
  const freedom = points.length - numbers
  return freedom > 0 ? chiSquareTail(chiSquare, freedom) : 1
}

function isPlateau(level: LawParameters, power: LawParameters, points: readonly LogPoint[], isFree: boolean): boolean {
  const gain = Math.max(0, power.chiSquare - level.chiSquare)
  // One that can't be negative is at its edge, 0, in half of all samples without one.
  const p = (isFree ? 1 : 0.5) * chiSquareTail(gain, 1)
  const isHigh = level.exponent < 0 && Math.abs(level.plateau) >= Math.exp(points.at(-1)!.y) / 2
  return p < misfit && isHigh && chance(level, points, 3) >= misfit
}
