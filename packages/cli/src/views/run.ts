// What a person sees of a finished run: a line for each cell, what the words mean, where the files are, what to type next.
import type { Dates } from '@genloss/metrics'
import { styles, table, wrap } from '../terminal.js'
import { count, percent, short } from './numbers.js'
import { MEASURES, type Measure, type Row, type Rows } from './rows.js'
import { shellWord } from './shell.js'

export interface RunTextOptions {
  name: string
  /** The run's folder as the person wrote it. */
  out: string
  /** Columns of the terminal. */
  width: number
}

/** The text about a finished run. */
export function runText({ head, rows, left }: Rows, { name, out, width }: RunTextOptions): string {
  const { bold, dim } = styles(process.stdout)
  return [
    bold(title(name, left, rows)),
    '',
    cellTable(head, rows, bold),
    ...(left > 0 ? [`... and ${count(left)} more cells; SQL shows them all`] : []),
    '',
    ...legend(rows).map((line) => dim(wrap(line, width, 2))),
    '',
    `files  ${out}`,
    `next   ${nextCommand(out, rows)}`,
  ].join('\n')
}

function title(name: string, left: number, rows: readonly Row[]): string {
  const cells = left + rows.length
  const chains = range(rows.map(({ replicates }) => replicates))
  const generations = range(rows.map(({ last }) => last))
  return `${name}: ${count(cells)} ${cells === 1 ? 'cell' : 'cells'}, ${chains} chains each, generations 0 to ${generations}`
}

function range(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  return least === most ? count(least) : `${count(least)}-${count(most)}`
}

function shownMeasures(rows: readonly Row[]): Measure[] {
  const names = Object.keys(MEASURES) as Measure[]
  return names.filter((name) => rows.some(({ medians }) => !Number.isNaN(medians[name] ?? Number.NaN)))
}

const isDated = (rows: readonly Row[]) => rows.some(({ events }) => events.early ?? events.late)

function cellTable(head: readonly string[], rows: readonly Row[], style: (text: string) => string): string {
  const shown = shownMeasures(rows)
  const dated = isDated(rows)
  const stopping = rows.some(({ events }) => (events.stopped?.share ?? 0) > 0)
  const titles = [
    ...head,
    ...(dated ? ['early loss', 'late loss'] : []),
    ...shown.map((measure) => MEASURES[measure]),
    ...(stopping ? ['stopped'] : []),
  ]
  const lines = rows.map(({ labels, last, events, medians }) => [
    ...labels,
    ...(dated ? [dateText(events.early, last), dateText(events.late, last)] : []),
    ...shown.map((measure) => short(medians[measure])),
    ...(stopping ? [percent(events.stopped?.share ?? 0)] : []),
  ])
  const align = titles.map((title) => (title === 'policy' ? 'l' : 'r')).join('')
  return table(titles, lines, { align, head: style })
}

/** `31 (30 to 33)`; where fewer than half of the chains came that far: `>200 (12 %)`. */
function dateText(dates: Dates | undefined, last: number): string {
  if (!dates) return '-'
  const { median, low, high, share } = dates
  if (median === null) return share > 0 ? `>${last} (${percent(share)})` : `>${last} (none)`
  return `${median} (${low} to ${high ?? `>${last}`})`
}

function legend(rows: readonly Row[]): string[] {
  const shown = shownMeasures(rows)
  const names = shown.map((measure) => `${MEASURES[measure]} (${measure})`).join(', ')
  const last = range(rows.map((row) => row.last))
  const dating =
    'early loss: the generation from which most of the tails, or of the rarest classes, stay lost; late loss: the same for nearly all of the spread. Median over chains and its 95 % interval; where fewer than half came that far, their share.'
  return [
    ...(isDated(rows) ? [dating] : []),
    ...(names ? [`${names}: what is left of the origin's at generation ${last}, 1 = all; median over chains.`] : []),
  ]
}

function nextCommand(out: string, rows: readonly Row[]): string {
  const [measure] = shownMeasures(rows)
  const where = measure ? ` where measure = '${measure}' and generation = ${rows[0]!.last}` : ' limit 20'
  return `genloss query ${shellWord(out)} "from cells join summary using (cell)${where}"`
}
