// The part of the audit's screen about a model that stands for the generator: what it makes of each set before any feeding back.
import type { AuditAnswer, MisfitSet } from '@genloss/lab'
import { crossingWords, type Row, table, tailWords } from './audit-tables.js'
import { paragraph, signed } from './audit-text.js'
import { count, short, some } from './numbers.js'

const mostShown = 6
/** A set this near its real share is kept by the model. */
const near = 0.05

interface Named extends MisfitSet {
  name: string
  missing: boolean
}

/** Sets by how far the model is from the table, the farthest first, missing values last; then its gaps, and what it can't tell. */
export function misfitLines({ misfit, pipelines, left_out }: AuditAnswer): string[] {
  if (!misfit) return []
  const { groups, crossings, tails } = misfit
  const one = new Set(pipelines[0]!.groups.map(({ column }) => column)).size === 1
  const all: Named[] = [
    ...groups.map((set) => ({ ...set, name: one ? set.value : `${set.column} = ${set.value}` })),
    ...crossings.map((set) => ({ ...set, name: crossingWords(set, one) })),
    ...tails.map((set) => ({ ...set, name: tailWords(set), missing: false })),
  ]
  const off = all
    .filter(({ ratio }) => Math.abs(ratio - 1) > near)
    .sort((a, b) => Number(a.missing) - Number(b.missing) || distance(b) - distance(a))
  const shown = off.slice(0, mostShown)
  const rows = shown.map(
    ({ name, rows, share, made, ratio }): Row => ({
      name,
      amount: count(rows),
      cells: [short(100 * share, 2), short(100 * made, 2), short(ratio, 2)],
    }),
  )
  const title = `MISFIT of the model${some(shown.length, off.length)}: its share of a set over the real one, fitted to the table itself, before any feeding back`
  const rest = all.length - off.length
  return [
    ...paragraph('', '  ', title),
    ...(rows.length > 0 ? table('rows', rows, ['real, %', 'made, %', 'times']) : []),
    ...paragraph(
      '  ',
      '    ',
      `${count(rest)} of ${count(all.length)} sets are within ${100 * near} % of their real share`,
    ),
    ...gapLine(misfit),
    ...undecidedLine(left_out.undecided),
  ]
}

function gapLine({ gaps }: NonNullable<AuditAnswer['misfit']>): string[] {
  const told = gaps
    .slice(0, 3)
    .map(
      ({ column, group, reference, gap, made }) =>
        `${column}, ${group.value} vs ${reference} ${signed(gap)}, made ${made === null ? 'none' : signed(made)}`,
    )
  return told.length > 0 ? paragraph('  ', '    ', `gaps: ${told.join('; ')}`) : []
}

function undecidedLine(undecided: readonly string[]): string[] {
  if (undecided.length === 0) return []
  const rest = undecided.length > 3 ? ` and ${count(undecided.length - 3)} more (--json)` : ''
  const text = `left out, as no column of the model tells them, nor two of few values: ${undecided.slice(0, 3).join('; ')}${rest}`
  return paragraph('  ', '    ', text)
}

/** How far a share is from the real one, either way; none made is the farthest. */
function distance({ ratio }: MisfitSet): number {
  return ratio > 0 ? Math.abs(Math.log(ratio)) : Number.MAX_VALUE
}
