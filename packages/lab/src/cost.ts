// What a cell costs, by a static model: it orders the blocks of a run and foretells its time, and moves no number.

import type { CellSettings, FamilyKind } from '@genloss/models'
import { chainBytes } from './blocks.js'
import { sizesOfCell } from './cell-sizes.js'
import type { CellRecords } from './memory.js'
import { recordedCount } from './settings.js'

/** Nanoseconds of one core: of a fit with its measures, by statistics' own law or of drawn records, and of a record. */
interface FamilyCost {
  exact: number
  drawn: number
  record: number
}

/** Measured once on one processor with AVX-512, at n = 200 and 6,400, default settings, two dimensions at most. */
const costs: { readonly [K in FamilyKind]: FamilyCost } = {
  gaussian: { exact: 750, drawn: 2500, record: 0.7 },
  categorical: { exact: 1400, drawn: 1900, record: 1.5 },
  empirical: { exact: 1500, drawn: 2000, record: 3 },
  exponential: { exact: 730, drawn: 2500, record: 0.4 },
  poisson: { exact: 9300, drawn: 10_000, record: 31 },
  pareto: { exact: 730, drawn: 820, record: 0.6 },
  'multivariate-gaussian': { exact: 1650, drawn: 2500, record: 1.6 },
  kde: { exact: 23_000, drawn: 390_000, record: 250 },
  histogram: { exact: 119_000, drawn: 90_000, record: 11 },
  'gaussian-mixture': { exact: 540_000, drawn: 370_000, record: 175 },
  copula: { exact: 300_000, drawn: 40_000, record: 25 },
  'linear-regression': { exact: 700, drawn: 1000, record: 1.8 },
  // Nobody knows: this is the normal model as a module.
  module: { exact: 20_000, drawn: 20_000, record: 25 },
}

/** What a fit of the reference block costs in the model: it tells how fast a machine is. */
export const referenceCost: number = costs.gaussian.exact

/** The share of a fit's cost that is left where its generation is not recorded: measures are most of it. */
const unmeasured = 0.03

/** A byte of columns, from the core to the disk. */
const written = 3

/** Nanoseconds of one core that a cell takes beside its chains: it is settled, hashed and written as text. */
export const cellCost: number = 220_000

/** Nanoseconds of one core that one chain of a cell takes, as foretold. */
export function chainCost(cell: CellRecords): number {
  const { settings, method, abilities } = cell
  const { exact, drawn, record } = costs[settings.model.kind]
  const width = Math.max(1, abilities.bytes / 8)
  const measured = recordedCount(settings)
  const fits = measured + unmeasured * (settings.generations + 1 - measured)
  const kept = written * chainBytes(settings)
  if (method !== 'draws') return fits * exact * width + kept
  return width * (fits * drawn + recordsOf(settings, abilities.keeps) * record) + kept
}

/** Records that are drawn; a family that learns from the records themselves goes through whole training sets. */
function recordsOf(settings: CellSettings, keeps: boolean): number {
  const { made, largest } = sizesOfCell(settings)
  if (!keeps) return made
  return Math.max(made, ((settings.generations + 1) * (Number(settings.initial) + largest)) / 2)
}
