// A table as the native core gets it: modelled columns, and columns of codes for the row sets that are followed.

import {
  broken,
  type CellSettings,
  type ColumnWatch,
  type CopulaModel,
  classNames,
  GenlossError,
  type GroupWatch,
  type Model,
  type TableOrigin,
  type TailWatch,
} from '@genloss/models'
import { dataInfo, groupColumn, modelledColumns } from './data-info.js'
import { crossing, fewestRows, tailCodes } from './sources/derive.js'
import type { TableColumn, TableData, TextColumn } from './sources/types.js'

/** A set of codes whose share a block follows, as its text says it. */
export interface BlockWatch {
  name: string
  column: number
  codes: number[]
  mean?: number
  /** A statistic of columns by their places, instead of a set. */
  statistic?: ColumnWatch['statistic']
  of?: number[]
}

/** The columns of a table for the core, which of them are modelled, and what is followed. */
export interface CoreTable {
  columns: (Float64Array | Uint32Array)[]
  modelled: number[]
  /** Names of the modelled columns. */
  names: string[]
  watch: BlockWatch[]
}

/** What to follow of a cell without a table: shares of the classes of its origin. */
export function classWatch({ origin, shares }: CellSettings): BlockWatch[] {
  if (origin.kind !== 'categorical' || shares === undefined) return []
  const names = classNames(origin)
  return (shares as string[]).map((name) => ({ name: `share_${name}`, column: 0, codes: [names.indexOf(name)] }))
}

/**
 * The core's table for a cell. Only columns in use go along; sets over one text column use its codes, sets over two
 * use codes of their pairs, other sets a column of 0 and 1, and tails of a column share one column of regions.
 *
 * @throws GenlossError `data` where a modelled column can't be modelled or a tail has too few rows
 */
export function coreTable(settings: CellSettings, table: TableData): CoreTable {
  const origin = settings.origin as TableOrigin
  const info = dataInfo(table, new Set())
  const builder = new Columns(table)
  const modelled = modelledColumns(origin, settings.model, info)
  for (const index of modelled) checkNumbers(settings.model, table.columns[index]!)
  const places = modelled.map((index) => builder.own(index))
  const watch: BlockWatch[] = []
  if (settings.shares !== undefined) {
    const index = groupColumn(origin, settings.model, info)
    const column = builder.own(index)
    const { labels } = table.columns[index] as TextColumn
    for (const name of settings.shares as string[])
      watch.push({ name: `share_${name}`, column, codes: [labels.indexOf(name)] })
  }
  const tails = (settings.watch ?? []).filter((entry): entry is TailWatch => 'column' in entry)
  for (const [i, entry] of (settings.watch ?? []).entries()) {
    if ('statistic' in entry) watch.push(builder.statistic(entry))
    else watch.push('column' in entry ? builder.tail(entry, tails, i) : builder.group(entry, i))
  }
  const names = modelled.map((index) => table.columns[index]!.name)
  return { columns: builder.columns, modelled: places, names, watch }
}

/** A copula as the core gets it: a margin for each modelled column. */
export function marginsOf({ kind, margin, margins = {}, bounds }: CopulaModel, names: readonly string[]): object {
  return { kind, bounds, margins: names.map((name) => margins[name] ?? margin) }
}

/** Columns of numbers need one in every row, and some that differ where a variance or a range is divided by. */
function checkNumbers(model: Model, column: TableColumn): void {
  if (column.kind !== 'number' || model.kind === 'empirical' || model.kind === 'copula') return
  const varies = !takesEqual(model)
  const isMissing = column.missing > 0
  if (!isMissing && !(varies && column.values.every((value) => value === column.values[0]))) return
  const found = isMissing ? `${column.missing} missing values` : 'one value in all rows'
  const rule = `a column ${varies ? 'that varies, ' : ''}without missing values, for '${model.kind}'`
  const hint = isMissing ? 'leave out the rows where it is missing' : undefined
  throw new GenlossError({ code: 'data', path: 'origin.columns', value: `'${column.name}' with ${found}`, rule, hint })
}

/** Whether a model can be fitted to equal records. */
function takesEqual(model: Model): boolean {
  return (
    model.kind === 'kde' ||
    model.kind === 'gaussian-mixture' ||
    model.kind === 'module' ||
    (model.kind === 'histogram' && model.width !== undefined)
  )
}

/** Collects columns of the core's table, each once. */
class Columns {
  readonly columns: (Float64Array | Uint32Array)[] = []
  readonly #known = new Map<string, number>()
  readonly #made = new Map<string, unknown>()
  readonly #table: TableData

