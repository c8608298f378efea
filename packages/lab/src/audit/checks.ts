// What an audit refuses once its tables are read: options without a meaning for them.

import { didYouMean } from '@genloss/models'
import type { TableData, TextColumn } from '../sources/index.js'
import type { Beside } from './beside.js'
import { columnOf } from './matching.js'
import { type AuditSettings, wrong } from './options.js'
import type { Pipeline } from './pipelines.js'
import type { Questions } from './questions.js'

/** What there is to check, read and settled. */
export interface Checked {
  table: TableData
  holdout: Beside | undefined
  pipelines: readonly Pipeline[]
  questions: Questions
  settings: AuditSettings
}

/** @throws GenlossError `input` with the option that is wrong */
export function checkOptions({ table, holdout, pipelines, questions, settings }: Checked): void {
  if (holdout) refuseOverlap(holdout, table, settings)
  checkCuration(table, settings)
  checkPoison(pipelines, settings)
  checkSampling(questions, settings)
}

/** Real rows that were kept aside are not in the table: a row in both makes the one look like the other. */
function refuseOverlap({ table: other, copies }: Beside, table: TableData, { allowOverlap }: AuditSettings): void {
  if (copies.rows === 0 || allowOverlap) return
  const which = copies.first.join(', ') + (copies.rows > copies.first.length ? ', ...' : '')
  throw wrong(
    other.path,
    `${copies.rows} of ${other.rows} rows that are in it`,
    `real rows that are not in ${table.path}`,
    `${copies.rows === 1 ? 'row' : 'rows'} ${which}; take them out of one of the two, or count them with --allow-overlap where different rows may well be equal`,
  )
}

/** Curation names values of the column of groups. */
function checkCuration(table: TableData, { curate, group }: AuditSettings): void {
  if (!curate) return
  const { labels } = columnOf(table, group!) as TextColumn
  for (const [value, times] of Object.entries(curate)) {
    if (labels.includes(value)) continue
    const hint = didYouMean(value, labels) ?? `there are ${labels.slice(0, 12).join(', ')}`
    throw wrong(`curate.${value}`, times, `a value of ${group}`, hint)
  }
  if (labels.every((label) => curate[label] === 0)) throw wrong('curate', curate, 'a group that is picked at all')
}

/** Poison takes the place of generated rows, of which an anchor has a number. */
function checkPoison(pipelines: readonly Pipeline[], { stages: { poison, filter } }: AuditSettings): void {
  for (const { name, policy, n, generatedRows } of pipelines) {
    if (!poison || policy.kind !== 'mix') continue
    const most = generatedRows / n
    if (filter) {
      const hint =
        'a detector leaves the number of its generated rows to chance; name other pipelines, or none of the two'
      throw wrong('poison', poison.share, `no detector beside it under '${name}'`, hint)
    }
    if (poison.share > most)
      throw wrong(
        'poison',
        poison.share,
        `at most ${most.toPrecision(3)} under '${name}'`,
        'it has no more generated rows',
      )
  }
}

/** Temperature and top-p are of categories. */
function checkSampling({ groups, crossings }: Questions, { stages: { sampling } }: AuditSettings): void {
  const [asked] = Object.entries(sampling ?? {})
  if (!asked || groups.groups.length + crossings.crossings.length > 0) return
  const hint = "what it does to numbers depends on the generator's density; rows that it made show it: --synthetic FILE"
  throw wrong(asked[0], asked[1], 'a table with columns of words', hint)
}
