// The goal and the verdict of a budget, in plain words.

import { grouped } from '../audit/pipelines.js'
import { bestCase } from '../audit/verdict.js'
import type { BudgetAnswer, RowsNeeded } from './answer.js'
import { percentOf } from './assumptions.js'
import type { Budgeted } from './experiment.js'
import type { BudgetSettings } from './options.js'
import type { RealRowsRounds, Rounds } from './rounds.js'

type Goal = Pick<BudgetSettings, 'rounds' | 'keep' | 'confidence'>
type Needs = Pick<BudgetAnswer, 'random' | 'stratified' | 'column' | 'goal' | 'real_rows' | keyof Goal>

/** `every race above half its real share at round 20, in 95 % of runs`. */
export function goalOf(column: string, { rounds, keep, confidence }: Goal): string {
  const part = keep === 0.5 ? 'half' : `${keep} of`
  return `every ${column} above ${part} its real share at round ${rounds}, in ${percentOf(confidence)} of runs`
}

/** A few sentences for a person who is no statistician; the last is `bestCase`. */
export function verdictOf(answer: Needs, budgeted: Budgeted): string {
  const { real_rows } = answer
  const allowed = real_rows ? [allowedBy(real_rows, answer)] : []
  return [...needed(answer, budgeted), ...allowed, bestCase].join(' ')
}

function needed({ random, stratified, column, rounds, goal }: Needs, { all, n }: Budgeted): string[] {
  const most = Math.min(all, n)
  if (random.rows === 0 && stratified.rows === 0) {
    return [
      `No real rows are needed for ${rounds === 1 ? '1 round' : `${grouped(rounds)} rounds`}: rows generated from the last round alone leave ${goal}.`,
    ]
  }
  if (random.rows === 0 || stratified.rows === 0) return [tooClose(random, stratified, column, rounds, most)]
  if (random.rows === all && stratified.rows === all)
    return [`Keep all ${grouped(all)} real rows in every round: no smaller fixed subset is enough.`]
  const keepAll =
    all <= n
      ? `Keep all ${grouped(all)} real rows in every round if you can.`
      : `Make more rows a round than ${grouped(n)} and keep all ${grouped(all)} real ones if you can.`
  const ways = [said(stratified, `stratified by ${column}`, most), said(random, 'picked at random', most)]
  const possible = ways.filter((way) => way !== undefined)
  if (possible.length === 0) return [`${keepAll} No fixed subset of them is enough.`]
  const sentence = `${keepAll} If you must use a fixed subset, keep ${possible.join(', or ')}.`
  const impossible = ways[0] === undefined ? `stratified by ${column}` : 'picked at random'
  return possible.length === 2 ? [sentence] : [sentence, `Rows ${impossible} are never enough.`]
}

/** One way needs no rows and the other some: as without any both are the same, chance decided. */
function tooClose(random: RowsNeeded, stratified: RowsNeeded, column: string, rounds: number, most: number): string {
  const [some, how] = random.rows === 0 ? [stratified, `stratified by ${column}`] : [random, 'picked at random']
  const needed = said(some, how, most) ?? `more than all ${grouped(most)} rows ${how}`
  return `Whether ${rounds === 1 ? '1 round needs' : `${grouped(rounds)} rounds need`} real rows is too close to call: none, or ${needed}. More --replicates tell.`
}

function said({ rows, low, high }: RowsNeeded, how: string, most: number): string | undefined {
  if (rows === null) return undefined
  if (rows === most) return `all ${grouped(rows)} rows of a round, ${how}`
  return `${inWords(rows, low ?? rows, high ?? rows)} ${how}`
}

/** `89 rows`; `about 196,000 rows` where chance leaves a range, to the digit that the range leaves. */
function inWords(rows: number, low: number, high: number): string {
  const digit = (size: number): number => 10 ** Math.floor(Math.log10(Math.max(1, size)))
  const unit = Math.min(digit(high - low), digit(rows))
  const shown = Math.round(rows / unit) * unit
  return `${low === high ? '' : 'about '}${grouped(shown)} ${shown === 1 ? 'row' : 'rows'}`
}

function allowedBy({ rows, horizon, random, stratified }: RealRowsRounds, { column }: Needs): string {
  const until = ({ rounds }: Rounds) =>
    rounds === null
      ? `all ${grouped(horizon)} rounds that were looked at`
      : rounds === 1
        ? '1 round'
        : `${grouped(rounds)} rounds`
  const both = until(stratified) === until(random)
  const kept = `With ${grouped(rows)} real ${rows === 1 ? 'row' : 'rows'} every ${column} is kept for`
  if (both) return `${kept} ${until(random)}.`
  return `${kept} ${until(random)} picked at random, and for ${until(stratified)} stratified by ${column}.`
}
