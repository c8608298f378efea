// @ts-check
// Runs contenders by turns under benchmark.js and keeps what each run cost.
import Benchmark from 'benchmark'

/**
 * What one run cost: wall seconds, CPU seconds of the process that did it, or bytes.
 * @typedef {{ wall?: number, cpu?: number, bytes?: number }} Cost
 */

/** @typedef {keyof Cost} Measure */

/** @typedef {() => Promise<Cost>} Run */

/**
 * The cost of work done in this process.
 * @param {() => Promise<unknown>} work
 * @returns {Promise<Cost>}
 */
export async function timed(work) {
  const [cpu, wall] = [process.cpuUsage(), performance.now()]
  await work()
  const { user, system } = process.cpuUsage(cpu)
  return { cpu: (user + system) / 1e6, wall: (performance.now() - wall) / 1e3 }
}

/**
 * Runs each contender `rounds` times, all of them once before any of them again, so that a busy minute of the machine
 * hits them alike. The first round warms up (compilers, caches) and is not kept, unless it is the only one.
 * @param {Map<string, Run>} contenders
 * @param {number} rounds
 * @returns {Promise<Map<string, Cost[]>>}
 */
export async function byTurns(contenders, rounds) {
  const costs = new Map([...contenders.keys()].map((name) => [name, /** @type {Cost[]} */ ([])]))
  for (let i = 0; i < rounds; i++) await round(contenders, (name, cost) => costs.get(name)?.push(cost))
  if (rounds > 1) for (const list of costs.values()) list.shift()
  return costs
}

/** benchmark.js settings for one run a contender: our runs are long enough to be timed alone. */
const once = { defer: true, initCount: 1, minSamples: 1, minTime: 0.001, maxTime: 0.001 }

/**
 * @param {Map<string, Run>} contenders
 * @param {(name: string, cost: Cost) => void} keep
 * @returns {Promise<void>}
 */
function round(contenders, keep) {
  return new Promise((resolve, reject) => {
    const suite = new Benchmark.Suite()
    for (const [name, run] of contenders) {
      suite.add(name, (/** @type {{ resolve(): void }} */ deferred) => tell(run, name, keep, deferred, reject), once)
    }
    suite.on('complete', () => resolve()).run({ async: true })
  })
}

/**
 * One run; what it throws goes to `fail`, since benchmark.js would swallow it.
 * @param {Run} run
 * @param {string} name
 * @param {(name: string, cost: Cost) => void} keep
 * @param {{ resolve(): void }} deferred
 * @param {(reason: unknown) => void} fail
 */
async function tell(run, name, keep, deferred, fail) {
  try {
    keep(name, await run())
  } catch (error) {
    fail(error)
  }
  deferred.resolve()
}
