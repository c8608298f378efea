// Origins: the truth that generation 0 is trained on. One shape and one factory each.

import { broken, type Check, listOf, names, number, text, whole } from './check.js'
import { readingFields } from './reading.js'
import type {
  CategoricalOrigin,
  ExponentialOrigin,
  GaussianOrigin,
  LinearRegressionOrigin,
  MixtureComponent,
  MixtureOrigin,
  MultivariateGaussianOrigin,
  Origin,
  ParetoOrigin,
  PoissonOrigin,
  TableOrigin,
} from './settings.js'
import { asObject, readKind, type Shape } from './shape.js'
import { readParts } from './shorthand.js'

/** How far probabilities may sum from 1 and still be taken as rounded: they are divided by their sum. */
const sumTolerance = 1e-9
/** What a division by the sum leaves: within it nothing is divided, so that reading twice changes nothing. */
const sumRounding = 2 ** -51

const sha256 = {
  rule: '64 hexadecimal digits',
  read(value: unknown, path: string): string {
    if (typeof value === 'string' && /^[0-9a-f]{64}$/i.test(value)) return value.toLowerCase()
    throw broken(path, value, this.rule)
  },
}

const row = { ...listOf(number()), list: true }

const component: Check<MixtureComponent> = {
  rule: "a 'gaussian' or a 'multivariate-gaussian' with its weight",
  read(value, path) {
    const { gaussian, 'multivariate-gaussian': several } = originShapes
    const shapes = { gaussian, 'multivariate-gaussian': several }
    const { weight, ...law } = asObject(value, path, shapes)
    const read = readKind<Exclude<MixtureComponent, 'weight'>>(shapes, law, path)
    return { ...read, weight: number({ min: 0, max: 1 }).read(weight, `${path}.weight`) }
  },
}

const components: Check<MixtureComponent[]> = {
  ...listOf(component),
  read: (value, path) => listOf(component).read(typeof value === 'string' ? readParts(value) : value, path),
}

/** The origins by kind, with what each may be told. */
export const originShapes: { readonly [K in Origin['kind']]: Shape<Extract<Origin, { kind: K }>> } = {
  gaussian: {
    kind: 'gaussian',
    doc: 'A normal distribution.',
    fields: {
      mean: { check: number(), doc: 'its mean', fallback: 0 },
      sd: { check: number({ above: 0 }), doc: 'its standard deviation', fallback: 1 },
    },
  },
  categorical: {
    kind: 'categorical',
    doc: 'Classes with given probabilities.',
    fields: {
      probabilities: { check: listOf(number({ min: 0, max: 1 })), doc: 'one a class, summing to 1' },
      classes: { check: names, doc: 'their names; without them 0, 1, 2, ...', optional: true },
    },
    whole: checkClasses,
  },
  exponential: {
    kind: 'exponential',
    doc: 'An exponential distribution.',
    fields: { mean: { check: number({ above: 0 }), doc: 'its mean', fallback: 1 } },
  },
  poisson: {
    kind: 'poisson',
    doc: 'A Poisson distribution.',
    fields: { mean: { check: number({ above: 0, max: 1e15 }), doc: 'its mean', fallback: 1 } },
  },
  pareto: {
    kind: 'pareto',
    doc: 'A Pareto distribution: a power-law tail.',
    fields: {
      scale: { check: number({ above: 0 }), doc: 'its least value', fallback: 1 },
      shape: { check: number({ above: 0 }), doc: 'the power of its tail', fallback: 3 },
    },
  },
  'multivariate-gaussian': {
    kind: 'multivariate-gaussian',
    doc: 'A normal distribution in several dimensions; the standard one unless mean and covariance are given.',
    fields: {
      dimensions: { check: whole(1, 1000), doc: 'how many; as many as the mean or the covariance has', optional: true },
      mean: { check: listOf(number()), doc: 'one number a dimension', optional: true },
      covariance: { check: listOf(row), doc: 'a symmetric positive definite matrix, row by row', optional: true },
    },
    whole: checkNormal,
  },
  mixture: {
    kind: 'mixture',
    doc: 'Normal distributions, each with its share.',
    fields: {
      components: {
        check: components,
        doc: 'a gaussian or multivariate-gaussian each, with its weight; weights sum to 1',
        fallback: [
          { kind: 'gaussian', mean: -2, sd: 1, weight: 0.5 },
          { kind: 'gaussian', mean: 2, sd: 1, weight: 0.5 },
        ],
      },
    },
    whole: checkMixture,
  },
  'linear-regression': {
    kind: 'linear-regression',
    doc: 'Standard normal features, and a response that is noise.',
    fields: {
      dimensions: { check: whole(1, 1000), doc: 'how many features' },
      noise: { check: number({ above: 0 }), doc: 'standard deviation of the noise', fallback: 1 },
    },
  },
  table: {
    kind: 'table',
    doc: 'The rows of a file.',
    fields: {
      file: { check: text, doc: 'a CSV, TSV, JSON Lines, Parquet or DuckDB file' },
      sha256: { check: sha256, doc: 'what the content must hash to', optional: true },
      columns: { check: names, doc: 'the columns to model', optional: true },
      group: { check: text, doc: 'a column of groups', optional: true },
      ...readingFields,
    },
  },
}

