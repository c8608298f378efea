// What training sets are made of, entry by entry: where records came from, and for which generation they were made.

import { mixCounts, mixShares } from '../policies.js'
import type { MixPolicy, Stages } from '../settings.js'
import { activeStages } from '../stages.js'
import { poisonCount } from './counts.js'
import { batchSizes, type TheorySetting } from './setting.js'

/** Where a record came from: the origin, a fitted model, or a stage that puts one record in. */
export type RecordOrigin = 'real' | 'generated' | 'poison'

/** Records of a training set that came from one place at one time. */
export interface SetEntry {
  origin: RecordOrigin
  /**
   * The generation whose training set they were made for: 0 for T_0. Generated ones come from the model that was fitted to the
   * training set before it.
   */
  made: number
  /** How many; expected where `certain` is false. For n = infinity relative to the records of a batch. */
  records: number
  /** Whether the number is the same in every chain. */
  certain: boolean
}

/** The training sets of generations 0..G, one after the other. */
export interface TrainingSets {
  /** Whether sizes are infinite: numbers of records mean shares alone then. */
  infinite: boolean
  /** Entries of T_g, the oldest first within each part of it. */
  sets: Iterable<SetEntry[]>
}

/**
 * The entries of every training set, from policy, sizes and stages alone. Undefined where some sizes are infinite and
 * others are not. An empty training set is taken to end no chain.
 */
export function trainingSets(setting: TheorySetting): TrainingSets | undefined {
  const batches = batchSizes(setting)
  if (!batches) return undefined
  const { sizes, noise } = batches
  return { infinite: noise === 0, sets: steps(setting, sizes, noise) }
}

function* steps(setting: TheorySetting, sizes: readonly number[], noise: 0 | 1): Generator<SetEntry[]> {
  const { policy, generations } = setting
  const stages = activeStages(setting)
  const first: SetEntry[] = [{ origin: 'real', made: 0, records: sizes[0]!, certain: true }]
  const made: SetEntry[][] = [first]
  let set = first
  yield set
  for (let g = 1; g <= generations; g++) {
    const n = sizes[g]!
    if (policy.kind === 'mix') set = mixed(policy, stages, n, g, set, noise)
    else {
      const batch = generated(stages, n, g, noise)
      made.push(batch)
      if (policy.kind === 'replace') set = batch
      else if (policy.kind === 'window') set = window(made, policy.batches, policy.keepReal)
      else if (policy.kind === 'accumulate') set = made.flat()
      else set = subsample(made.flat(), n, noise)
      // What is no longer in the window is not looked at again.
      if (policy.kind === 'replace') made.length = 0
    }
    yield set
  }
}

/** A new batch of n records: a detector leaves those that pass, poison takes its share. */
function generated(stages: Stages, n: number, g: number, noise: 0 | 1): SetEntry[] {
  const { filter } = stages
  const poison = poisonCount(stages, n, g)
  const passed = filter && !filter.topUp ? 1 - filter.truePositiveRate : 1
  return present([
    { origin: 'generated', made: g, records: (n - poison) * passed, certain: noise === 0 || passed === 1 },
    { origin: 'poison', made: g, records: poison, certain: true },
  ])
}

function window(made: readonly SetEntry[][], batches: number, keepReal: boolean): SetEntry[] {
  const oldest = Math.max(0, made.length - batches)
  return [...(keepReal && oldest > 0 ? made[0]! : []), ...made.slice(oldest).flat()]
}

/** n records of everything made so far, or all where a detector has left fewer. */
function subsample(pool: readonly SetEntry[], n: number, noise: 0 | 1): SetEntry[] {
  const all = pool.reduce((sum, { records }) => sum + records, 0)
  return subset(pool, Math.min(n, all), noise)
}

/** n records drawn from a set: as many of each entry as is to be expected. */
function subset(from: readonly SetEntry[], n: number, noise: 0 | 1): SetEntry[] {
  const all = from.reduce((sum, { records }) => sum + records, 0)
  const taken = n / all
  return from.map((entry) => ({
    ...entry,
    records: entry.records * taken,
    certain: entry.certain && (noise === 0 || taken === 1),
  }))
}

function mixed(
  policy: MixPolicy,
  stages: Stages,
  n: number,
  g: number,
  before: readonly SetEntry[],
  noise: 0 | 1,
): SetEntry[] {
  const { filter } = stages
  const byChance = noise === 1 && (policy.composition === 'bernoulli' || filter !== undefined)
  let { synthetic, previous, real } =
    policy.composition === 'stratified' ? mixCounts(policy, n) : scaled(mixShares(policy), n)
  if (filter) {
    const shares = mixShares(policy)
    const [s, r] = [shares.synthetic * (1 - filter.truePositiveRate), shares.real * (1 - filter.falsePositiveRate)]
    const whole = filter.topUp ? s + r : 1
    ;[synthetic, previous, real] = [(n * s) / whole, 0, (n * r) / whole]
  }
  const poison = poisonCount(stages, n, g)
  const certain = !byChance
  const kept =
    previous > 0
      ? subset(before, previous, noise).map((entry) => ({ ...entry, certain: entry.certain && certain }))
      : []
  return present([
    { origin: 'real', made: policy.source === 'fresh' ? g : 0, records: real, certain },
    ...kept,
    { origin: 'generated', made: g, records: synthetic - poison, certain },
    { origin: 'poison', made: g, records: poison, certain },
  ])
}

function scaled({ synthetic, previous, real }: { synthetic: number; previous: number; real: number }, n: number) {
  return { synthetic: n * synthetic, previous: n * previous, real: n * real }
}

function present(entries: readonly SetEntry[]): SetEntry[] {
  return entries.filter(({ records }) => records > 0)
}
