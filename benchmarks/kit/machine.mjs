// @ts-check
// What a figure must be read with: processor, system, versions, load. No names of hosts, no paths.
import { execFileSync } from 'node:child_process'
import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os'
import { describe } from '@genloss/native'
import { levels } from './core.mjs'

/** The processor's name as the system gives it. */
export const processor = cpus()[0]?.model.trim() ?? 'unknown'

/** The machine and the build. */
export function machine() {
  return {
    processor,
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    simd: levels.join(' '),
    system: `${platform()} ${arch()}`,
    node: process.versions.node,
    rust: rust(),
    genloss: JSON.parse(describe()).version,
  }
}

/** Processes that wanted to run during the last minute. */
export function load() {
  return Math.round((loadavg()[0] ?? 0) * 100) / 100
}

function rust() {
  try {
    return execFileSync('rustc', ['--version'], { encoding: 'utf8' }).split(' ')[1] ?? 'unknown'
  } catch {
    return 'unknown'
  }
}