/** Reads an origin from an object or shorthand. @throws GenlossError `plan` */
export function readOrigin(value: unknown, path = 'origin'): Origin {
  return readKind<Origin>(originShapes, value, path)
}

/** How origins are written in a program. */
export interface OriginFactories {
  /** A normal distribution with this mean (default 0) and standard deviation (default 1). */
  gaussian(mean?: number, sd?: number): GaussianOrigin
  /**
   * Classes with these probabilities, as a list or by name.
   *
   * @example origins.categorical({ cat: 0.7, dog: 0.3 })
   */
  categorical(
    probabilities: readonly number[] | Readonly<Record<string, number>>,
    classes?: readonly string[],
  ): CategoricalOrigin
  /** An exponential distribution with this mean (default 1). */
  exponential(mean?: number): ExponentialOrigin
  /** A Poisson distribution with this mean (default 1). */
  poisson(mean?: number): PoissonOrigin
  /** A Pareto distribution with this scale (default 1) and shape (default 3). */
  pareto(scale?: number, shape?: number): ParetoOrigin
  /** A normal distribution in so many dimensions, or with this mean and covariance; standard where they are left out. */
  multivariateGaussian(settings: number | Partial<Omit<MultivariateGaussianOrigin, 'kind'>>): MultivariateGaussianOrigin
  /**
   * Normal distributions with weights that sum to 1; without any two of sd 1 at -2 and 2.
   *
   * @example origins.mixture([{ kind: 'gaussian', mean: 0, sd: 1, weight: 0.9 }, { kind: 'gaussian', mean: 8, sd: 2, weight: 0.1 }])
   */
  mixture(components?: readonly MixtureComponent[]): MixtureOrigin
  /** So many standard normal features, and a response that is noise with this standard deviation (default 1). */
  linearRegression(dimensions: number, noise?: number): LinearRegressionOrigin
  /** The rows of a CSV, JSON lines or Parquet file. */
  table(file: string, settings?: Partial<Omit<TableOrigin, 'kind' | 'file'>>): TableOrigin
}

/** The factories of origins. Each checks at once. @throws GenlossError `plan` */
export const origins: OriginFactories = {
  gaussian: (mean = 0, sd = 1) => readOrigin({ kind: 'gaussian', mean, sd }) as GaussianOrigin,
  categorical(probabilities, classes) {
    const named = Array.isArray(probabilities) ? { probabilities, classes } : byName(probabilities)
    return readOrigin({ kind: 'categorical', ...named }) as CategoricalOrigin
  },
  exponential: (mean = 1) => readOrigin({ kind: 'exponential', mean }) as ExponentialOrigin,
  poisson: (mean = 1) => readOrigin({ kind: 'poisson', mean }) as PoissonOrigin,
  pareto: (scale = 1, shape = 3) => readOrigin({ kind: 'pareto', scale, shape }) as ParetoOrigin,
  multivariateGaussian(settings) {
    const given = typeof settings === 'number' ? { dimensions: settings } : settings
    return readOrigin({ ...given, kind: 'multivariate-gaussian' }) as MultivariateGaussianOrigin
  },
  mixture: (components) => readOrigin({ kind: 'mixture', components }) as MixtureOrigin,
  linearRegression: (dimensions, noise = 1) =>
    readOrigin({ kind: 'linear-regression', dimensions, noise }) as LinearRegressionOrigin,
  table: (file, settings = {}) => readOrigin({ ...settings, kind: 'table', file }) as TableOrigin,
}

function byName(probabilities: object) {
  return { probabilities: Object.values(probabilities), classes: Object.keys(probabilities) }
}

/** The names of an origin's classes. */
export function classNames(origin: CategoricalOrigin): string[] {
  return origin.classes ?? origin.probabilities.map((_, code) => String(code))
}

