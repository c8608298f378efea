// The part of the audit's screen about a generator of which rows were read: its one-step factors, and copies of real rows.
import { type AuditAnswer, type Factor, type Formula, type Known, maybeChance } from '@genloss/lab'
import { printable } from '../terminal.js'
import { crossingWords, type Row, table, tailWords } from './audit-tables.js'
import { cut, paragraph } from './audit-text.js'
import { count, percent, short, some } from './numbers.js'

const mostShown = 8
const mostFormulas = 2

/** A set with its factor under its name, one formula a pipeline. */
interface Measured {
  name: string
  rows: number
  factor: Factor
  holdout: Factor | undefined
  formulas: (Formula | undefined)[]
  isGroup: boolean
  /** Whether it is of missing values. */
  missing: boolean
  /** Chances to be halved at the last round of the first pipeline, at the ends of the factor. */
  ends: number[] | undefined
}

/** One step of the generator, set by set: those that chance can't explain first, groups first among them, missing values last. */
export function generatorLines(answer: AuditAnswer): string[] {
  const { synthetic, holdout, read } = answer
  if (!synthetic) return stepLines(answer)
  const all = measuredSets(answer)
  const ordered = [...all].sort(
    (a, b) =>
      Number(maybeChance(a.factor)) - Number(maybeChance(b.factor)) ||
      Number(a.missing) - Number(b.missing) ||
      Number(b.isGroup) - Number(a.isGroup) ||
      distance(b) - distance(a),
  )
  const shown = ordered.slice(0, mostShown)
  const rows = shown.map(
    ({ name, rows, factor, holdout: other }): Row => ({
      name,
      amount: count(rows),
      cells: [count(factor.rows), factorText(factor), ...(holdout ? [other ? factorText(other) : '-'] : [])],
    }),
  )
  const title = `YOUR GENERATOR${some(shown.length, all.length)}: ${synthetic.file}, ${count(synthetic.rows)} rows; a set's share there over its share in ${read.file}`
  const heads = ['made', 'times (95 %)', ...(holdout ? ['kept aside'] : [])]
  return [
    ...paragraph('', '  ', title),
    ...table('rows', rows, heads),
    ...chanceLines(all),
    ...ordered
      .filter(({ factor, missing }) => !maybeChance(factor) && factor.factor < 1 && !missing)
      .sort((a, b) => Number(b.isGroup) - Number(a.isGroup))
      .slice(0, mostFormulas)
      .flatMap((set) => formulaLines(set, answer)),
    ...openLines(all, answer),
    ...correlationLines(answer),
    ...copyLines(answer),
    ...unseenLines(answer),
  ]
}

/** One step of a generator of which only settings are known. */
function stepLines({ pipelines, assumptions }: AuditAnswer): string[] {
  const groups = pipelines[0]!.groups.filter(({ step }) => step !== undefined)
  if (groups.length === 0) return []
  const one = new Set(groups.map(({ column }) => column)).size === 1
  const known = groups
    .sort((a, b) => a.step! - b.step!)
    .slice(0, mostShown)
    .map(({ column, value, step }) => `${cut(one ? value : `${column} = ${value}`, 40)} ${short(step!, 2)}`)
  const at = assumptions.find(({ name }) => name === 'curation') ? 'curation' : 'the settings of the generator'
  return paragraph('', '  ', `ONE STEP of ${at}, by formula: times its share, ${known.join(', ')}`)
}

function chanceLines(all: readonly Measured[]): string[] {
  const clear = all.filter(({ factor }) => !maybeChance(factor)).length
  const byChance = Math.max(1, Math.round(0.05 * all.length))
  const text = `${clear === 0 ? 'none' : count(clear)} of ${count(all.length)} ${clear < 2 ? 'is' : 'are'} off by more than chance; chance alone would make about ${byChance} look so`
  return paragraph('  ', '    ', text)
}

/** Where it goes by the formula, which holds at any number of rows. */
function formulaLines({ name, formulas }: Measured, { pipelines, keep }: AuditAnswer): string[] {
  const ways = pipelines.map(({ name: way }, i) => ({ way, ...formulas[i]! }))
  const halved = ways.filter(({ halves }) => halves !== null)
  const settled = ways.filter(({ halves }) => halves === null)
  const firstNumber = halved.findIndex(({ halves }) => halves! > 1)
  const rounds = halved.map(
    ({ way, halves }, i) => `${roundsText(halves!)}${i === firstNumber ? ' rounds' : ''} under ${way}`,
  )
  const shares = settled.map(({ way, settles }, i) => {
    const part = settles === null ? 'all' : short(settles, 2)
    return `${part}${i === 0 ? ' of its share' : ''} under ${way}`
  })
  const parts = [
    ...(rounds.length > 0 ? [`${keep === 0.5 ? 'halves' : `falls to ${keep}`} in ${list(rounds)}`] : []),
    ...(shares.length > 0 ? [`keeps ${list(shares)}`] : []),
  ]
  return paragraph('  ', '    ', `by formula, whatever the rows: ${cut(name, 40)} ${parts.join('; it ')}`)
}

