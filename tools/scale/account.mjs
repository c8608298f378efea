// @ts-check
// From a simulated run to what people ask: files, the memory and messages of Redis, planning and collecting.
import { collecting, commands, compression, planning, redisBytes, redisSeconds } from './constants.mjs'

/** @import { Cluster, Outcome } from './simulation.mjs' */
/** @import { CutBlock } from './workload.mjs' */

/**
 * @param {readonly CutBlock[]} blocks
 * @param {Omit<Cluster, 'start' | 'ask'>} cluster
 * @param {number} cells
 * @param {(cluster: Cluster) => Outcome} simulated
 */
export function account(blocks, cluster, cells, simulated) {
  const total = (/** @type {'cost' | 'bytes'} */ key) => blocks.reduce((sum, block) => sum + block[key], 0)
  const costs = blocks.map(({ cost }) => cost)
  const { workers, threads } = cluster
  const start = planning.start + planning.block * blocks.length
  const outcome = simulated({ ...cluster, start, ask: redisSeconds.block })
  const { makespan, ideal, useful, wasted, waiting, deaths, taken } = outcome
  const parts = blocks.length
  const bytes = compression * total('bytes')
  const idle = waiting
  const busy = Math.max(0, workers * makespan - idle)
  /** @param {{ block: number, idleSecond: number, busySecond: number }} each */
  const asked = ({ block, idleSecond, busySecond }) => taken * block + idle * idleSecond + busy * busySecond
  /** @param {{ gigabyte: number, part: number }} each */
  const reading = ({ gigabyte, part }) => (gigabyte * bytes) / 1e9 + part * parts
  return {
    cells,
    cluster,
    blocks: {
      count: parts,
      cost: total('cost'),
      least: costs.reduce((least, cost) => Math.min(least, cost)),
      most: costs.reduce((most, cost) => Math.max(most, cost)),
    },
    plan: { once: planning.cell * cells, start },
    run: { makespan, ideal, busy: useful / (workers * threads * makespan), wasted: wasted / (useful + wasted), deaths },
    files: {
      parts,
      bytes,
      rate: bytes / makespan,
      partRate: parts / makespan,
      // Each process has a log of its own.
      logs: workers + deaths,
    },
    redis:
      cluster.deal === 'shards'
        ? null
        : {
            // Answers are kept until collect: the end is the peak.
            bytes: redisBytes.empty + redisBytes.completed * parts + redisBytes.worker * workers,
            connections: 2 * workers,
            commands: asked(commands),
            rate: asked(commands) / makespan,
            busy: asked(redisSeconds) / makespan,
          },
    collect: {
      check: reading(collecting.check),
      copy: reading(collecting.copy),
      link: reading(collecting.link),
    },
  }
}
