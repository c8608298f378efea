// Classes without statistical error: shares under n = infinity, where a generation is a map of the last one.

import { mixShares } from '../policies.js'
import type { MixPolicy, Policy, Stages } from '../settings.js'
import { activeStages } from '../stages.js'
import { sampledShares } from './sampling.js'
import { isPoisoned, type TheorySetting } from './setting.js'

/** Shares, and how much of a training set they make up. */
interface Part {
  weight: number
  shares: readonly number[]
}

/**
 * The shares of the classes at generations 0..G where every sample is its expectation: real ones at generation 0, then
 * what the policy puts together of them and of what sampling makes of the last model's.
 *
 * @param poisoned the class of poison records
 * @returns undefined with a curated selection, poison of no class, or sampling that is not for classes
 */
export function populationShares(
  probabilities: readonly number[],
  setting: TheorySetting,
  poisoned?: number,
): number[][] | undefined {
  const { policy, generations } = setting
  const stages = activeStages(setting)
  const { sampling = {}, filter, poison } = stages
  if (stages.selection || (poison && poisoned === undefined)) return undefined
  if (filter && policy.kind === 'mix' && policy.source !== 'fresh') return undefined
  const weights = stages.weights ?? { real: 1, synthetic: 1 }
  const kept = filter && !filter.topUp ? 1 - filter.truePositiveRate : 1
  const poisonShares = probabilities.map((_, i) => (i === poisoned ? 1 : 0))
  const real: Part = { weight: weights.real, shares: probabilities }
  const rows = [probabilities.slice()]
  const made: Part[] = []
  for (let g = 1; g <= generations; g++) {
    const drawn = sampledShares(rows[g - 1]!, sampling)
    if (!drawn) return undefined
    const toxic = isPoisoned(stages, g) ? poison!.share : 0
    let parts: Part[] | undefined
    if (policy.kind === 'mix') {
      parts = mixture(policy, stages, [drawn, rows[g - 1]!, probabilities, poisonShares], toxic)
    } else {
      const shares = drawn.map((p, i) => (1 - toxic) * p + toxic * poisonShares[i]!)
      made.push({ weight: weights.synthetic * kept, shares })
      parts = chosen(policy, real, made)
    }
    const shares = parts && together(parts)
    if (!shares) return undefined
    rows.push(shares)
  }
  return rows
}

/** The parts of a mix: generated, previous, real, and poison in the place of generated records. */
function mixture(
  policy: MixPolicy,
  stages: Stages,
  shares: readonly (readonly number[])[],
  toxic: number,
): Part[] | undefined {
  const { synthetic, previous, real } = mixShares(policy)
  const weights = stages.weights ?? { real: 1, synthetic: 1 }
  const { truePositiveRate: t, falsePositiveRate: f } = stages.filter ?? { truePositiveRate: 0, falsePositiveRate: 0 }
  if (previous > 0 && (weights.real !== weights.synthetic || stages.filter)) return undefined
  if (toxic > synthetic || (toxic > 0 && stages.filter)) return undefined
  const parts = [
    (synthetic - toxic) * (1 - t) * weights.synthetic,
    previous * weights.synthetic,
    real * (1 - f) * weights.real,
    toxic * weights.synthetic,
  ]
  return parts.map((weight, i) => ({ weight, shares: shares[i]! }))
}

/** The batches of a training set under the other policies. */
function chosen(policy: Policy, real: Part, made: readonly Part[]): Part[] {
  if (policy.kind === 'replace') return made.slice(-1)
  if (policy.kind !== 'window') return [real, ...made]
  const last = [real, ...made].slice(-policy.batches)
  return policy.keepReal && last[0] !== real ? [real, ...last] : last
}

function together(parts: readonly Part[]): number[] | undefined {
  const total = parts.reduce((sum, { weight }) => sum + weight, 0)
  if (!(total > 0)) return undefined
  return parts[0]!.shares.map((_, i) =>
    parts.reduce((sum, { weight, shares }) => sum + (weight / total) * shares[i]!, 0),
  )
}
