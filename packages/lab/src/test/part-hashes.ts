// What tests hold runs against each other by.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sha256 } from '../canonical.js'

/** Names of the parts in a run's folder; drafts of writers, at work or killed, are no parts. */
export function partNames(run: string): string[] {
  const folder = join(run, 'parts')
  const names = existsSync(folder) ? readdirSync(folder) : []
  return names.filter((name) => !name.startsWith('.')).sort()
}

/** SHA-256 of each part in a run's folder by its name. */
export function partHashes(run: string): Record<string, string> {
  return Object.fromEntries(partNames(run).map((name) => [name, sha256(readFileSync(join(run, 'parts', name)))]))
}
