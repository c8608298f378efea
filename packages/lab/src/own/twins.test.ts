// Twins on the path of a user's functions beside the native families: the records of generation g are the training set of
// generation g + 1 under replace, so what is measured of the ones has the law of what is fitted to the others.

import { categorical, empirical, gaussian, type Model, origins } from '@genloss/models'
import { describe, expect, it } from 'vitest'
import { run } from '../api.js'
import { twinModel } from './twin-model.js'

const [n, G, R] = [50, 6, 400]

/** Two-sample Kolmogorov-Smirnov distance over its critical value at alpha = 1e-4: below 1 unless chance has it, once in 10^4. */
function apart(a: Float64Array, b: Float64Array): number {
  const [x, y] = [a, b].map((values) => Float64Array.from(values).sort()) as [Float64Array, Float64Array]
  const share = (sorted: Float64Array, at: number) => sorted.filter((value) => value <= at).length / sorted.length
  const distance = Math.max(...[...x, ...y].map((at) => Math.abs(share(x, at) - share(y, at))))
  const critical = Math.sqrt(-0.5 * Math.log(1e-4 / 2)) * Math.sqrt(1 / x.length + 1 / y.length)
  return distance / critical
}

async function both(model: Model, origin: object, columns: string[]) {
  const setting = { origin, n, columns, replicates: R, record: { at: [G] }, events: false }
  const own = await run({ ...setting, model: twinModel(model, { records: 1 }), generations: G, seed: 1 })
  const setNext = { ...setting, record: { at: [G + 1] } }
  const native = await run({ ...setNext, model, method: 'draws', generations: G + 1, seed: 2 })
  return columns.map((name) => [own.cells[0]!.last(name), native.cells[0]!.last(name)] as const)
}

describe('twins agree in distribution with the native families', () => {
  it.each([
    ['gaussian', gaussian({ estimator: 'mle' }), origins.gaussian(3, 2), ['mean', 'variance']],
    ['categorical', categorical(), origins.categorical([0.6, 0.3, 0.07, 0.03]), ['heterozygosity', 'classes_alive']],
    ['empirical', empirical(), origins.gaussian(3, 2), ['mean', 'variance', 'tail_p05']],
  ] as const)('%s', async (_name, model, origin, columns) => {
    for (const [own, native] of await both(model, origin, [...columns])) expect(apart(own, native)).toBeLessThan(1)
  })

  it('and a wrong one does not', async () => {
    const [pair] = await both(gaussian({ estimator: 'unbiased' }), origins.gaussian(3, 2), ['variance'])
    const wrong = await both(gaussian({ estimator: 'mle' }), origins.gaussian(3, 2), ['variance'])
    expect(
      apart(
        pair![0],
        Float64Array.from(wrong[0]![1], (value) => 1.5 * value),
      ),
    ).toBeGreaterThan(1)
  })
})
