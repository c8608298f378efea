// Where the rows of each training set came from, by origin and age.

import { type CellSettings, type SetEntry, trainingSets } from '@genloss/models'
import { recorded } from '../settings.js'
import type { LineageGeneration, LineageRows } from './document.js'

/**
 * The training sets of a cell.
 *
 * @param at the generations asked for; those that the cell records if left out
 * @returns null where finite and infinite sizes leave the sets without meaning
 */
export function lineageOf(settings: CellSettings, at?: ReadonlySet<number>): LineageGeneration[] | null {
  const found = trainingSets(settings)
  if (!found) return null
  const wanted = at ?? new Set(recorded(settings))
  const generations: LineageGeneration[] = []
  let generation = 0
  for (const set of found.sets) {
    if (wanted.has(generation)) generations.push(generationOf(generation, set, found.infinite))
    generation++
  }
  return generations
}

function generationOf(generation: number, set: readonly SetEntry[], infinite: boolean): LineageGeneration {
  const all = set.reduce((sum, { records }) => sum + records, 0)
  const rows = runsOf(set).map(({ origin, made, last, records, certain }): LineageRows => {
    const total = records * (last - made + 1)
    return {
      origin,
      made: { first: made, last },
      age: { least: generation - last, most: generation - made },
      records: infinite ? null : tidy(total),
      share: total / all,
      certain,
    }
  })
  return { generation, records: infinite ? null : tidy(all), rows }
}

/** Sums of parts of whole numbers, without what rounding leaves. */
function tidy(records: number): number {
  const whole = Math.round(records)
  return Math.abs(records - whole) <= 1e-9 * whole ? whole : records
}

/** Entries of one origin, made for generations that follow each other in equal numbers, as one. */
function runsOf(set: readonly SetEntry[]): (SetEntry & { last: number })[] {
  const origins = [...new Set(set.map(({ origin }) => origin))]
  return origins.flatMap((origin) => {
    const runs: (SetEntry & { last: number })[] = []
    for (const entry of set.filter((one) => one.origin === origin)) {
      const before = runs.at(-1)
      const follows = before && before.last + 1 === entry.made && before.certain === entry.certain
      if (follows && before.records === entry.records) before.last = entry.made
      else runs.push({ ...entry, last: entry.made })
    }
    return runs
  })
}
