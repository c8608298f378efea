// The gaussian copula: a table's columns, of numbers and of text, each with a margin of its own, tied by latent correlations.

import type { Abilities } from './abilities.js'
import { everyMethod } from './abilities.js'
import { broken, type Check, oneOf } from './check.js'
import type { Column, Definition, ExactAnswer, Random, Twin } from './definition.js'
import { widthOf } from './origins.js'
import type { CopulaModel, Margin, Model, Origin } from './settings.js'
import { isObject, readKind, type Shape } from './shape.js'
import { readPairs } from './shorthand.js'
import { normalTails } from './theory/special.js'

// --- factory ---

const margin = oneOf<Margin>('empirical', 'kde', 'normal', 'log-normal', 'heavy-tailed')

const margins: Check<Record<string, Margin>> = {
  rule: `margins by column, as age:kde/wage:heavy-tailed, each ${margin.rule}`,
  read(value, path) {
    const given = typeof value === 'string' ? readPairs(value) : isObject(value) ? value : undefined
    if (!given || Object.keys(given).length === 0) throw broken(path, value, this.rule)
    return Object.fromEntries(Object.entries(given).map(([name, each]) => [name, margin.read(each, `${path}.${name}`)]))
  },
}

const shape = {
  kind: 'copula',
  doc: 'A gaussian copula over the columns of a table: numbers, text and what is missing.',
  fields: {
    margin: { check: margin, doc: 'the law of a column of numbers', fallback: 'empirical' },
    margins: { check: margins, doc: 'other laws, by column', optional: true },
    bounds: {
      check: oneOf('natural', 'observed'),
      doc: 'numbers stay at or above 0 where real ones do, or within the range of the real ones',
      fallback: 'natural',
    },
  },
} as const satisfies Shape<CopulaModel>

/**
 * A gaussian copula over the columns of a table.
 *
 * @example copula({ margin: 'kde', margins: { wage: 'heavy-tailed' } })
 */
export function copula(settings: Partial<Omit<CopulaModel, 'kind'>> = {}): CopulaModel {
  return readKind<Model>({ copula: shape }, { ...settings, kind: 'copula' }, 'model') as CopulaModel
}

// --- checks ---

function exact(): ExactAnswer {
  return {
    exact: true,
    taken: false,
    why: 'the exact method draws the counts of columns apart, which is an approximation here; ask for it',
  }
}

/** Sums over whole rows: weighed and merged as they are. A row has no order, and no one number or class is one. */
function abilities(_: CopulaModel, origin: Origin): Abilities {
  return {
    record: 'row',
    sampling: {},
    subsets: ['draws'],
    selection: [],
    weights: everyMethod,
    population: true,
    bytes: 8 * widthOf(origin),
    keeps: false,
  }
}

// --- twin ---

/** A column as ascending values or classes with what lies below each, or as mean and sd of a normal law. */
interface FittedMargin {
  column: Column
  values: number[]
  /** Mass up to and with each value; the last is 1. */
  below: number[]
  /** Mean and sd, of logarithms where `log` says so. */
  normal?: { mean: number; sd: number; log: boolean }
}

export interface CopulaFit {
  margins: FittedMargin[]
  correlations: number[][]
}

/**
 * Columns without missing values, classes in the order of their codes, margins that are empirical or normal. Latent
 * correlations make the covariance of the normal scores of each pair what it is in the records; the covariance of two
 * step functions is found from its slope, a sum of bivariate normal densities at the steps (Plackett's identity).
 */
function twin({ margin }: CopulaModel): Twin<CopulaFit> {
  if (margin === 'kde' || margin === 'heavy-tailed') {
    throw broken('model.margin', margin, "'empirical', 'normal' or 'log-normal' in the plain twin")
  }
  return {
    fit(columns) {
      const n = columns[0]?.length ?? 0
      if (n === 0) throw broken('model', n, 'at least one record to fit')
      const scored = columns.map((column) => scoresOf(column))
      const correlations = scored.map((a, i) =>
        scored.map((b, j) => (i === j ? 1 : latent(a, b, covarianceOf(a.records, b.records)))),
      )
      return { margins: columns.map((column, i) => marginOf(column, scored[i]!, margin)), correlations }
    },
    sample({ margins, correlations }, n, random) {
      const rows = Array.from({ length: n }, () => correlated(correlations, random))
      return margins.map((each, j) => {
        const of = (row: number[]) => valueAt(each, row[j]!)
        return each.column instanceof Float64Array ? Float64Array.from(rows, of) : Uint32Array.from(rows, of)
      })
    },
  }
}

interface Scored {
  values: number[]
  below: number[]
  /** The threshold above each value but the last, and the step of the score there. */
  steps: { at: number; up: number }[]
  /** The score of each value, and of each record. */
  scores: number[]
  records: number[]
}

