// What differs between two plans, in words.

import { describeValue, isObject } from '@genloss/models'

/** How many differences are told. */
const most = 8
/** What only follows from other settings, and is told where nothing else differs. */
const consequences = ['blocks', 'laws', 'columns']

/** The differences of two plans given as JSON: `n: 100 there, 200 here`. */
export function differences(there: string, here: string): string {
  const old = parsed(there)
  if (!isObject(old)) return 'its plan.json is damaged'
  const now = JSON.parse(here) as Record<string, unknown>
  const [settings, rest] = [without(old), without(now)]
  const causes = compare(settings, rest, '')
  const found = causes.length > 0 ? causes : compare(old, now, '')
  const more = found.length > most ? [`and ${found.length - most} more`] : []
  return [...found.slice(0, most), ...more].join('; ')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A plan's settings by name, its axes by path. */
function without(plan: Record<string, unknown>): Record<string, unknown> {
  const { base, axes, ...rest } = plan
  const kept = Object.entries(rest).filter(([key]) => !consequences.includes(key))
  const swept = Array.isArray(axes) ? axes.map(({ path, values }) => [`sweep of ${path}`, values]) : []
  return { ...(isObject(base) ? base : {}), ...Object.fromEntries(swept), ...Object.fromEntries(kept) }
}

function compare(there: unknown, here: unknown, path: string): string[] {
  if (JSON.stringify(there) === JSON.stringify(here)) return []
  if (Array.isArray(there) && Array.isArray(here) && there.length === here.length) {
    return there.flatMap((value, i) => compare(value, here[i], `${path}[${i}]`))
  }
  if (!isObject(there) || !isObject(here)) {
    return [`${path}: ${describeValue(there)} there, ${describeValue(here)} here`]
  }
  const keys = new Set([...Object.keys(there), ...Object.keys(here)])
  return [...keys].flatMap((key) => compare(there[key], here[key], path === '' ? key : `${path}.${key}`))
}
