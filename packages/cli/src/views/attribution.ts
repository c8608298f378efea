// What a person sees of an attribution: which error dominates, in words, and the parts of each loss at a few generations.
import {
  type AttributedMeasure,
  type Attribution,
  type Dominant,
  description,
  errors,
  type PartName,
} from '@genloss/lab'
import {
  activeStages,
  type CellSettings,
  definitionOf,
  originShapes,
  stripDefaults,
  writeShorthand,
} from '@genloss/models'
import { displayWidth, styles, table, wrap } from '../terminal.js'
import { sizeText, word } from './cells.js'
import { intervalText } from './intervals.js'
import { count, short } from './numbers.js'

export interface AttributionTextOptions {
  /** Columns of the terminal. */
  width: number
  /** Every measure, not only the first few. */
  every: boolean
}

/** Shown without being asked for: the first so many that the cell has. */
const FIRST = ['kl_forward', 'w2', 'tail_p01', 'heterozygosity_ratio', 'excess_risk', 'variance_ratio', 'w1', 'ks']
const MOST = 3
/** Generations shown, as shares of the last one; fewer where the terminal is narrow. */
const SHARES = [[0, 0.05, 0.2, 0.5, 1], [0, 0.1, 0.4, 1], [0, 0.2, 1], [0, 1], [1]]
/** Parts below this share of the largest are zero but for rounding. */
const ROUNDING = 1e-12

const PARTS: readonly PartName[] = [...errors, 'total']

/** The text about an attribution. */
export function attributionText(attributed: Attribution, { width, every }: AttributionTextOptions): string {
  const { bold, dim } = styles(process.stdout)
  const names = every ? Object.keys(attributed.measures) : shown(attributed)
  const left = Object.keys(attributed.measures).filter((name) => !names.includes(name))
  return [
    bold(wrap(title(attributed), width, 2)),
    '',
    ...verdicts(names, attributed).map((line) => wrap(line, width, 2)),
    '',
    ...names.flatMap((name) => [wrap(about(name, attributed), width, 2), partTable(name, attributed, width), '']),
    ...legend(attributed).map((line) => dim(wrap(line, width, 2))),
    ...(left.length > 0 ? ['', wrap(`more with --measures: ${left.join(', ')}`, width, 2)] : []),
  ].join('\n')
}

/** The first measures that have a value; where none of the usual ones has, the first of all. */
function shown({ measures }: Attribution): string[] {
  const names = Object.keys(measures)
  const usual = FIRST.filter((name) => names.includes(name)).slice(0, MOST)
  return usual.length > 0 ? usual : names.slice(0, MOST)
}

function title({ settings, runs, generations, statistic, way }: Attribution): string {
  const { origin, model, policy, n } = settings
  const stages = Object.entries(activeStages(settings)).map(([name, stage]) => `${name} ${word(name, stage)}`)
  const { chains, method } = runs[0]!
  const what = `${modelText(model)} of ${originText(origin)}, ${word('policy', policy)}, n = ${sizeText(n)}`
  const isSure = chains === 1 && method === 'population'
  const counted = isSure ? 'nothing is random' : `${statistic} of ${count(chains)} ${chains === 1 ? 'chain' : 'chains'}`
  const parted = way === 'shapley' ? ', mean over all orders of the errors' : ''
  return `${[what, ...stages].join(', ')}: ${counted}, generations ${generations[0]} to ${generations.at(-1)}${parted}`
}

function modelText({ kind, ...settings }: CellSettings['model']): string {
  return writeShorthand({ kind, ...stripDefaults(definitionOf(kind).shape.fields, settings) })
}

function originText(origin: CellSettings['origin']): string {
  if (origin.kind === 'table') return origin.file
  if (origin.kind === 'mixture') return `a mixture of ${origin.components.length}`
  const { kind, ...settings } = origin
  return writeShorthand({ kind, ...stripDefaults(originShapes[kind]!.fields, settings) })
}

const sentences: Readonly<Record<Dominant, (settings: CellSettings) => string>> = {
  expressivity: ({ model }) => `mostly expressivity: '${model.kind}' can't be the origin, however much it learns from`,
  approximation: ({ model }) => `mostly approximation: the learner of ${modelText(model)} stops short`,
  statistical: ({ n }) => `mostly statistical: ${sizeText(n)} records a generation are too few`,
  none: () => 'nothing is lost',
  open: () => 'no single error makes most of it',
}

/**
 * A line for each answer at the last generation: `mostly statistical: 50 records a generation are too few (kl_forward
 * +5.03, w2 +1.03).`
 */
function verdicts(names: readonly string[], { measures, settings, generations }: Attribution): string[] {
  const last = generations.length - 1
  const answers = new Map<string, string[]>()
  for (const name of names) {
    const measure = measures[name]!
    const value = measure.total[last]!
    const answer = answerOf(measure, last, settings)
    const doubt = measure.reliable[last] || !Number.isFinite(value) ? '' : ' on few chains'
    answers.set(answer, [...(answers.get(answer) ?? []), `${name} ${gained(lossText(measure, value, last))}${doubt}`])
  }
  return [...answers].map(([answer, about]) => `At generation ${generations[last]} ${answer} (${about.join(', ')}).`)
}

