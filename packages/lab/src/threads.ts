// How many threads a run takes: what is asked for, what the scheduler gave, or all that the process may use.

import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { GenlossError } from '@genloss/models'

const most = 4096
/** Slurm sets the first only if it was asked for; the second is the node's. */
const scheduler = ['SLURM_CPUS_PER_TASK', 'SLURM_CPUS_ON_NODE']

/** @throws GenlossError `usage` for a number of threads that makes no sense */
export function threadsOf(asked: unknown, environment: NodeJS.ProcessEnv = process.env): number {
  if (asked !== undefined) {
    const threads = typeof asked === 'string' && /^\d+$/.test(asked) ? Number(asked) : asked
    if (Number.isInteger(threads) && (threads as number) >= 1 && (threads as number) <= most) return threads as number
    throw new GenlossError({ code: 'usage', path: 'threads', value: asked, rule: `a whole number from 1 to ${most}` })
  }
  for (const name of scheduler) {
    const threads = Number(environment[name])
    if (Number.isInteger(threads) && threads >= 1) return Math.min(most, threads)
  }
  return Math.min(most, availableParallelism(), allotted())
}

/**
 * Processors that a container may use: the quota of its control group (version 2, else 1), rounded up; many where there is
 * none.
 */
export function allotted(read: (path: string) => string = text): number {
  const first = ['quota', 'period'].map((name) => read(`/sys/fs/cgroup/cpu/cpu.cfs_${name}_us`))
  for (const [quota = 0, period = 0] of [read('/sys/fs/cgroup/cpu.max').split(' '), first].map((pair) =>
    pair.map(Number),
  )) {
    if (quota > 0 && period > 0) return Math.ceil(quota / period)
  }
  return most
}

function text(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return ''
  }
}