  constructor(table: TableData) {
    this.#table = table
  }

  /** A column of the table itself. */
  own(index: number): number {
    const column = this.#table.columns[index]!
    return this.#add(`own ${index}`, () => (column.kind === 'number' ? column.values : column.codes))
  }

  group({ name, where, mean }: GroupWatch, i: number): BlockWatch {
    const names = [...new Set(where.flatMap(Object.keys))]
    const columns = names.map((each) => this.#named(each))
    const numbers = mean === undefined ? {} : { mean: this.own(this.#table.columns.indexOf(this.#named(mean))) }
    const [a, b] = columns
    const text =
      columns.every((column) => column.kind === 'text') &&
      where.every((each) => Object.keys(each).length === names.length)
    if (text && columns.length === 1) {
      const codes = where.map((each, j) => labelCode(a as TextColumn, each[names[0]!]!, `watch[${i}].where[${j}]`))
      return { name, column: this.own(this.#table.columns.indexOf(a!)), codes: unique(codes), ...numbers }
    }
    if (text && columns.length === 2)
      return { ...this.#pairs(name, a as TextColumn, b as TextColumn, where, i), ...numbers }
    const column = this.#add(`set ${JSON.stringify(where)}`, () => membership(where, this.#table))
    return { name, column, codes: [1], ...numbers }
  }

  #pairs(name: string, a: TextColumn, b: TextColumn, where: Record<string, string>[], i: number): BlockWatch {
    const crossed = this.#once(`cross ${a.name}\0${b.name}`, () => crossing(a, b))
    const column = this.#add(`cross ${a.name}\0${b.name}`, () => crossed.codes)
    const codes = where.flatMap((each, j) => {
      const first = labelCode(a, each[a.name]!, `watch[${i}].where[${j}]`)
      const second = labelCode(b, each[b.name]!, `watch[${i}].where[${j}]`)
      return crossed.pairs.flatMap(([x, y], code) => (x === first && y === second ? [code] : []))
    })
    return { name, column, codes: unique(codes) }
  }

  statistic({ name, statistic, of, with: other }: ColumnWatch): BlockWatch {
    const columns = other === undefined ? [of] : [of, other]
    const places = columns.map((each) => this.own(this.#table.columns.indexOf(this.#named(each))))
    return { name, column: 0, codes: [], statistic, of: places }
  }

  /** A tail of a column; all tails of one column share a column of codes. */
  tail({ name, column, side, p }: TailWatch, all: TailWatch[], i: number): BlockWatch {
    const { values } = this.#named(column) as { values: Float64Array }
    const levels = unique(all.filter((each) => each.column === column).map((each) => each.p))
    const { codes, regions } = this.#once(`tails ${column}`, () => tailCodes(values, levels))
    const region = regions.find((each) => each.side === side && each.p === p)
    if (!region) {
      const rule = `a tail that holds at least ${fewestRows} real rows and at most half of them`
      throw new GenlossError({ code: 'data', path: `watch[${i}].p`, value: p, rule, hint: `'${column}', ${side} side` })
    }
    return { name, column: this.#add(`tails ${column}`, () => codes), codes: region.codes }
  }

  /** What several entries share is worked out once. */
  #once<T>(key: string, make: () => T): T {
    if (!this.#made.has(key)) this.#made.set(key, make())
    return this.#made.get(key) as T
  }

  #named(name: string): TableColumn {
    return this.#table.columns.find((column) => column.name === name)!
  }

  #add(key: string, make: () => Float64Array | Uint32Array): number {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    this.#known.set(key, this.columns.length)
    return this.columns.push(make()) - 1
  }
}

function labelCode({ name, labels }: TextColumn, label: string, path: string): number {
  const code = labels.indexOf(label)
  if (code < 0)
    throw broken(`${path}.${name}`, label, `a value of '${name}'`, `there are ${labels.slice(0, 12).join(', ')}`)
  return code
}

/** 1 for the rows that match one of the conjunctions; numbers are compared as text. */
function membership(where: Record<string, string>[], { columns, rows }: TableData): Uint32Array {
  const tests = where.map((each) =>
    Object.entries(each).map(([name, value]) => {
      const column = columns.find((one) => one.name === name)!
      return (row: number) =>
        (column.kind === 'text' ? column.labels[column.codes[row]!] : String(column.values[row])) === value
    }),
  )
  return Uint32Array.from({ length: rows }, (_, row) => Number(tests.some((all) => all.every((test) => test(row)))))
}

function unique(values: number[]): number[] {
  return [...new Set(values)].sort((x, y) => x - y)
}
