// @ts-check
// How many generations a second does a core make where only the moments are drawn, and what do events and measures add?
import { everyColumn, everyLevel, levels } from '../kit/core.mjs'
import { peers } from '../kit/peers.mjs'
import { millions } from '../kit/units.mjs'

const long = { n: 100, replicates: 6400, generations: 499 }
const short = { n: 100, replicates: 640, generations: 99 }

/** @param {{ replicates: number, generations: number }} size */
const things = ({ replicates, generations }) => replicates * (generations + 1)

/** @type {import('../kit/suite.mjs').Suite} */
export const gaussianExact = {
  name: 'gaussian-exact',
  question: 'How many generations a second by the exact method, n = 100?',
  unit: millions('generations'),
  measure: 'cpu',
  cases: () => [
    {
      name: 'bare',
      things: things(long),
      targets: Object.fromEntries(levels.filter((level) => level !== 'base').map((level) => [`genloss ${level}`, 100])),
      contenders: [...everyLevel({ ...long, method: 'exact' }), ...peers('gaussian_exact', long)],
    },
    {
      name: 'with events',
      things: things(long),
      contenders: everyLevel({ ...long, method: 'exact' }, { events: true }),
    },
    {
      name: 'all columns, events',
      things: things(short),
      contenders: everyLevel(
        { ...short, method: 'exact', record: 'all' },
        { events: true, columns: everyColumn('gaussian') },
      ),
    },
  ],
}
