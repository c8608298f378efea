// What can be followed against n: a statistic over chains of a column at a generation, or the median date of an event.

import type { PlateauRule } from '@genloss/metrics'
import { didYouMean, GenlossError } from '@genloss/models'
import type { CellResult } from '../cell-result.js'
import { stateColumns, valueColumns } from '../settings.js'

export type Statistic = 'mean' | 'median'

/** A measure at a generation. */
export interface MeasureQuantity {
  kind: 'measure'
  /** The column, or `<column>_squared` for the mean of its square. */
  name: string
  column: string
  /** `auto`: the mean where chains can tell it at every size, else the median; ratios to the origin's always the median. */
  statistic: Statistic | 'auto' | 'mean_square'
  /** Whether it is 1 without a loss: its distance to 1 is what a law is fitted to. */
  isRatio: boolean
  plateau: PlateauRule
}

/** The median date of an event. */
export interface DateQuantity {
  kind: 'date'
  /** The event. */
  name: string
  plateau: PlateauRule
}

export type Quantity = MeasureQuantity | DateQuantity

const squared = '_squared'
/** Columns that are 1 where nothing is lost. */
const ratio = /^(variance_(ratio|min|max)|partial_variance|heterozygosity_ratio|tail_(lower_|upper_)?p\d+)$/
/** Columns that are 0 where nothing is lost, and never below. */
const loss = /^(w[12]|kl_forward|kl_reverse|hellinger|tv|ks|excess_risk|missing_mass|outside_support)$/

/** What is followed where nothing is asked for, as far as the model has it. */
const usual = [
  'w2_squared',
  'kl_forward',
  'excess_risk',
  'mean_shift_squared',
  'variance_ratio',
  'heterozygosity_ratio',
  'tail_p01',
  'missing_mass',
]
const usualEvents = ['early', 'late']

function measure(name: string, column: string, statistic: Statistic | 'auto'): MeasureQuantity {
  const isRatio = ratio.test(column)
  const chosen = statistic === 'auto' && isRatio ? 'median' : statistic
  const plateau = isRatio || loss.test(column) ? 'nonnegative' : 'free'
  if (name === column) return { kind: 'measure', name, column, statistic: chosen, isRatio, plateau }
  return { kind: 'measure', name, column, statistic: 'mean_square', isRatio: false, plateau: 'nonnegative' }
}

/** The columns that quantities of these names, or the usual ones, are made from; some may be none of a cell's. */
export function columnsFor(asked: readonly string[] | undefined, targets: Iterable<string>): string[] {
  const names = [...(asked ?? usual), ...targets]
  const sources = names.flatMap((name) => [
    name,
    ...(name.endsWith(squared) ? [name.slice(0, -squared.length)] : []),
    ...(name.startsWith('lost_') ? [`share_${name.slice('lost_'.length)}`] : []),
  ])
  // Half-lives and E[W2^2] of a normal chain hang on its variances.
  return [...new Set([...sources, 'variance_ratio'])]
}

/**
 * The quantities to follow: those asked for by the name of a column, of `<column>_squared` or of an event, or the usual ones.
 *
 * @throws GenlossError `usage` for a name that the run does not have
 */
export function quantitiesOf(
  cell: CellResult,
  asked: readonly string[] | undefined,
  statistic: Statistic | 'auto',
  path = 'measures',
): Quantity[] {
  const states: readonly string[] = Object.values(stateColumns)
  const columns = valueColumns(cell.settings).filter((name) => !states.includes(name))
  const events = cell.eventNames
  const known = [...columns, ...columns.map((name) => `${name}${squared}`), ...events]
  const wanted = asked ?? [...usual, ...usualEvents].filter((name) => known.includes(name))
  return wanted.map((name): Quantity => {
    if (events.includes(name)) return { kind: 'date', name, plateau: 'free' }
    const column = columns.includes(name) || !name.endsWith(squared) ? name : name.slice(0, -squared.length)
    if (columns.includes(column)) return measure(name, column, statistic)
    const hint =
      didYouMean(name, known) ?? `there are ${[...columns, ...events].join(', ')}, and a column with _squared after it`
    throw new GenlossError({
      code: 'usage',
      path,
      value: name,
      rule: 'a column or an event of this run',
      hint,
    })
  })
}
