// The paper's experiments for people and for programs: the list, and figures beside what is known of them.
import {
  type Constant,
  constantsOf,
  experiments,
  isRoom,
  type KnownNumber,
  type PaperFigure,
  type PaperVerdict,
  type Reproduction,
  ruleInWords,
  told,
} from '@genloss/lab'
import { displayWidth, styles, table, wrap } from '../terminal.js'
import { intervalText } from './intervals.js'
import { count, short } from './numbers.js'

const UNKNOWN = 'not known here'

/** What `paper --json` prints. */
export function listDocument(): object {
  const listed = experiments.map((experiment) => {
    const { name, title } = experiment
    if (isRoom(experiment)) return { name, title, runs: false, needs: experiment.needs, reason: experiment.reason }
    const { parts, switches = [] } = experiment
    return {
      name,
      title,
      runs: true,
      constants: constantsOf(experiment),
      switches,
      parts: parts.map(({ title: part, experiment: settings, quick }) => ({ part, experiment: settings, quick })),
    }
  })
  return { experiments: listed, note: told }
}

export function listText(width: number): string {
  const { bold, dim } = styles(process.stdout)
  const column = Math.max(...experiments.map(({ name }) => name.length)) + 2
  const line = (name: string, text: string) =>
    `  ${bold(name)}${' '.repeat(column - name.length)}${wrap(text, width, column + 2)}`
  const here = experiments.filter((experiment) => !isRoom(experiment)).map(({ name, title }) => line(name, title))
  const rooms = experiments.filter(isRoom).map(({ name, title, reason }) => line(name, `${title}; ${reason}`))
  return [
    bold('EXPERIMENTS of Shumailov et al., Nature 631:755-759 (2024)'),
    ...here,
    '',
    bold('NOT RUN HERE'),
    ...rooms,
    '',
    wrap('genloss paper NAME runs one, genloss paper all runs all (--quick: with fewer chains).', width),
    dim(wrap(told, width)),
  ].join('\n')
}

/** What `paper NAME --json` prints. */
export function paperDocument(found: readonly Reproduction[], quick: boolean): object {
  const verdict = found.every((one) => one.verdict === 'agrees') ? 'agrees' : 'differs'
  return { verdict, quick, experiments: found, note: told }
}

export interface PaperTextOptions {
  /** Columns of the terminal. */
  width: number
  /** Only what the figures come to. */
  quiet: boolean
}

export function paperText(found: readonly Reproduction[], { width, quiet }: PaperTextOptions): string {
  const blocks = quiet ? [] : found.map((one) => `${reproductionText(one, width)}\n`)
  const notes = quiet ? [] : [styles(process.stdout).dim(wrap(told, width)), '']
  return [...blocks, ...notes, ...found.map((one) => sumText(one, width))].join('\n')
}

function reproductionText(found: Reproduction, width: number): string {
  const { bold, dim } = styles(process.stdout)
  const { name, title, set, runs, figures, constants, switches } = found
  const parts = runs.filter(({ part }) => figures.some((one) => one.part === part))
  const changed = `with --set ${set.join(' --set ')}; published numbers are of the settings below only`
  return [
    bold(wrap(`${name}: ${title}`, width, 2)),
    ...(set.length > 0 ? [dim(wrap(changed, width))] : []),
    ...parts.flatMap(({ part, experiment }) => [
      '',
      bold(wrap(`${part} (${count(Number(experiment.replicates))} chains)`, width, 2)),
      ...partText(
        figures.filter((one) => one.part === part),
        width,
      ),
    ]),
    '',
    bold('constants'),
    ...constantsText(constants, width),
    ...(switches.length > 0 ? ['', bold('switches')] : []),
    ...switches.map(
      ({ path, values, doc }) => `  ${wrap(`--set ${path}=${values.join(' | ')}: ${doc}`, width - 2, 4)}`,
    ),
  ].join('\n')
}

/** Figures of one run, quantity by quantity. */
function partText(figures: readonly PaperFigure[], width: number): string[] {
  const quantities = [...new Set(figures.map(({ quantity }) => quantity))]
  return quantities.flatMap((quantity) =>
    quantityText(
      figures.filter((one) => one.quantity === quantity),
      width,
    ),
  )
}

