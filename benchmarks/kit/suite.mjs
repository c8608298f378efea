// @ts-check
// What a suite is, and how it becomes rows of figures.
import { byTurns } from './measure.mjs'
import { figure, meets, timesAsGood } from './units.mjs'

/** @typedef {import('./measure.mjs').Run} Run */
/** @typedef {import('./measure.mjs').Measure} Measure */
/** @typedef {import('./units.mjs').Unit} Unit */
/** @typedef {import('./units.mjs').Figure} Figure */

/** What is read of the costs of runs. @typedef {{ name: string, unit: Unit, measure: Measure, targets?: Targets }} Reading */

/** What ours are to reach, by contender. @typedef {Record<string, number>} Targets */

/**
 * One experiment and all who do it. `things` is what a run gets done, in the unit's things (samples, rows, generations).
 * `readings`: where the suite's own measure is not all, or not it, that is read of the runs.
 * @typedef {{ name: string, things: number, contenders: [string, Run][], targets?: Targets, readings?: Reading[] }} Case
 */

/**
 * One question. `measure` is what its figures are made of; `rounds` how often each contender runs.
 * @typedef {{ name: string, question: string, unit: Unit, measure: Measure, rounds?: number,
 *   cases(): Case[] | Promise<Case[]>, end?(): void }} Suite
 */

/**
 * A line of the table: a contender of ours beside the peers. `wall` are the same runs by the clock on the wall.
 * @typedef {{ suite: string, case: string, contender: string, unit: string, measure: Measure, runs: number, ours: Figure,
 *   wall?: Figure | undefined, peers: { peer: string, figure: Figure, ratio: number }[], target?: number | undefined,
 *   met?: boolean | undefined }} Row
 */

const peerNames = ['numpy', 'numba']

/** Runs each contender gets where a suite says nothing else; the first of them warms up. */
const usualRounds = 15

/**
 * Runs a suite.
 * @param {Suite} suite
 * @param {(text: string) => void} say
 * @returns {Promise<Row[]>}
 */
export async function runSuite(suite, say) {
  /** @type {Row[]} */
  const rows = []
  try {
    for (const one of await suite.cases()) {
      say(`${suite.name}: ${one.name} ... `)
      const start = performance.now()
      const costs = await byTurns(new Map(one.contenders), suite.rounds ?? usualRounds)
      rows.push(...rowsOf(suite, one, costs))
      say(`${((performance.now() - start) / 1e3).toFixed(1)} s\n`)
    }
  } finally {
    suite.end?.()
  }
  return rows
}

/**
 * @param {Suite} suite
 * @param {Case} one
 * @param {Map<string, import('./measure.mjs').Cost[]>} costs
 * @returns {Row[]}
 */
export function rowsOf(suite, one, costs) {
  const { name, targets } = one
  const readings = one.readings ?? [{ name, unit: suite.unit, measure: suite.measure, ...(targets && { targets }) }]
  return readings.flatMap((reading) => read(suite, one.things, reading, costs))
}

/**
 * @param {Suite} suite
 * @param {number} things
 * @param {Reading} reading
 * @param {Map<string, import('./measure.mjs').Cost[]>} costs
 * @returns {Row[]}
 */
function read(suite, things, { name, unit, measure, targets }, costs) {
  /** @type {(contender: string, by: Measure) => Figure | undefined} */
  const of = (contender, by) => figure(unit, things, costs.get(contender)?.map((cost) => cost[by]) ?? [])
  const theirs = peerNames.map((peer) => ({ peer, figure: of(peer, measure) }))
  const ours = [...costs.keys()].filter((name) => !peerNames.includes(name))
  return ours.flatMap((contender) => {
    const figures = of(contender, measure)
    if (!figures) return []
    const target = targets?.[contender]
    const peers = theirs.flatMap(({ peer, figure: their }) =>
      their ? [{ peer, figure: their, ratio: timesAsGood(unit, figures.best, their.best) }] : [],
    )
    const wall = measure === 'cpu' ? of(contender, 'wall') : undefined
    const met = target === undefined ? undefined : meets(unit, figures.best, target)
    const runs = costs.get(contender)?.length ?? 0
    const said = { suite: suite.name, case: name, contender, unit: unit.name, measure, runs }
    return [{ ...said, ours: figures, wall, peers, target, met }]
  })
}
