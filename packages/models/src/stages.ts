// Stages: what is done to records on their way into training sets. One shape each; any policy can carry any of them.

import { boolean, broken, type Check, listOf, number, numeric, oneOf, whole } from './check.js'
import type { Filter, Sampling, StageName, Stages, Weights } from './settings.js'
import { isObject, type ReadOptions, readFields, type Shape, stripDefaults } from './shape.js'
import { readPairs, readSettings } from './shorthand.js'

const share = number({ min: 0, max: 1 })
const factor = number({ min: 0 })
const largestGeneration = 2 ** 31 - 2

/** Factors by code, or by the names of classes. */
const bias: Check<number[] | Record<string, number>> = {
  rule: 'a factor of at least 0 for each class, as a list or by name (a:2/b:0.5)',
  list: true,
  read(value, path) {
    const given = typeof value === 'string' ? (readPairs(value) ?? value) : value
    if (!isObject(given)) return listOf(factor).read(given, path)
    if (Object.keys(given).length === 0) throw broken(path, value, this.rule)
    return Object.fromEntries(Object.entries(given).map(([name, one]) => [name, factor.read(one, `${path}.${name}`)]))
  },
}

/** A number, or text that names a class. */
const record: Check<number | string> = {
  rule: 'a number, or the name of a class',
  read(value, path) {
    const found = numeric(value)
    const plain = typeof value !== 'string' || String(found) === value.trim()
    if (found !== undefined && Number.isFinite(found) && plain) return found + 0
    if (typeof value === 'string' && value.trim() !== '') return value
    throw broken(path, value, this.rule)
  },
}

/** The stages by name, with what each may be told. */
export const stages: { readonly [K in StageName]-?: Shape<NonNullable<Stages[K]>> } = {
  sampling: {
    kind: 'sampling',
    doc: 'Models are sampled from a changed law; the changes are made in this order.',
    fields: {
      bias: { check: bias, doc: 'probabilities times a factor a class', optional: true },
      temperature: { check: number({ above: 0 }), doc: 'densities to the power 1/T', optional: true },
      topK: { check: whole(1), doc: 'the k most probable classes only', optional: true },
      topP: {
        check: number({ above: 0, max: 1 }),
        doc: 'the fewest of the most probable classes that hold this mass',
        optional: true,
      },
      spread: { check: number({ min: 0 }), doc: 'the variance times this', optional: true },
      truncate: {
        check: number({ above: 0 }),
        doc: "records within so many standard deviations of the model's mean only",
        optional: true,
      },
    },
  },
  filter: {
    kind: 'filter',
    doc: 'A detector of generated records: what it marks is thrown away. The first training set is not filtered.',
    fields: {
      truePositiveRate: { check: share, doc: 'the chance that a generated record is marked' },
      falsePositiveRate: { check: share, doc: 'the chance that a real record is marked', fallback: 0 },
      topUp: { check: boolean, doc: 'whether more is made until the set is full', fallback: false },
    },
    whole: checkFilter,
  },
  selection: {
    kind: 'selection',
    doc: 'Curation: n records are kept of n / keep candidates that the model made.',
    fields: {
      keep: { check: number({ min: 1e-9, max: 1 }), doc: 'the share of the candidates that is kept' },
      by: {
        check: oneOf('highest', 'lowest', 'central'),
        doc: "the largest values, the smallest, or those nearest to the origin's mean",
        fallback: 'highest',
      },
    },
  },
  poison: {
    kind: 'poison',
    doc: 'One record takes a share of each new set, for some generations or all.',
    fields: {
      share: { check: share, doc: 'the share of the new records that it takes' },
      from: { check: whole(1, largestGeneration), doc: 'the first generation with it', fallback: 1 },
      until: { check: whole(1, largestGeneration), doc: 'the last generation with it', optional: true },
      record: { check: record, doc: 'the record; of classes, 0 is the first', fallback: 0 },
    },
    whole(poison, path) {
      if (poison.until === undefined || poison.until >= poison.from) return poison
      throw broken(`${path}.until`, poison.until, `a generation from ${poison.from}, the first, on`)
    },
  },
  weights: {
    kind: 'weights',
    doc: 'Weights of the records in the fit: a record of weight 2 counts as two.',
    fields: {
      real: { check: factor, doc: 'the weight of a real record', fallback: 1 },
      synthetic: { check: factor, doc: 'the weight of a generated one', fallback: 1 },
    },
    whole(weights, path) {
      if (weights.real > 0 || weights.synthetic > 0) return weights
      throw broken(path, weights, 'a weight above 0')
    },
  },
}

