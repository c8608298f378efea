// Names of cells: the hash of a cell's law, which keys its random numbers, and the hash of the whole cell.

import {
  type CellSettings,
  definitionOf,
  type MixPolicy,
  mixShares,
  originShapes,
  policies,
  sizeAt,
  stripDefaults,
  stripStages,
} from '@genloss/models'
import { canonical, sha256 } from './canonical.js'
import type { DataInfo } from './data-info.js'
import { dataOf } from './data-info.js'
import type { Settled } from './settings.js'

/** Hashes are cut to 128 bits. */
const digits = 32

/** What the hashes are made of: a settled cell. */
type Decided = Pick<Settled, 'settings' | 'method' | 'stages'>

/** What decides the random numbers of a chain, without settings that are at their default or change nothing. */
function lawInput({ settings, method, stages }: Decided, numerics: number, data: Readonly<Record<string, DataInfo>>) {
  const { origin, model, policy, n, initial, onEmpty } = settings
  const usual = n === 'inf' ? 'inf' : (dataOf(origin, data)?.rows ?? sizeAt(n, 0))
  const { file: _, ...content } = { ...origin } as CellSettings['origin'] & { file?: string }
  return {
    numerics,
    origin: stripDefaults(originShapes[origin.kind].fields, content),
    model: stripDefaults(definitionOf(model.kind).shape.fields, { ...model }),
    policy: stripDefaults(policies[policy.kind].fields, policy.kind === 'mix' ? plainMix(policy) : { ...policy }),
    n,
    ...(initial === usual ? {} : { initial }),
    method,
    ...stripStages(stages),
    ...(onEmpty === 'stop' ? {} : { onEmpty }),
  }
}

/** A mix by its shares of earlier and of real records, however it was written. */
function plainMix({ kind, source, composition, recycle, ...shares }: MixPolicy): Record<string, unknown> {
  const { previous, real } = mixShares({ kind, source, composition, recycle, ...shares })
  const given = { ...(previous > 0 ? { previous } : {}), ...(real > 0 ? { real } : {}) }
  return { kind, ...given, source, composition, recycle }
}

/** The hashes of a cell, 32 hex digits each. */
export interface Hashes {
  /**
   * The key of its random numbers: origin, model, policy, stages, sizes, method and the version of the numbers, with settings at
   * their default left out. Replicates, generations, record, events, seed and name are not in it. With
   * `commonRandomNumbers` it is that of `{}`, the same for every cell.
   */
  law: string
  /** The name of the whole cell: its law, seed, replicates, generations and what makes an event. */
  hash: string
}

/** Both hashes of a cell. */
export function hashesOf(cell: Decided, numerics: number, data: Readonly<Record<string, DataInfo>>): Hashes {
  const { seed, replicates, generations, sustain, commonRandomNumbers } = cell.settings
  const own = sha256(canonical(lawInput(cell, numerics, data))).slice(0, digits)
  const text = canonical({ law: own, seed, replicates, generations, sustain, commonRandomNumbers })
  const hash = sha256(text).slice(0, digits)
  return { law: commonRandomNumbers ? sha256('{}').slice(0, digits) : own, hash }
}
