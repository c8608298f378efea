// How a cell is told from the others of its run: by n, by policy, and by everything else that is swept.
import { type CellSettings, policies, type Shape, stripDefaults, writeShorthand } from '@genloss/models'
import { count } from './numbers.js'

type Swept = Readonly<Record<string, unknown>>

/** Swept settings that `n` and `policy` do not show already. */
function others(swept: Swept): string[] {
  return Object.keys(swept).filter((path) => path !== 'n' && path !== 'policy' && !path.startsWith('policy.'))
}

/** Titles of the labels. */
export function labelHead(swept: Swept): string[] {
  return ['n', 'policy', ...others(swept)]
}

/** The labels of a cell. */
export function cellLabels({ n, policy }: CellSettings, swept: Swept): string[] {
  return [count(n), policyText(policy), ...others(swept).map((path) => word(swept[path]))]
}

function policyText(policy: CellSettings['policy']): string {
  const { kind, ...settings } = policy
  const told = stripDefaults((policies[kind] as Shape).fields, settings)
  return writeShorthand({ kind, ...told })
}

function word(value: unknown): string {
  if (Array.isArray(value)) return value.join('/')
  return typeof value === 'object' && value !== null ? writeShorthand(value as Record<string, unknown>) : String(value)
}
