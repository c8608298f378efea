// What policies and stages may ask of a family, beyond records by number: the rules of planning read nothing else.

import type { Check } from './check.js'
import type { Method, Sampling } from './settings.js'

/** By which methods a family can do what; none where it can't at all. */
export interface Abilities {
  /** What a record is: a number (or several), a class, or a whole row of a table. */
  record: 'number' | 'class' | 'row'
  /** The settings of `sampling` that it has. */
  sampling: { readonly [K in keyof Sampling]?: readonly Method[] }
  /** Subsets of a training set: from its records, or from counts of them. */
  subsets: readonly Method[]
  /** Records in order, of which some are selected. */
  selection: readonly Method[]
  /** Records that weigh more or less than one. */
  weights: readonly Method[]
  /** What a poisoned record may be; left out where a record can't be given. */
  poison?: Check<number>
  /** Whether it has expected statistics of infinitely many records, if the core has them. */
  population: boolean
  /** Whether each batch holds the same features, which takes whole batches of one size. */
  sameFeatures?: boolean
  /** Bytes of a record where the records themselves are kept. */
  bytes: number
  /** Whether draws keep the records always, or only where a policy or a stage needs them. */
  keeps: boolean
}

/** All methods, for what does not depend on them. */
export const everyMethod: readonly Method[] = ['draws', 'exact', 'population']

/** A family that learns from sums over its records: where the records are needed, they are drawn and kept. */
export function ofSums(poison: Check<number> | undefined, sampling: Abilities['sampling'] = {}, width = 1): Abilities {
  return {
    record: 'number',
    sampling,
    subsets: ['draws'],
    selection: ['draws'],
    weights: everyMethod,
    ...(poison ? { poison } : {}),
    population: true,
    bytes: 8 * width,
    keeps: false,
  }
}

/** A family that learns from counts of its classes. */
export function ofCounts(sampling: Abilities['sampling']): Abilities {
  return {
    record: 'class',
    sampling,
    subsets: ['draws', 'exact'],
    selection: [],
    weights: everyMethod,
    population: true,
    bytes: 0,
    keeps: false,
  }
}

/** A family that keeps its records, `width` numbers each. */
export function ofRecords(
  poison: Check<number> | undefined,
  sampling: Abilities['sampling'],
  width: number,
): Abilities {
  return { ...ofSums(poison, sampling, width), keeps: true }
}
