// What a training set of one generation is made of, as a law of counts: certain for stratified sets, by chance otherwise.

import { apportion, remainder } from '../decimal.js'
import { mixCounts, mixShares } from '../policies.js'
import type { MixPolicy, Policy, Stages } from '../settings.js'
import { binomialWindow } from './binomial.js'
import { isPoisoned } from './setting.js'

/** Records of each origin in one training set, and how likely that is. */
export interface Counts {
  probability: number
  generated: number
  /** Taken over from the last training set. */
  previous: number
  real: number
  poison: number
}

/** Pairs of counts that are summed over, at most. */
const mostPairs = 4e6

/** Records of a set of n that are poison in a generation, by largest remainder; a tie goes to the others. */
export function poisonCount(stages: Stages, n: number, generation: number): number {
  if (!isPoisoned(stages, generation)) return 0
  const { share } = stages.poison!
  return apportion([remainder([share]), share], n)[1]!
}

/**
 * The law of the counts of a generation's set of n records, `replace` or `mix`; undefined where the recursion has no
 * such law. Expectations of polynomials up to degree 2 in the counts given their sum, which is all that moments need,
 * are exact; where the sum is certain, a few points that match mean and covariance stand for the whole law.
 *
 * @param noise 0 for n = infinity: every count is its expectation
 */
export function countsOf(
  policy: Policy,
  stages: Stages,
  n: number,
  generation: number,
  noise: 0 | 1,
): Counts[] | undefined {
  const poison = poisonCount(stages, n, generation)
  if (policy.kind !== 'mix') {
    if (policy.kind !== 'replace') return undefined
    const { filter } = stages
    if (!filter) return [certain({ generated: n - poison, poison })]
    const kept = 1 - filter.truePositiveRate
    if (noise === 0) return [certain({ generated: (n - poison) * kept, poison })]
    const law = binomialWindow(n - poison, kept)
    return law?.map(([generated, probability]) => ({ ...certain({ generated, poison }), probability }))
  }
  if (stages.filter) return poison > 0 ? undefined : filtered(policy, stages.filter, n, noise)
  if (policy.composition === 'bernoulli' && noise === 1) {
    // Which records poison displaces is a matter of chance then.
    return poison > 0 ? undefined : byChance(mixShares(policy), n, stages.weights)
  }
  const { synthetic, previous, real } = mixCounts(policy, n)
  if (synthetic < poison) return undefined
  return [certain({ generated: synthetic - poison, previous, real, poison })]
}

function certain(counts: Partial<Counts>): Counts {
  return { probability: 1, generated: 0, previous: 0, real: 0, poison: 0, ...counts }
}

/** Every record by chance: a multinomial law, as points of the same mean and covariance where the total weight is certain. */
function byChance(
  { synthetic: a, previous: b, real: c }: { synthetic: number; previous: number; real: number },
  n: number,
  weights: Stages['weights'],
): Counts[] | undefined {
  if (weights && weights.real !== weights.synthetic) {
    if (b > 0) return undefined
    return binomialWindow(n, c)?.map(([real, probability]) => ({
      ...certain({ generated: n - real, real }),
      probability,
    }))
  }
  // Columns of a Cholesky factor of the covariance of generated and previous records.
  const own = Math.sqrt(n * a * (1 - a))
  const common = own > 0 ? (-n * a * b) / own : 0
  const rest = Math.sqrt(Math.max(0, n * b * (1 - b) - common * common))
  const points =
    b > 0
      ? [
          [own, common],
          [0, rest],
        ].flatMap(([x, y]) => [
          [x!, y!],
          [-x!, -y!],
        ])
      : [
          [own, 0],
          [-own, 0],
        ]
  const scale = Math.sqrt(points.length / 2)
  return points.map(([x, y]) => {
    const generated = n * a + scale * x!
    const previous = n * b + scale * y!
    return { probability: 1 / points.length, generated, previous, real: n - generated - previous, poison: 0 }
  })
}

/**
 * A mix behind a detector. Topped up to n, a record is generated with s' = s(1-t) / (s(1-t) + (1-s)(1-f)), t and f the
 * rates of true and false positives; otherwise what passes is what there is.
 */
function filtered(
  policy: MixPolicy,
  { truePositiveRate: t, falsePositiveRate: f, topUp }: NonNullable<Stages['filter']>,
  n: number,
  noise: 0 | 1,
): Counts[] | undefined {
  const shares = mixShares(policy)
  if (policy.source !== 'fresh' || shares.previous > 0) return undefined
  const [s, r] = [shares.synthetic * (1 - t), shares.real * (1 - f)]
  const passed = s + r
  const synthetic = passed > 0 ? s / passed : 0
  if (noise === 0) return [certain({ generated: n * s, real: n * r })]
  if (topUp) return passed > 0 ? byChance({ synthetic, previous: 0, real: 1 - synthetic }, n, undefined) : undefined
  if (policy.composition === 'bernoulli') {
    return binomialWindow(n, passed)?.flatMap(([total, probability]) =>
      byChance({ synthetic, previous: 0, real: 1 - synthetic }, total, undefined)!.map((counts) => ({
        ...counts,
        probability: counts.probability * probability,
      })),
    )
  }
  const counts = mixCounts(policy, n)
  const real = binomialWindow(counts.real, 1 - f)
  const generated = binomialWindow(counts.synthetic, 1 - t)
  if (!real || !generated || real.length * generated.length > mostPairs) return undefined
  return generated.flatMap(([q, p]) =>
    real.map(([k, weight]) => ({ ...certain({ generated: q, real: k }), probability: p * weight })),
  )
}
