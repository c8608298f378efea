// The inputs of a run by their hashes, and whether the files that they were read from still hold the same.

import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isObject, readOrigin } from '@genloss/models'
import { sha256 } from '../canonical.js'
import type { Plan } from '../plan.js'
import { sha256Of } from '../sources/files/bytes.js'
import { tableName } from '../sources/files/format.js'
import type { LineageInput, TableInput } from './document.js'

/** Tables in the order of the plan, then the experiment of the folder where there is one. */
export async function inputsOf(folder: string, { data }: Plan): Promise<LineageInput[]> {
  const text = await readFile(join(folder, 'experiment.json')).catch(() => undefined)
  const files = text === undefined ? [] : filesIn(parsed(text.toString('utf8')))
  const hashes = new Map<string, string | undefined>()
  for (const file of files) hashes.set(file, await hashOf(file))
  const tables = Object.entries(data).map(([hash, { name, rows, columns }]): TableInput => {
    const same = files.find((file) => hashes.get(file) === hash)
    const named = same ?? files.find((file) => tableName(file) === name)
    const state = stateOf(same, named, hashes)
    const kinds = columns.map(({ name, kind }) => ({ name, kind }))
    return { kind: 'table', name, sha256: hash, rows, columns: kinds, file: named ?? null, state }
  })
  if (text === undefined) return tables
  return [...tables, { kind: 'experiment', name: 'experiment.json', sha256: sha256(text.toString('utf8')) }]
}

function stateOf(
  same: string | undefined,
  named: string | undefined,
  hashes: ReadonlyMap<string, string | undefined>,
): TableInput['state'] {
  if (same !== undefined) return 'same'
  if (named === undefined) return 'unknown'
  return hashes.get(named) === undefined ? 'missing' : 'changed'
}

async function hashOf(file: string): Promise<string | undefined> {
  const isFile = await stat(file).then(
    (found) => found.isFile(),
    () => false,
  )
  return isFile ? sha256Of(file).catch(() => undefined) : undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The files that an experiment reads: of its origin, and of axes over origins or their files. */
function filesIn(experiment: unknown): string[] {
  if (!isObject(experiment)) return []
  const sweep = isObject(experiment.sweep) ? experiment.sweep : {}
  const swept = Object.entries(sweep).flatMap(([path, values]) => {
    const places = path.split(',').map((one, i) => [one.trim(), i] as const)
    const list = Array.isArray(values) ? values : []
    const at = (i: number) => (places.length > 1 ? list.map((tuple) => (tuple as unknown[])[i]) : list)
    return places.flatMap(([one, i]) => {
      if (one === 'origin') return at(i).flatMap(fileOf)
      return one === 'origin.file' ? at(i).filter((value) => typeof value === 'string') : []
    })
  })
  return [...new Set([...fileOf(experiment.origin), ...swept])]
}

/** The file of an origin, as an object or in short. */
function fileOf(origin: unknown): string[] {
  if (isObject(origin)) return typeof origin.file === 'string' ? [origin.file] : []
  if (typeof origin !== 'string') return []
  try {
    const read = readOrigin(origin)
    return read.kind === 'table' ? [read.file] : []
  } catch {
    return []
  }
}