function checkClasses(origin: CategoricalOrigin, path: string): CategoricalOrigin {
  const { probabilities, classes } = origin
  if (classes && classes.length !== probabilities.length) {
    const rule = `as many names as probabilities (${probabilities.length})`
    throw broken(`${path}.classes`, classes, rule)
  }
  const plain = classes?.every((name, code) => name === String(code))
  const { classes: _, ...rest } = origin
  const named = classes && !plain ? { classes } : {}
  return { ...rest, probabilities: renormalised(probabilities, `${path}.probabilities`), ...named }
}

/** As many dimensions as the mean and the covariance have; a covariance that is one. */
function checkNormal(origin: MultivariateGaussianOrigin, path: string): MultivariateGaussianOrigin {
  const { mean, covariance } = origin
  const dimensions = origin.dimensions ?? covariance?.length ?? mean?.length
  if (dimensions === undefined)
    throw broken(`${path}.dimensions`, undefined, 'how many dimensions', 'it has no default')
  if (mean && mean.length !== dimensions) throw broken(`${path}.mean`, mean, `${dimensions} numbers, one a dimension`)
  if (covariance) {
    const square = covariance.length === dimensions && covariance.every((row) => row.length === dimensions)
    if (!square) throw broken(`${path}.covariance`, covariance, `${dimensions} rows of ${dimensions} numbers`)
    const odd = covariance.findIndex((row, i) => row.some((value, j) => value !== covariance[j]![i]))
    if (odd >= 0) throw broken(`${path}.covariance[${odd}]`, covariance[odd], 'a symmetric matrix')
    const flat = covariance.findIndex((row, i) => !(row[i]! > 0))
    if (flat >= 0) throw broken(`${path}.covariance[${flat}][${flat}]`, covariance[flat]![flat], 'a variance above 0')
  }
  return { ...origin, dimensions }
}

/** Dimensions of an origin of numbers. */
export function dimensionsOf(
  origin: MixtureOrigin | MixtureComponent | GaussianOrigin | MultivariateGaussianOrigin,
): number {
  if (origin.kind === 'mixture') return dimensionsOf(origin.components[0]!)
  return origin.kind === 'gaussian' ? 1 : origin.dimensions
}

/** Numbers a record of an origin; of a table as many as there are columns. Settings that an axis fills in later may be missing. */
export function widthOf(origin: Origin): number {
  if (origin.kind === 'multivariate-gaussian') return origin.dimensions ?? 1
  if (origin.kind === 'mixture') return origin.components ? dimensionsOf(origin) : 1
  return origin.kind === 'table' ? (origin.columns?.length ?? 1) : 1
}

/** Refuses a mixture in several dimensions, for models of one number. @throws GenlossError `plan` */
export function checkOnLine(model: string, origin: Origin): void {
  if (origin.kind !== 'mixture') return
  const dimensions = dimensionsOf(origin)
  if (dimensions === 1) return
  const hint = "take 'gaussian-mixture', or components of one dimension"
  throw broken('origin.components', `${dimensions} dimensions`, `one dimension for '${model}'`, hint)
}

/** Components of as many dimensions each; weights that sum to 1. */
function checkMixture({ kind, components }: MixtureOrigin, path: string): MixtureOrigin {
  const dimensions = dimensionsOf(components[0]!)
  const odd = components.findIndex((component) => dimensionsOf(component) !== dimensions)
  if (odd >= 0) {
    const rule = `${dimensions} dimensions, as the first component has`
    throw broken(`${path}.components[${odd}]`, `${dimensionsOf(components[odd]!)} dimensions`, rule)
  }
  const weights = renormalised(
    components.map(({ weight }) => weight),
    `${path}.components`,
    'weights',
  )
  return { kind, components: components.map((component, i) => ({ ...component, weight: weights[i]! })) }
}

/** Probabilities whose sum is 1 but for rounding, divided by it. */
function renormalised(probabilities: number[], path: string, word = 'probabilities'): number[] {
  const sum = compensatedSum(probabilities)
  if (!(Math.abs(sum - 1) <= sumTolerance)) {
    throw broken(path, Number(sum.toPrecision(12)), `${word} that sum to 1`, 'the value is their sum')
  }
  return Math.abs(sum - 1) <= sumRounding ? probabilities : probabilities.map((probability) => probability / sum)
}

/** Neumaier's sum: the order of the classes does not matter. */
function compensatedSum(values: readonly number[]): number {
  let sum = 0
  let lost = 0
  for (const value of values) {
    const next = sum + value
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum
    sum = next
  }
  return sum + lost
}
