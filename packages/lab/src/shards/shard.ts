// Which shard of a run a process is: said by hand, or by the scheduler that started it.

import { GenlossError } from '@genloss/models'

/** One of `count` processes that share the blocks of a plan; `index` counts from 1. */
export interface Shard {
  index: number
  count: number
}

const most = 1e6
/** How many shards there are, where the scheduler does not say it or says it of the tasks that run again alone. */
const countName = 'GENLOSS_SHARDS'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The shard that a text names: `i/n`, counted from 1, or `auto` for what a Slurm array or a Kubernetes Indexed Job says in
 * the environment.
 *
 * `auto` in a Slurm array: shard (ID - MIN) / STEP + 1 of (MAX - MIN) / STEP + 1; where GENLOSS_SHARDS is set, shard ID + 1
 * of that many, so that some tasks of an array from 0 can be started again alone. In an Indexed Job: shard
 * JOB_COMPLETION_INDEX + 1 of GENLOSS_SHARDS.
 *
 * @throws GenlossError `usage`
 */
export function shardOf(text: string, environment: Environment = process.env): Shard {
  if (text === 'auto') return fromScheduler(environment)
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text) ?? []
  const shard = { index: Number(index), count: Number(count) }
  if (shard.index >= 1 && shard.index <= shard.count && shard.count <= most) return shard
  throw wrong('shard', text, 'i/n with i from 1 to n, or auto', 'the third of eight is 3/8')
}

function fromScheduler(environment: Environment): Shard {
  if (environment.SLURM_ARRAY_TASK_ID !== undefined) return fromSlurm(environment)
  if (environment.JOB_COMPLETION_INDEX !== undefined) return fromIndex('JOB_COMPLETION_INDEX', environment)
  const hint = 'outside of Slurm arrays and Kubernetes Indexed Jobs say it by hand: --shard 3/8'
  throw wrong('shard', 'auto', 'SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX in the environment', hint)
}

function fromSlurm(environment: Environment): Shard {
  if (environment[countName] !== undefined) return fromIndex('SLURM_ARRAY_TASK_ID', environment)
  const whole = (name: string, fallback?: number) => numberOf(`SLURM_ARRAY_TASK_${name}`, environment, fallback)
  const id = whole('ID')
  const first = whole('MIN')
  const last = whole('MAX')
  const step = Math.max(1, whole('STEP', 1))
  const count = (last - first) / step + 1
  const tasks = whole('COUNT', count)
  const index = (id - first) / step + 1
  if (Number.isInteger(index) && index >= 1 && index <= count && count === tasks) return { index, count }
  const value = `task ${id} of ${tasks}, from ${first} to ${last} by ${step}`
  const hint = `for some tasks alone, set ${countName} to the number of all shards and let the array count from 0`
  throw wrong('shard', value, 'an array that is a range, such as 0-15 or 1-31:2', hint)
}

function fromIndex(name: string, environment: Environment): Shard {
  if (environment[countName] === undefined) {
    throw wrong(countName, null, 'the number of shards', `${name} says which shard this is, but not of how many`)
  }
  const count = numberOf(countName, environment)
  const index = numberOf(name, environment)
  if (count < 1 || count > most) throw wrong(countName, count, `a number of shards from 1 to ${most}`)
  if (index >= count) throw wrong(name, index, `a task from 0 to ${count - 1}, as ${countName} says`)
  return { index: index + 1, count }
}

function numberOf(name: string, environment: Environment, fallback?: number): number {
  const text = environment[name]
  if (text === undefined && fallback !== undefined) return fallback
  if (text !== undefined && /^\d{1,15}$/.test(text)) return Number(text)
  throw wrong(name, text ?? null, 'a whole number in the environment')
}

function wrong(path: string, value: unknown, rule: string, hint?: string): GenlossError {
  return new GenlossError({ code: 'usage', path, value, rule, ...(hint ? { hint } : {}) })
}
