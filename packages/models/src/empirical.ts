// The empirical model: it keeps the records, and draws whole ones again (the bootstrap).

import type { Abilities } from './abilities.js'
import { heterozygosity } from './categorical.js'
import { broken, number } from './check.js'
import type { Column, Curve, Definition, ExactAnswer, ExactQuestion, TheoryCell, Twin } from './definition.js'
import type { EmpiricalModel, Model, Origin } from './settings.js'
import { readKind, type Shape } from './shape.js'
import { momentCurves } from './theory/curves.js'
import { drift } from './theory/drift.js'
import { distinctAlive } from './theory/extinction.js'
import { mle } from './theory/fit.js'
import { isPlain } from './theory/setting.js'

// --- factory ---

const shape = {
  kind: 'empirical',
  doc: 'The records themselves, whole rows drawn again.',
  fields: {},
} as const satisfies Shape<EmpiricalModel>

/** An empirical model: a generator without any error but that of sampling. */
export function empirical(settings: Record<string, never> = {}): EmpiricalModel {
  return readKind<Model>({ empirical: shape }, { ...settings, kind: 'empirical' }, 'model') as EmpiricalModel
}

// --- checks ---

/** Drawing one count of copies costs about as much as drawing this many records (measured on x86-64, one core). */
const recordsACount = 20

/** Copies of a table's rows have multinomial counts, at a cost that grows with the rows instead of the records. */
function exact({ origin, n, rows = 0 }: ExactQuestion): ExactAnswer {
  if (origin.kind !== 'table') {
    return { exact: false, taken: false, why: 'records of a law are all different, so they are drawn one by one' }
  }
  const taken = n >= recordsACount * rows
  const why = taken
    ? 'how often each row is drawn is multinomial'
    : `drawing ${n} records costs less than counting copies of ${rows} rows`
  return { exact: true, taken, why }
}

/**
 * A row of a table is kept by its number, or counted; a record of a law as its number and its value. Resampled records
 * have no weights, and no order but that of their numbers.
 */
function abilities(_model: EmpiricalModel, { kind }: Origin): Abilities {
  const subsets = ['draws', 'exact'] as const
  const counted = ['exact', 'population'] as const
  const drawn = { sampling: {}, subsets, selection: [], weights: [], population: false, bytes: 12, keeps: true }
  if (kind === 'categorical') return { ...drawn, record: 'class' }
  if (kind !== 'table') return { ...drawn, record: 'number', poison: number() }
  return {
    ...drawn,
    record: 'row',
    sampling: { temperature: counted },
    weights: counted,
    population: true,
    bytes: 4,
  }
}

// --- theory ---

const recursion = 'recursion of moments (docstring of drift)'

function theory(_model: EmpiricalModel, { origin, ...cell }: TheoryCell): Curve[] {
  if (origin.kind === 'table') return []
  const record = cell.poison?.record
  const away = origin.kind === 'gaussian' && typeof record === 'number' ? (record - origin.mean) / origin.sd : undefined
  const found = drift(cell, mle, away)
  const curves = origin.kind === 'gaussian' ? momentCurves(found) : []
  if (found && origin.kind === 'categorical' && heterozygosity(origin.probabilities) > 0) {
    curves.push({ column: 'heterozygosity_ratio', statistic: 'mean', values: found.within, source: recursion })
  }
  const distinct = cell.policy.kind === 'replace' && isPlain(cell) && distinctAlive(cell)
  if (distinct) {
    const source = 'powers of the transition matrix of a count (docstring of countLaws)'
    curves.push({ column: 'distinct_alive', statistic: 'mean', values: distinct, source })
  }
  return curves
}

// --- twin ---

/** The records, as columns. */
export type EmpiricalFit = readonly Column[]

function twin(): Twin<EmpiricalFit> {
  return {
    fit(columns) {
      if (!columns[0]?.length) throw broken('model', columns[0]?.length ?? 0, 'at least one record to fit')
      return columns
    },
    sample(columns, n, random) {
      const rows = Uint32Array.from({ length: n }, () => random.integer(columns[0]!.length))
      return columns.map((column) => (column instanceof Float64Array ? take(column, rows) : takeCodes(column, rows)))
    },
  }
}

function take(column: Float64Array, rows: Uint32Array): Float64Array {
  return Float64Array.from(rows, (row) => column[row]!)
}

function takeCodes(column: Uint32Array, rows: Uint32Array): Uint32Array {
  return rows.map((row) => column[row]!)
}

/** The definition of the family. */
export const empiricalDefinition: Definition<'empirical'> = {
  kind: 'empirical',
  shape,
  origins: ['table', 'gaussian', 'categorical'],
  example: 'empirical',
  least: () => ({ records: 1, why: '' }),
  exact,
  abilities,
  mostDraws: { records: 2 ** 32 - 2, why: 'resampled records are held in memory, fewer than 2^32 of them' },
  theory,
  twin,
}
