// The tables of the audit's screen: groups round by round, and crossings, tails and gaps after the last round.
import {
  type AuditAnswer,
  type CrossingAnswer,
  chanceAt,
  type Fate,
  type GapAnswer,
  type PipelineAnswer,
  percent,
  type TailAnswer,
} from '@genloss/lab'
import { printable } from '../terminal.js'
import { cut, figures, left, paragraph, right, shareWithInterval, signed, WIDTH, widest } from './audit-text.js'
import { count, some } from './numbers.js'

const mostGroups = 12
const mostCrossings = 5
const mostTails = 4
const mostGaps = 3
const gutter = 2

/** Groups: rows, share with its interval, and the chance to be halved at a round under each pipeline side by side. */
export function groupLines({ pipelines, rounds, keep, left_out, tenfold_rows }: AuditAnswer): string[] {
  const { groups } = pipelines[0]!
  if (groups.length === 0) return []
  const [only, ...others] = new Set(groups.map(({ column }) => column))
  const places = groups.map((_, i) => i).sort((a, b) => groups[a]!.rows - groups[b]!.rows)
  const shown = places.slice(0, mostGroups)
  const named = shown.map((i) => (others.length > 0 ? `${groups[i]!.column} = ${groups[i]!.value}` : groups[i]!.value))
  const first: First = {
    names: named,
    counts: aligned(
      'rows',
      shown.map((i) => count(groups[i]!.rows)),
      right,
    ),
    shares: aligned(
      'share, %',
      shown.map((i) => shareWithInterval(groups[i]!.share, groups[i]!.low, groups[i]!.high)),
      left,
    ),
  }
  const width = chanceWidth(shown, pipelines, rounds)
  const fixed = 2 + first.counts[0]!.length + 2 + first.shares[0]!.length + 1
  const room = WIDTH - fixed - Math.min(10, widest(named))
  const wish = Math.max(width * Math.min(3, rounds.length), ...pipelines.map(({ name }) => name.length)) + gutter
  const tables = chunks(pipelines, Math.max(1, Math.floor(room / wish)))
  return [
    `${others.length > 0 ? 'GROUPS' : `GROUPS of ${cut(printable(only!), 24)}`}: in how many of 100 runs it is ${halvedWord(keep)} at round ...`,
    ...tables.flatMap((some) => groupTable(first, some, shown, rounds, fixed, width)),
    ...more(places.length - shown.length + left_out.groups, 'groups that are no rarer'),
    ...tenfoldLines(pipelines, shown, named, rounds.at(-1)!, tenfold_rows),
  ]
}

/** What ten times the rows a round make of the groups that are not safe under `replace`. */
function tenfoldLines(
  pipelines: readonly PipelineAnswer[],
  shown: readonly number[],
  named: readonly string[],
  last: number,
  rows: number | null,
): string[] {
  const plain = pipelines.find(({ name }) => name === 'replace')
  if (!plain || rows === null) return []
  const chances = shown.flatMap((i, place) => {
    const { tenfold, halved } = plain.groups[i]!
    return tenfold && halved[last]! > 0.05 ? [`${cut(named[place]!, 30)} ${share(tenfold.halved[last]!)}`] : []
  })
  if (chances.length === 0) return []
  const list = chances.slice(0, 4).join(', ') + (chances.length > 4 ? ', ...' : '')
  return paragraph('  ', '    ', `with ${count(rows)} rows a round instead, replace at round ${last}: ${list}`)
}

function share(value: number): string {
  return `${value > 0 && value < 0.005 ? '<1' : Math.round(100 * value)} %`
}

/** The first columns of the table of groups; counts and shares begin with their heads. */
interface First {
  names: readonly string[]
  counts: readonly string[]
  shares: readonly string[]
}

