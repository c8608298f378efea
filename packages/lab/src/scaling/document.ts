// What scaling finds, as a program sees it and as `scaling --json` prints it.

import { type Json, type LawFit, type LeftOut, type PlateauVerdict, type ScalingLaw, toJson } from '@genloss/metrics'
import type { CellSettings } from '@genloss/models'
import type { HalfLives, Limit } from './theory.js'

/** A number with its 95 % interval. */
export interface Interval {
  value: number
  low: number
  high: number
}

/** A quantity at a size. */
export interface ScalingPoint extends Interval {
  /** Records a generation; of a schedule its start. */
  n: number
  /** What theory has in its place; NaN where no closed form is known. */
  theory: number
  /** Why it takes no part in the law; null where it does. */
  left_out: LeftOut | 'unreliable' | 'all lost' | null
}

/** The size that a target needs. */
export interface ScalingTarget {
  /** The quantity's value; for a date the generation that half of the chains are to pass without it. */
  value: number
  /** Records, rounded up; Infinity where no size will do. */
  n: number
  low: number
  high: number
  /** Read off the law, or where it misfits off the line through the two nearest values. */
  by: 'law' | 'neighbours'
  /** Whether the value lies outside those that the law was fitted to. */
  extrapolated: boolean
}

/** How one quantity depends on n. */
export interface QuantityLaw {
  name: string
  /** Of chains: `mean`, `median`, `mean_square` of the column, or the median `date` of the event. */
  statistic: 'mean' | 'median' | 'mean_square' | 'date'
  /** For ratios to the origin's the law is of 1 - value (`below`) or of value - 1 (`above`), for `negative` values of -value. */
  departure: 'below' | 'above' | 'negative' | null
  /** The generation that the values are of; null for dates. */
  generation: number | null
  points: ScalingPoint[]
  /** The value for n = infinity, where that was run; NaN else. */
  infinite: number
  /** The law that is taken; null with fewer than three values to fit. */
  law: 'power' | 'plateau' | null
  /** Whether the law lies further from the values than chance has it (p < 0.01): look at `local` then. */
  misfit: boolean
  /** Sizes at which a date lies beyond the last generation and the law has it before that. */
  contradicted: number[]
  /** Whether there is a plateau. */
  plateau: PlateauVerdict
  /** The largest one that the values allow for. */
  largest_plateau: number
  /** A n^e, and A n^e + B, fitted to the values; of dates, to the date plus one half. */
  power: LawFit | null
  with_plateau: LawFit | null
  /** e of the law fitted to theory's values in the same way; NaN where theory lacks one. */
  theory_exponent: number
  /** The exponent between each two sizes that follow each other. */
  local: { from: number; to: number; exponent: Interval }[]
  targets: ScalingTarget[]
  /** What to know of the law, in sentences. */
  remarks: string[]
}

/** A quantity with the law itself, which tells its value at any size and the size for any value. */
export interface FittedQuantity extends QuantityLaw {
  fit: ScalingLaw
}

/** A median date as a generation; null is beyond the last one. */
export interface DateInterval {
  value: number | null
  low: number | null
  high: number | null
}

/** When a normal chain under plain `replace` has lost half of its variance: by theory, exact, and as measured. */
export interface HalfLifePoint {
  n: number
  theory: HalfLives | null
  /** The first generation whose median variance is at most half. */
  marginal: DateInterval
  /** The median over chains of the first generation whose variance is at most half; null where not all were recorded. */
  first_passage: DateInterval | null
}

/** E[W2^2] of a normal chain under plain `replace`. */
export interface RiskPoint {
  n: number
  generation: number
  exact: number
  first_order: number
  /** Null where the columns do not tell. */
  measured: Interval | null
}

/** The cells that differ in n alone. */
export interface ScalingCurve {
  /** What else is swept, by path. */
  swept: Record<string, unknown>
  /** How n changes with the generations, where it does. */
  schedule: { power: number } | { factor: number } | null
  /** The settings of the first cell. */
  settings: CellSettings
  /** Hashes of the cells, by rising n. */
  cells: string[]
  quantities: FittedQuantity[]
  /** Of normal models under plain `replace` alone. */
  half_life?: HalfLifePoint[]
  risk?: RiskPoint[]
}

/** A cell whose sizes grow, and where that ends. */
export interface GrowthCell {
  cell: string
  swept: Record<string, unknown>
  n: CellSettings['n']
  generation: number
  /** What the limit's `variance` is of. */
  of: 'variance' | 'heterozygosity'
  limit: Limit
  /** E[W2^2] at the generation by theory, for normal models; else null. */
  risk: RiskPoint | null
}

/** How losses and dates depend on n. */
export interface ScalingResult {
  /** The folder of the run, or null. */
  run: string | null
  /** The plan's hash. */
  plan: string
  notes: string[]
  curves: ScalingCurve[]
  /** Cells whose sizes grow under plain `replace`. */
  growth: GrowthCell[]
}

type PlainCurve = Omit<ScalingCurve, 'quantities'> & { quantities: QuantityLaw[] }

/** The result as `scaling --json` prints it: what is undefined or infinite is null. */
export type ScalingDocument = Json<Omit<ScalingResult, 'curves'> & { curves: PlainCurve[] }>

export function scalingDocument({ curves, ...rest }: ScalingResult): ScalingDocument {
  const plain = curves.map(({ quantities, ...curve }) => ({
    ...curve,
    quantities: quantities.map(({ fit: _, ...quantity }) => quantity),
  }))
  return toJson({ ...rest, curves: plain }) as ScalingDocument
}
