// The law kit: a model of one's own is checked in three lines of its user's own tests.

import {
  defineModel,
  GenlossError,
  type Model,
  type ModuleModel,
  type OwnFactory,
  ownModelOf,
  parametersOf,
} from '@genloss/models'
import { run } from '../api.js'
import type { Written } from '../experiment.js'
import { type Equivariance, tried } from './laws.js'

export interface CheckOptions {
  /** Where the records come from that it is fitted to; a standard normal law by default. */
  origin?: Written
  /** How many; 500 by default. */
  n?: number
  /** Changes of the records that samples follow, where the model promises that. */
  equivariant?: readonly Equivariance[]
  /** By default 1. */
  seed?: number
}

/** What a model was found to obey. */
export interface CheckedModel {
  model: string
  obeyed: string[]
}

/**
 * Checks that a model of one's own obeys the laws that a run takes for granted: it gives the columns that it was fitted
 * to, finite numbers, the same for the same random numbers, whatever was fitted before; it survives few and equal
 * records; its density, where it has one, fits its samples. Then it is run for a few generations.
 *
 * @example
 * import { checkModel } from 'genloss'
 * import { expect, it } from 'vitest'
 * import laplace from './laplace.js'
 *
 * it('obeys the laws', () => checkModel(laplace, { origin: 'gaussian', equivariant: ['scale'] }))
 *
 * @throws GenlossError `model` that says which laws are broken and how
 */
export async function checkModel(
  // biome-ignore lint/suspicious/noExplicitAny: a factory of any settings and any fitted model
  model: OwnFactory<any, any> | Model,
  options: CheckOptions = {},
): Promise<CheckedModel> {
  const { origin = 'gaussian', n = 500, equivariant = [], seed = 1 } = options
  const settings = (typeof model === 'function' ? model() : model) as ModuleModel
  const own = ownModelOf(settings.functions ?? settings.sha256 ?? '')
  if (!own) {
    const rule = 'a model that defineModel made, or its factory'
    throw new GenlossError({ code: 'usage', path: 'checkModel', value: settings, rule })
  }
  const cell = { origin, n, replicates: 1, generations: 0, seed, events: false, record: 'all' }
  let found: ReturnType<typeof tried> | undefined
  // The engine lends real records and random numbers: all is tried inside a fit of its own.
  const bench = defineModel({
    name: 'bench',
    fit(records, _, context) {
      found ??= tried({ model: own, parameters: parametersOf(settings), records, context, equivariant })
      return null
    },
    sample: () => ({}),
  })
  await run({ ...cell, model: bench() })
  const { obeyed, faults } = found!
  if (faults.length === 0) await runs(settings, { ...cell, generations: 3, replicates: 3 })
  if (faults.length > 0) {
    const value = faults.map(({ law, fault }) => `\n- ${law}: ${fault}`).join('')
    throw broken(own.name, faults.length, value)
  }
  return { model: own.name, obeyed: [...obeyed, 'it runs for generations'] }
}

/** A few generations of the engine itself. */
async function runs(model: ModuleModel, cell: object): Promise<void> {
  await run({ ...cell, model })
}

/** All faults in one message, a line each: error messages of GenlossError cut long values. */
function broken(name: string, faults: number, value: string): GenlossError {
  const error = new GenlossError({
    code: 'model',
    path: `model '${name}'`,
    value: `${faults} broken`,
    rule: 'a model that obeys the laws of models',
  })
  error.message = `${error.message}:${value}`
  return error
}
