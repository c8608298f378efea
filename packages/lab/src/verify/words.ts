// A setting in words short enough for a table, and complete: what is not said is at its default.

import {
  activeStages,
  type CellSettings,
  modelShapes,
  originShapes,
  policies,
  type Shape,
  stripDefaults,
  stripStages,
  writeSettings,
  writeShorthand,
  writeSize,
} from '@genloss/models'

/** The setting of a cell, but for what does not change its law. */
export function settingInWords(settings: CellSettings): string {
  const { origin, model, policy, n, initial, onEmpty, method } = settings
  const parts = [
    `${written(modelShapes, model)} on ${written(originShapes, origin)}`,
    written(policies, policy),
    `n=${writeSize(n)}`,
    ...(n === initial ? [] : [`initial=${initial}`]),
    ...Object.entries(stripStages(activeStages(settings))).map(
      ([name, stage]) => `${name} ${writeSettings(stage as Record<string, unknown>) ?? JSON.stringify(stage)}`,
    ),
    ...(onEmpty === 'stop' ? [] : [`onEmpty=${onEmpty}`]),
    ...(method === 'auto' ? [] : [method]),
  ]
  return parts.join(', ')
}

function written(shapes: Readonly<Record<string, unknown>>, { kind, ...settings }: { kind: string }): string {
  return writeShorthand({ kind, ...stripDefaults((shapes[kind] as Shape).fields, settings) })
}
