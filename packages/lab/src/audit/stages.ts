// What is done to rows on their way into a round, beside sampling: the stages of the core, pipeline by pipeline.

import type { Stages } from '@genloss/models'
import type { ChainCell } from './chains.js'
import { className } from './chains.js'
import type { Pipeline } from './pipelines.js'

/** Whether nothing is done beside sampling. */
export function isPlain(stages: Stages): boolean {
  return Object.values(stages).every((stage) => stage === undefined)
}

/** The chains of a pipeline with the stages that have a meaning in it. @param factors one a class, the generator's */
export function cellOf({ policy, n }: Pipeline, stages: Stages, factors: Float64Array | undefined): ChainCell {
  const { sampling, filter, poison, weights } = stages
  const bias = factors && new Set(factors).size > 1 ? { bias: [...factors] } : {}
  const changed = { ...sampling, ...bias }
  return {
    policy,
    n,
    stages: {
      ...(Object.keys(changed).length > 0 ? { sampling: changed } : {}),
      // Where all new rows are generated, as many are made again as are thrown away: nothing changes.
      ...(filter && !(filter.topUp && policy.kind !== 'mix') ? { filter } : {}),
      ...(poison ? { poison: { ...poison, record: className(0) } } : {}),
      // Rows of one kind only: their weights are all the same.
      ...(weights && policy.kind !== 'replace' ? { weights } : {}),
    },
  }
}
