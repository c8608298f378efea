// The verdict: what goes first, by which round, and what keeps it, in plain words.

import type { PipelineAnswer } from './answer.js'
import { type Chance, inWords } from './chances.js'
import { chanceAt, type Fate } from './fates.js'
import type { AuditSettings } from './options.js'
import { grouped } from './pipelines.js'

/** Said with every answer that counts sampling loss alone. */
export const bestCase = 'BEST CASE: sampling loss only.'

/** A set is lost by a round when it is more likely halved than not, and kept when that is as rare as this. */
const likely = 0.5
const unlikely = 0.05

/** A followed set under the name that a person knows it by. */
interface Followed extends Fate {
  name: string
  rows: number
}

/** A set at the round at which it is spoken of. */
interface Found {
  set: Followed
  index: number
  round: number
}

/** A few sentences for a person who is no statistician; the last is `bestCase`. */
export function verdictOf(pipelines: readonly PipelineAnswer[], rows: number, { shown, keep }: AuditSettings): string {
  const harshest = pipelines.find(({ name }) => name === 'replace') ?? pipelines[0]!
  const others = pipelines.filter((pipeline) => pipeline !== harshest)
  const sets = followed(harshest)
  const last = shown.at(-1)!
  const first = firstToGo(sets, shown)
  const worst = first ?? nearest(sets, last)
  const { set, round } = worst
  const who = `${set.name} (${grouped(set.rows)} of ${grouped(rows)} rows)`
  const chance = chanceAt(set, 'halved', round)
  const when = `${condition(harshest)}, ${halved(keep)} by round ${round} in ${inWords(chance)} of simulated runs`
  const sentences = first
    ? [
        `${who} goes first.`,
        `${when}${goneBy(worst, last)}.`,
        alsoLost(sets, last, harshest),
        keeping(others, worst, last, keep),
      ]
    : chance.share > unlikely
      ? [
          `Within ${rounds(last)} nothing is more likely lost than not.`,
          `${who} comes nearest.`,
          `${when}.`,
          keeping(others, worst, last, keep),
        ]
      : [`Within ${rounds(last)} nothing that was followed is lost.`, `${who} comes nearest.`, `${when}.`]
  return [...sentences, bestCase].filter((sentence) => sentence !== '').join(' ')
}

/** The groups; where there are none, the tails. */
function followed({ groups, tails }: PipelineAnswer): Followed[] {
  if (groups.length > 0) return groups.map((group) => ({ ...group, name: `${group.column} = ${group.value}` }))
  return tails.map((tail) => ({ ...tail, name: tailName(tail) }))
}

/** `the highest 5 % of wage`. */
export function tailName({ column, side, p }: { column: string; side: 'lower' | 'upper'; p: number }): string {
  return `the ${side === 'lower' ? 'lowest' : 'highest'} ${100 * p} % of ${column}`
}

/** The set that is likeliest halved at the first round at which any is likely to be. */
function firstToGo(sets: readonly Followed[], shown: readonly number[]): Found | undefined {
  return shown.map((round) => nearest(sets, round)).find(({ set, round }) => set.halved[round]! > likely)
}

function nearest(sets: readonly Followed[], round: number): Found {
  const index = sets.reduce((worst, other, i) => {
    const more = other.halved[round]! - sets[worst]!.halved[round]!
    return more > 0 || (more === 0 && other.rows < sets[worst]!.rows) ? i : worst
  }, 0)
  return { set: sets[index]!, index, round }
}

function condition({ name, real_rows, generated_rows }: PipelineAnswer): string {
  if (name === 'replace') return "If each round learns only from the last round's output"
  return `With ${grouped(real_rows)} real and ${grouped(generated_rows)} generated rows in every round`
}

function halved(keep: number): string {
  return keep === 0.5 ? 'its share has halved' : `its share is at most ${keep} of the real one`
}

function goneBy({ set, round }: Found, last: number): string {
  const gone = chanceAt(set, 'gone', last)
  if (gone.share <= unlikely) return ''
  return round === last
    ? `, and in ${inWords(gone)} no row of it is left`
    : `, and by round ${last} no row of it is left in ${inWords(gone)}`
}

function alsoLost(sets: readonly Followed[], round: number, { groups }: PipelineAnswer): string {
  const more = sets.filter((set) => set.halved[round]! > likely).length - 1
  const word = groups.length > 0 ? 'group' : 'tail'
  if (more < 1) return ''
  return more === 1 ? `1 more ${word} goes by round ${round}.` : `${grouped(more)} more ${word}s go by round ${round}.`
}

function rounds(count: number): string {
  return count === 1 ? '1 round' : `${grouped(count)} rounds`
}

/** What the other pipelines make of a set, those with the fewest real rows first, up to the first that keeps it. */
function keeping(others: readonly PipelineAnswer[], { index }: Found, last: number, keep: number): string {
  const sorted = [...others].sort((a, b) => a.real_rows - b.real_rows)
  const judged = sorted.map((pipeline) => ({ pipeline, ...worstOf(followed(pipeline)[index]!, last) }))
  const enough = judged.findIndex(({ chance }) => chance.share <= unlikely)
  const said = enough < 0 ? judged : judged.slice(0, enough + 1)
  const parts = said.map(({ pipeline, chance, round }, i) => {
    const verb = pipeline.real_rows === 1 ? 's' : ''
    return i === enough
      ? `${amount(pipeline)} keep${verb} it (${keep === 0.5 ? 'halved' : `at ${keep} or less`} in ${inWords(chance)})`
      : `${amount(pipeline)} bring${verb} that to ${inWords(chance)} at round ${round}`
  })
  if (parts.length === 0) return ''
  const text = parts.join('; ')
  return `${text[0]!.toUpperCase()}${text.slice(1)}${enough < 0 ? ', which does not keep it' : ''}.`
}

/** The last round, or an earlier one at which the set was halved more often. */
function worstOf(set: Followed, last: number): { chance: Chance; round: number } {
  const round = Object.keys(set.halved)
    .map(Number)
    .reduce((a, b) => (set.halved[b]! > set.halved[a]! ? b : a), last)
  return { chance: chanceAt(set, 'halved', round), round }
}

function amount({ name, real_rows, generated_rows }: PipelineAnswer): string {
  const all = name === 'keep-all' ? 'all ' : ''
  if (name === 'pile-up')
    return `piling up everything, the ${grouped(real_rows)} real rows and ${grouped(generated_rows)} more each round,`
  return `${all}${grouped(real_rows)} real ${real_rows === 1 ? 'row' : 'rows'} beside ${grouped(generated_rows)} generated ones in every round`
}
