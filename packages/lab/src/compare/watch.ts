// A comparison as a gate: what is beyond its limit, and by how much.

import { didYouMean } from '@genloss/models'
import { optionError } from '../sources/problem.js'
import { type Comparison, compare } from './compare.js'
import { Gate, type Unchecked, type WatchCheck } from './gate.js'
import { defaultLimits, type Limit, type LimitsInput, limitRules, readLimits } from './limits.js'
import type { CompareOptions, SampleInput } from './options.js'

/** So strict because many values are held against few limits: of 100 that only chance moves, 0.1 break. */
const defaultSignificance = 0.001

/** Options of a gate. */
export interface WatchOptions extends CompareOptions {
  /** By name, by column, and apart for groups; without them `tail`, `share` and `variance_ratio` of at least 0.5. */
  limits?: LimitsInput | string | readonly (LimitsInput | string)[] | undefined
  /**
   * A limit counts as broken only where chance alone gives as much in at most this part of cases. By default every value
   * beyond a limit breaks it, but for the limits that stand where none is named: those ask for 0.001.
   */
  significance?: number | undefined
}

/** The document of `watch --json`. */
export interface Watched {
  verdict: 'pass' | 'fail'
  limits: Limit[]
  significance: number | null
  checked: number
  /** The farthest beyond its limit first, in parts of the limit. */
  broken: WatchCheck[]
  /** Values beyond a limit that chance alone gives more often than `significance`. */
  by_chance: WatchCheck[]
  unchecked: Unchecked[]
  comparison: Comparison
}

/**
 * Compares two samples and holds limits against the result, in all rows and within every group.
 *
 * @throws GenlossError `input` for files, columns, options and limits
 *
 * @example
 * const { verdict, broken } = await watch('real.csv', 'generated.csv', { limits: { ks: 0.1, tail: 0.5 } })
 */
export async function watch(
  reference: SampleInput,
  sample: SampleInput,
  { limits, significance, ...options }: WatchOptions = {},
): Promise<Watched> {
  const isDefault = limits === undefined || (Array.isArray(limits) && limits.length === 0)
  const asked = isDefault ? [defaultLimits] : Array.isArray(limits) ? limits : [limits as LimitsInput | string]
  const wanted = asked.flatMap(readLimits)
  if (significance !== undefined && !(significance > 0 && significance < 1))
    throw optionError('significance', significance, 'a number between 0 and 1')
  const comparison = await compare(reference, sample, options)
  // Nobody asked for the default limits: those of a kind of columns that there is none of are no error.
  const read = isDefault ? wanted.filter((limit) => hasColumn(limit, comparison)) : wanted
  checkColumns(read, comparison)
  const most = significance ?? (isDefault ? defaultSignificance : null)
  const [checks, unchecked] = new Gate(read).all(comparison)
  const beyond = checks.filter(({ by }) => by > 0).sort((a, b) => size(b) - size(a))
  const isChance = ({ p }: WatchCheck): boolean => most !== null && p > most
  const broken = beyond.filter((check) => !isChance(check))
  return {
    verdict: broken.length > 0 ? 'fail' : 'pass',
    limits: read,
    significance: most,
    checked: checks.length,
    broken,
    by_chance: beyond.filter(isChance),
    unchecked,
    comparison,
  }
}

function size({ by, least, most }: WatchCheck): number {
  return by / (Math.abs(least ?? most!) || 1)
}

function hasColumn({ name }: Limit, { columns }: Comparison): boolean {
  const { of } = limitRules.find((rule) => rule.name === name)!
  return columns.some(({ kind }) => kind === of)
}

function checkColumns(limits: readonly Limit[], { columns, joint }: Comparison): void {
  for (const { name, column } of limits) {
    const { of } = limitRules.find((rule) => rule.name === name)!
    const path = `limits.${column === null ? '' : `${column}.`}${name}`
    if (column === null) {
      if (of === 'rows' && joint === null)
        throw optionError(path, 'fewer', 'two or more columns of numbers that vary, for whole rows')
      if (of === 'number' || of === 'text') {
        if (columns.every(({ kind }) => kind !== of))
          throw optionError(path, 'none', `a column of ${kinds[of]} to watch`)
      }
      continue
    }
    const found = columns.find((each) => each.column === column)
    const names = columns.map((each) => each.column)
    if (!found)
      throw optionError(path, column, 'a column that is compared', didYouMean(column, names) ?? names.join(', '))
    if (of === 'rows') throw optionError(path, column, `no column: ${name} is of whole rows`)
    if (of !== 'any' && found.kind !== of)
      throw optionError(path, `a column of ${kinds[found.kind]}`, `one of ${kinds[of]}`)
  }
}

const kinds = { number: 'numbers', text: 'categories' } as const