/** The score of a value: the mean of a standard normal number between the quantiles of its edges. */
function scoresOf(column: Column): Scored {
  const values = [...new Set(column)].sort((a, b) => a - b)
  const place = new Map(values.map((value, i) => [value, i]))
  const counts = values.map(() => 0)
  for (const value of column) counts[place.get(value)!]! += 1
  let sum = 0
  const below = counts.map((count) => {
    sum += count
    return sum / column.length
  })
  const density = (p: number) => (p <= 0 || p >= 1 ? 0 : normalDensity(normalQuantile(p)))
  const scores = below.map((to, i) => (density(below[i - 1] ?? 0) - density(to)) / (to - (below[i - 1] ?? 0)))
  const steps = below.slice(0, -1).map((p, i) => ({ at: normalQuantile(p), up: scores[i + 1]! - scores[i]! }))
  return { values, below, steps, scores, records: Array.from(column, (value) => scores[place.get(value)!]!) }
}

function covarianceOf(a: number[], b: number[]): number {
  return a.reduce((total, x, i) => total + (x * b[i]!) / a.length, 0)
}

/** The correlation at which two step functions have a covariance, by steps of Simpson's rule outwards from 0. */
function latent(a: Scored, b: Scored, covariance: number): number {
  const steps = 100
  const sign = Math.sign(covariance)
  let reached = 0
  for (let k = 0; k < steps; k++) {
    // Even steps in asin(r): the slope grows without bound towards 1.
    const at = (step: number) => Math.sin(((Math.PI / 2) * step) / steps)
    const slope = (step: number) => slopeOf(a, b, sign * at(step)) * Math.cos(((Math.PI / 2) * step) / steps)
    const gain = (Math.PI / 2 / steps) * ((slope(k) + 4 * slope(k + 0.5) + slope(Math.min(k + 1, steps - 1e-6))) / 6)
    if (reached + gain >= Math.abs(covariance)) return sign * at(k + (Math.abs(covariance) - reached) / gain)
    reached += gain
  }
  return sign
}

function slopeOf(a: Scored, b: Scored, r: number): number {
  const rest = 1 - r * r
  let sum = 0
  for (const { at: x, up } of a.steps) {
    for (const { at: y, up: across } of b.steps) {
      sum += up * across * Math.exp(-(x * x - 2 * r * x * y + y * y) / (2 * rest))
    }
  }
  return sum / (2 * Math.PI * Math.sqrt(rest))
}

function marginOf(column: Column, { values, below }: Scored, margin: Margin): FittedMargin {
  if (margin === 'empirical' || !(column instanceof Float64Array)) return { column, values, below }
  const log = margin === 'log-normal'
  const numbers = log ? column.map(Math.log) : column
  const mean = numbers.reduce((total, x) => total + x / numbers.length, 0)
  const variance = numbers.reduce((total, x) => total + (x - mean) ** 2 / numbers.length, 0)
  return { column, values, below, normal: { mean, sd: Math.sqrt(variance), log } }
}

function valueAt({ values, below, normal }: FittedMargin, z: number): number {
  if (normal) {
    const value = normal.mean + normal.sd * z
    return normal.log ? Math.exp(value) : value
  }
  const p = normalCdf(z)
  return values[below.findIndex((to) => p <= to)] ?? values.at(-1)!
}

/** Standard normal numbers with these correlations: Cholesky's factor row by row. */
function correlated(correlations: number[][], random: Random): number[] {
  const factor: number[][] = []
  for (const [i, row] of correlations.entries()) {
    const own: number[] = []
    for (let j = 0; j <= i; j++) {
      let left = row[j]!
      for (let k = 0; k < j; k++) left -= own[k]! * (j < i ? factor[j]![k]! : own[k]!)
      const pivot = j < i ? factor[j]![j]! : 1
      own.push(j === i ? Math.sqrt(Math.max(left, 0)) : pivot > 0 ? left / pivot : 0)
    }
    factor.push(own)
  }
  const z = correlations.map(() => random.normal())
  return factor.map((row) => row.reduce((total, value, k) => total + value * z[k]!, 0))
}

const normalDensity = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)
const normalCdf = (x: number) => (x < 0 ? normalTails(-x) / 2 : 1 - normalTails(x) / 2)

/** By Newton's steps from 0, held to the side that they come from. */
function normalQuantile(p: number): number {
  let x = 0
  for (let step = 0; step < 100; step++) {
    const next = x - Math.max(-1, Math.min(1, (normalCdf(x) - p) / normalDensity(x)))
    if (Math.abs(next - x) < 1e-14 * (1 + Math.abs(x))) return next
    x = next
  }
  return x
}

/** The definition of the family. */
export const copulaDefinition: Definition<'copula'> = {
  kind: 'copula',
  shape,
  origins: ['table'],
  example: 'copula:margin=kde,margins=wage:heavy-tailed',
  least: () => ({ records: 1, why: '' }),
  exact,
  abilities,
  theory: () => [],
  twin,
}
