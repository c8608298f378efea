// The screen of `genloss budget`: the answer first, then the curve, what a worse generator needs, and what it rests on.
import { type BudgetAnswer, bestCase, chanceOf, inWords, type Rounds, type RowsNeeded, writtenText } from '@genloss/lab'
import { styles } from '../terminal.js'
import { assumptionLine, cut, left, paragraph, right, shareWithInterval, WIDTH, widest } from './audit-text.js'
import { count, percent as exactPercent } from './numbers.js'
import { shellWord } from './shell.js'

type Style = (text: string) => string

const mostNotes = 8
const mostGroups = 8
const widestName = 30

export interface BudgetViewOptions {
  /** Colour is used where this stream is a terminal that wants it. */
  stream?: NodeJS.WriteStream
  /** The experiment file that was written. */
  saved?: string | undefined
  /** Leave out what is no result. */
  quiet?: boolean | undefined
}

/** The whole screen as one text. */
export function budgetView(answer: BudgetAnswer, options: BudgetViewOptions = {}): string {
  const { bold, dim } = styles(options.stream ?? process.stdout)
  const sections = [
    verdictLines(answer, bold),
    [...titled('GOAL', answer.goal), ...readLines(answer)],
    curveLines(answer),
    needLines(answer),
    roundLines(answer),
    ['TAKEN FOR GRANTED, and how to change it', ...answer.assumptions.flatMap(assumptionLine)],
    options.quiet ? [] : lastLines(answer, options.saved),
  ]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines, i) => (i === 0 ? lines : withTitles(lines, bold, dim)).join('\n'))
    .join('\n\n')
}

/** Titles stand in capitals at the beginning of a line, perhaps with a remark. */
function withTitles(lines: string[], bold: Style, dim: Style): string[] {
  return lines.map((line) => {
    const [, title = '', remark = ''] = /^([A-Z][A-Z ]*[A-Z])(.*)$/s.exec(line) ?? []
    return title ? bold(title) + (/^ {2}/.test(remark) ? remark : dim(remark)) : line
  })
}

function verdictLines({ verdict }: BudgetAnswer, bold: Style): string[] {
  const sentence = verdict.replace(bestCase, '').trim()
  return [
    ...paragraph('', '', sentence).map(bold),
    `${bold(bestCase)} A real generator makes errors of its own on top.`,
  ]
}

const indent = 6

function titled(title: string, text: string): string[] {
  return paragraph(title.padEnd(indent), ' '.repeat(indent), text)
}

function readLines({ read, groups, column, left_out }: BudgetAnswer): string[] {
  const { file, rows, missing, written, notes } = read
  const shown = groups.slice(0, mostGroups).map(({ value, rows, share, low, high }) => {
    return `${cut(value, widestName)} ${count(rows)}, ${shareWithInterval(share, low, high).replace(' (', ' % (')}`
  })
  const all = groups.length + left_out.groups
  const more = all - shown.length
  const said = [
    `${file}: ${count(rows)} ${rows === 1 ? 'row' : 'rows'} in ${count(all)} groups of ${column}`,
    `${shown.join('; ')}${more > 0 ? ` and ${count(more)} more` : ''}`,
    ...(missing > 0 ? [`${count(missing)} missing`] : []),
    writtenText(written),
  ]
  const lines = titled('READ', said.join('; '))
  const remarks = notes.slice(0, mostNotes).flatMap((note) => paragraph('  ', '    ', `note: ${note}`))
  const rest = notes.length - mostNotes
  return [...lines, ...remarks, ...(rest > 0 ? [`  and ${count(rest)} more notes (--json)`] : [])]
}

/** In how many of 100 runs the group that is kept least often is kept, by real rows; in pieces that fit. */
function curveLines({ curve, random, stratified, column, replicates, rounds, groups }: BudgetAnswer): string[] {
  const label = ['real rows', 'random', 'stratified']
  const shown = (share: number) =>
    `${inWords(chanceOf(Math.round(share * replicates), replicates))
      .replace('over ', '>')
      .replace('under ', '<')}`
  const cells = curve.map(({ rows, random: a, stratified: b }) => [count(rows), shown(a), shown(b)])
  const width = widest(cells.flat()) + 2
  const room = Math.floor((WIDTH - 2 - widest(label)) / width)
  const pieces = Array.from({ length: Math.ceil(cells.length / room) }, (_, i) => cells.slice(i * room, (i + 1) * room))
  const error = Math.max(...curve.map(({ error }) => error))
  const named = new Set([random.group, stratified.group].filter((group) => group !== null))
  const [only] = named.size === 1 ? named : []
  const rarest =
    groups.length > 1 && only === undefined ? `the ${column} that is kept least` : (only ?? groups[0]!.value)
  return [
    ...titled(
      'KEPT',
      `${cut(rarest, widestName)} at round ${count(rounds)}, by real rows; ${count(replicates)} runs each, good to ${(100 * error).toFixed(1)} %`,
    ),
    ...pieces.flatMap((piece) =>
      label.map(
        (name, row) => `  ${left(name, widest(label))}${piece.map((cell) => right(cell[row]!, width)).join('')}`,
      ),
    ),
  ]
}