function groupTable(
  { names, counts, shares }: First,
  pipelines: readonly PipelineAnswer[],
  shown: readonly number[],
  rounds: readonly number[],
  fixed: number,
  width: number,
): string[] {
  const wanted = Math.min(24, Math.max(8, widest(names)))
  const dates = fitting(rounds, (WIDTH - fixed - wanted) / pipelines.length - gutter, width)
  const block = Math.max(dates.length * width, ...pipelines.map(({ name }) => name.length))
  const name = Math.min(wanted, WIDTH - fixed - pipelines.length * (block + gutter))
  const blocks = (text: (pipeline: PipelineAnswer) => string) =>
    pipelines.map((pipeline) => ' '.repeat(gutter) + right(text(pipeline), block)).join('')
  const numbers = (texts: readonly string[]) => texts.map((text) => right(text, width)).join('')
  const fate = (group: number) => (pipeline: PipelineAnswer) =>
    numbers(dates.map((date) => percent(chanceAt(pipeline.groups[group]!, 'halved', date))))
  return [
    ' '.repeat(name + fixed) + blocks((pipeline) => pipeline.name),
    `  ${left('', name)} ${counts[0]}  ${shares[0]}${blocks(() => numbers(dates.map(String)))}`,
    ...shown.map((i, row) => `  ${left(names[row]!, name)} ${counts[row + 1]}  ${shares[row + 1]}${blocks(fate(i))}`),
  ]
}

/** A list cut into equal parts of at most `most`. */
function chunks<T>(list: readonly T[], most: number): T[][] {
  const size = Math.ceil(list.length / Math.ceil(list.length / most))
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size))
}

function halvedWord(keep: number): string {
  return keep === 0.5 ? 'halved' : `down to ${keep}`
}

/** A head and its cells, all of one width. */
function aligned(head: string, cells: readonly string[], align: (text: string, width: number) => string): string[] {
  const width = widest([head, ...cells])
  return [head, ...cells].map((cell) => align(cell, width))
}

function chanceWidth(
  shown: readonly number[],
  pipelines: readonly PipelineAnswer[],
  rounds: readonly number[],
): number {
  const chances = pipelines.flatMap(({ groups }) =>
    shown.flatMap((i) => rounds.map((round) => percent(chanceAt(groups[i]!, 'halved', round)))),
  )
  return 1 + widest([...rounds.map(String), ...chances])
}

/** As many rounds as fit into a block: the last always, then the first, then those next to the last. */
function fitting(rounds: readonly number[], room: number, width: number): number[] {
  const most = Math.max(1, Math.floor(room / width))
  if (rounds.length <= most) return [...rounds]
  const [first, last] = [rounds[0]!, rounds.at(-1)!]
  if (most < 3) return most === 1 ? [last] : [first, last]
  return [first, ...rounds.slice(1, -1).slice(2 - most), last]
}

/** A line of `table`. */
export interface Row {
  name: string
  amount: string
  cells: string[]
}

/** Rare crossings after the last round. */
export function crossingLines({ pipelines, rounds, keep, left_out }: AuditAnswer): string[] {
  const { crossings, groups } = pipelines[0]!
  if (crossings.length === 0) return []
  const last = rounds.at(-1)!
  const one = new Set(groups.map(({ column }) => column)).size === 1
  const shown = crossings.slice(0, mostCrossings)
  const rows = shown.map((crossing, i) => ({
    name: crossingWords(crossing, one),
    amount: count(crossing.rows),
    cells: pipelines.map(({ crossings }) => halvedAndGone(crossings[i]!, last)),
  }))
  const title = `RARE CROSSINGS${some(shown.length, crossings.length + left_out.crossings)}`
  return [...atLast(title, keep, last), ...table('rows', rows, names(pipelines))]
}

function names(pipelines: readonly PipelineAnswer[]): string[] {
  return pipelines.map(({ name }) => name)
}

function atLast(title: string, keep: number, last: number): string[] {
  const text = `${title}: in how many of 100 runs ${keep === 0.5 ? 'it halved' : `at ${keep}`} (is gone) at round ${last}`
  return paragraph('', '  ', text)
}

/** Tails after the last round, the worst first. */
export function tailLines({ pipelines, rounds, keep, left_out }: AuditAnswer): string[] {
  const { tails } = pipelines[0]!
  const last = rounds.at(-1)!
  const worst = tails
    .map((_, i) => i)
    .sort((a, b) => tails[b]!.halved[last]! - tails[a]!.halved[last]! || tails[a]!.rows - tails[b]!.rows)
  const shown = worst.slice(0, mostTails)
  const rows = shown.map((i) => ({
    name: tailWords(tails[i]!),
    amount: count(tails[i]!.rows),
    cells: pipelines.map(({ tails }) => halvedAndGone(tails[i]!, last)),
  }))
  if (rows.length === 0) return []
  const refused = left_out.tails.filter(({ why }) => why.includes('fewer than'))
  const levels = [...new Set(refused.map(({ p }) => `${100 * p} %`))].join(' and ')
  const few =
    refused.length > 0
      ? [`  left out: ${count(refused.length)} of ${levels}, where fewer than 10 real rows are too few to judge`]
      : []
  const title = `TAILS${some(shown.length, tails.length + left_out.more_tails)}`
  return [...atLast(title, keep, last), ...table('rows', rows, names(pipelines)), ...few]
}

