// Learners that stop short: settings of families whose fit can be so many steps on the way instead of the whole way.

import { broken, number, oneOf, whole } from './check.js'
import type { ShortLearner } from './settings.js'
import type { Field } from './shape.js'

/** k steps theta <- theta + rate (theta_hat - theta) in the mean parameters: (1 - rate)^k of the way is left. */
export const learnerFields: { readonly [K in keyof ShortLearner]-?: Field<NonNullable<ShortLearner[K]>> } = {
  steps: {
    check: whole(0, 2 ** 32 - 1),
    doc: 'natural-gradient steps of the learner; left out, it converges',
    optional: true,
  },
  rate: { check: number({ above: 0, max: 1 }), doc: 'the share of the way that a step goes; 1', optional: true },
  start: {
    check: oneOf('fresh', 'warm'),
    doc: "where the steps begin: at the same model always, or at the last generation's; fresh",
    optional: true,
  },
}

/** Settings of steps need steps; those at their default are left out. */
export function checkLearner<T extends ShortLearner>(model: T, path: string): T {
  const { steps, rate = 1, start = 'fresh', ...rest } = model
  const idle = rate === 1 && start === 'fresh'
  if (steps === undefined && !idle) {
    const [key, value] = rate === 1 ? ['start', start] : ['rate', rate]
    throw broken(`${path}.${key}`, value, `'steps' beside '${key}'`, 'without steps the learner converges')
  }
  const kept = { ...(steps === undefined ? {} : { steps }), ...(rate === 1 ? {} : { rate }) }
  return { ...rest, ...kept, ...(start === 'fresh' ? {} : { start }) } as T
}
