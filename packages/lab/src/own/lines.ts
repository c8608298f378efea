// Records as JSON Lines: one object a record, numbers and names of classes.

import type { RecordColumn, Records } from '@genloss/models'

export function toLines(records: Records): string {
  const columns = Object.entries(records).map(([name, column]) => {
    const key = `${JSON.stringify(name)}:`
    if (column instanceof Float64Array) return (row: number) => `${key}${column[row]}`
    const words = column.labels.map((label) => `${key}${JSON.stringify(label)}`)
    return (row: number) => words[column.codes[row]!]!
  })
  const [first] = Object.values(records)
  const rows = first instanceof Float64Array ? first.length : (first?.codes.length ?? 0)
  let text = ''
  for (let row = 0; row < rows; row++) text += `{${columns.map((column) => column(row)).join(',')}}\n`
  return text
}

/** The error of a line, or of their number. */
type Wrong = (value: string, rule: string, hint?: string) => Error

/** @throws what `wrong` makes of a line that is no record, or of another number of them */
export function fromLines(
  text: string,
  columns: readonly { name: string; labels?: readonly string[] }[],
  n: number,
  wrong: Wrong,
): Records {
  const lines = text.split('\n')
  const last = lines.pop()
  if (last !== '')
    throw wrong(`'${last!.slice(0, 60)}'`, `a line end after line ${lines.length + 1} of its records`, 'it was cut')
  if (lines.length !== n) throw wrong(String(lines.length), `${n} records`)
  const codes = columns.map(({ labels }) => labels && new Map(labels.map((label, code) => [label, code])))
  const values = columns.map(({ labels }) => (labels ? new Uint32Array(n) : new Float64Array(n)))
  for (const [row, line] of lines.entries()) {
    const record = recordOf(line, row, wrong)
    for (const [i, { name }] of columns.entries()) {
      const value = record[name]
      const code = codes[i] ? codes[i].get(String(value)) : value
      if (typeof code !== 'number' || !Number.isFinite(code)) {
        const rule = codes[i] ? 'the name of a class that was fitted' : 'a finite number'
        throw wrong(
          value === undefined ? 'none' : JSON.stringify(value),
          `${rule} as '${name}' in line ${row + 1} of its records`,
        )
      }
      values[i]![row] = code
    }
  }
  const column = (i: number): RecordColumn => {
    const own = values[i]!
    return own instanceof Float64Array ? own : { codes: own, labels: columns[i]!.labels! }
  }
  return Object.fromEntries(columns.map(({ name }, i) => [name, column(i)]))
}

function recordOf(line: string, row: number, wrong: Wrong): Record<string, unknown> {
  try {
    const record: unknown = JSON.parse(line)
    if (typeof record === 'object' && record !== null) return record as Record<string, unknown>
  } catch {
    // Told below.
  }
  const hint = /NaN|Infinity/.test(line) ? 'JSON has no NaN and no Infinity' : undefined
  throw wrong(`'${line.slice(0, 60)}'`, `an object in line ${row + 1} of its records`, hint)
}
