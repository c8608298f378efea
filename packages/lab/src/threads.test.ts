import { availableParallelism } from 'node:os'
import { describe, expect, it } from 'vitest'
import { allotted, threadsOf } from './threads.js'

describe('threadsOf', () => {
  it.each([
    [3, {}, 3],
    ['3', { SLURM_CPUS_PER_TASK: '8' }, 3],
    [undefined, { SLURM_CPUS_PER_TASK: '8', SLURM_CPUS_ON_NODE: '64' }, 8],
    [undefined, { SLURM_CPUS_ON_NODE: '64' }, 64],
    [undefined, { SLURM_CPUS_PER_TASK: '', SLURM_CPUS_ON_NODE: 'many' }, Math.min(availableParallelism(), allotted())],
    [undefined, {}, Math.min(availableParallelism(), allotted())],
  ])('%s with %j is %i', (asked, environment, threads) => expect(threadsOf(asked, environment)).toBe(threads))

  it.each([0, -1, 1.5, Number.NaN, 4097, 'all', '', null, true])('refuses %s', (asked) => {
    expect(() => threadsOf(asked)).toThrow(expect.objectContaining({ code: 'usage', path: 'threads' }))
  })

  it.each([
    [{ '/sys/fs/cgroup/cpu.max': '150000 100000' }, 2],
    [{ '/sys/fs/cgroup/cpu.max': '50000 100000' }, 1],
    [{ '/sys/fs/cgroup/cpu.max': 'max 100000' }, 4096],
    [{ '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '400000', '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000' }, 4],
    [{ '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1', '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000' }, 4096],
    [{}, 4096],
  ])('a container with %j may use %i', (files: Record<string, string>, threads) => {
    expect(allotted((path) => files[path] ?? '')).toBe(threads)
  })
})