function answerOf(measure: AttributedMeasure, i: number, settings: CellSettings): string {
  if (Number.isNaN(measure.total[i]!)) return 'undefined'
  const error = measure.dominant[i]!
  return error === 'open' && !isTold(measure, i) ? 'nothing that could be told from 0' : sentences[error](settings)
}

/** Signed: what is measured may rise or fall. */
const gained = (text: string): string => (/^[-0]/.test(text) && !/^0\./.test(text) ? text : `+${text}`)

/** Whether some part is told from 0 by its interval. */
function isTold(measure: AttributedMeasure, i: number): boolean {
  const { low, high } = measure
  const least = roundingOf(measure, i)
  return errors.some((error) => low[error][i]! > least || high[error][i]! < -least)
}

/** What is rounding beside the parts at a generation. */
function roundingOf(measure: AttributedMeasure, i: number): number {
  const around = [measure.reference[i]!, ...PARTS.map((part) => measure[part][i]!)].filter(Number.isFinite)
  return ROUNDING * Math.max(0, ...around.map(Math.abs))
}

/** The measure, what it is without any error where that is not 0, and its meaning. */
function about(name: string, { settings, measures }: Attribution): string {
  const family = description().families.find(({ kind }) => kind === settings.model.kind)!
  const [doc] = family.columns.find((column) => column.name === name)!.doc.split(';')
  const values = [...new Set(measures[name]!.reference.map((value) => short(value)))]
  if (values.length === 1) return `${name}${values[0] === '0' ? '' : ` less ${values[0]}`}: ${doc}`
  return `${name} less ${values[0]} to ${values.at(-1)}, which the stages make by themselves: ${doc}`
}

/** The generations that fit in the width, and a line a part. */
function partTable(name: string, { measures, generations }: Attribution, width: number): string {
  const measure = measures[name]!
  const tables = SHARES.map((shares) => {
    const places = [...new Set(shares.map((share) => Math.round(share * (generations.length - 1))))]
    const head = ['', ...places.map((i) => `generation ${generations[i]}`)]
    const rows = PARTS.map((part) => [part, ...places.map((i) => partText(measure, part, i))])
    const words = ['mostly', ...places.map((i) => dominantText(measure, i))]
    return table(head, [...rows, words], {
      align: `l${'l'.repeat(places.length)}`,
      head: styles(process.stdout).bold,
      indent: 2,
    })
  })
  const isFitting = (text: string) => text.split('\n').every((line) => displayWidth(line) <= width)
  return tables.find(isFitting) ?? tables.at(-1)!
}

/** `0.0211 (0.02..0.023)`; one number where it is exact. */
function partText(measure: AttributedMeasure, part: PartName, i: number): string {
  const [value, low, high] = [measure[part][i]!, measure.low[part][i]!, measure.high[part][i]!]
  if (low === high) return lossText(measure, value, i)
  return intervalText({ value, low, high }).replace(' to ', '..')
}

/** A loss or a part of one; `0` where it is rounding beside the others. */
function lossText(measure: AttributedMeasure, value: number, i: number): string {
  const isNothing = measure.dominant[i] === 'none' || Math.abs(value) <= roundingOf(measure, i)
  return isNothing ? '0' : short(value)
}

function dominantText(measure: AttributedMeasure, i: number): string {
  const error = measure.dominant[i]!
  if (error === 'none') return 'nothing lost'
  return error === 'open' ? (isTold(measure, i) ? 'no single one' : 'not told from 0') : error
}

function legend({ settings, runs, way, measures }: Attribution): string[] {
  const { model, n } = settings
  const approximated = runs.some((run) => run.approximated) ? ' (here a large number of them)' : ''
  const infinite = `infinitely many records${approximated}`
  const sampled = n === 'inf' ? 'none, since n is infinite' : `what n = ${sizeText(n)} adds`
  const parts =
    way === 'shapley'
      ? `expressivity: what '${model.kind}' adds in place of the origin's own family. approximation: what the learner as it is configured adds to one that converges. statistical: ${sampled}${n === 'inf' ? '' : ` where there were ${infinite}`}. Each is the mean over all orders in which the three come on top of each other`
      : `expressivity: what '${model.kind}' loses of the origin when it is fitted to convergence, to ${infinite}. approximation: what the learner as it is configured adds to that. statistical: ${sampled}${n === 'inf' ? '' : ' to that'}`
  const hasIntervals = Object.values(measures).some(({ low, high }) => low.total.some((end, i) => end < high.total[i]!))
  return [`${parts}. Together they are the total.${hasIntervals ? ' (a..b): 95 % interval.' : ''}`]
}
