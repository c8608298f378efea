// The settings of an experiment at its top level, each with its check, meaning and default.

import {
  boolean,
  broken,
  type Check,
  type Field,
  isObject,
  listOf,
  names,
  number,
  oneOf,
  type RecordRule,
  readFields,
  seed,
  size,
  sizeRule,
  text,
  type Watch,
  whole,
} from '@genloss/models'

/** Replicates are numbered in 32 bits, dates of events in 31. */
const mostReplicates = 2 ** 32 - 1
const mostGenerations = 2 ** 31 - 2

const recordRule = "'all', 'log', { every: k } or { at: [generations] }"

/** Which generations are kept, as words, `every:10`, `at:0/5/10` or an object with one key. */
const record: Check<RecordRule> = {
  rule: recordRule,
  read(value, path) {
    if (value === 'all' || value === 'log') return value
    const [, word, rest] = (typeof value === 'string' && /^(every|at)[:=](.+)$/.exec(value)) || []
    const given = word ? { [word]: rest } : value
    if (!isObject(given) || Object.keys(given).length !== 1) throw broken(path, value, recordRule)
    return readFields(recordFields, given, path) as unknown as RecordRule
  },
}

const recordFields: Record<string, Field> = {
  every: { check: whole(1, mostGenerations), doc: 'every k-th generation', optional: true },
  at: { check: listOf(whole(0, mostGenerations)), doc: 'these generations', optional: true },
}

/** `all`, one class or several. */
const shares: Check<'all' | string[]> = {
  rule: "'all' or names of classes",
  list: true,
  read: (value, path) => (value === 'all' ? value : names.read(value, path)),
}

const conjunction: Check<Record<string, string>> = {
  rule: 'an object of column: value, {} for all rows',
  read(value, path) {
    if (!isObject(value)) throw broken(path, value, this.rule)
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, text.read(entry, `${path}.${key}`)]))
  },
}

const groupWatch: Record<string, Field> = {
  name: { check: text, doc: "the column's name" },
  where: { check: listOf({ ...conjunction, list: true }), doc: 'rows that match one of these' },
  mean: { check: text, doc: 'a numeric column, whose mean over the rows is followed', optional: true },
}

const columnWatch: Record<string, Field> = {
  name: { check: text, doc: "the column's name" },
  statistic: {
    check: oneOf('mean', 'variance', 'missing', 'correlation', 'kendall'),
    doc: 'of a column of numbers; the latent correlation of two columns, or Kendall’s tau of it',
  },
  of: { check: text, doc: 'a modelled column' },
  with: { check: text, doc: 'the other column of a correlation', optional: true },
}

const tailWatch: Record<string, Field> = {
  name: { check: text, doc: "the column's name" },
  column: { check: text, doc: 'a numeric column' },
  side: { check: oneOf('lower', 'upper'), doc: 'which tail' },
  p: { check: number({ min: 0, max: 1 }), doc: 'share of rows in the tail' },
}

const watch: Check<Watch[]> = {
  rule: 'a list of row sets to follow',
  list: true,
  read(value, path) {
    if (!Array.isArray(value)) throw broken(path, value, this.rule)
    const read = value.map((entry, i) => {
      const at = `${path}[${i}]`
      if (!isObject(entry)) throw broken(at, entry, 'an object with a name')
      const shape = 'where' in entry ? groupWatch : 'statistic' in entry ? columnWatch : tailWatch
      return readFields(shape, entry, at) as unknown as Watch
    })
    names.read(
      read.map(({ name }) => name),
      path,
    )
    return read
  },
}

/** Settings with one value a cell; a list given to one of them is a sweep. */
export const fields: Readonly<Record<string, Field>> = {
  n: { check: sizeRule, doc: 'records a generation: a number, inf, or a schedule', optional: true },
  initial: { check: size, doc: 'records of generation 0; n, or all rows of a table', optional: true },
  generations: { check: whole(0, mostGenerations), doc: 'the last generation; fits are 0 to G', fallback: 100 },
  replicates: { check: whole(1, mostReplicates), doc: 'independent chains', fallback: 100 },
  seed: { check: seed, doc: 'the seed of all random numbers', fallback: '0' },
  method: {
    check: oneOf('auto', 'draws', 'exact', 'population'),
    doc: 'how training sets are obtained',
    fallback: 'auto',
  },
  onEmpty: {
    check: oneOf('stop', 'keep'),
    doc: 'what an empty training set does: the chain stops, or the last model stays',
    fallback: 'stop',
  },
  record: { check: record, doc: 'which generations are kept', fallback: 'all' },
  sustain: { check: whole(1, mostGenerations), doc: 'generations below that make an event', optional: true },
  commonRandomNumbers: { check: boolean, doc: 'whether cells share random numbers', fallback: false },
  shares: { check: shares, doc: 'classes whose share is a column', optional: true },
  columns: { check: names, doc: 'the columns to keep; all by default', optional: true },
  events: { check: boolean, doc: 'whether events are dated', fallback: true },
  watch: { check: watch, doc: 'row sets of a table to follow', optional: true },
}

/** Settings that hold for a whole run and can't differ between cells. */
export const unswept: ReadonlySet<string> = new Set(['name', 'shares', 'columns', 'events', 'watch', 'sweep'])

/** Words of the design that have no meaning yet, so that they are not called misspelt. */
export const notYet: ReadonlySet<string> = new Set(['learner', 'pipeline'])
