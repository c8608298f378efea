// @ts-check
// The blocks of a sweep of very many cells, cut and costed by the product from a few of its cells.
import { cellCost, chainBytes, chainCost, cutBlocks, prepare } from '@genloss/lab'

/** Sweeps to look at: what a cell is, and what differs between cells. */
export const sweeps = {
  tiny: {
    title: 'n = 100, 20 generations, 10 replicates, exact',
    experiment: { origin: 'gaussian', n: 100, generations: 20, replicates: 10, method: 'exact' },
  },
  mixed: {
    title: 'n = 100 to 100,000, 50 generations, 100 replicates, drawn',
    experiment: {
      origin: 'gaussian',
      generations: 50,
      replicates: 100,
      method: 'draws',
      sweep: { n: { from: 100, to: 100_000, steps: 31, scale: 'log' } },
    },
  },
  large: {
    title: 'n = 10,000, 100 generations, 1,000 replicates, drawn',
    experiment: { origin: 'gaussian', n: 10_000, generations: 100, replicates: 1000, method: 'draws' },
  },
  lean: {
    title: 'large, with two columns and record: log',
    experiment: {
      origin: 'gaussian',
      n: 10_000,
      generations: 100,
      replicates: 1000,
      method: 'draws',
      record: 'log',
      columns: ['mean', 'variance'],
    },
  },
}

/** @typedef {{ cost: number, chains: number, bytes: number }} CutBlock seconds of one core, chains, bytes of columns */

/**
 * The blocks of so many cells: the cells of `experiment` in turn, each for an equal stretch of the plan, as where the axis
 * that matters is the first and the others have values without weight (a seed, a share of real data).
 * @param {object} experiment
 * @param {number} cells
 * @returns {Promise<CutBlock[]>}
 */
export async function blocksOf(experiment, cells) {
  const { plan, cellAt } = await prepare(experiment)
  const kinds = Array.from({ length: plan.blocks.at(-1)?.cells[1] ?? 0 }, (_, index) => {
    const cell = cellAt(index)
    return { cell, cost: chainCost(cell), bytes: chainBytes(cell.settings) }
  })
  const kindOf = (/** @type {number} */ index) => {
    const kind = kinds[Math.floor((index * kinds.length) / cells)]
    if (!kind) throw new Error(`cell ${index} is of no kind`)
    return kind
  }
  return cutBlocks(cells, (index) => kindOf(index).cell).map(({ cells, replicates }) => {
    const own = replicates[1] - replicates[0]
    let [cost, bytes] = [cellCost * (cells[1] - cells[0]), 0]
    for (let index = cells[0]; index < cells[1]; index++) {
      cost += kindOf(index).cost * own
      bytes += kindOf(index).bytes * own
    }
    return { cost: cost / 1e9, bytes, chains: own * (cells[1] - cells[0]) }
  })
}
