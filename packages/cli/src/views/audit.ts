// The screen of `genloss audit`: the verdict first, then what it rests on; at most 80 columns, without jargon.
import { type AuditAnswer, writtenText } from '@genloss/lab'
import { styles } from '../terminal.js'
import { generatorLines } from './audit-generator.js'
import { misfitLines } from './audit-misfit.js'
import { stageLines } from './audit-stages.js'
import { crossingLines, gapLines, groupLines, tailLines } from './audit-tables.js'
import { assumptionLine, paragraph } from './audit-text.js'
import { count } from './numbers.js'
import { kindsText } from './read.js'
import { shellWord } from './shell.js'

type Style = (text: string) => string

/** More notes on the reading than this stand in the document alone. */
const mostNotes = 8

export interface AuditViewOptions {
  /** Colour is used where this stream is a terminal that wants it. */
  stream?: NodeJS.WriteStream
  /** The experiment file that was written. */
  saved?: string | undefined
  /** Leave out what is no result. */
  quiet?: boolean | undefined
}

/** The whole screen as one text. */
export function auditView(answer: AuditAnswer, options: AuditViewOptions = {}): string {
  const { bold, dim } = styles(options.stream ?? process.stdout)
  const sections = [
    verdictLines(answer, bold),
    readLines(answer),
    generatorLines(answer),
    misfitLines(answer),
    wayLines(answer),
    stageLines(answer),
    groupLines(answer),
    crossingLines(answer),
    tailLines(answer),
    gapLines(answer),
    assumptionLines(answer),
    options.quiet ? [] : lastLines(answer, options.saved),
  ]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines, i) => (i === 0 ? lines : withTitle(lines, bold, dim)).join('\n'))
    .join('\n\n')
}

/** The first line of a section is its title in capitals, perhaps with a remark. */
function withTitle([first = '', ...rest]: string[], bold: Style, dim: Style): string[] {
  const [, title = '', remark = ''] = /^([A-Z][A-Z ]*[A-Z])?(.*)$/s.exec(first) ?? []
  return [title ? bold(title) + dim(remark) : dim(first), ...rest]
}

/** The sentence that it is a best case stands on a line of its own. */
function verdictLines({ verdict, misfit }: AuditAnswer, bold: Style): string[] {
  const at = verdict.lastIndexOf('BEST CASE')
  if (at < 0) return paragraph('', '', verdict).map(bold)
  const [first = '', ...rest] = paragraph(
    '',
    '',
    `${verdict.slice(at)} ${misfit ? 'Measure yours' : 'Yours loses more: measure it'} by --synthetic FILE.`,
  )
  return [...paragraph('', '', verdict.slice(0, at).trim()).map(bold), first.replace(/^BEST CASE[^.]*/, bold), ...rest]
}

function readLines({ read, synthetic, holdout }: AuditAnswer): string[] {
  const { file, rows, missing, duplicates, skipped, kinds, written, notes } = read
  const gaps = Object.entries(missing).map(([column, rows]) => `${column} ${count(rows)}`)
  const parts = [
    `${file}: ${count(rows)} ${rows === 1 ? 'row' : 'rows'}, ${kindsText(kinds)}`,
    writtenText(written),
    gaps.length > 0 ? `missing: ${few(gaps, 4)}` : 'nothing missing',
    duplicates === 0
      ? 'no row twice'
      : `${count(duplicates)} ${duplicates === 1 ? 'row repeats' : 'rows repeat'} an earlier one`,
  ]
  const passed = skipped.length > 0 ? paragraph('  ', '  ', `not followed: ${few(reasons(skipped), 3)}`) : []
  const said = notes.slice(0, mostNotes).flatMap((note) => paragraph('  ', '    ', `note: ${note}`))
  const more = notes.length - mostNotes
  if (more > 0) said.push(`  and ${count(more)} more notes (--json)`)
  const beside = [synthetic, holdout].flatMap((other) =>
    (other?.notes ?? []).slice(0, mostNotes / 2).map((note) => `note on ${other!.file}: ${note}`),
  )
  return [
    ...paragraph('READ ', '  ', parts.join('; ')),
    ...passed,
    ...said,
    ...beside.flatMap((note) => paragraph('  ', '    ', note)),
  ]
}

/** Columns passed over, those with the same reason together. */
function reasons(skipped: AuditAnswer['read']['skipped']): string[] {
  const columns = new Map<string, string[]>()
  for (const { column, why } of skipped) columns.set(why, [...(columns.get(why) ?? []), column])
  return [...columns].map(([why, names]) => `${few(names, 5)} (${why})`)
}

function few(words: readonly string[], most: number): string {
  const rest = words.length - most
  return words.slice(0, most).join(', ') + (rest > 0 ? ` and ${count(rest)} more` : '')
}

function wayLines({ pipelines, replicates, rounds }: AuditAnswer): string[] {
  const title = `WAYS TO TRAIN ON, and what a round learns from (${count(replicates)} runs of ${count(rounds.at(-1)!)} rounds each)`
  const width = Math.max(...pipelines.map(({ name }) => name.length))
  return [
    title,
    ...pipelines.flatMap(({ name, words }) => paragraph(`  ${name.padEnd(width)}  `, ' '.repeat(width + 4), words)),
  ]
}

function assumptionLines({ assumptions }: AuditAnswer): string[] {
  return ['TAKEN FOR GRANTED, and how to change it', ...assumptions.flatMap(assumptionLine)]
}

function lastLines({ run }: AuditAnswer, saved: string | undefined): string[] {
  const experiment = saved === undefined ? '' : ` The experiment: genloss run ${shellWord(saved)}`
  return [
    ...paragraph(
      '',
      '',
      `Everything, with intervals: --json.${run === null ? '' : ` Recorded in ${run}.`}${experiment}`,
    ),
    'Real rows that keep each group: npx genloss budget FILE --group COL',
  ]
}
