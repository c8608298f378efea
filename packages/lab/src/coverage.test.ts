/** Intervals of the core's own chains against exact truth: 1000 simulated runs of 100 chains each. */
import { dates, incidence, state, summary } from '@genloss/metrics'
import { gaussianReplace, monomorphic, varianceBelow } from '@genloss/models'
import { describe, expect, it } from 'vitest'
import { run } from './api.js'
import type { CellResult } from './cell-result.js'

const [runs, chains] = [1000, 100]

/** Share of the runs, each a range of the cell's chains, of which `holds` is true. */
function coverage(holds: (first: number, last: number) => boolean): number {
  let covered = 0
  for (let i = 0; i < runs; i++) if (holds(i * chains, (i + 1) * chains)) covered++
  return covered / runs
}

function inside(share: number): void {
  expect(share).toBeGreaterThan(0.93)
  expect(share).toBeLessThan(0.97)
}

const within = (truth: number, low: number | null, high: number | null): boolean =>
  (low ?? Number.POSITIVE_INFINITY) <= truth && truth <= (high ?? Number.POSITIVE_INFINITY)

/** Rows of a range of chains, with their shape. */
function rows(cell: CellResult, name: string, first: number, last: number) {
  const { generations } = cell.shape
  const shape = { replicates: last - first, generations }
  return [cell.column(name).subarray(first * generations, last * generations), shape] as const
}

describe('two classes under replace, until one is left', () => {
  const sizes = { n: 60, initial: 60, generations: 150 }
  const at = [0, 15, 40, 80]
  const exact = monomorphic([0.3, 0.7], sizes)!
  const cells = run({
    ...{ origin: 'categorical:probabilities=0.3/0.7', ...sizes, replicates: runs * chains, sustain: 1, seed: 11 },
    ...{ record: { at }, columns: ['heterozygosity'] },
  }).then((result) => result.cells[0]!)

  it('the median date', async () => {
    const events = (await cells).dated('late')
    const median = exact.findIndex((share) => share >= 0.5)
    inside(
      coverage((first, last) => {
        const { low, high } = dates(events.subarray(first, last), sizes.generations)
        return within(median, low, high)
      }),
    )
  })

  it('the share of chains that the event has come to by a generation', async () => {
    const events = (await cells).dated('late')
    for (const g of [30, 60, 120]) {
      inside(
        coverage((first, last) => {
          const found = incidence({ events: events.subarray(first, last), horizons: sizes.generations })
          return within(exact[g]!, found.low[g]!, found.high[g]!)
        }),
      )
    }
  })

  it('the share of chains in the state at a generation', async () => {
    const cell = await cells
    for (const i of [2, 3]) {
      inside(
        coverage((first, last) => {
          const { low, high } = state(...rows(cell, 'late_state', first, last))
          return within(exact[at[i]!]!, low[i]!, high[i]!)
        }),
      )
    }
  })

  it('the mean of what is left, most of it 0 in the end', async () => {
    const cell = await cells
    for (const [i, g] of at.entries()) {
      const truth = 0.42 * (1 - 1 / sizes.n) ** (g + 1)
      inside(
        coverage((first, last) => {
          const { low, high } = summary(...rows(cell, 'heterozygosity', first, last))
          return within(truth, low[i]!, high[i]!)
        }),
      )
    }
  })
})

describe('a normal model under replace', () => {
  const sizes = { n: 30, initial: 30, generations: 100 }
  const at = [0, 5, 15, 100]
  const cells = run({
    ...{ origin: 'gaussian', ...sizes, replicates: runs * chains, seed: 12 },
    ...{ record: { at }, columns: ['variance', 'fit_log_variance'] },
  }).then((result) => result.cells[0]!)

  it('means that can be estimated, and the state of the spread', async () => {
    const cell = await cells
    const { logVariance, variance } = gaussianReplace(sizes, true)
    const below = varianceBelow(0.01, sizes, true)
    for (const [i, g] of at.entries()) {
      inside(
        coverage((first, last) => {
          const { low, high } = summary(...rows(cell, 'fit_log_variance', first, last))
          return within(logVariance[g]!, low[i]!, high[i]!)
        }),
      )
      if (g > sizes.n / 2) continue
      inside(
        coverage((first, last) => {
          const { low, high } = summary(...rows(cell, 'variance', first, last))
          return within(variance[g]!, low[i]!, high[i]!)
        }),
      )
    }
    inside(
      coverage((first, last) => {
        const { low, high } = state(...rows(cell, 'late_state', first, last))
        return within(below[100]!, low[3]!, high[3]!)
      }),
    )
  })
})
