// A model of your own: functions over columns, from a module that an experiment names or from the program itself.

import type { Abilities } from './abilities.js'
import { broken, number, text, whole } from './check.js'
import type { Column, Curve, Definition, ExactAnswer, Twin } from './definition.js'
import { classNames, dimensionsOf, widthOf } from './origins.js'
import {
  type Classes,
  type ColumnInfo,
  ownModelOf,
  parametersOf,
  type RecordColumn,
  readParameters,
  type Stream,
} from './own-model.js'
import type { ModuleModel, Origin } from './settings.js'
import type { Shape } from './shape.js'

// --- factory ---

const shape = {
  kind: 'module',
  doc: 'A model of your own: functions that fit records and make them, from a file (needs --allow-code).',
  fields: {
    file: { check: text, doc: 'a TypeScript or JavaScript module that exports a model (defineModel)', optional: true },
    name: { check: text, doc: "the model's own name; filled in", optional: true },
    sha256: { check: text, doc: 'of the bundled module; filled in, and checked where it is given', optional: true },
    functions: { check: text, doc: 'functions of this program, by the key that defineModel gave them', optional: true },
    records: {
      check: whole(1, 2 ** 32 - 1),
      doc: 'records that the measures of a generation read, at least: more than its batch are drawn for them',
      fallback: 10_000,
    },
  },
  open: 'settings of the model itself',
  whole(model, path) {
    const { file, functions, sha256 } = model
    if (file === undefined && functions === undefined && sha256 === undefined) {
      throw broken(`${path}.file`, undefined, 'a module that exports a model', "such as 'module:file=./model.ts'")
    }
    const known = ownModelOf(sha256 ?? functions ?? '')
    return known ? withParameters(model, readParameters(known, parametersOf(model), path)) : model
  },
} as const satisfies Shape<ModuleModel>

/** A module's settings with its parameters in their one form. */
export function withParameters(model: ModuleModel, parameters: Record<string, unknown>): ModuleModel {
  const { kind, file, name, sha256, functions, records } = model
  const own = { file, name, sha256, functions, records }
  const given = Object.entries(own).filter(([, value]) => value !== undefined)
  return { kind, ...Object.fromEntries(given), ...parameters } as ModuleModel
}

// --- checks ---

function exact(): ExactAnswer {
  return { exact: false, taken: false, why: 'of a model of your own only its records are known' }
}

/** What needs the model's law is not there: its records are all that is known. */
function abilities(_: ModuleModel, origin: Origin): Abilities {
  const width = widthOf(origin)
  const record = origin.kind === 'categorical' ? 'class' : origin.kind === 'table' ? 'row' : 'number'
  return {
    record,
    sampling: {},
    subsets: ['draws'],
    selection: record === 'number' ? ['draws'] : [],
    weights: [],
    ...(record === 'number' && width === 1 ? { poison: number() } : {}),
    population: false,
    bytes: 8 * width,
    keeps: true,
  }
}

function checkOrigin(_: ModuleModel, origin: Origin): void {
  if (origin.kind !== 'mixture' || dimensionsOf(origin) === 1) return
  throw broken('origin.components', `${dimensionsOf(origin)} dimensions`, "one dimension for 'module'")
}

// --- columns ---

/** The columns of the records of a law; those of a table are its own. */
export function columnsOfLaw(origin: Origin): ColumnInfo[] {
  if (origin.kind === 'categorical') return [{ name: 'class', labels: classNames(origin) }]
  const width = widthOf(origin)
  return width === 1 && origin.kind !== 'multivariate-gaussian'
    ? [{ name: 'value' }]
    : Array.from({ length: width }, (_, i) => ({ name: `x${i + 1}` }))
}

const costly = ['w1', 'w2', 'ks']
const ofDensities = ['kl_forward', 'kl_reverse', 'hellinger', 'tv', 'entropy']
const ofClasses = ['heterozygosity', 'heterozygosity_ratio', 'classes_alive', 'rare_alive', 'missing_mass']
const ofSeveral = ['variance_min', 'variance_max']
const ofNumbers = ['mean', 'variance', 'variance_ratio', 'mean_shift', 'tail_lower_p01', 'tail_upper_p01']

/** Distances of records need them in order; densities are not known; the rest is of other kinds of columns. */
function unusual(origin: Origin): readonly string[] {
  if (origin.kind === 'categorical') return [...costly, ...ofSeveral, ...ofNumbers]
  if (origin.kind === 'table') return costly
  const others = [...costly, ...ofDensities, ...ofClasses]
  return widthOf(origin) === 1 ? [...others, ...ofSeveral] : [...others, 'mean', 'variance', 'outside_support']
}

// --- theory ---

function theory(): Curve[] {
  return []
}

// --- twin ---

/** The model's own functions, over columns without names. */
function twin(model: ModuleModel): Twin<unknown> {
  const named = (columns: readonly Column[]): Record<string, RecordColumn> => {
    const name = (i: number) => (columns.length === 1 ? 'value' : `x${i + 1}`)
    const column = (values: Column) => (values instanceof Float64Array ? values : withLabels(values))
    return Object.fromEntries(columns.map((values, i) => [name(i), column(values)]))
  }
  const context = { last: undefined, replicate: 0, generation: 0, cancelled: false }
  const functions = () => {
    const found = ownModelOf(model.sha256 ?? model.functions ?? '')
    if (!found) throw broken('model', model.name ?? model.file, 'a model that was loaded')
    return found
  }
  return {
    fit(columns) {
      if (!columns[0]?.length) throw broken('model', columns[0]?.length ?? 0, 'at least one record to fit')
      const stream = undefined as unknown as Stream
      return functions().fit(named(columns), parametersOf(model), { ...context, stream })
    },
    sample(fitted, n, random) {
      const drawn = functions().sample(fitted, n, { ...context, stream: random as Stream })
      return Object.values(drawn).map((column) => (column instanceof Float64Array ? column : column.codes))
    },
  }
}

function withLabels(codes: Uint32Array): Classes {
  const most = codes.reduce((most, code) => Math.max(most, code), 0)
  return { codes, labels: Array.from({ length: most + 1 }, (_, code) => String(code)) }
}

/** The definition of the family. */
export const moduleDefinition: Definition<'module'> = {
  kind: 'module',
  shape,
  origins: ['gaussian', 'mixture', 'exponential', 'pareto', 'multivariate-gaussian', 'categorical', 'table'],
  example: 'module:file=./model.ts',
  least: () => ({ records: 1, why: '' }),
  exact,
  checkOrigin,
  unusual,
  abilities,
  theory,
  twin,
}
