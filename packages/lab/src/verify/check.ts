// What verify checks: settings as data, and statements about what chains of them must show.

import type { CellSettings } from '@genloss/models'
import type { ExperimentInput } from '../experiment.js'

/** A setting that is run, and the generations at which the theory of its family is laid beside it. */
export interface Check {
  /** An experiment of one cell, without replicates. */
  experiment: ExperimentInput
  /** Generations that are looked at; the last one is the experiment's. */
  at: readonly number[]
  /** The columns whose curves are checked; all that theory has if left out. */
  columns?: readonly string[]
  /** Statements beyond the curves of the family. */
  more?: readonly Quantity[]
  /** Whether the quick list has it. */
  quick?: boolean
  /** Chains behind a row, as a multiple of the usual number: fewer where chains are dear, more where they are skew. */
  chains?: number
}

/** A number of each chain at a generation, and what its mean, variance or frequency over chains must be. */
export interface Quantity {
  /** In words, without the generation. */
  name: string
  /** The columns that it is made of. */
  columns: readonly string[]
  /** The number of one chain; for a share 1 or 0. */
  of: (...values: number[]) => number
  /** `share`: a frequency of 1, whose standard error the binomial law gives. */
  statistic: 'mean' | 'variance' | 'share'
  /** The exact value, one a generation 0..G; NaN where there is none. */
  theory: (settings: CellSettings) => ArrayLike<number>
}

/** One comparison. `z` is null where chains do not differ: then measured and theory must be equal. */
export interface VerifyRow {
  setting: string
  quantity: string
  theory: number
  measured: number
  se: number
  z: number | null
}
