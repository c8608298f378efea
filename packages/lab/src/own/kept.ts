// What the folder of a run keeps of models of one's own: the code that ran, by its hash.

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { GenlossError } from '@genloss/models'
import type { RunFolder } from '../folder.js'
import type { Module } from './read-models.js'

const place = 'modules'

/**
 * A folder goes on from the parts that it has, so what made them must be known. Functions of a program are known by their
 * texts, which do not tell what they refer to: they need a version.
 *
 * @throws GenlossError `usage`
 */
export function checkIdentity(modules: Iterable<Module>): void {
  for (const { name, code, version } of modules) {
    if (code !== undefined || version !== undefined) continue
    const hint = 'raise it when what the functions do changes; or put the model into a module and name its file'
    const rule = `a version in defineModel({ name: '${name}', version: ... }) for a run in a folder`
    throw new GenlossError({ code: 'usage', path: 'out', value: undefined, rule, hint })
  }
}

/** Where models keep files of theirs: what programs have done, so that a run goes on from it. */
export function workIn(folder: RunFolder): string {
  return join(folder.path, 'work')
}

/** Keeps the code of modules beside the parts that it makes. */
export async function keepModules(folder: RunFolder, modules: Iterable<Module>): Promise<void> {
  for (const { sha256, code } of modules) {
    if (code === undefined) continue
    await mkdir(join(folder.path, place), { recursive: true })
    await folder.keep(join(place, `${sha256}.mjs`), code)
  }
}