/** Names of the stages, in the order in which they act. */
export const stageNames = Object.keys(stages) as readonly StageName[]

function checkFilter(filter: Filter, path: string): Filter {
  if (!(filter.topUp && filter.truePositiveRate === 1 && filter.falsePositiveRate === 1)) return filter
  throw broken(`${path}.topUp`, true, 'a detector that lets some records pass', 'no set would ever be full')
}

/** The object that a stage stands for: `share=0.05,record=9` is read as one. */
export function stageObject(value: unknown, path: string): Record<string, unknown> {
  if (typeof value === 'string' && value.trim() !== '') return readSettings(value, path)
  if (isObject(value)) return value
  throw broken(path, value, "an object of settings, or 'none'")
}

/**
 * Reads a stage from an object or from text (`share=0.05,record=9`); `none` is no stage.
 *
 * @throws GenlossError `plan`
 */
export function readStage<K extends StageName>(
  name: K,
  value: unknown,
  path: string = name,
  options: ReadOptions = {},
): NonNullable<Stages[K]> | undefined {
  if (value === 'none') return undefined
  const given = stageObject(value, path)
  const shape = stages[name] as Shape<NonNullable<Stages[K]>>
  if ('kind' in given) throw broken(`${path}.kind`, given.kind, 'no kind', 'its name says what a stage is')
  const read = readFields(shape.fields, given, path, options) as unknown as NonNullable<Stages[K]>
  return shape.whole && !options.later?.size ? shape.whole(read, path) : read
}

/** What leaves everything as it is, by setting. */
const idle: { readonly [K in keyof Sampling]-?: (value: NonNullable<Sampling[K]>) => boolean } = {
  temperature: (value) => value === 1,
  bias: () => false,
  topK: () => false,
  topP: (value) => value === 1,
  spread: (value) => value === 1,
  truncate: () => false,
}

const acts: { readonly [K in StageName]: (stage: NonNullable<Stages[K]>) => boolean } = {
  sampling: (stage) => Object.keys(stage).length > 0,
  filter: ({ truePositiveRate, falsePositiveRate }) => truePositiveRate > 0 || falsePositiveRate > 0,
  selection: ({ keep }) => keep < 1,
  poison: ({ share: taken }) => taken > 0,
  weights: ({ real, synthetic }: Weights) => real !== 1 || synthetic !== 1,
}

/**
 * The stages that change something, without settings of `sampling` that change nothing: what the core is told and what
 * the law of a cell depends on.
 */
export function activeStages(given: Stages): Stages {
  const sampling = Object.fromEntries(
    Object.entries(given.sampling ?? {}).filter(([key, value]) => !idle[key as keyof Sampling](value as never)),
  )
  const all: Stages = { ...given, sampling }
  const active = stageNames.filter((name) => all[name] && acts[name](all[name] as never))
  return Object.fromEntries(active.map((name) => [name, all[name]]))
}

/** Stages without settings that are at their default. */
export function stripStages(given: Stages): Record<string, unknown> {
  const shown = stageNames.filter((name) => given[name])
  return Object.fromEntries(shown.map((name) => [name, stripDefaults(stages[name].fields, { ...given[name] })]))
}
