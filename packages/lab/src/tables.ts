// Tables of an experiment: read once each, before anything is written, and put by hash into the experiment.

import { broken, isObject, readingFields, type TableOrigin, type TableReading, type Watch } from '@genloss/models'
import { type DataInfo, dataInfo } from './data-info.js'
import type { Experiment } from './experiment.js'
import { readTable } from './sources/index.js'
import type { TableData } from './sources/types.js'
import { mapPart } from './swept-parts.js'

/** An experiment whose table origins carry the hash of their content, with the tables. */
export interface WithTables {
  experiment: Experiment
  /** By hash. */
  tables: Map<string, TableData>
  data: Record<string, DataInfo>
}

/**
 * Reads the tables that an experiment names. Tables given in `ready` are taken instead of files of the same path.
 *
 * @throws GenlossError `input` where a file can't be read, `plan` where its hash is not the one asked for
 */
export async function readTables(
  experiment: Experiment,
  ready: readonly TableData[] = [],
  allowCode = false,
): Promise<WithTables> {
  refuseReadingAxes(experiment)
  const whole = withWholeOrigins(experiment)
  const origins = tableOrigins(whole)
  const byFile = new Map<string, TableData>()
  for (const file of new Set(origins.map((origin) => origin.file))) {
    const own = origins.filter((origin) => origin.file === file)
    const table =
      ready.find(({ path }) => path === file) ?? (await read(file, own, allowCode, whole.base.watch as Watch[]))
    byFile.set(file, table)
  }
  const hashed = (origin: unknown) => (isTable(origin) ? withHash(origin, byFile.get(origin.file)!) : origin)
  const tables = new Map<string, TableData>()
  for (const table of byFile.values()) {
    const other = tables.get(table.sha256)
    // A plan knows tables by their content: one that is read in two ways would be two tables of one name.
    if (other && !sameReading(origins, other.path, table.path))
      throw broken('origin.file', table.path, 'one way to read the same content', `${other.path} is the same file`)
    tables.set(table.sha256, table)
  }
  const labelled = new Set(origins.flatMap(({ group, columns }) => [...(group ? [group] : []), ...(columns ?? [])]))
  const data = Object.fromEntries([...tables].map(([hash, table]) => [hash, dataInfo(table, named(table, labelled))]))
  return { experiment: mapPart(whole, 'origin', hashed), tables, data }
}

/** Columns whose labels a plan keeps: groups, and text columns asked for; of a table with one text column, that one. */
function named(table: TableData, labelled: ReadonlySet<string>): ReadonlySet<string> {
  const text = table.columns.filter(({ kind }) => kind === 'text')
  return text.length === 1 ? new Set([...labelled, text[0]!.name]) : labelled
}

/** Reads only the columns in use, where every origin of the file names its columns. */
function read(file: string, origins: TableOrigin[], allowCode: boolean, watch: Watch[] = []): Promise<TableData> {
  const groups = [...new Set(origins.flatMap(({ group }) => group ?? []))]
  if (groups.length > 1)
    throw broken('origin.group', groups[1], 'one group column for a file', `another cell has '${groups[0]}'`)
  const [group] = groups
  const reading = readingOf(origins[0]!)
  for (const origin of origins) {
    if (JSON.stringify(readingOf(origin)) !== JSON.stringify(reading))
      throw broken(
        'origin',
        readingOf(origin),
        'one way to read a file',
        `another cell reads ${file} with other settings`,
      )
  }
  const asked = origins.flatMap(({ columns }) => columns ?? [])
  const watched = watch.flatMap((entry) => watchedColumns(entry))
  const columns = origins.every((origin) => origin.columns) ? [...new Set([...asked, ...watched])] : undefined
  const chosen = { ...(columns ? { columns } : {}), ...(group === undefined ? {} : { group }) }
  return readTable(file, { ...reading, ...chosen, ...(allowCode ? { allowCode } : {}) })
}

function watchedColumns(entry: Watch): string[] {
  if ('statistic' in entry) return [entry.of, ...(entry.with === undefined ? [] : [entry.with])]
  if ('column' in entry) return [entry.column]
  return [...entry.where.flatMap(Object.keys), ...(entry.mean ? [entry.mean] : [])]
}

/** The settings of an origin that say how its file is read, in one order. */
function readingOf(origin: TableOrigin): TableReading {
  const set = Object.keys(readingFields) as (keyof TableReading)[]
  return Object.fromEntries(set.flatMap((key) => (origin[key] === undefined ? [] : [[key, origin[key]]])))
}

/** A file is read once: an axis over how would change what cells say, not what they are made of. */
function refuseReadingAxes({ axes }: Experiment): void {
  const over = axes
    .flatMap(({ path }) => path.split(','))
    .find((path) => {
      const [part, setting] = path.split('.')
      return part === 'origin' && setting !== undefined && Object.hasOwn(readingFields, setting)
    })
  if (over !== undefined)
    throw broken('sweep', over, 'no axis over how a file is read', 'give one value; several files may be swept')
}

function sameReading(origins: readonly TableOrigin[], a: string, b: string): boolean {
  const [first, second] = [a, b].map((path) => JSON.stringify(readingOf(origins.find(({ file }) => file === path)!)))
  return first === second
}

function withHash(origin: TableOrigin, { sha256, path }: TableData): TableOrigin {
  if (origin.sha256 !== undefined && origin.sha256 !== sha256) {
    throw broken('origin.sha256', sha256, `the content that hashes to ${origin.sha256}`, `${path} has changed`)
  }
  return { ...origin, sha256 }
}

function isTable(origin: unknown): origin is TableOrigin {
  return isObject(origin) && origin.kind === 'table' && typeof origin.file === 'string'
}

function tableOrigins({ base, axes }: Experiment): TableOrigin[] {
  const swept = axes.flatMap(({ path, values }) => originsOfAxis(path, values))
  return [base.origin, ...swept].filter(isTable)
}

function originsOfAxis(path: string, values: unknown[]): unknown[] {
  const at = path.split(',').indexOf('origin')
  if (at < 0) return []
  return path === 'origin' ? values : values.map((tuple) => (tuple as unknown[])[at])
}

/** An axis over `origin.file` as one over whole origins: a plan knows files by their content. */
function withWholeOrigins({ name, base, axes }: Experiment): Experiment {
  if (!axes.some(({ path }) => path.split(',').includes('origin.file'))) return { name, base, axes }
  const other = axes.flatMap(({ path }) => path.split(',')).find((path) => /^origin\.(?!file$)/.test(path))
  if (other) throw broken('sweep', other, "no other axis inside 'origin' beside origin.file", 'sweep whole origins')
  const origin = isObject(base.origin) ? base.origin : {}
  const whole = (file: unknown) => ({ ...origin, file })
  const { origin: _, ...rest } = base
  const renamed = axes.map(({ path, values }) => {
    const paths = path.split(',')
    const at = paths.indexOf('origin.file')
    if (at < 0) return { path, values }
    const joined = paths.map((one) => (one === 'origin.file' ? 'origin' : one)).join(',')
    const inside = (value: unknown) =>
      paths.length === 1 ? whole(value) : (value as unknown[]).map((v, i) => (i === at ? whole(v) : v))
    return { path: joined, values: values.map(inside) }
  })
  return { name, base: rest, axes: renamed }
}
