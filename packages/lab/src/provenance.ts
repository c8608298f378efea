// Where and with what a run was started: for people who look at it later, never for its numbers.

import { cpus, hostname, totalmem } from 'node:os'
import type { EngineOptions } from './engine.js'
import type { Description } from './native.js'
import { threadsOf } from './threads.js'

/** Versions, machine and time of a start. */
export function provenance(core: Description, options: EngineOptions): Record<string, unknown> {
  return {
    genloss: core.version,
    numerics: core.numerics,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    memory: totalmem(),
    simd: options.simd ?? core.simd.at(-1) ?? 'unknown',
    threads: threadsOf(options.threads),
    host: hostname(),
    cwd: process.cwd(),
    started: new Date().toISOString(),
  }
}
