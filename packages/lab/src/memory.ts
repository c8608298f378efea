// Memory of a chain whose records are kept, and the refusal of a run that would not fit.

import { totalmem } from 'node:os'
import {
  type Abilities,
  type CellSettings,
  GenlossError,
  type Method,
  mixShares,
  type Stages,
  sizeAt,
} from '@genloss/models'
import { type CellSizes, sizesOfCell } from './cell-sizes.js'
import { drawsSubsets } from './methods.js'

/** The share of the machine's memory that a run may take for records. */
const mostOfMemory = 0.8
/** A selection sorts its candidates, a subset is a list of places: a number and a place each. */
const placeBytes = 16

/** What the records of a cell need. */
export interface CellRecords {
  settings: CellSettings
  method: Method
  stages: Stages
  abilities: Abilities
}

/**
 * Bytes of the records that one chain holds at most: training set, new batch, and what its policy and stages keep
 * beside them. 0 where sums or counts are kept, whose size depends on nothing.
 */
export function recordBytes({ settings, method, stages, abilities }: CellRecords): number {
  const kept = abilities.keeps || drawsSubsets(settings.policy) || stages.selection !== undefined
  if (method !== 'draws' || !kept || abilities.bytes === 0) return 0
  const sizes = sizesOfCell(settings)
  const candidates = stages.selection ? Math.ceil(sizes.most / stages.selection.keep) : 0
  const chosen = drawsSubsets(settings.policy) ? sizes.most : 0
  const again = settings.onEmpty === 'keep' ? trainingSet(settings, sizes) : 0
  const batch = Math.max(sizes.most, candidates)
  const records = trainingSet(settings, sizes) + batch + aside(settings, sizes) + again
  return records * abilities.bytes + (candidates + chosen) * placeBytes
}

function trainingSet({ policy, initial }: CellSettings, sizes: CellSizes): number {
  const whole = policy.kind === 'accumulate' || policy.kind === 'window'
  return whole ? sizes.largest : Math.max(initial as number, sizes.most)
}

/** Records that a policy keeps apart from its training set. */
function aside({ policy, n, initial }: CellSettings, sizes: CellSizes): number {
  if (policy.kind === 'accumulate-subsample' || policy.kind === 'window') return sizes.largest
  if (policy.kind !== 'mix') return 0
  const { previous, real } = mixShares(policy)
  const start = policy.source !== 'fresh' && real > 0 ? (initial as number) : 0
  return start + (previous + real) * Math.max(sizes.most, sizeAt(n, 1))
}

/**
 * Refuses a run whose chains would not fit in memory side by side, one a thread.
 *
 * @param bytes of the largest chain
 * @throws GenlossError `usage`
 */
export function checkMemory(bytes: number, chains: number, threads: number, memory: number = totalmem()): void {
  const together = Math.min(threads, chains)
  if (bytes * together <= mostOfMemory * memory) return
  const value = `${gibibytes(bytes)} of records a chain, ${together} at once`
  const rule = `records that fit in ${Math.round(100 * mostOfMemory)} % of this machine's ${gibibytes(memory)}`
  const hint = bytes <= mostOfMemory * memory ? 'take fewer threads, or a smaller n' : 'take a smaller n'
  throw new GenlossError({ code: 'usage', path: 'n', value, rule, hint })
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toPrecision(3)} GiB`
}