function roundsText(halves: number): string {
  return halves <= 1 ? 'the first round' : short(halves, 2)
}

function list(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

/** Sets of which the generated rows are too few to say whether they go. */
function openLines(all: readonly Measured[], { pipelines, rounds }: AuditAnswer): string[] {
  const last = rounds.at(-1)!
  const open = all.filter(({ ends }) => ends && Math.min(...ends) < 0.05 && Math.max(...ends) > 0.95)
  if (open.length === 0) return []
  const names = open.slice(0, 3).map(({ name }) => cut(name, 40))
  const rest = open.length > 3 ? ` and ${count(open.length - 3)} more` : ''
  const text = `too few generated rows to tell (kept or halved at round ${last} of ${pipelines[0]!.name}, by the ends of the factor): ${names.join('; ')}${rest}`
  return paragraph('  ', '    ', text)
}

function measuredSets({ pipelines, rounds }: AuditAnswer): Measured[] {
  const { groups, crossings, tails } = pipelines[0]!
  const columns = new Set(groups.map(({ column }) => column))
  const one = columns.size === 1
  const found: Measured[] = []
  const last = rounds.at(-1)!
  const add = (
    name: string,
    set: Known & { rows: number; missing?: boolean },
    formulas: Measured['formulas'],
    isGroup = false,
  ) => {
    const { rows, factor, holdout, at_low: low, at_high: high } = set
    const ends = low && high ? [low.halved[last]!, high.halved[last]!] : undefined
    if (factor) found.push({ name, rows, factor, holdout, formulas, isGroup, missing: set.missing ?? false, ends })
  }
  groups.forEach((group, i) => {
    add(
      one ? group.value : `${group.column} = ${group.value}`,
      group,
      pipelines.map(({ groups }) => groups[i]!.formula),
      true,
    )
  })
  crossings.forEach((crossing, i) => {
    add(
      crossingWords(crossing, one),
      crossing,
      pipelines.map(({ crossings }) => crossings[i]!.formula),
    )
  })
  tails.forEach((tail, i) => {
    add(
      tailWords(tail),
      tail,
      pipelines.map(({ tails }) => tails[i]!.formula),
    )
  })
  return found
}

/** How far a factor is from 1, either way; none made is the farthest. */
function distance({ factor }: Measured): number {
  return factor.factor > 0 ? Math.abs(Math.log(factor.factor)) : Number.MAX_VALUE
}

/** Two digits, more where the ends would look like the factor. */
function factorText({ factor, low, high }: Factor): string {
  const shown = (digits: number) => [factor, low, high].map((value) => short(value, digits))
  const digits = [2, 3, 4].find((digits) => new Set(shown(digits)).size === 3 || factor === low) ?? 4
  const [middle, first, last] = shown(digits)
  return `${middle} (${first}-${last})`
}

/** Pairs of columns whose correlation is another one in the generated rows. */
function correlationLines({ correlations, left_out }: AuditAnswer): string[] {
  const changed = correlations.filter(({ made }) => made && (made.difference_low > 0 || made.difference_high < 0))
  const all = correlations.length + left_out.correlations
  if (correlations.length === 0) return []
  const told = changed
    .slice(0, 3)
    .map(
      ({ columns, r, made }) =>
        `${columns.map((name) => cut(name, 20)).join(' with ')} ${short(r, 2)}, made ${short(made!.r, 2)}`,
    )
  const most = changed.length === correlations.length ? 'at least ' : ''
  const text =
    changed.length === 0
      ? `correlations: none of ${count(all)} is off by more than chance`
      : `correlations: ${most}${count(changed.length)} of ${count(all)} are off by more than chance; ${told.join('; ')}`
  return paragraph('  ', '    ', text)
}

function copyLines({ synthetic, holdout, read }: AuditAnswer): string[] {
  const { copies, rows } = synthetic!
  const aside = holdout ? `; of the real rows kept aside ${percent(holdout.copies.share)}` : ''
  const text = `copies: ${count(copies.rows)} of its ${count(rows)} rows (${percent(copies.share)}) are rows of ${read.file}, value for value${aside}`
  return paragraph('  ', '    ', text)
}

function unseenLines({ synthetic }: AuditAnswer): string[] {
  return synthetic!.unseen.flatMap(({ column, rows, values }) =>
    paragraph(
      '  ',
      '    ',
      `new: ${count(rows)} of its rows ${rows === 1 ? 'has' : 'have'} a ${cut(printable(column), 24)} that no real row has, such as ${values
        .slice(0, 3)
        .map((value) => cut(printable(value), 24))
        .join(', ')}`,
    ),
  )
}
