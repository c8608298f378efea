// @ts-check
// What does a resampled row of a large table cost?
import { Table } from '@genloss/native'
import { everyLevel } from '../kit/core.mjs'
import { peers } from '../kit/peers.mjs'
import { nanoseconds } from '../kit/units.mjs'

const rows = 1_000_000
const generations = 20

/** @type {import('../kit/suite.mjs').Suite} */
export const empiricalRows = {
  name: 'empirical-rows',
  question: 'What does a resampled row of a table of a million rows cost?',
  unit: nanoseconds('row'),
  measure: 'cpu',
  cases: () => {
    const tables = [new Table([Float64Array.from({ length: rows }, (_, row) => row)])]
    const origin = { kind: 'table', table: 0, columns: [0] }
    const cell = { origin, model: { kind: 'empirical' }, n: rows, replicates: 1, generations }
    return [
      {
        name: '1,000,000 rows',
        things: rows * generations,
        contenders: [
          ...everyLevel({ ...cell, method: 'draws' }, { tables }),
          ...peers('empirical_rows', { rows, generations }),
        ],
      },
    ]
  },
}
