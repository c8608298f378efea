// The settings of an experiment that are objects: what may stand inside each, and how each is read.

import {
  asObject,
  type Field,
  isObject,
  modelShapes,
  originShapes,
  policies,
  type ReadOptions,
  readFields,
  readKind,
  readPairs,
  readStage,
  type Shapes,
  type StageName,
  scheduleFields,
  sizeRule,
  stageNames,
  stageObject,
  stages,
} from '@genloss/models'

/** The settings that are objects with a kind. */
export const parts = ['origin', 'model', 'policy'] as const
export type Part = (typeof parts)[number]

/** The shapes of the settings that have a kind. */
export const shapesOf: Readonly<Record<Part, Shapes>> = { origin: originShapes, model: modelShapes, policy: policies }

/** A setting with settings inside: an object with a kind, a stage, or the schedule of `n`. */
export type ObjectSetting = Part | StageName | 'n'
export const objectSettings: readonly ObjectSetting[] = [...parts, ...stageNames, 'n']

type Fields = Readonly<Record<string, Field>>

export function isPart(word: string): word is Part {
  return (parts as readonly string[]).includes(word)
}

export function isStage(word: string): word is StageName {
  return (stageNames as readonly string[]).includes(word)
}

export function isObjectSetting(word: string): word is ObjectSetting {
  return (objectSettings as readonly string[]).includes(word)
}

/** The object that a value stands for: shorthand is read, `none` is an empty stage, and a plain `n` its start. */
export function objectOf(setting: ObjectSetting, value: unknown): Record<string, unknown> {
  if (isPart(setting)) return asObject(value, setting, shapesOf[setting])
  if (isStage(setting)) return value === 'none' ? {} : stageObject(value, setting)
  if (isObject(value)) return value
  return (typeof value === 'string' ? readPairs(value) : undefined) ?? { start: value }
}

/** The settings inside an object, as far as they are known: those of its kind. */
export function fieldsOf(setting: ObjectSetting, object: unknown): Fields | undefined {
  if (isStage(setting)) return stages[setting].fields
  if (setting === 'n') return scheduleFields
  const kind = isObject(object) ? object.kind : undefined
  return typeof kind === 'string' && Object.hasOwn(shapesOf[setting], kind)
    ? shapesOf[setting][kind]!.fields
    : undefined
}

/** Whether an object of this kind may have settings beside those that are known. */
export function isOpen(setting: ObjectSetting, object: unknown): boolean {
  const kind = isObject(object) ? object.kind : undefined
  return isPart(setting) && typeof kind === 'string' && shapesOf[setting][kind]?.open !== undefined
}

/** The settings inside an object of any kind. */
export function fieldsOfAny(setting: ObjectSetting): Fields[] {
  return isPart(setting)
    ? Object.values(shapesOf[setting]).map(({ fields }) => fields)
    : [fieldsOf(setting, undefined)!]
}

/** An object in its one form. Settings inside that an axis fills in later are left out. @throws GenlossError `plan` */
export function readObject(
  setting: ObjectSetting,
  value: unknown,
  path: string = setting,
  options: ReadOptions = {},
): unknown {
  if (isPart(setting)) return readKind(shapesOf[setting], value, path, options)
  if (isStage(setting)) return value === null ? 'none' : (readStage(setting, value, path, options) ?? 'none')
  // A part of a schedule is no schedule yet.
  return options.later?.size
    ? readFields(scheduleFields, objectOf(setting, value), path, options)
    : sizeRule.read(value, path)
}

/** The kinds of a part; nothing else has kinds. */
export function kindsOf(setting: ObjectSetting): string[] {
  return isPart(setting) ? Object.keys(shapesOf[setting]) : []
}

/** Settings of an object without those at their default. */
export function withoutDefaults(setting: string, object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const fields = isObjectSetting(setting) ? fieldsOf(setting, object) : undefined
  const shown = Object.entries(object).filter(
    ([key, entry]) => entry !== undefined && fields?.[key]?.fallback !== entry,
  )
  return Object.fromEntries(shown)
}
