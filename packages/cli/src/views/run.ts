// What a person sees of a finished run: dates, the last generation, differences, what the words mean, what to type next.
import { displayWidth, styles, table, wrap } from '../terminal.js'
import { dateDifferenceText, dateText, intervalText, pText, shareText } from './intervals.js'
import { count, percent } from './numbers.js'
import { MEASURES, type Measure, type Row, type Rows } from './rows.js'
import { shellWord } from './shell.js'

export interface RunTextOptions {
  name: string
  /** The run's folder as the person wrote it. */
  out: string
  /** Columns of the terminal. */
  width: number
}

/** A column of a table: its title and what it says of a row. */
type Column = [title: string, text: (row: Row) => string]

/** Losses of more classes than this have no columns of their own. */
const MOST_CLASSES = 4

/** The text about a finished run. */
export function runText({ head, rows, left }: Rows, { name, out, width }: RunTextOptions): string {
  const { bold, dim } = styles(process.stdout)
  const tables = [
    ['', dateColumns(rows), rows] as const,
    [`at generation ${lastOf(rows)}`, endColumns(rows), rows] as const,
    [`against the first cell (${rows[0]!.labels.join(', ')})`, differenceColumns(rows), rows.slice(1)] as const,
  ]
  const shown = tables.filter(([, columns, own]) => columns.length > 0 && own.length > 0)
  return [
    bold(title(name, left, rows)),
    '',
    ...(shown.length === 0 ? [cellTable(head, [], rows, bold), ''] : []),
    ...shown.flatMap(([above, columns, own]) => [
      ...(above ? [above] : []),
      ...fitting(head, columns, own, width).flatMap((some) => [cellTable(head, some, own, bold), '']),
    ]),
    ...(left > 0 ? [`... and ${count(left)} more cells; SQL shows them all`, ''] : []),
    ...legend(rows).map((line) => dim(wrap(line, width, 2))),
    '',
    `files  ${out}`,
    `next   ${nextCommand(out, rows)}`,
  ].join('\n')
}

function title(name: string, left: number, rows: readonly Row[]): string {
  const cells = left + rows.length
  const chains = range(rows.map(({ replicates }) => replicates))
  return `${name}: ${count(cells)} ${cells === 1 ? 'cell' : 'cells'}, ${chains} chains each, generations 0 to ${lastOf(rows)}`
}

function range(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  return least === most ? count(least) : `${count(least)}-${count(most)}`
}

const lastOf = (rows: readonly Row[]) => range(rows.map(({ last }) => last))

/** The columns in groups whose tables, each with the labels, are no wider than `width`, if one column alone is not. */
function fitting(head: readonly string[], columns: readonly Column[], rows: readonly Row[], width: number): Column[][] {
  const widest = (title: string, text: (row: Row) => string) =>
    2 + rows.reduce((most, row) => Math.max(most, displayWidth(text(row))), displayWidth(title))
  const labels = head.reduce((sum, title, i) => sum + widest(title, (row) => row.labels[i]!), -2)
  const groups: Column[][] = []
  let used = width + 1
  for (const column of columns) {
    const own = widest(...column)
    if (used + own > width) {
      groups.push([])
      used = labels
    }
    groups.at(-1)!.push(column)
    used += own
  }
  return groups
}

function cellTable(
  head: readonly string[],
  columns: readonly Column[],
  rows: readonly Row[],
  style: (text: string) => string,
): string {
  const titles = [...head, ...columns.map(([name]) => name)]
  const lines = rows.map((row) => [...row.labels, ...columns.map(([, text]) => text(row))])
  const align = titles.map((name) => (name === 'policy' ? 'l' : 'r')).join('')
  return table(titles, lines, { align, head: style })
}

function shownMeasures(rows: readonly Row[]): Measure[] {
  const names = Object.keys(MEASURES) as Measure[]
  return names.filter((name) => rows.some(({ medians }) => !Number.isNaN(medians[name]?.value ?? Number.NaN)))
}

const isDated = (rows: readonly Row[]) => rows.some(({ events }) => events.early ?? events.late)

/** Events of classes that are lost, where they are few. */
function lostClasses(rows: readonly Row[]): string[] {
  const names = [...new Set(rows.flatMap(({ events }) => Object.keys(events)))].filter((name) => /^lost_/.test(name))
  return names.length > MOST_CLASSES ? [] : names
}

const lossTitle = (event: string): string => (/^lost_/.test(event) ? `without ${event.slice(5)}` : `${event} loss`)

function datedEvents(rows: readonly Row[]): string[] {
  return isDated(rows) ? ['early', 'late', ...lostClasses(rows)] : []
}

function dateColumns(rows: readonly Row[]): Column[] {
  const columns = datedEvents(rows).map(
    (event): Column => [lossTitle(event), (row) => dateText(row.events[event], row.last)],
  )
  if (!rows.some(({ events }) => (events.stopped?.share ?? 0) > 0)) return columns
  return [...columns, ['stopped', ({ events }) => percent(events.stopped?.share ?? 0)]]
}

function endColumns(rows: readonly Row[]): Column[] {
  const states = isDated(rows) ? (['early', 'late'] as const) : []
  const squared: Column = [
    'mean W2^2',
    ({ squaredDistance }) => (squaredDistance?.reliable ? intervalText(squaredDistance) : '-'),
  ]
  return [
    ...states.map((name): Column => [name, (row) => shareText(row.states[name])]),
    ...shownMeasures(rows).map((name): Column => [MEASURES[name], (row) => intervalText(row.medians[name])]),
    ...(rows.some(({ squaredDistance }) => squaredDistance?.reliable) ? [squared] : []),
  ]
}

function differenceColumns(rows: readonly Row[]): Column[] {
  return datedEvents(rows).map((name) => [
    lossTitle(name),
    ({ against }) => {
      const found = against?.events[name]
      return found ? `${dateDifferenceText(found.median, found.share)}, ${pText(found.p)}` : '-'
    },
  ])
}

function legend(rows: readonly Row[]): string[] {
  const shown = shownMeasures(rows)
  const names = shown.map((measure) => `${MEASURES[measure]} (${measure})`).join(', ')
  const dating =
    'early loss: the generation from which most of the tails, or of the rarest classes, stay lost; late loss: the same for nearly all of the spread. Median over chains and its 95 % interval; where fewer than half came that far, their share.'
  const ending = isDated(rows)
    ? `early, late: share of chains that have lost that much at generation ${lastOf(rows)}, whether or not it stays lost.`
    : ''
  const measured = names ? `${names}: what is left of the origin's, 1 = all; median over chains.` : ''
  const squared = rows.some(({ squaredDistance }) => squaredDistance?.reliable)
    ? 'mean W2^2: the mean squared 2-Wasserstein distance to the origin, from the steps of the chains; a plain mean misses the few chains that carry it.'
    : ''
  const paired = rows.some(({ against }) => against?.paired)
  const differences = rows.some(({ against }) => against)
    ? `Differences of median dates, or of shares in points where no median came; p: ${paired ? 'paired bootstrap, that pairs of chains lose it at the same time' : 'log-rank test, that dates follow one law'}.`
    : ''
  return [isDated(rows) ? dating : '', [ending, measured].filter(Boolean).join(' '), squared, differences].filter(
    Boolean,
  )
}

function nextCommand(out: string, rows: readonly Row[]): string {
  const [measure] = shownMeasures(rows)
  const where = measure ? ` where measure = '${measure}' and generation = ${rows[0]!.last}` : ' limit 20'
  return `genloss query ${shellWord(out)} "from cells join summary using (cell)${where}"`
}
