// @ts-check
// By how much does memory grow with n?
import { growthOf } from '../kit/child.mjs'
import { mebibytes } from '../kit/units.mjs'

/** @type {import('../kit/suite.mjs').Suite} */
export const memory = {
  name: 'memory',
  question: 'By how much does peak memory grow from n = 1000?',
  unit: mebibytes,
  measure: 'bytes',
  rounds: 3,
  cases: () => [
    {
      name: 'n = 1e12, exact',
      things: 1,
      contenders: [['genloss', () => growthOf({ n: 1e12, replicates: 64, generations: 50, method: 'exact' })]],
    },
    {
      name: 'n = 1e9, draws',
      things: 1,
      contenders: [['genloss', () => growthOf({ n: 1e9, replicates: 1, generations: 1, method: 'draws' })]],
    },
  ],
}
