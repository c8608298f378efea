// What a normal model can't say at any size of data: the divergence of an origin from the normal law of its moments.

/** A normal component of a mixture on the line. */
export interface Component {
  weight: number
  mean: number
  sd: number
}

/** Standard deviations of its components that a mixture is integrated over, and steps a standard deviation. */
const reach = 40
const steps = 8

/** Mean and variance of a mixture. */
export function mixtureMoments(components: readonly Component[]): { mean: number; variance: number } {
  const total = components.reduce((sum, { weight }) => sum + weight, 0)
  const mean = components.reduce((sum, { weight, mean }) => sum + (weight / total) * mean, 0)
  const variance = components.reduce((sum, c) => sum + (c.weight / total) * (c.sd ** 2 + (c.mean - mean) ** 2), 0)
  return { mean, variance }
}

/**
 * KL(mixture || normal law of its mean and variance) in nats, ln sqrt(2 pi e v) less the mixture's entropy. A fit by
 * moments at n = infinity has it at generation 0, and at every other one: fitting is idempotent.
 *
 * The integral is a sum over equal steps, which for such densities converges faster than any power of the step.
 */
export function projectionDivergence(components: readonly Component[]): number {
  const total = components.reduce((sum, { weight }) => sum + weight, 0)
  const { variance } = mixtureMoments(components)
  const step = Math.min(...components.map(({ sd }) => sd)) / steps
  const from = Math.min(...components.map(({ mean, sd }) => mean - reach * sd))
  const to = Math.max(...components.map(({ mean, sd }) => mean + reach * sd))
  let entropy = 0
  for (let x = from; x <= to; x += step) {
    let density = 0
    for (const { weight, mean, sd } of components) {
      density += ((weight / total) * Math.exp(-(((x - mean) / sd) ** 2) / 2)) / (sd * Math.sqrt(2 * Math.PI))
    }
    if (density > 0) entropy -= step * density * Math.log(density)
  }
  return 0.5 * Math.log(2 * Math.PI * Math.E * variance) - entropy
}
