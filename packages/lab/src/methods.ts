// How training sets are obtained: which methods a cell's family, policy and stages leave, which one is taken, and why.

import {
  type Abilities,
  broken,
  type CellSettings,
  definitionOf,
  type Method,
  mixShares,
  type Policy,
  type Sampling,
  type Stages,
  sizeAt,
} from '@genloss/models'
import type { Description } from './native.js'

/** What a cell asks of its family. */
export interface Asked {
  settings: CellSettings
  /** The stages that change something. */
  stages: Stages
  abilities: Abilities
}

/** Whether training sets are drawn from sets. */
export function drawsSubsets(policy: Policy): boolean {
  return policy.kind === 'accumulate-subsample' || (policy.kind === 'mix' && mixShares(policy).previous > 0)
}

interface Need {
  needed: (asked: Asked) => boolean
  methods: (abilities: Abilities) => readonly Method[]
  /** Why no other method will do. */
  why: string
}

const sampled: readonly (keyof Sampling)[] = ['bias', 'temperature', 'topK', 'topP', 'spread', 'truncate']

const samplingWhy: Readonly<Record<'row' | 'class' | 'number', string>> = {
  row: "copies of rows have to be counted for 'sampling'",
  class: "'sampling' has no law of its own here",
  number: "sums over records that 'sampling' cut off have no closed law",
}

/** What limits the methods, in the order in which reasons are given. */
const needs: readonly Need[] = [
  {
    needed: ({ settings }) => drawsSubsets(settings.policy),
    methods: ({ subsets }) => subsets,
    why: 'what a subset of records adds up to is not a function of what all add up to, so the records are drawn and kept',
  },
  {
    needed: ({ stages }) => stages.selection !== undefined,
    methods: ({ selection }) => selection,
    why: 'a selection needs the records themselves',
  },
  {
    needed: ({ stages }) => stages.weights !== undefined,
    methods: ({ weights }) => weights,
    why: 'records that are resampled one by one have no weights; counted, they have',
  },
]

/** The first reason against a method. */
function against(method: Method, asked: Asked): string | undefined {
  const { abilities, stages } = asked
  const need = needs.find(({ needed, methods }) => needed(asked) && !methods(abilities).includes(method))
  if (need) return need.why
  const without = sampled.find(
    (key) => stages.sampling?.[key] !== undefined && !abilities.sampling[key]?.includes(method),
  )
  return without && samplingWhy[abilities.record]
}

/**
 * `auto` takes exact where the family says so, the core has it and nothing asks for more than it gives. The reason is
 * for people.
 *
 * @throws GenlossError `plan` where the method asked for is not there
 */
export function methodOf(asked: Asked, rows: number | undefined, core: Description): { method: Method; why: string } {
  const { method, model, origin, n } = asked.settings
  const built = core.families.find(({ kind }) => kind === model.kind)?.methods ?? []
  if (n === 'inf') {
    const reason = against('population', asked)
    if (reason) throw broken('n', 'inf', 'a number of records here', reason)
    return { method: 'population', why: 'infinitely many records have no sampling error' }
  }
  const answer = definitionOf(model.kind).exact({ origin, n: sizeAt(n, 1), rows })
  const unbuilt = built.includes('exact') ? undefined : `this core has no exact method for '${model.kind}'`
  const noExact = answer.exact ? (unbuilt ?? against('exact', asked)) : answer.why
  const noDraws = against('draws', asked)
  if (method === 'exact' && noExact) throw broken('method', 'exact', "'draws' or 'auto' here", noExact)
  if (method === 'draws' && noDraws) throw broken('method', 'draws', "'exact' or 'auto' here", noDraws)
  if (method !== 'auto') return { method, why: 'asked for' }
  if (!noExact && (answer.taken || noDraws)) return { method: 'exact', why: noDraws ?? answer.why }
  if (noDraws) throw broken('method', 'auto', 'stages that some method has', noDraws)
  return { method: 'draws', why: noExact ?? answer.why }
}
