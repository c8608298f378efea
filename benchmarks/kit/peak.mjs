// @ts-check
// The most memory that this process held.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const own = '/proc/self'

/** Bytes since the start, or since `forgetPeak`. On Linux `maxRSS` starts at the parent's size; the high-water mark is ours alone. */
export function peak() {
  const line = existsSync(own) ? readFileSync(`${own}/status`, 'utf8').match(/VmHWM:\s+(\d+) kB/)?.[1] : undefined
  return Number(line ?? process.resourceUsage().maxRSS) * 1024
}

/** Lets the peak start again at what is held now, where the system can do that (Linux). */
export function forgetPeak() {
  if (existsSync(own)) writeFileSync(`${own}/clear_refs`, '5')
}
