// What has to be known beside the numbers of an attribution: approximations, infinities, what is undefined or doubtful.

import { definitionOf, type Model, stripDefaults, writeShorthand } from '@genloss/models'
import type { CellResult } from '../cell-result.js'
import { isStaged, type Statistic } from './arms.js'
import type { AttributedMeasure, Plan } from './attribute.js'

/** What the remarks are about. */
export interface Attributed {
  plan: Plan
  /** Measures asked for. */
  names: readonly string[]
  measures: Readonly<Record<string, AttributedMeasure>>
  /** Measures without a value. */
  undefinedOnes: readonly string[]
  /** The cell as it was asked for. */
  main: CellResult
  statistic: Statistic
}

/** One sentence a remark. */
export function remarksOf(about: Attributed): string[] {
  const { plan, names, measures, undefinedOnes, main, statistic } = about
  const shown = Object.keys(measures).filter((name) => !undefinedOnes.includes(name))
  const missing = names.filter((name) => !(name in measures) && !undefinedOnes.includes(name))
  return [
    ...approximations(plan),
    ...unreferenced(plan),
    ...alike(plan),
    ...listed("not parted, since the origin's own family does not have them", missing),
    ...listed('undefined here', undefinedOnes),
    ...shown.flatMap((name) => infinities(name, measures[name]!, main, statistic)),
    ...doubts(shown, measures, main, statistic),
    ...(statistic === 'mean' ? contradictions(shown, measures, main) : []),
    ...gaps(shown, main),
  ]
}

function listed(what: string, names: readonly string[]): string[] {
  return names.length > 0 ? [`${what}: ${names.join(', ')}`] : []
}

/** The remarks about n = infinity, with the models that they are about. */
function approximations({ arms }: Plan): string[] {
  const about = new Map<string, string[]>()
  for (const { model, remarks } of arms) {
    for (const remark of remarks) about.set(remark, [...(about.get(remark) ?? []), inWords(model)])
  }
  return [...about].map(([remark, runs]) => `${remark} (${runs.join('; ')})`)
}

function inWords({ kind, ...settings }: Model): string {
  return writeShorthand({ kind, ...stripDefaults(definitionOf(kind).shape.fields, settings) })
}

/** Stages whose own cost is not known stand among the errors. */
function unreferenced({ asked, unreferenced }: Plan): string[] {
  if (unreferenced === undefined || !isStaged(asked)) return []
  return [`what the stages cost by themselves is not known, and part of the errors: ${unreferenced}`]
}

/** Batches of different sizes have equal shares in a set of infinitely many records. */
function alike({ asked }: Plan): string[] {
  const { policy, n, initial } = asked.settings
  const pools = policy.kind === 'accumulate' || policy.kind === 'window'
  if (!pools || n === 'inf' || n === initial) return []
  return ['at n = infinity the batches of a training set are all of one size, here they are not']
}

function infinities(
  name: string,
  { share_infinite, expressivity, approximation, total }: AttributedMeasure,
  { generations }: CellResult,
  statistic: Statistic,
): string[] {
  const isInfinite = (value: number) => Math.abs(value) === Number.POSITIVE_INFINITY
  const early = [expressivity, approximation].some((part) => part.some(isInfinite))
  if (early) return [`${name} is infinite at n = infinity already; what comes on top of that is undefined`]
  const first = share_infinite.findIndex((share) => share > 0)
  if (first < 0) return []
  const last = share_infinite.at(-1)!
  const shares = [`${percent(share_infinite[first]!)} of the chains at generation ${generations[first]}`]
  if (first < generations.length - 1) shares.push(`${percent(last)} at generation ${generations.at(-1)}`)
  const cure = statistic === 'mean' ? '; the statistic median tells what half of the chains lose' : ''
  const moved = total.some(isInfinite) ? `, and so is its ${statistic}${cure}` : ''
  return [`${name} is infinite in ${shares.join(', ')}${moved}`]
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`

function doubts(
  names: readonly string[],
  measures: Attributed['measures'],
  { generations }: CellResult,
  statistic: Statistic,
): string[] {
  if (statistic === 'median') return []
  const found = names.flatMap((name) => {
    const { reliable, statistical } = measures[name]!
    const first = reliable.findIndex((sure, i) => !sure && Number.isFinite(statistical[i]))
    return first < 0 ? [] : [first === 0 ? name : `${name} (from generation ${generations[first]})`]
  })
  return listed('means that hang on few chains', found)
}

/** Measures whose mean moves one way and whose median the other, at the last generation. */
function contradictions(names: readonly string[], measures: Attributed['measures'], main: CellResult): string[] {
  const last = main.generations.length - 1
  const found = names.flatMap((name) => {
    const { reference, total, low, high } = measures[name]!
    const { median, median_low, median_high } = main.summary(name)
    const from = reference[last]!
    const rises = low.total[last]! > 0 && median_high[last]! < from
    const falls = high.total[last]! < 0 && median_low[last]! > from
    return rises || falls ? [`${name} (${signed(total[last]!)}, ${signed(median[last]! - from)})`] : []
  })
  const what = `the mean and half of the chains go opposite ways at generation ${main.generations[last]}, so look at the statistic median`
  return listed(what, found)
}

const signed = (value: number): string => `${value > 0 ? '+' : ''}${Number(value.toPrecision(2))}`

/** Chains without a value at the last generation: most have stopped. */
function gaps(names: readonly string[], main: CellResult): string[] {
  const { replicates } = main.shape
  const counts = names.map((name) => main.summary(name).count.at(-1)!)
  const least = Math.min(replicates, ...counts)
  const generation = main.generations.at(-1)
  return least < replicates
    ? [`${replicates - least} of ${replicates} chains have no value at generation ${generation}`]
    : []
}
