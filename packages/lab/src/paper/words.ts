// Settings as they are written: what tells a cell from the others, and the value of a constant.

import { isObject, type Shape, type SizeRule, stripDefaults, writeSettings, writeSize } from '@genloss/models'
import { isPart, shapesOf } from '../objects.js'

/** `n = 100, policy = mix:real=0.1`. */
export function cellInWords(swept: Readonly<Record<string, unknown>>): string {
  return Object.entries(swept)
    .map(([path, value]) => `${path} = ${path === 'n' ? writeSize(value as SizeRule) : written(usual(path, value))}`)
    .join(', ')
}

/** Without what is at its default. */
function usual(path: string, value: unknown): unknown {
  if (!isPart(path) || !isObject(value)) return value
  const { kind, ...settings } = value
  return { kind, ...stripDefaults((shapesOf[path][String(kind)] as Shape).fields, settings) }
}

/** A value as `--set` takes it, but for objects inside lists. */
export function written(value: unknown): string {
  if (Array.isArray(value)) return value.map(written).join(value.some(isObject) ? ' + ' : '/')
  if (!isObject(value)) return String(value)
  const { kind, ...settings } = value
  const inside = Object.keys(settings).length > 0 ? (writeSettings(settings) ?? JSON.stringify(settings)) : ''
  return [kind, inside].filter(Boolean).join(':')
}
