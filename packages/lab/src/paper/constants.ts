// The constants of a preset with their sources, read off its experiments, so that none can be left out.

import type { ExperimentInput } from '../experiment.js'
import { isObjectSetting, objectOf } from '../objects.js'
import type { Preset } from './preset.js'
import { chosen } from './sources.js'
import { written } from './words.js'

export interface Constant {
  /** As `--set` takes it. */
  path: string
  /** As it is written. */
  value: string
  source: string
  /** Titles of the runs that have it; empty where all have. */
  parts: string[]
}

/** Precision, not an assumption. */
const unnamed = new Set(['replicates', 'seed', 'name', 'columns', 'record', 'events', 'shares'])

export function constantsOf({ parts, sources }: Preset): Constant[] {
  const found = new Map<string, Constant>()
  for (const { title, experiment, sources: own } of parts) {
    for (const [path, value] of flat(experiment)) {
      const key = JSON.stringify([path, value])
      const constant = found.get(key) ?? { path, value, source: own?.[path] ?? sources[path] ?? chosen, parts: [] }
      found.set(key, constant)
      constant.parts.push(title)
    }
  }
  return [...found.values()].map((constant) =>
    constant.parts.length === parts.length ? { ...constant, parts: [] } : constant,
  )
}

function flat({ sweep = {}, ...experiment }: ExperimentInput): [path: string, value: string][] {
  const plain = Object.entries(experiment).filter(([path]) => !unnamed.has(path))
  return [...plain, ...Object.entries(sweep)].flatMap(([path, value]): [string, string][] => {
    if (Array.isArray(value)) return [[path, value.map(written).join(', ')]]
    if (!isObjectSetting(path) || typeof value === 'number') return [[path, written(value)]]
    const { kind, ...settings } = objectOf(path, value)
    const inside = Object.entries(settings).map(([key, entry]): [string, string] => [`${path}.${key}`, written(entry)])
    return kind === undefined ? inside : [[path, String(kind)], ...inside]
  })
}