/** The rows that are needed, with their ranges, and what they are at factors below 1. */
function needLines({ random, stratified, column, factors, keep }: BudgetAnswer): string[] {
  const heads = ['best case', ...factors.map(({ factor }) => `${factor} of it`)]
  const rows = (needed: { rows: number | null }) => (needed.rows === null ? 'never' : count(needed.rows))
  const table = [
    ['at random', rows(random), ...factors.map((factor) => rows(factor.random))],
    ['stratified', rows(stratified), ...factors.map((factor) => rows(factor.stratified))],
    ['', '', ...factors.map(({ limit }) => exactPercent(limit))],
  ]
  const first = 'in the long run, at least'
  const width = widest([...heads, ...table.flat()]) + 2
  const line = ([name = '', ...cells]: readonly string[]) =>
    `  ${left(name, first.length)}${cells.map((cell) => right(cell, width)).join('')}`
  const deciding = [...new Set([stratified.group, random.group])].filter((group) => group !== null)
  const who =
    deciding.length > 0
      ? deciding.map((group) => `${column} = ${cut(group, widestName)}`).join(', ')
      : 'the rarest group'
  const part = keep === 0.5 ? 'half' : String(keep)
  return [
    ...titled('NEED', `real rows, if every round makes ${who} at a part of the share that it saw`),
    line(['', ...heads]),
    line(table[0]!),
    line(table[1]!),
    line([first, ...table[2]!.slice(1)]),
    ...rangeLine(random, stratified),
    ...paragraph(
      '  ',
      '  ',
      `The last line is the share of real rows that holds it at ${part} of its share in the long run, however many rows there are.`,
    ),
  ]
}

function rangeLine(random: RowsNeeded, stratified: RowsNeeded): string[] {
  const range = ({ rows, low, high }: RowsNeeded) =>
    rows === null || low === high ? undefined : `${count(low!)} to ${count(high!)}`
  const [a, b] = [range(random), range(stratified)]
  const said = [...(a ? [`at random ${a}`] : []), ...(b ? [`stratified ${b}`] : [])]
  return said.length > 0 ? paragraph('  ', '  ', `95 % ranges of the best case: ${said.join(', ')}.`) : []
}

function roundLines({ real_rows, column }: BudgetAnswer): string[] {
  if (real_rows === null) return []
  const { rows, horizon, groups } = real_rows
  const until = ({ rounds, low, high }: Rounds) => {
    const beyond = `${count(horizon)}+`
    const text = (value: number | null) => (value === null ? beyond : count(value))
    const range = low === high ? '' : ` (${text(low)}-${text(high)})`
    return `${text(rounds)}${range}`
  }
  const shown = [...groups]
    .sort((a, b) => (a.random.rounds ?? horizon + 1) - (b.random.rounds ?? horizon + 1))
    .slice(0, mostGroups)
  const table = shown.map(({ value, random, stratified }) => [value, until(random), until(stratified)] as const)
  const name = Math.min(widestName, Math.max(column.length, widest(table.map(([value]) => value))))
  const widths = [1, 2].map((i) => widest([i === 1 ? 'random' : 'stratified', ...table.map((row) => row[i]!)]) + 2)
  const more = groups.length - shown.length
  return [
    `ROUNDS that ${count(rows)} real ${rows === 1 ? 'row allows' : 'rows allow'}, of ${count(horizon)} looked at`,
    `  ${left(column, name)}${right('random', widths[0]!)}${right('stratified', widths[1]!)}`,
    ...table.map(([value, a, b]) => `  ${left(value, name)}${right(a, widths[0]!)}${right(b, widths[1]!)}`),
    ...(more > 0 ? [`  and ${count(more)} more groups (--json)`] : []),
  ]
}

function lastLines({ run, read, column, left_out }: BudgetAnswer, saved: string | undefined): string[] {
  const others = left_out.columns.slice(0, 6).join(', ')
  const experiment = saved === undefined ? '' : ` The experiment: genloss run ${shellWord(saved)}`
  const audit = `genloss audit ${shellWord(read.file)} --group ${shellWord(column)}`
  const recorded = run === null ? '' : ` Recorded in ${run}.`
  return [
    ...(others ? paragraph('', '', `Other columns with groups (--group): ${others}`) : []),
    ...paragraph('', '', `Everything, with intervals: --json.${recorded}${experiment}`),
    ...paragraph('', '', `What is lost otherwise: ${audit}`),
    ...paragraph('', '', `What your generator makes of each group: ${audit} --synthetic ROUND1`),
  ]
}
