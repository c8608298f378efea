// A table that fits the screen: one column gives way.
import { displayWidth, printable, table } from '../terminal.js'
import { cut, WIDTH, widest } from './audit-text.js'

/** Below this width a column no longer gives way; below the other one it keeps its room and `spare` goes. */
const least = 8
const readable = 24

/** What a table may do to fit. */
export interface Fit {
  /** One letter a column; by default the first to the left, others to the right. */
  align?: string
  /** The column that is left out before the first one becomes unreadable. */
  spare?: number
}

/** A table, two spaces in from the left and at most 80 columns wide, as far as its first column can be cut. */
export function fitted(head: readonly string[], lines: readonly (readonly unknown[])[], fit: Fit = {}): string {
  const { align = 'l'.padEnd(head.length, 'r'), spare } = fit
  const made = table(head, lines, { align, indent: 2 })
  const over = widest(made.split('\n')) - WIDTH
  if (over <= 0) return made
  const names = lines.map(([name]) => printable(String(name)))
  const wanted = widest(names)
  if (spare !== undefined && wanted - over < Math.min(wanted, readable)) {
    const without = <T>(row: readonly T[]): T[] => row.filter((_, k) => k !== spare)
    return fitted(without(head), lines.map(without), { align: without([...align]).join('') })
  }
  const room = Math.max(least, displayWidth(head[0]!), wanted - over)
  return table(
    head,
    lines.map(([, ...rest], row) => [cut(names[row]!, room), ...rest]),
    { align, indent: 2 },
  )
}
