// @ts-check
// What does a generation of ten classes cost at n = 10^9, where a record each is out of the question?
import { everyLevel, levels } from '../kit/core.mjs'
import { peers } from '../kit/peers.mjs'
import { microseconds } from '../kit/units.mjs'

const size = { n: 1_000_000_000, replicates: 1600, generations: 49 }
const probabilities = [0.3, 0.2, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05]
const cell = { origin: { kind: 'categorical', probabilities }, model: { kind: 'categorical' } }

/** @type {import('../kit/suite.mjs').Suite} */
export const categoricalExact = {
  name: 'categorical-exact',
  question: 'What does a generation of ten classes cost at n = 10^9?',
  unit: microseconds('generation'),
  measure: 'cpu',
  cases: () => [
    {
      name: 'K = 10, n = 1e9',
      things: size.replicates * (size.generations + 1),
      targets: Object.fromEntries(levels.filter((level) => level !== 'base').map((level) => [`genloss ${level}`, 0.4])),
      contenders: [
        ...everyLevel({ ...size, ...cell, method: 'exact' }, { columns: ['heterozygosity'] }),
        ...peers('categorical_exact', { ...size, probabilities }),
      ],
    },
  ],
}
