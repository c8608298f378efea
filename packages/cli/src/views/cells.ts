// How a cell is told from the others of its run: by n, by policy, and by everything else that is swept.
import {
  type CellSettings,
  policies,
  type Shape,
  type SizeRule,
  stripDefaults,
  stripStages,
  writeSettings,
  writeShorthand,
  writeSize,
} from '@genloss/models'
import { count } from './numbers.js'

type Swept = Readonly<Record<string, unknown>>

/** Swept settings that `n` and `policy` do not show already. */
function others(swept: Swept): string[] {
  return Object.keys(swept).filter((path) => !/^(n|policy)(\.|$)/.test(path))
}

/** Titles of the labels. */
export function labelHead(swept: Swept): string[] {
  return ['n', 'policy', ...others(swept)]
}

/** The labels of a cell. */
export function cellLabels({ n, policy }: CellSettings, swept: Swept): string[] {
  return [sizeText(n), policyText(policy), ...others(swept).map((path) => word(path, swept[path]))]
}

/** A size as people read it: `1,000`, `inf`, `start:100/power:1.5`. */
export function sizeText(n: SizeRule): string {
  return typeof n === 'number' ? count(n) : writeSize(n)
}

function policyText(policy: CellSettings['policy']): string {
  const { kind, ...settings } = policy
  const told = stripDefaults((policies[kind] as Shape).fields, settings)
  return writeShorthand({ kind, ...told })
}

/** A swept value as it would be written, without what is at its default. */
export function word(path: string, value: unknown): string {
  if (Array.isArray(value)) return value.join('/')
  if (typeof value !== 'object' || value === null) return String(value)
  if (path === 'n') return sizeText(value as SizeRule)
  const settings = value as Record<string, unknown>
  if ('kind' in settings) return writeShorthand(settings)
  const told = stripStages({ [path]: settings })[path] as Record<string, unknown>
  return writeSettings(told) ?? JSON.stringify(told)
}
