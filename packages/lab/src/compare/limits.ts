// Limits of a gate: which measures they bind, on which side, in which columns, and how they are written.

import { didYouMean, GenlossError, isObject } from '@genloss/models'
import { optionError } from '../sources/problem.js'

/** What a limit can bind. `most`: the value may not exceed it. `least`: the value may not fall below it. */
export interface LimitRule {
  name: string
  /** `number` and `text` columns, `rows` of several columns, or any column. */
  of: 'number' | 'text' | 'rows' | 'any'
  side: 'most' | 'least'
  about: string
}

/** THE list of limits. */
export const limitRules: readonly LimitRule[] = [
  { name: 'tail', of: 'number', side: 'least', about: "share left of each tail of 10 or more of the reference's rows" },
  { name: 'share', of: 'text', side: 'least', about: 'share left of each category of 10 or more rows, groups as well' },
  { name: 'variance_ratio', of: 'number', side: 'least', about: 'variance over that of the reference' },
  { name: 'range_coverage', of: 'number', side: 'least', about: "part of the reference's range that is covered" },
  { name: 'coverage', of: 'text', side: 'least', about: "share of the reference's categories that have a row" },
  { name: 'rare_retention', of: 'text', side: 'least', about: 'share of its rare categories (5 %) that have a row' },
  { name: 'rows', of: 'any', side: 'least', about: 'rows with a value' },
  { name: 'mean_shift', of: 'number', side: 'most', about: 'size of the shift of the mean, in standard deviations' },
  { name: 'w1', of: 'number', side: 'most', about: 'Wasserstein distance of order 1, in the unit of the column' },
  { name: 'w1_sd', of: 'number', side: 'most', about: 'the same in standard deviations of the reference' },
  { name: 'w2', of: 'number', side: 'most', about: 'Wasserstein distance of order 2, in the unit of the column' },
  { name: 'ks', of: 'number', side: 'most', about: 'Kolmogorov-Smirnov distance' },
  { name: 'energy', of: 'number', side: 'most', about: 'energy distance' },
  { name: 'quantile_error', of: 'number', side: 'most', about: 'size of the largest shift of the quantiles listed' },
  { name: 'shortfall_error', of: 'number', side: 'most', about: 'size of the largest shift of an expected shortfall' },
  { name: 'outside', of: 'number', side: 'most', about: "share of numbers outside the reference's range" },
  { name: 'tv', of: 'text', side: 'most', about: 'total variation distance' },
  { name: 'kl_forward', of: 'text', side: 'most', about: 'KL(reference || sample), nats' },
  { name: 'kl_reverse', of: 'text', side: 'most', about: 'KL(sample || reference), nats' },
  { name: 'js', of: 'text', side: 'most', about: 'Jensen-Shannon divergence, nats' },
  { name: 'missing_mass', of: 'text', side: 'most', about: "reference's share of rows whose category is gone" },
  { name: 'new_mass', of: 'text', side: 'most', about: 'share of rows whose category is new' },
  { name: 'missing', of: 'any', side: 'most', about: 'growth of the share of missing values' },
  { name: 'sliced_w1', of: 'rows', side: 'most', about: 'sliced Wasserstein distance of order 1 of whole rows' },
  { name: 'sliced_w2', of: 'rows', side: 'most', about: 'the same of order 2' },
]

/** A limit: of every column that it fits, or of one. */
export interface Limit {
  name: string
  /** Null: every column. */
  column: string | null
  least: number | null
  most: number | null
  /** `all`: of all rows and within each group; else of one of them only. */
  where: 'all' | 'whole' | 'groups'
}

/** A limit as people write it: a number, or both ends: `0.5..2`, `{ least, most }`. */
export type LimitValue = number | string | { least?: number; most?: number }

/** Limits as people write them: by name, by column, and apart for groups. */
export interface LimitsInput {
  [name: string]: LimitValue | Record<string, unknown> | undefined
  columns?: Record<string, Record<string, LimitValue>>
  groups?: Record<string, LimitValue>
}

