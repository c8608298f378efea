import { availableParallelism } from 'node:os'
import { describe, expect, it } from 'vitest'
import { threadsOf } from './threads.js'

describe('threadsOf', () => {
  it.each([
    [3, {}, 3],
    ['3', { SLURM_CPUS_PER_TASK: '8' }, 3],
    [undefined, { SLURM_CPUS_PER_TASK: '8', SLURM_CPUS_ON_NODE: '64' }, 8],
    [undefined, { SLURM_CPUS_ON_NODE: '64' }, 64],
    [undefined, { SLURM_CPUS_PER_TASK: '', SLURM_CPUS_ON_NODE: 'many' }, availableParallelism()],
    [undefined, {}, availableParallelism()],
  ])('%s with %j is %i', (asked, environment, threads) => expect(threadsOf(asked, environment)).toBe(threads))

  it.each([0, -1, 1.5, Number.NaN, 4097, 'all', '', null, true])('refuses %s', (asked) => {
    expect(() => threadsOf(asked)).toThrow(expect.objectContaining({ code: 'usage', path: 'threads' }))
  })
})