function quantityText(figures: readonly PaperFigure[], width: number): string[] {
  const { bold, dim } = styles(process.stdout)
  const hasCells = figures.some(({ cell }) => cell !== '')
  const hasPublished = figures.some(({ published }) => published)
  const hasExact = figures.some(({ exact }) => exact)
  const pick = <T>(cell: T, generation: T, published: T, exact: T, ours: T, verdict: T): T[] => [
    ...(hasCells ? [cell] : []),
    generation,
    ...(hasPublished ? [published] : []),
    ...(hasExact ? [exact] : []),
    ours,
    verdict,
  ]
  const rows = figures.map((one) =>
    pick(
      one.cell,
      String(one.generation),
      knownText(one.published),
      knownText(one.exact),
      `${intervalText({ ...one.ours })}${one.ours.reliable ? '' : ' *'}`,
      verdictText(one.verdict),
    ),
  )
  const head = pick('', 'generation', 'published', 'exact', 'ours (95 %)', '')
  const align = pick('l', 'r', 'r', 'r', 'l', 'l').join('')
  const lines = table(head, rows, { align, head: bold, indent: 4 })
  const narrow = lines.split('\n').some((line) => displayWidth(line) > width)
  const shown = narrow
    ? table(
        head.map((title) => (title === 'generation' ? 'g' : title)),
        rows,
        { align, head: bold, indent: 2 },
      )
    : lines
  return [
    `  ${wrap(figures[0]!.quantity, width - 2, 2)}`,
    shown,
    ...remarks(figures).map((text) => dim(`    ${wrap(text, width - 4, 6)}`)),
  ]
}

/** A bound is shown as one. */
function knownText(known: KnownNumber | null): string {
  if (!known) return '-'
  const sign = { below: '< ', above: '> ' }[known.rule.kind as string] ?? ''
  return `${sign}${short(known.value)}`
}

function verdictText(verdict: PaperVerdict): string {
  const { green, yellow, red, bold } = styles(process.stdout)
  if (verdict === 'open') return '-'
  if (verdict === 'differs') return bold(red('DIFFERS'))
  return verdict === 'agrees' ? green(verdict) : yellow(verdict)
}

/** Sources, what corrects a published number, and what is to be known of the numbers. */
function remarks(figures: readonly PaperFigure[]): string[] {
  const all = (texts: (string | undefined)[]) => [...new Set(texts.filter((text) => text !== undefined))]
  const source = (known: KnownNumber | null) => known && `${known.source} (${ruleInWords(known.rule)})`
  const published = all(figures.map((one) => source(one.published) ?? undefined))
  const gaps = figures.some((one) => !one.published)
  return [
    ...(published.length > 0
      ? published.map((text) => `published: ${text}${gaps ? `; -: ${UNKNOWN}` : ''}`)
      : [`published: ${UNKNOWN}`]),
    ...all(figures.map((one) => source(one.exact) ?? undefined)).map((text) => `exact: ${text}`),
    ...all(figures.map(({ correction }) => correction)).map((text) => `corrected: ${text}`),
    ...all(figures.map(({ remark }) => remark)),
    ...(figures.every(({ ours }) => ours.reliable) ? [] : ['*: this mean hangs on few chains']),
  ]
}

/** `generations = 999`, one line a source. */
function constantsText(constants: readonly Constant[], width: number): string[] {
  const sources = [...new Set(constants.map(({ source }) => source))]
  return sources.map((source) => {
    const own = constants.filter((one) => one.source === source)
    const paths = [...new Set(own.map(({ path }) => path))]
    const values = (path: string) => [...new Set(own.filter((one) => one.path === path).map(({ value }) => value))]
    const texts = paths.map((path) => `${path} = ${values(path).join(' or ')}`)
    return `  ${wrap(`${source}: ${texts.join('; ')}`, width - 2, 4)}`
  })
}

/** `AGREES recursion-replace: 12 of 12 numbers, ...`. */
function sumText({ name, verdict, figures }: Reproduction, width: number): string {
  const { green, red, bold } = styles(process.stdout)
  const number = (which: PaperVerdict) => figures.filter((one) => one.verdict === which).length
  const [differing, corrected, open] = [number('differs'), number('corrected'), number('open')]
  const counted = [
    `${figures.length - differing - open} of ${figures.length - open} numbers agree`,
    ...(corrected > 0 ? [`${corrected} of them with the exact value and not with the published one`] : []),
    ...(open > 0 ? [`${open} with nothing known to compare`] : []),
  ]
  const word = verdict === 'agrees' ? green('AGREES') : bold(red('DIFFERS'))
  return wrap(`${word} ${name}: ${counted.join(', ')}`, width, 2)
}
