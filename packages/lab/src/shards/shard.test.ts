import { describe, expect, it } from 'vitest'
import { shardOf } from './shard.js'

/** What Slurm sets in the task `id` of an array. */
const slurm = (id: number, min: number, max: number, step: number, count: number) => ({
  SLURM_ARRAY_TASK_ID: `${id}`,
  SLURM_ARRAY_TASK_MIN: `${min}`,
  SLURM_ARRAY_TASK_MAX: `${max}`,
  SLURM_ARRAY_TASK_STEP: `${step}`,
  SLURM_ARRAY_TASK_COUNT: `${count}`,
})

describe('a shard', () => {
  it.each([
    ['1/1', {}, 1, 1],
    ['3/8', slurm(0, 0, 3, 1, 4), 3, 8],
    ['auto', slurm(0, 0, 3, 1, 4), 1, 4],
    ['auto', slurm(4, 1, 4, 1, 4), 4, 4],
    ['auto', slurm(9, 5, 13, 4, 3), 2, 3],
    ['auto', slurm(6, 6, 6, 1, 1), 1, 1],
    ['auto', { ...slurm(3, 3, 7, 1, 2), GENLOSS_SHARDS: '8' }, 4, 8],
    ['auto', { JOB_COMPLETION_INDEX: '0', GENLOSS_SHARDS: '3' }, 1, 3],
    ['auto', { JOB_COMPLETION_INDEX: '2', GENLOSS_SHARDS: '3' }, 3, 3],
  ])('%s in %j is %i/%i', (text, environment, index, count) => {
    expect(shardOf(text, environment)).toEqual({ index, count })
  })

  it.each(['0/4', '5/4', '1/0', '4', '-1/4', '1/4/2', 'one/two', '', '1/9999999'])('is not %s', (text) => {
    expect(() => shardOf(text, {})).toThrow(expect.objectContaining({ code: 'usage', path: 'shard', value: text }))
  })

  it.each([
    ['no scheduler', {}, 'shard'],
    ['a list with a gap', slurm(3, 1, 7, 1, 3), 'shard'],
    ['a task off the steps', slurm(6, 5, 13, 4, 3), 'shard'],
    ['an Indexed Job that does not say how many', { JOB_COMPLETION_INDEX: '0' }, 'GENLOSS_SHARDS'],
    ['an index beyond the last', { JOB_COMPLETION_INDEX: '3', GENLOSS_SHARDS: '3' }, 'JOB_COMPLETION_INDEX'],
    ['an array from 1 with GENLOSS_SHARDS', { ...slurm(8, 1, 8, 1, 8), GENLOSS_SHARDS: '8' }, 'SLURM_ARRAY_TASK_ID'],
    ['no shards', { JOB_COMPLETION_INDEX: '0', GENLOSS_SHARDS: '0' }, 'GENLOSS_SHARDS'],
    ['words for numbers', { SLURM_ARRAY_TASK_ID: 'x', SLURM_ARRAY_TASK_MIN: '0' }, 'SLURM_ARRAY_TASK_ID'],
  ])('auto refuses %s', (_, environment, path) => {
    expect(() => shardOf('auto', environment)).toThrow(expect.objectContaining({ code: 'usage', path }))
  })
})
