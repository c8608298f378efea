// The histogram: counts on a grid of equal bins, uniform within each.

import { type Abilities, everyMethod } from './abilities.js'
import { broken, number, whole } from './check.js'
import type { Column, Curve, Definition, ExactAnswer, TheoryCell, Twin } from './definition.js'
import { checkOnLine } from './origins.js'
import type { HistogramModel, Model, Origin } from './settings.js'
import { readKind, type Shape } from './shape.js'
import { momentCurves } from './theory/curves.js'
import { drift } from './theory/drift.js'
import { binMoments, binned } from './theory/histogram.js'
import { momentsOf, placeOf } from './theory/line-law.js'

// --- factory ---

const usualBins = 20

const shape = {
  kind: 'histogram',
  doc: 'Counts on a grid of equal bins.',
  fields: {
    bins: {
      check: whole(1, 1e6),
      doc: `how many over the origin's central range; ${usualBins} where no width is given`,
      optional: true,
    },
    width: {
      check: number({ above: 0 }),
      doc: "the width of a bin in the data's units, edges at its multiples",
      optional: true,
    },
  },
  whole: checkGrid,
} as const satisfies Shape<HistogramModel>

/**
 * A histogram.
 *
 * @example histogram({ width: 0.5 })
 */
export function histogram(settings: Omit<HistogramModel, 'kind'> = {}): HistogramModel {
  return readKind<Model>({ histogram: shape }, { ...settings, kind: 'histogram' }, 'model') as HistogramModel
}

// --- checks ---

function checkGrid({ kind, bins, width }: HistogramModel, path: string): HistogramModel {
  if (width === undefined) return { kind, bins: bins ?? usualBins }
  if (bins === undefined) return { kind, width }
  throw broken(`${path}.bins`, bins, "either 'bins' or 'width'", 'one follows from the other')
}

function exact(): ExactAnswer {
  return { exact: true, taken: true, why: 'counts of bins are multinomial' }
}

/** Below this width, in sds of the origin, expected counts would take too many bins. */
const narrowest = 1e-4

/** Counts in the order of their bins; a power tail has bins without end, and no list of what to expect in them. */
function abilities(model: HistogramModel, origin: Origin): Abilities {
  return {
    record: 'number',
    sampling: { temperature: everyMethod },
    subsets: ['draws', 'exact'],
    selection: ['draws', 'exact'],
    weights: everyMethod,
    poison: number(),
    population: origin.kind !== 'pareto' && !isNarrow(model, origin),
    bytes: 0,
    keeps: false,
  }
}

function isNarrow({ bins = usualBins, width }: HistogramModel, origin: Origin): boolean {
  if (origin.kind === 'table') return false
  if (width === undefined) return bins > 10 / narrowest
  // Settings that an axis fills in later are missing.
  const isGiven = origin.kind !== 'mixture' || origin.components !== undefined
  return isGiven && width < narrowest * (momentsOf(origin)?.sd ?? 1)
}

// --- theory ---

const recursion = 'recursion of moments of the bins’ centres (docstrings of drift and binned)'

function theory(model: HistogramModel, { origin, ...cell }: TheoryCell): Curve[] {
  const law = momentsOf(origin)
  // Bins of a power tail have no end that a sum could reach.
  if (!law || origin.kind === 'pareto') return []
  const grid = gridOf(model, origin)
  const centres = binMoments(origin, grid)
  if (!centres) return []
  const { mean, variance } = centres
  const sd = Math.sqrt(variance)
  const record = cell.poison?.record
  const bin = typeof record === 'number' ? Math.floor((record - grid.start) / grid.width) : undefined
  const away = bin === undefined ? undefined : (grid.start + (bin + 0.5) * grid.width - mean) / sd
  const found = drift(cell, binned(grid.width ** 2 / 12 / variance), away)
  if (!found) return []
  const ratio = variance / law.sd ** 2
  const shift = (mean - law.mean) / law.sd
  const scaled = (values: Float64Array, factor: number, more = 0) => values.map((value) => factor * value + more)
  return momentCurves(
    {
      mean: scaled(found.mean, Math.sqrt(ratio), shift),
      meanVariance: scaled(found.meanVariance, ratio),
      within: scaled(found.within, ratio),
      variance: scaled(found.variance, ratio),
    },
    recursion,
  )
}

/** Width and left edge of bin 0, in the data's units. */
function gridOf({ bins = usualBins, width }: HistogramModel, origin: Origin): { width: number; start: number } {
  if (width !== undefined) return { width, start: 0 }
  const [low, high] =
    origin.kind === 'exponential'
      ? [0, placeOf(origin, 'above', 0.001)]
      : [placeOf(origin, 'below', 0.0005), placeOf(origin, 'above', 0.0005)]
  return { width: (high - low) / bins, start: low }
}

// --- twin ---

export interface HistogramFit {
  width: number
  start: number
  /** Ascending bins that hold records, and how many. */
  counts: Map<number, number>
}

/** One column; without a width the bins lie over the range of the records that it is fitted to. */
function twin({ bins = usualBins, width }: HistogramModel): Twin<HistogramFit> {
  return {
    fit([values]: readonly Column[]) {
      if (!values?.length) throw broken('model', values?.length ?? 0, 'at least one record to fit')
      const sorted = Float64Array.from(values).sort()
      const [low, high] = [sorted[0]!, sorted.at(-1)!]
      const grid = width === undefined ? { width: (high - low) / bins, start: low } : { width, start: 0 }
      if (!(grid.width > 0)) throw broken('model.bins', bins, 'a width, where records do not vary')
      const counts = new Map<number, number>()
      for (const x of sorted) {
        const place = Math.floor((x - grid.start) / grid.width)
        const bin = width === undefined ? Math.min(place, bins - 1) : place
        counts.set(bin, (counts.get(bin) ?? 0) + 1)
      }
      return { ...grid, counts }
    },
    sample({ width, start, counts }, n, random) {
      const records = [...counts].flatMap(([bin, count]) => new Array<number>(count).fill(bin))
      const record = () => start + (records[random.integer(records.length)]! + random.uniform()) * width
      return [Float64Array.from({ length: n }, record)]
    },
  }
}

/** The definition of the family. */
export const histogramDefinition: Definition<'histogram'> = {
  kind: 'histogram',
  shape,
  origins: ['gaussian', 'mixture', 'exponential', 'pareto', 'table'],
  example: 'histogram:width=0.5',
  least: () => ({ records: 1, why: '' }),
  exact,
  checkOrigin: (_, origin) => checkOnLine('histogram', origin),
  abilities,
  theory,
  twin,
}
