// From a check to its statements: each a column of numbers over chains, a statistic, and the value that it must have.

import { type CellSettings, type Curve, theoryOf } from '@genloss/models'
import type { Check, Quantity } from './check.js'

/** What is stated of one setting at one generation. */
export interface Statement {
  quantity: string
  generation: number
  columns: readonly string[]
  of: (...values: number[]) => number
  statistic: 'mean' | 'variance' | 'share'
  theory: number
  /** The variance of the number over chains, where theory has it: then standard errors are exact. */
  spread?: number
  /** E of the number, about which a variance is taken. */
  centre?: number
}

const identity = (value: number) => value
const square = (value: number) => value * value

/** States are 0 or 1 in each chain. */
const states: ReadonlySet<string> = new Set(['early_state', 'late_state'])

/** All statements of a check. */
export function statementsOf(check: Check, settings: CellSettings): Statement[] {
  const wanted = check.columns && new Set(check.columns)
  const curves = theoryOf(settings)
  const shown = curves.filter(({ column }) => !wanted || wanted.has(column))
  return check.at.flatMap((generation) => [
    ...shown.flatMap((curve) => ofCurve(curve, curves, generation)),
    ...(check.more ?? []).flatMap((quantity) => ofQuantity(quantity, settings, generation)),
  ])
}

function ofCurve(curve: Curve, curves: readonly Curve[], generation: number): Statement[] {
  const { column, statistic, values } = curve
  const theory = values[generation]!
  if (Number.isNaN(theory)) return []
  const beside = (other: Curve['statistic']) =>
    curves.find((one) => one.column === column && one.statistic === other)?.values[generation]
  const base = { generation, columns: [column], theory }
  if (states.has(column)) {
    return [{ ...base, quantity: `share of chains with ${column}`, of: identity, statistic: 'share' }]
  }
  if (statistic === 'mean_square') {
    return [{ ...base, quantity: `mean of ${column}^2`, of: square, statistic: 'mean' }]
  }
  const spread = statistic === 'mean' ? beside('variance') : undefined
  const centre = statistic === 'variance' ? beside('mean') : undefined
  return [
    {
      ...base,
      quantity: `${statistic} of ${column}`,
      of: identity,
      statistic,
      ...(spread === undefined ? {} : { spread }),
      ...(centre === undefined ? {} : { centre }),
    },
  ]
}

function ofQuantity(
  { name, columns, of, statistic, theory }: Quantity,
  settings: CellSettings,
  generation: number,
): Statement[] {
  const value = theory(settings)[generation]
  if (value === undefined || Number.isNaN(value)) return []
  return [{ quantity: name, generation, columns, of, statistic, theory: value }]
}
