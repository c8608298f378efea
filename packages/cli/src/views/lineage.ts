// The screen of `genloss lineage`: inputs with their hashes, the rows of each training set by origin and age, the parts.
import type { LineageCell, LineageDocument, LineageGeneration, LineageInput, LineageRows } from '@genloss/lab'
import { styles } from '../terminal.js'
import { left, paragraph, right, WIDTH, widest } from './audit-text.js'
import { cellLabels, labelHead } from './cells.js'
import { bytes, count } from './numbers.js'

const mostCells = 20
const mostGenerations = 12
const mostParts = 5
/** Digits of a hash that are shown. */
const digits = 16

export interface LineageViewOptions {
  /** Colour is used where this stream is a terminal that wants it. */
  stream?: NodeJS.WriteStream
  quiet?: boolean | undefined
}

/** The whole screen as one text. */
export function lineageView(document: LineageDocument, options: LineageViewOptions = {}): string {
  const { bold } = styles(options.stream ?? process.stdout)
  const { cells, plan } = document
  const shown = cells.slice(0, mostCells)
  const more = cells.length - shown.length
  const sections = [
    headLines(document),
    ['INPUTS', ...document.inputs.flatMap(inputLines), hashLine('plan', 'plan.json', plan.sha256)],
    ...shown.map(cellLines),
    more > 0 ? [`and ${count(more)} more cells (--cells, --json)`] : [],
    partLines(document),
    options.quiet ? [] : ['Everything, with whole hashes: --json; its JSON Schema: genloss lineage --schema'],
  ]
  const titled = (line: string) => line.replace(/^[A-Z]{4,}/, bold)
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map(titled).join('\n'))
    .join('\n\n')
}

function headLines({ run, made_by, plan }: LineageDocument): string[] {
  const by = made_by ?? {}
  const made = made_by
    ? `, made by genloss ${by.genloss} on ${by.platform} (${by.simd}) from ${String(by.started).slice(0, 10)} on`
    : ''
  return paragraph(
    '',
    '  ',
    `${run}: ${count(plan.cells)} ${plan.cells === 1 ? 'cell' : 'cells'}${made}; numerics ${plan.numerics}`,
  )
}

const states = {
  same: 'still the same',
  changed: 'CHANGED SINCE',
  missing: 'no longer there',
  unknown: 'read from an unknown place',
}

function inputLines(input: LineageInput): string[] {
  if (input.kind === 'experiment') return [hashLine('experiment', input.name, input.sha256)]
  const { name, file, rows, columns, state, sha256 } = input
  const about = `${count(rows)} rows, ${count(columns.length)} ${columns.length === 1 ? 'column' : 'columns'}, ${states[state]}`
  return [hashLine('table', file ?? name, sha256), `              ${about}`]
}

function hashLine(kind: string, name: string, hash: string): string {
  return `  ${left(kind, 10)}  ${left(name, WIDTH - 16 - digits - 9)}  sha256 ${hash.slice(0, digits)}`
}

function cellLines({ index, swept, generations, settings, method }: LineageCell): string[] {
  const labels = cellLabels(settings, swept)
  const told = labelHead(swept).map((name, i) => `${name} ${labels[i]}`)
  const about = `${index}: ${told.join(', ')}; ${count(settings.replicates)} chains, ${method}`
  const title = paragraph('CELL ', '     ', about)
  if (generations === null) return [...title, '  sizes are partly infinite: training sets have no meaning']
  const shown = some(generations)
  const records = ['records', ...shown.map(({ records }) => (records === null ? 'inf' : count(records)))]
  const width = widest(records)
  const lines = shown.flatMap((generation, i) => rowLines(generation, right(records[i + 1]!, width)))
  const left = generations.length - shown.length
  return [
    ...title,
    `  round  ${right('records', width)}  of them (age in rounds)`,
    ...lines,
    ...(left > 0 ? [`  and ${count(left)} more rounds (--at, --json)`] : []),
  ]
}

/** The first generations and the last ones. */
function some(generations: readonly LineageGeneration[]): LineageGeneration[] {
  if (generations.length <= mostGenerations) return [...generations]
  return [...generations.slice(0, mostGenerations - 3), ...generations.slice(-3)]
}

function rowLines({ generation, rows }: LineageGeneration, records: string): string[] {
  const first = `  ${right(String(generation), 5)}  ${records}  `
  return paragraph(first, ' '.repeat(first.length), joined(rows).join(', '))
}

/** At most so many parts of one origin are told apart. */
const mostRows = 6

function joined(rows: readonly LineageRows[]): string[] {
  const shown = rows.length <= mostRows ? rows : rows.slice(-mostRows)
  const older = rows.length - shown.length
  return [...(older > 0 ? [`${older} older ${older === 1 ? 'part' : 'parts'}`] : []), ...shown.map(rowText)]
}

/** `53 real (age 5)`, `about 12.5 generated (ages 0 to 3)`. */
function rowText({ origin, age, records, share, certain }: LineageRows): string {
  const many = records === null ? `${Number((100 * share).toPrecision(3))} %` : count(Number(records.toFixed(1)))
  const ages = age.least === age.most ? `${age.least}` : `${age.least} to ${age.most}`
  return `${certain ? '' : 'about '}${many} ${origin} (${ages})`
}

function partLines({ parts }: LineageDocument): string[] {
  const whole = parts.filter(({ state }) => state === 'whole')
  const size = whole.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0)
  const broken = parts.filter(({ state }) => state !== 'whole')
  const shown = parts.slice(0, mostParts).filter(({ sha256 }) => sha256 !== null)
  const more = whole.length - shown.filter(({ state }) => state === 'whole').length
  return [
    `PARTS ${count(whole.length)} of ${count(parts.length)} whole, ${bytes(size)}`,
    ...shown.map(({ part, sha256 }) => hashLine('results', part, sha256!)),
    ...(more > 0 ? [`  and ${count(more)} more (--json)`] : []),
    ...broken.slice(0, mostParts).flatMap(({ part, state }) => paragraph('  ', '    ', `${part}: ${state}`)),
    ...(broken.length > mostParts ? [`  and ${count(broken.length - mostParts)} more that are not whole`] : []),
  ]
}
