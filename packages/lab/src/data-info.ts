// What a plan knows of a table: names and kinds of its columns, never its path; and the rules for modelling one.

import {
  broken,
  type CellSettings,
  type ColumnWatch,
  type CopulaModel,
  didYouMean,
  type Model,
  type Origin,
  type TableOrigin,
} from '@genloss/models'
import type { TableData } from './sources/types.js'

/** A table in a plan, under the SHA-256 of its content. Labels are kept for the columns that cells name classes of. */
export interface DataInfo {
  name: string
  rows: number
  columns: { name: string; kind: 'number' | 'text'; labels?: string[] }[]
}

/** What a plan keeps of a table; labels only of the columns in `labelled`. */
export function dataInfo({ name, rows, columns }: TableData, labelled: ReadonlySet<string>): DataInfo {
  const kept = columns.map((column) => ({
    name: column.name,
    kind: column.kind,
    ...(column.kind === 'text' && labelled.has(column.name) ? { labels: column.labels } : {}),
  }))
  return { name, rows, columns: kept }
}

/** The table of an origin, if it is one. */
export function dataOf(origin: Origin, data: Readonly<Record<string, DataInfo>>): DataInfo | undefined {
  if (origin.kind !== 'table') return undefined
  const info = origin.sha256 === undefined ? undefined : data[origin.sha256]
  if (!info) throw broken('origin.sha256', origin.sha256, 'the hash of a table that was read')
  return info
}

/** Rules for a table as origin: rows, columns that exist, and one column of the right kind for a model of one. */
export function checkTable({ origin, model, watch }: CellSettings, table: DataInfo): void {
  const { columns, group } = origin as TableOrigin
  if (table.rows === 0) throw broken('origin.file', table.name, 'a table with rows', 'it has a header only')
  for (const [i, name] of (columns ?? []).entries()) columnNamed(table, name, `origin.columns[${i}]`)
  if (group !== undefined) columnNamed(table, group, 'origin.group')
  const modelled = modelledColumns(origin as TableOrigin, model, table)
  if (model.kind === 'copula') checkMargins(model, modelled, table)
  for (const [i, entry] of (watch ?? []).entries()) {
    if ('statistic' in entry) checkStatistic(entry, model, modelled, table, `watch[${i}]`)
    else if ('column' in entry) numericNamed(table, entry.column, `watch[${i}].column`)
    else {
      if (entry.mean !== undefined) numericNamed(table, entry.mean, `watch[${i}].mean`)
      for (const [j, where] of entry.where.entries()) {
        for (const name of Object.keys(where)) columnNamed(table, name, `watch[${i}].where[${j}].${name}`)
      }
    }
  }
}

/** A statistic is of modelled columns of a copula: of one of numbers, or of two. */
function checkStatistic(
  { statistic, of, with: other }: ColumnWatch,
  model: Model,
  modelled: readonly number[],
  table: DataInfo,
  path: string,
): void {
  if (model.kind !== 'copula')
    throw broken(`${path}.statistic`, statistic, "the model 'copula'", 'others are followed by row sets')
  const isPair = statistic === 'correlation' || statistic === 'kendall'
  if (isPair !== (other !== undefined) || other === of)
    throw broken(`${path}.with`, other, isPair ? 'another column' : `nothing for '${statistic}'`)
  const first = isPair ? columnNamed(table, of, `${path}.of`) : numericNamed(table, of, `${path}.of`)
  const named: [number, string, string][] = [[first, of, 'of']]
  if (other !== undefined) named.push([columnNamed(table, other, `${path}.with`), other, 'with'])
  for (const [index, name, key] of named) {
    if (!modelled.includes(index)) throw broken(`${path}.${key}`, name, 'a modelled column', 'add it to origin.columns')
  }
}

/** Margins are those of modelled columns of numbers. */
export function checkMargins({ margins = {} }: CopulaModel, modelled: readonly number[], table: DataInfo): void {
  for (const name of Object.keys(margins)) {
    const path = `model.margins.${name}`
    const index = columnNamed(table, name, path)
    if (table.columns[index]!.kind !== 'number') throw broken(path, name, 'a column of numbers', 'it holds text')
    if (!modelled.includes(index)) throw broken(path, name, 'a column that is modelled', 'add it to origin.columns')
  }
}

/** The index of a column. @throws GenlossError `plan` with the nearest name */
export function columnNamed({ name: file, columns }: DataInfo, name: string, path: string): number {
  const index = columns.findIndex((column) => column.name === name)
  if (index >= 0) return index
  const names = columns.map((column) => column.name)
  const hint = didYouMean(name, names) ?? `it has ${names.slice(0, 12).join(', ')}`
  throw broken(path, name, `a column of ${file}`, hint)
}

function numericNamed(table: DataInfo, name: string, path: string): number {
  const index = columnNamed(table, name, path)
  if (table.columns[index]!.kind !== 'number') throw broken(path, name, 'a column of numbers', 'it holds text')
  return index
}

/** Models of several columns of numbers. */
const ofSeveral: ReadonlySet<Model['kind']> = new Set(['multivariate-gaussian', 'kde', 'gaussian-mixture'])

/** The columns that are modelled: those asked for, or all of the kind that the model takes. */
export function modelledColumns({ columns, group }: TableOrigin, { kind }: Model, table: DataInfo): number[] {
  const asked = columns?.map((name) => columnNamed(table, name, 'origin.columns'))
  if (kind === 'empirical' || kind === 'copula' || kind === 'module') return asked ?? table.columns.map((_, i) => i)
  const several = ofSeveral.has(kind)
  const wanted = kind === 'categorical' ? 'text' : 'number'
  const word = wanted === 'number' ? 'numbers' : 'text'
  const fitting = (asked ?? table.columns.map((_, i) => i)).filter((i) => table.columns[i]!.kind === wanted)
  const byGroup =
    !asked && wanted === 'text' && group !== undefined ? [columnNamed(table, group, 'origin.group')] : fitting
  const whole = !asked || asked.length === byGroup.length
  if (whole && (several ? byGroup.length > 0 : byGroup.length === 1)) return byGroup
  const names = byGroup.map((i) => table.columns[i]!.name)
  const hint = names.length ? `${names.slice(0, 12).join(', ')} hold ${word}` : `no column holds ${word}`
  throw broken(
    'origin.columns',
    columns ?? undefined,
    `${several ? 'columns' : 'one column'} of ${word} for '${kind}'`,
    hint,
  )
}

/** The classes whose shares can be followed: those of the group column, or of the one modelled column of text. */
export function groupLabels(origin: TableOrigin, model: Model, table: DataInfo): string[] {
  return table.columns[groupColumn(origin, model, table)]!.labels ?? []
}

/** Models whose records have classes. */
const classKeeping: ReadonlySet<Model['kind']> = new Set(['categorical', 'empirical', 'copula', 'module'])

/** The column of the classes of `shares`. */
export function groupColumn(origin: TableOrigin, model: Model, table: DataInfo): number {
  if (!classKeeping.has(model.kind)) {
    throw broken('shares', model.kind, 'a model that keeps classes', 'take empirical or copula')
  }
  if (origin.group !== undefined) {
    const index = columnNamed(table, origin.group, 'origin.group')
    if (model.kind === 'categorical' && modelledColumns(origin, model, table)[0] !== index) {
      throw broken('shares', origin.group, 'the modelled column as group', 'a categorical model keeps one column')
    }
    return index
  }
  const text = modelledColumns(origin, model, table).filter((i) => table.columns[i]!.kind === 'text')
  if (text.length !== 1) throw broken('origin.group', undefined, 'the column whose classes shares are asked for')
  return text[0]!
}
