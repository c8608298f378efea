// Whether a column is an identifier: its values name rows instead of measuring or grouping them.

import type { NumberColumn, TableColumn, TextColumn } from './types.js'

const fewestRows = 20
/** Long numbers without a telling name must be this many. */
const fewestLong = 100
/** Names of identifiers: `id`, `customer_id`, `id.number`, `uuid`, `row number`, `Unnamed: 0`. */
const named =
  /(^|[\s_.-])(id|ids|uuid|guid|rowid|rownum|row[\s_-]?(number|no|nr))$|^(key|index|idx)$|^id[\s_.-]|^unnamed: \d+$/i
/** Whole names whose numbers are those of somebody or something: `customer`, `account`. */
const bearer =
  /^(customer|client|user|member|patient|account|invoice|transaction|subscriber)([\s_.-]?(no|nr|number))?$/i
/** `customerId`, `orderUUID`. */
const camel = /[a-z](Id|ID|Uuid|UUID|Guid|GUID)$/

/**
 * Whether a column looks like an identifier: whole numbers or words of which (nearly) every row has its own. Such columns
 * have no tails or groups worth following. Below 20 rows nothing is called an identifier, except numbers beyond 2^53.
 */
export function looksLikeId(column: TableColumn, rows: number): boolean {
  const present = rows - column.missing
  if (column.kind === 'text') return present > 0 && textId(column, present)
  return present >= fewestRows && column.integer && numberId(column, present)
}

function textId(column: TextColumn, present: number): boolean {
  const distinct = column.labels.length - (column.missing > 0 ? 1 : 0)
  if (column.exact?.startsWith('integer')) return distinct > 0.5 * present
  if (present < fewestRows) return false
  return distinct >= 0.9 * present || (isNamed(column.name) && distinct > Math.max(50, 0.2 * present))
}

function numberId(column: NumberColumn, present: number): boolean {
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  for (const value of column.values) {
    if (value < least) least = value
    if (value > most) most = value
  }
  const dense = most - least === present - 1
  if (!dense && !isNamed(column.name)) return present >= fewestLong && least >= 0 && areLong(column, present)
  const distinct = new Set(column.values).size - (column.missing > 0 ? 1 : 0)
  return dense ? distinct === present : distinct > Math.max(50, 0.2 * present)
}

/** Numbers as long as those of cards and accounts, nearly all of one length, no two the same. */
function areLong({ values, missing }: NumberColumn, present: number): boolean {
  const lengths = new Float64Array(18)
  for (const value of values) if (value >= 1e6) lengths[String(value).length]!++
  if (Math.max(...lengths) < 0.9 * present) return false
  return new Set(values).size - (missing > 0 ? 1 : 0) === present
}

function isNamed(name: string): boolean {
  return named.test(name) || camel.test(name) || bearer.test(name)
}
