// Policies: what the training set of the next generation is made of. One shape and one factory each.

import { boolean, broken, number, oneOf, whole } from './check.js'
import { apportion, remainder } from './decimal.js'
import type {
  AccumulatePolicy,
  AccumulateSubsamplePolicy,
  MixPolicy,
  Policy,
  ReplacePolicy,
  WindowPolicy,
} from './settings.js'
import { type Field, readKind, type Shape } from './shape.js'

const share: Field<number> = { check: number({ min: 0, max: 1 }), doc: 'a share of the training set', optional: true }

/** The policies by kind, with what each may be told. */
export const policies: { readonly [K in Policy['kind']]: Shape<Extract<Policy, { kind: K }>> } = {
  replace: { kind: 'replace', doc: "Only the last model's output: n new records each generation.", fields: {} },
  accumulate: { kind: 'accumulate', doc: 'Everything made so far, and n new records each generation.', fields: {} },
  'accumulate-subsample': {
    kind: 'accumulate-subsample',
    doc: 'n records drawn from everything made so far.',
    fields: {
      replacement: { check: boolean, doc: 'whether a record may be drawn more than once', fallback: false },
    },
  },
  window: {
    kind: 'window',
    doc: 'The last batches; keepReal keeps the first real training set as well.',
    fields: {
      batches: { check: whole(1), doc: 'how many of the last batches', fallback: 1 },
      keepReal: { check: boolean, doc: 'whether all real records stay', fallback: false },
    },
  },
  mix: {
    kind: 'mix',
    doc: 'Shares of generated, previous and real records that make up each training set.',
    fields: {
      synthetic: { ...share, doc: "share drawn from the last model (the paper's alpha); left out, it takes the rest" },
      previous: { ...share, doc: "share taken from the last training set (the paper's beta)" },
      real: { ...share, doc: "share of real records (the paper's gamma)" },
      source: {
        check: oneOf('fresh', 'fixed', 'fixed-stratified'),
        doc: 'new real records each time, or some of the first set again: any, or each class in proportion',
        fallback: 'fresh',
      },
      composition: {
        check: oneOf('stratified', 'bernoulli'),
        doc: 'exact counts, or each record by chance',
        fallback: 'stratified',
      },
      recycle: { check: boolean, doc: 'whether real records may serve more than once', fallback: false },
    },
    whole: checkMix,
  },
}

/** Reads a policy from an object or shorthand. @throws GenlossError `plan` */
export function readPolicy(value: unknown, path = 'policy'): Policy {
  return readKind<Policy>(policies, value, path)
}

/** Each generation learns from the last model's output alone. */
export function replace(): ReplacePolicy {
  return { kind: 'replace' }
}

/** Each generation learns from everything made so far. */
export function accumulate(): AccumulatePolicy {
  return { kind: 'accumulate' }
}

/** Each generation learns from n records drawn from everything made so far, each at most once unless `replacement`. */
export function accumulateSubsample(settings: { replacement?: boolean } = {}): AccumulateSubsamplePolicy {
  return readPolicy({ ...settings, kind: 'accumulate-subsample' }) as AccumulateSubsamplePolicy
}

/** Each generation learns from the last `batches` batches; `keepReal` keeps generation 0's training set too. */
export function window(settings: { batches?: number; keepReal?: boolean } = {}): WindowPolicy {
  return readPolicy({ ...settings, kind: 'window' }) as WindowPolicy
}

/**
 * Each training set is mixed from generated and real records in fixed shares.
 *
 * @example mix({ real: 0.1 }) // 90 % from the last model, 10 % new real records
 */
export function mix(settings: Partial<Omit<MixPolicy, 'kind'>> = {}): MixPolicy {
  return readPolicy({ ...settings, kind: 'mix' }) as MixPolicy
}

export interface Shares {
  synthetic: number
  previous: number
  real: number
}

/**
 * The three shares of a mix. `synthetic` left out takes the rest; with it given, a single other one left out takes the
 * rest; both left out are 0.
 */
export function mixShares(policy: MixPolicy): Shares {
  const known = sharesOf.get(policy)
  if (known) return known
  const shares = completed(policy)
  sharesOf.set(policy, shares)
  return shares
}

/** Policies are never changed, and their shares asked for many times while a cell is planned. */
const sharesOf = new WeakMap<MixPolicy, Shares>()

function completed({ synthetic, previous, real }: MixPolicy): Shares {
  if (synthetic === undefined) {
    return { synthetic: remainder([previous ?? 0, real ?? 0]), previous: previous ?? 0, real: real ?? 0 }
  }
  if (previous === undefined && real !== undefined) return { synthetic, previous: remainder([synthetic, real]), real }
  if (real === undefined && previous !== undefined)
    return { synthetic, previous, real: remainder([synthetic, previous]) }
  return { synthetic, previous: previous ?? 0, real: real ?? 0 }
}

/** Whole records of n in a stratified mix, by largest remainder; equal remainders go to synthetic, then previous. */
export function mixCounts(policy: MixPolicy, n: number): Shares {
  const { synthetic, previous, real } = mixShares(policy)
  const [s, p, r] = apportion([synthetic, previous, real], n) as [number, number, number]
  return { synthetic: s, previous: p, real: r }
}

function checkMix(policy: MixPolicy, path: string): MixPolicy {
  const given = [policy.synthetic, policy.previous, policy.real].map((part) => part ?? 0)
  const sum = given.reduce((a, b) => a + b, 0)
  if (remainder(given) < 0) {
    throw broken(path, Number(sum.toPrecision(15)), 'shares (synthetic, previous, real) that sum to at most 1')
  }
  const shares = mixShares(policy)
  const missing = remainder([shares.synthetic, shares.previous, shares.real])
  // A share that takes the rest is rounded to a double: 20/199 leaves less than a unit of the last place over.
  if (missing > Number.EPSILON) {
    const hint = 'leave synthetic out, and it takes what previous and real leave'
    throw broken(path, remainder([missing]), 'shares (synthetic, previous, real) that sum to 1', hint)
  }
  if (shares.real > 0 && policy.source !== 'fresh' && policy.composition === 'bernoulli') {
    const hint = 'by chance, the number of real records would change while the set is one; take source fresh'
    throw broken(`${path}.composition`, 'bernoulli', "'stratified' where source is fixed", hint)
  }
  return policy
}