/** What is watched where no limit is named: what was there must still be there. */
export const defaultLimits: LimitsInput = { tail: 0.5, share: 0.5, variance_ratio: 0.5 }

/**
 * Limits from an object, or from text: `ks=0.1,tail=0.5,age.variance_ratio=0.5..2`. Limits of `groups` stand in for the
 * others within groups.
 *
 * @throws GenlossError `input` with the limit's path, the nearest name beside a misspelt one
 */
export function readLimits(input: LimitsInput | string): Limit[] {
  if (typeof input === 'string') return input.split(',').map(fromText)
  if (!isObject(input)) throw optionError('limits', input, 'limits by name, such as { ks: 0.1 }')
  const { columns, groups, ...own } = input
  const where = groups === undefined ? 'all' : 'whole'
  const found = read(own, null, where, 'limits')
  if (columns !== undefined) {
    if (!isObject(columns)) throw optionError('limits.columns', columns, 'limits by column')
    for (const [column, limits] of Object.entries(columns)) {
      if (!isObject(limits)) throw optionError(`limits.columns.${column}`, limits, 'limits by name')
      found.push(...read(limits, column, where, `limits.columns.${column}`))
    }
  }
  if (groups !== undefined) {
    if (!isObject(groups)) throw optionError('limits.groups', groups, 'limits by name')
    found.push(...read(groups, null, 'groups', 'limits.groups'))
  }
  if (found.length === 0) throw optionError('limits', input, 'at least one limit')
  return found
}

function read(limits: object, column: string | null, where: Limit['where'], path: string): Limit[] {
  return Object.entries(limits).map(([name, value]) => limitOf(name, value, column, where, `${path}.${name}`))
}

function fromText(text: string): Limit {
  const equals = text.lastIndexOf('=')
  const left = text.slice(0, Math.max(0, equals)).trim()
  if (equals < 0 || left === '') throw optionError('limits', text.trim(), 'a file, or name=value', 'such as ks=0.1')
  const dot = left.lastIndexOf('.')
  const [column, name] = dot < 0 ? [null, left] : [left.slice(0, dot), left.slice(dot + 1)]
  return limitOf(name, text.slice(equals + 1).trim(), column, 'all', `limits.${left}`)
}

function limitOf(name: string, value: unknown, column: string | null, where: Limit['where'], path: string): Limit {
  const rule = limitRules.find((each) => each.name === name)
  const names = limitRules.map((each) => each.name)
  if (rule === undefined) {
    const hint = [didYouMean(name, names), `limits are ${names.join(', ')}`].filter(Boolean).join(' ')
    throw new GenlossError({ code: 'input', path, value: name, rule: 'the name of a limit', hint })
  }
  const [least, most] = endsOf(value, rule.side, path)
  return { name, column, least, most, where }
}

function endsOf(value: unknown, side: LimitRule['side'], path: string): [number | null, number | null] {
  if (isObject(value)) {
    const { least = null, most = null, ...rest } = value as Record<string, unknown>
    const [other] = Object.keys(rest)
    if (other !== undefined) throw optionError(`${path}.${other}`, rest[other], "'least' or 'most'")
    if (least === null && most === null) throw optionError(path, value, "'least', 'most' or both")
    return [least === null ? null : finite(least, `${path}.least`), most === null ? null : finite(most, `${path}.most`)]
  }
  if (typeof value === 'string' && value.includes('..')) {
    const [low = '', high = ''] = value.split('..')
    const [least, most] = [finite(low, path), finite(high, path)]
    if (least > most) throw optionError(path, value, 'the smaller end first')
    return [least, most]
  }
  const bound = finite(value, path)
  return side === 'least' ? [bound, null] : [null, bound]
}

function finite(value: unknown, path: string): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number !== 'number' || !Number.isFinite(number))
    throw optionError(path, value, 'a number, or two as 0.5..2')
  return number
}
