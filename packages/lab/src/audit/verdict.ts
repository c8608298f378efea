// The verdict: what goes first, by which round, and what keeps it, in plain words.

import type { Known, PipelineAnswer } from './answer.js'
import { type Chance, inWords } from './chances.js'
import { fewRows } from './crossings.js'
import { maybeChance } from './factors.js'
import { chanceAt, type Fate } from './fates.js'
import type { AuditSettings } from './options.js'
import { generatedOnes, grouped } from './pipelines.js'

/** Said with every answer that counts sampling loss alone. */
export const bestCase = 'BEST CASE: sampling loss only.'

/** Said where a model stands for the generator. */
const ofModel = 'BEST CASE of a gaussian copula: its own misfit is counted, yours may differ.'

/** A set is lost by a round when it is more likely halved than not, and kept when that is as rare as this. */
const likely = 0.5
const unlikely = 0.05

/** A followed set under the name that a person knows it by. */
interface Followed extends Fate, Known {
  name: string
  rows: number
  missing?: boolean
}

/** Whether a set is spoken of where there are others: missing values and a few single rows are not what a person asks for. */
function isTold({ rows, missing }: Followed): boolean {
  return rows >= fewRows && !missing
}

/** What is followed, in the order in which it is spoken of. */
const kinds = ['group', 'tail', 'rare crossing'] as const
type Kind = (typeof kinds)[number]

/** A set at the round at which it is spoken of. */
interface Found {
  kind: Kind
  set: Followed
  index: number
  round: number
}

/**
 * A few sentences for a person who is no statistician; the last is `bestCase`, unless rows that the generator made were read.
 *
 * @param synthetic the file of those rows
 * @param leftOut how many groups were not followed
 */
export function verdictOf(
  pipelines: readonly PipelineAnswer[],
  rows: number,
  { shown, keep, stages, curate, model }: AuditSettings,
  synthetic?: string,
  leftOut = 0,
): string {
  const harshest = pipelines.find(({ name }) => name === 'replace') ?? pipelines[0]!
  const others = pipelines.filter((pipeline) => pipeline !== harshest)
  const last = shown.at(-1)!
  const main = kinds.find((kind) => followed(harshest, kind).length > 0)!
  const besides = kinds.filter((kind) => kind !== main)
  const lost = firstOf(besides, (kind) => firstToGo(harshest, kind, shown))
  const worst =
    firstToGo(harshest, main, shown) ??
    atRisk(harshest, main, last) ??
    lost ??
    firstOf(besides, (kind) => atRisk(harshest, kind, last)) ??
    nearest(harshest, main, last)!
  const { set, round } = worst
  const who = `${set.name} (${grouped(set.rows)} of ${grouped(rows)} rows)`
  const chance = chanceAt(set, 'halved', round)
  const open = openRange(set, round, chance)
  const when = `${condition(harshest)}, ${halved(keep)} at round ${round} in ${inWords(chance)} of simulated runs${open}`
  const kept = keeping(others, worst, last, keep)
  const sentences =
    chance.share > unlikely
      ? [
          judged(who, worst, main, last),
          made(set),
          `${when}${goneBy(worst, last)}.`,
          byChance(set, round),
          alsoLost(harshest, worst, last, leftOut),
          kept,
          likelier(worst, lost, rows),
        ]
      : [
          `Within ${rounds(last)} nothing that was followed is lost.`,
          `${opening(who, worst.kind)} comes nearest.`,
          made(set),
          `${when}.`,
        ]
  const counted =
    synthetic === undefined
      ? model
        ? ofModel
        : bestCaseOf(stages, curate !== undefined)
      : `The generator's own errors are in this, as ${synthetic} shows them.`
  return [...sentences, counted].filter((sentence) => sentence !== '').join(' ')
}

function bestCaseOf({ sampling, filter, poison, weights }: AuditSettings['stages'], picked: boolean): string {
  const { temperature, topP } = sampling ?? {}
  const known = [
    ...(temperature === undefined ? [] : [`temperature ${temperature}`]),
    ...(topP === undefined ? [] : [`top-p ${topP}`]),
    ...(filter ? ['the detector'] : []),
    ...(poison ? ['poison'] : []),
    ...(weights ? ['weights'] : []),
    ...(picked ? ['curation'] : []),
  ]
  if (known.length === 0) return bestCase
  const some = known.slice(0, -1).map((one) => `, ${one}`)
  return bestCase.replace(' only.', `${some.join('')} and ${known.at(-1)} only.`)
}

