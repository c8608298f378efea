// Whether a plan only extends another one: each cell of the earlier one is still there, with no fewer chains and generations.

import type { CellSettings } from '@genloss/models'
import { canonical, sha256 } from './canonical.js'
import type { Description } from './native.js'
import { type Cell, cellOf, type Plan } from './plan.js'
import { cellCount } from './sweep.js'

/** Which chains of an earlier plan are chains of a later one, row by row. */
export interface Extension {
  /** By cell of the later plan: the cell of the earlier one whose chains are the first of its own. */
  same: Map<number, { cell: number; replicates: number }>
}

/** What is needed of the later plan. */
export interface Later {
  plan: Plan
  core: Description
  cellAt: (index: number) => Cell
}

/** How a later plan extends an earlier one; nothing if it does not. */
export function extensionOf(earlier: Plan, { plan, core, cellAt }: Later): Extension | undefined {
  if (earlier.numerics !== plan.numerics) return undefined
  const told = tellsSustain(earlier)
  if (told !== tellsSustain(plan)) return undefined
  const later = new Map<string, number>()
  for (let index = 0; index < cellCount(plan.axes); index++) later.set(keyOf(cellAt(index), told), index)
  const same: Extension['same'] = new Map()
  for (let index = 0; index < cellCount(earlier.axes); index++) {
    const old = cellOf(earlier, index, core)
    const place = later.get(keyOf(old, told))
    if (place === undefined) return undefined
    const { settings } = cellAt(place)
    const { replicates, generations, sustain } = old.settings
    if (settings.replicates < replicates || settings.generations < generations) return undefined
    // A longer chain is made again from its beginning: its first rows are the same, its dates need not be.
    const alike = settings.generations === generations && settings.sustain === sustain
    if (alike) same.set(place, { cell: index, replicates })
  }
  return { same }
}

/** What a cell is beside the numbers that may grow, and what follows from them. */
function keyOf({ settings, method }: Cell, withSustain: boolean): string {
  const { replicates: _, generations: __, sustain, origin, ...rest } = settings as CellSettings & { file?: string }
  const { file: ___, ...content } = { ...origin } as CellSettings['origin'] & { file?: string }
  return sha256(canonical({ ...rest, origin: content, method, ...(withSustain ? { sustain } : {}) })).slice(0, 32)
}

/** Whether a plan says itself how long an event has to last. */
function tellsSustain({ base, axes }: Plan): boolean {
  return 'sustain' in base || axes.some(({ path }) => path.split(',').includes('sustain'))
}