/** @param one whether all groups are of one column, the crossing's first */
export function crossingWords(
  { columns: [a, b], values: [x, y] }: Pick<CrossingAnswer, 'columns' | 'values'>,
  one: boolean,
): string {
  return `${one && !isNumber(x) ? '' : `${a} = `}${x}, ${b} = ${y}`
}

export function tailWords({ column, side, p, edge }: Pick<TailAnswer, 'column' | 'side' | 'p' | 'edge'>): string {
  return `${column}, ${side === 'lower' ? 'lowest' : 'highest'} ${100 * p} % (${figures(edge)} or ${side === 'lower' ? 'less' : 'more'})`
}

/** Gaps between means after the last round: where 9 of 10 runs end. */
export function gapLines({ pipelines, rounds, left_out, synthetic }: AuditAnswer): string[] {
  const { gaps } = pipelines[0]!
  if (gaps.length === 0) return []
  const last = rounds.at(-1)!
  const shown = gaps.slice(0, mostGaps)
  const rows = shown.map(({ column, group, reference, gap }, i) => ({
    name: `${column}, ${isNumber(group.value) ? `${group.column} ` : ''}${group.value} vs ${reference}`,
    amount: signed(gap),
    cells: [...(synthetic ? [madeGap(gaps[i]!)] : []), ...pipelines.map(({ gaps }) => range(gaps[i]!, last))],
  }))
  const alone = synthetic ? ', by sampling loss alone' : ''
  const title = `GAPS${some(shown.length, gaps.length + left_out.gaps)}: between means, and where 9 of 10 runs have them at round ${last}${alone}`
  return [
    ...paragraph('', '  ', title),
    ...table('real', rows, [...(synthetic ? ['generated'] : []), ...names(pipelines)]),
  ]
}

/** The gap in the generated rows, with a mark where it differs by more than chance. */
function madeGap({ made }: GapAnswer): string {
  if (!made || made.gap === null) return 'none'
  const apart = made.low !== null && made.high !== null && (made.low > 0 || made.high < 0)
  return `${signed(made.gap)}${apart ? '*' : ''}`
}

function range(gap: GapAnswer, round: number): string {
  const [low, high] = [gap.low[round], gap.high[round]]
  return low == null || high == null ? 'gone' : `${signed(low)}..${signed(high)}`
}

function halvedAndGone(fate: Fate, round: number): string {
  return `${percent(chanceAt(fate, 'halved', round))} (${percent(chanceAt(fate, 'gone', round))})`
}

/** Rows of name, amount and one cell a column, under a line of names; in several tables where one is too wide. */
export function table(amount: string, rows: readonly Row[], heads: readonly string[]): string[] {
  const amountWidth = widest([amount, ...rows.map((row) => row.amount)])
  const columns = heads.map((name, i) => ({
    name,
    i,
    width: widest([name, ...rows.map(({ cells }) => cells[i]!)]),
  }))
  const room = WIDTH - 4 - amountWidth - Math.min(24, widest(rows.map(({ name }) => name)))
  const most = Math.max(1, Math.floor(room / (gutter + Math.max(...columns.map(({ width }) => width)))))
  return chunks(columns, most).flatMap((some) => {
    const name = WIDTH - 4 - amountWidth - some.reduce((sum, { width }) => sum + width + gutter, 0)
    const line = (first: string, second: string, cell: (column: (typeof some)[number]) => string) =>
      `  ${left(first, name)}  ${right(second, amountWidth)}${some.map((column) => ' '.repeat(gutter) + right(cell(column), column.width)).join('')}`
    return [
      line('', amount, (column) => column.name),
      ...rows.map((row) => line(row.name, row.amount, ({ i }) => row.cells[i]!)),
    ]
  })
}

function isNumber(label: string): boolean {
  return /^[-+]?[\d.,]+$/.test(label)
}

function more(rest: number, what: string): string[] {
  return rest > 0 ? [`  and ${count(rest)} more ${what}`] : []
}