/** How often the generator makes the set, over how often it is seen. */
function made({ factor }: Followed): string {
  if (!factor) return ''
  const [low, high] = [factor.low, factor.high].map((end) => times(end))
  if (factor.rows === 0) return `The generator made none of it (at most ${high} times its share).`
  const open = maybeChance(factor) ? ', which may be chance' : ''
  return `The generator made it at ${times(factor.factor)} times its share (${low} to ${high}${open}).`
}

/** Two figures. */
function times(value: number): string {
  return value >= 10 ? grouped(Math.round(value)) : value.toPrecision(2)
}

/** What the interval of the factor or of the real share leaves open, where it is more than the simulation's own error. */
function openRange({ at_low, at_high, factor, rows }: Followed, round: number, chance: Chance): string {
  if (!at_low || !at_high) return ''
  // With the chance itself, which the runs of an end may just miss.
  const all = [at_low.halved[round]!, at_high.halved[round]!, chance.share]
  const ends = [Math.min(...all), Math.max(...all)] as const
  if (ends[0] >= chance.low && ends[1] <= chance.high) return ''
  const [low, high] = ends.map((share) => Math.round(100 * share))
  const why = factor
    ? 'at the ends of that factor'
    : `as ${grouped(rows)} ${rows === 1 ? 'row leaves' : 'rows leave'} its real share open`
  return ` (${low} to ${high} % ${why})`
}

/** What sampling loss alone would do. */
function byChance({ sampling_only }: Followed, round: number): string {
  if (!sampling_only) return ''
  return `By sampling loss alone it would be ${inWords(chanceAt(sampling_only, 'halved', round))}.`
}

/** Goes first, or, where it is not more likely lost than not, is most at risk. */
function judged(who: string, { kind, set, round }: Found, main: Kind, last: number): string {
  const lost = set.halved[round]! > likely
  if (kind === main) return `${opening(who, kind)} ${lost ? 'goes first' : `is the ${kind} most at risk`}.`
  return `Within ${rounds(last)} no ${main} is likely to be lost, but ${who} is${lost ? '' : ' at risk'}.`
}

/** A name at the beginning of a sentence; those of columns stay as they are. */
function opening(who: string, kind: Kind): string {
  return kind === 'tail' ? `T${who.slice(1)}` : who
}

function followed({ groups, tails, crossings }: PipelineAnswer, kind: Kind): Followed[] {
  if (kind === 'group') return groups.map((group) => ({ ...group, name: `${group.column} = ${group.value}` }))
  if (kind === 'tail') return tails.map((tail) => ({ ...tail, name: tailName(tail) }))
  return crossings.map(({ columns: [a, b], values: [x, y], ...set }) => ({
    ...set,
    name: `${a} = ${x} with ${b} = ${y}`,
  }))
}

/** `the highest 5 % of wage`. */
function tailName({ column, side, p }: { column: string; side: 'lower' | 'upper'; p: number }): string {
  return `the ${side === 'lower' ? 'lowest' : 'highest'} ${100 * p} % of ${column}`
}

/** The set of a kind that is likeliest halved at the first round at which any is likely to be. */
function firstToGo(pipeline: PipelineAnswer, kind: Kind, shown: readonly number[]): Found | undefined {
  const found = shown.map((round) => nearest(pipeline, kind, round))
  return found.find((one) => one !== undefined && one.set.halved[one.round]! > likely)
}

/** The set that is likeliest halved at the end, if that is more often than a kept one may be. */
function atRisk(pipeline: PipelineAnswer, kind: Kind, last: number): Found | undefined {
  const worst = nearest(pipeline, kind, last)
  return worst && worst.set.halved[last]! > unlikely ? worst : undefined
}

/** The set that is likeliest halved at a round, of those that are spoken of where there are any. */
function nearest(pipeline: PipelineAnswer, kind: Kind, round: number): Found | undefined {
  const sets = followed(pipeline, kind)
  const places = sets.map((_, i) => i)
  const told = places.filter((i) => isTold(sets[i]!))
  const among = told.length > 0 ? told : places
  if (among.length === 0) return undefined
  const index = among.reduce((worst, i) => {
    const [set, other] = [sets[worst]!, sets[i]!]
    const more = other.halved[round]! - set.halved[round]!
    return more > 0 || (more === 0 && other.rows < set.rows) ? i : worst
  })
  return { kind, set: sets[index]!, index, round }
}

