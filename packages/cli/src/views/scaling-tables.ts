// Tables of how losses depend on n: values beside theory, half-lives, risk, sizes that grow.
import type { DateInterval, FittedQuantity, GrowthCell, HalfLifePoint, RiskPoint, ScalingPoint } from '@genloss/lab'
import { writeSize } from '@genloss/models'
import { displayWidth, table } from '../terminal.js'
import { word } from './cells.js'
import { intervalText } from './intervals.js'
import { count, short } from './numbers.js'

/** A column of a table: its title and what it says of a row. */
export type Column<T> = [title: string, text: (row: T) => string]

/** Tables no wider than the terminal, each with the first column, if one column alone is not. */
export function tables<T>(
  first: Column<T>,
  columns: readonly Column<T>[],
  rows: readonly T[],
  width: number,
  bold: (text: string) => string,
): string[] {
  const wide = ([name, text]: Column<T>) =>
    rows.reduce((most, row) => Math.max(most, displayWidth(text(row))), displayWidth(name)) + 2
  const groups: Column<T>[][] = []
  let used = width + 1
  for (const column of columns) {
    if (used + wide(column) > width) {
      groups.push([])
      used = wide(first) - 2
    }
    groups.at(-1)!.push(column)
    used += wide(column)
  }
  return groups.flatMap((group) => {
    const all = [first, ...group]
    const isLeft = ([name, text]: Column<T>) => name === 'A n^e' || rows.every((row) => !/^[\d,]+$/.test(text(row)))
    const align = all.map((column, i) => (isLeft(column) && (i === 0 || column[0] === 'A n^e') ? 'l' : 'r')).join('')
    const lines = rows.map((row) => all.map(([, text]) => text(row)))
    return [
      table(
        all.map(([name]) => name),
        lines,
        { align, head: bold },
      ),
      '',
    ]
  })
}

/** One row a size, two columns a quantity. */
export function valueTables(
  quantities: readonly FittedQuantity[],
  nameOf: (quantity: FittedQuantity) => string,
  width: number,
  bold: (text: string) => string,
): string[] {
  const isInfinite = quantities.some(({ infinite }) => !Number.isNaN(infinite))
  const finite = quantities[0]?.points.map(({ n }) => n) ?? []
  const sizes = isInfinite ? [...finite, Number.POSITIVE_INFINITY] : finite
  const at = ({ points }: FittedQuantity, n: number) => points.find((point) => point.n === n)
  const told = quantities.filter(({ points }) => points.some(({ value }) => Number.isFinite(value)))
  const columns = told.flatMap((quantity): Column<number>[] => {
    const isDate = quantity.statistic === 'date'
    const name = isDate ? nameOf(quantity) : nameOf({ ...quantity, departure: null })
    const text = (n: number) => {
      if (n === Number.POSITIVE_INFINITY) return isDate && quantity.infinite === n ? 'later' : short(quantity.infinite)
      const point = at(quantity, n)!
      return `${isDate ? dateText(point) : intervalText(point)}${point.left_out === null ? '' : ' *'}`
    }
    const hasTheory = quantity.points.some(({ theory }) => !Number.isNaN(theory))
    return [
      [name, text],
      ...(hasTheory ? [['theory', (n: number) => short(at(quantity, n)?.theory)] as Column<number>] : []),
    ]
  })
  return tables<number>(['n', (n) => (Number.isFinite(n) ? count(n) : 'inf')], columns, sizes, width, bold)
}

function dateText({ value, low, high }: ScalingPoint | DateInterval): string {
  const end = (date: number | null) => (date === null || !Number.isFinite(date) ? 'later' : String(date))
  if (value === null || !Number.isFinite(value)) return 'later'
  return `${value} (${end(low)} to ${end(high)})`
}

export function halfLifeTable(
  points: readonly HalfLifePoint[],
  width: number,
  bold: (text: string) => string,
): string[] {
  const told = ({ generation, fits }: { generation: number; fits: number }) =>
    `${count(generation)} (fit ${count(fits)})`
  const columns: Column<HalfLifePoint>[] = [
    ['median halved', ({ marginal }) => dateText(marginal)],
    ['theory', ({ theory }) => (theory ? told(theory.marginal) : '-')],
    ['first passage', ({ first_passage: first }) => (first ? dateText(first) : '-')],
    ['theory', ({ theory }) => (theory ? told(theory.first_passage) : '-')],
  ]
  return ['half of the variance', ...tables<HalfLifePoint>(['n', ({ n }) => count(n)], columns, points, width, bold)]
}

export function riskTable(points: readonly RiskPoint[], width: number, bold: (text: string) => string): string[] {
  const columns: Column<RiskPoint>[] = [
    ['generation', ({ generation }) => count(generation)],
    ['mean w2^2', ({ measured }) => intervalText(measured ?? undefined)],
    ['exact', ({ exact }) => short(exact)],
    ['first order', ({ first_order }) => short(first_order)],
  ]
  return ['risk', ...tables<RiskPoint>(['n', ({ n }) => count(n)], columns, points, width, bold)]
}

export function growthText(cells: readonly GrowthCell[], width: number, bold: (text: string) => string): string[] {
  if (cells.length === 0) return []
  const others = (swept: Record<string, unknown>) =>
    Object.entries(swept).flatMap(([path, value]) => (path.startsWith('n') ? [] : [`${word(path, value)}`]))
  const name = ({ n, swept }: GrowthCell) => [writeSize(n), ...others(swept)].join(', ')
  const isNormal = cells.some(({ of }) => of === 'variance')
  const risk: Column<GrowthCell>[] = isNormal
    ? [
        ['risk then', ({ risk: now }) => short(now?.exact)],
        ['measured', ({ risk: now }) => intervalText(now?.measured ?? undefined)],
        ['risk in the end', ({ of, limit }) => (of === 'variance' ? short(limit.w2_squared) : '-')],
      ]
    : []
  const left: Column<GrowthCell> = [
    'left in the end',
    ({ of, limit }) => short(of === 'variance' ? Math.exp(limit.log_variance) : limit.variance),
  ]
  const columns: Column<GrowthCell>[] = [
    ['generation', ({ generation }) => count(generation)],
    ['sum of 1/n', ({ limit }) => (limit.bounded ? short(limit.sum) : 'no end')],
    ...risk,
    left,
  ]
  return [
    'sizes that grow, by theory: bounded for a power above 1',
    ...tables<GrowthCell>(['n', name], columns, cells, width, bold),
  ]
}
