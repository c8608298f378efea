// Gaps: how far the mean of a number lies apart between a group and the largest group of the same column.

import type { Watch } from '@genloss/models'
import type { Names } from './names.js'
import type { Categories, Numbers } from './profile.js'

/** Mean of `column` over the rows of a group, less its mean over those of the largest group. */
export interface Gap {
  column: string
  group: { column: string; value: string }
  /** The largest group's value. */
  reference: string
  /** Rows of both groups that have a number. */
  rows: [number, number]
  means: [number, number]
  /** The columns of the run that record the two means. */
  watch: [string, string]
}

export interface Gaps {
  gaps: Gap[]
  leftOut: number
}

/** Groups below this many rows have no mean worth comparing. */
export const fewestGapRows = 10
/** How many are followed: those that stand out most from their own standard error. */
export const mostGaps = 12
/** A mean costs time for each of its rows: of large tables as many means are followed as make one pass over the rows. */
const freeRows = 500_000

type Found = Omit<Gap, 'watch'> & { clear: number }

/** The clearest gaps of the table: between each group and the largest one, for every column of numbers. */
export function findGaps(columns: readonly Categories[], numbers: readonly Numbers[], names: Names): Gaps {
  const all = columns.flatMap((categories) => numbers.flatMap((number) => gapsOf(categories, number)))
  all.sort((a, b) => b.clear - a.clear)
  const means = new Means(names, Math.max(freeRows, columns[0]?.column.codes.length ?? 0))
  const gaps: Gap[] = []
  for (const { clear: _, ...gap } of all) {
    if (gaps.length < mostGaps && means.fit(gap)) gaps.push({ ...gap, watch: means.watch(gap) })
  }
  return { gaps, leftOut: all.length - gaps.length }
}

/** The means that are followed, each once, within a number of rows. */
class Means {
  readonly #known = new Map<string, string>()
  readonly #names: Names
  #room: number

  constructor(names: Names, room: number) {
    this.#names = names
    this.#room = room
  }

  #keys({ column, group, reference }: Omit<Gap, 'watch'>): [string, string] {
    const key = (value: string) => JSON.stringify([column, group.column, value])
    return [key(group.value), key(reference)]
  }

  /** Whether the means of a gap that are not followed yet fit, too. */
  fit(gap: Omit<Gap, 'watch'>): boolean {
    const more = this.#keys(gap).reduce((sum, key, i) => sum + (this.#known.has(key) ? 0 : gap.rows[i]!), 0)
    return more <= this.#room
  }

  /** The names under which the two means of a gap are recorded. */
  watch(gap: Omit<Gap, 'watch'>): [string, string] {
    const values = [gap.group.value, gap.reference]
    const [first, second] = this.#keys(gap).map((key, i) => {
      const known = this.#known.get(key)
      if (known !== undefined) return known
      const name = this.#names.of('mean', gap.column, gap.group.column, values[i]!)
      this.#known.set(key, name)
      this.#room -= gap.rows[i]!
      return name
    })
    return [first!, second!]
  }
}

function gapsOf({ column, counts }: Categories, { column: { name, values }, sd }: Numbers): Found[] {
  const { rows, means } = meansOf(column.codes, values, counts.length)
  const largest = rows.indexOf(rows.reduce((a, b) => Math.max(a, b)))
  const found: Found[] = []
  rows.forEach((count, code) => {
    if (code === largest || count < fewestGapRows) return
    const error = sd * Math.sqrt(1 / count + 1 / rows[largest]!)
    found.push({
      column: name,
      group: { column: column.name, value: column.labels[code]! },
      reference: column.labels[largest]!,
      rows: [count, rows[largest]!],
      means: [means[code]!, means[largest]!],
      clear: Math.abs(means[code]! - means[largest]!) / error,
    })
  })
  return found
}

function meansOf(
  codes: Uint32Array,
  values: Float64Array,
  groups: number,
): { rows: Float64Array; means: Float64Array } {
  const rows = new Float64Array(groups)
  const means = new Float64Array(groups)
  const shift = values.find((value) => !Number.isNaN(value)) ?? 0
  for (let row = 0; row < codes.length; row++) {
    const value = values[row]!
    if (Number.isNaN(value)) continue
    rows[codes[row]!]!++
    means[codes[row]!]! += value - shift
  }
  for (let group = 0; group < groups; group++) means[group] = shift + means[group]! / rows[group]!
  return { rows, means }
}

/** What the run has to record of gaps: every mean once. */
export function watchGaps(gaps: readonly Gap[]): Watch[] {
  const watches = new Map<string, Watch>()
  for (const { column, group, reference, watch } of gaps) {
    const values = [group.value, reference]
    watch.forEach((name, i) => {
      watches.set(name, { name, where: [{ [group.column]: values[i]! }], mean: column })
    })
  }
  return [...watches.values()]
}