function condition({ name, real_rows, generated_rows }: PipelineAnswer): string {
  if (name === 'replace') return "If each round learns only from the last round's output"
  return `With ${grouped(real_rows)} real and ${grouped(generated_rows)} generated rows in every round`
}

function halved(keep: number): string {
  return keep === 0.5 ? 'its share is half or less' : `its share is at most ${keep} of the real one`
}

function goneBy({ set, round }: Found, last: number): string {
  const gone = chanceAt(set, 'gone', last)
  if (gone.share <= unlikely) return ''
  return round === last
    ? `, and in ${inWords(gone)} no row of it is left`
    : `, and at round ${last} no row of it is left in ${inWords(gone)}`
}

/** What of another kind is likely to go, where what is spoken of is not. */
function likelier({ set, round }: Found, lost: Found | undefined, rows: number): string {
  if (lost === undefined || set.halved[round]! > likely) return ''
  const who = `${lost.set.name} (${grouped(lost.set.rows)} of ${grouped(rows)} rows)`
  const chance = inWords(chanceAt(lost.set, 'halved', lost.round))
  return `${opening(who, lost.kind)} goes sooner: at round ${lost.round} in ${chance}.`
}

function firstOf(some: readonly Kind[], find: (kind: Kind) => Found | undefined): Found | undefined {
  return some.map(find).find((one) => one !== undefined)
}

function alsoLost(pipeline: PipelineAnswer, { kind }: Found, round: number, leftOut: number): string {
  const all = followed(pipeline, kind)
  const more = all.filter((set) => set.halved[round]! > likely).length - 1
  if (more < 1) return ''
  if (kind === 'group' && leftOut > 0)
    return `Of the ${grouped(all.length)} rarest groups ${grouped(more + 1)} go by round ${round}; ${grouped(leftOut)} more were not followed.`
  return more === 1 ? `1 more ${kind} goes by round ${round}.` : `${grouped(more)} more ${kind}s go by round ${round}.`
}

function rounds(count: number): string {
  return count === 1 ? '1 round' : `${grouped(count)} rounds`
}

/** What the other pipelines make of a set, those with the fewest real rows first, up to the first that keeps it. */
function keeping(others: readonly PipelineAnswer[], { index, kind }: Found, last: number, keep: number): string {
  const sorted = [...others].sort((a, b) => a.real_rows - b.real_rows)
  const ways = sorted.map((pipeline) => ({ pipeline, chance: atWorst(followed(pipeline, kind)[index]!, last) }))
  const enough = ways.findIndex(({ chance }) => chance.share <= unlikely)
  const said = enough < 0 ? ways : ways.slice(0, enough + 1)
  const parts = said.map(({ pipeline, chance }, i) => {
    const verb = pipeline.real_rows === 1 || pipeline.name === 'pile-up' ? 's' : ''
    return i === enough
      ? `${amount(pipeline)} keep${verb} it (${keep === 0.5 ? 'halved' : `at ${keep} or less`} in ${inWords(chance)})`
      : `${amount(pipeline)} bring${verb} that to ${inWords(chance)} at worst`
  })
  if (parts.length === 0) return ''
  const text = parts.join('; ')
  return `${text[0]!.toUpperCase()}${text.slice(1)}${enough < 0 ? ', which does not keep it' : ''}.`
}

/** The chance at the last round, or at an earlier one at which the set was halved more often. */
function atWorst(set: Followed, last: number): Chance {
  const rounds = Object.keys(set.halved).map(Number)
  return chanceAt(
    set,
    'halved',
    rounds.reduce((a, b) => (set.halved[b]! > set.halved[a]! ? b : a), last),
  )
}

function amount({ name, real_rows, generated_rows }: PipelineAnswer): string {
  const all = name === 'keep-all' ? 'all ' : ''
  if (name === 'pile-up')
    return `piling up everything, the ${grouped(real_rows)} real rows and ${grouped(generated_rows)} more each round,`
  return `${all}${grouped(real_rows)} real ${real_rows === 1 ? 'row' : 'rows'} beside ${generatedOnes(generated_rows)} in every round`
}
