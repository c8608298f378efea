// Rows as comma-separated values (RFC 4180, with plain line ends): null is empty, an empty text stands in quotes.

/** A head line and a line for each row. */
export function csv(names: readonly string[], rows: readonly Readonly<Record<string, unknown>>[]): string {
  const lines = [names, ...rows.map((row) => names.map((name) => row[name]))]
  return lines.map((line) => line.map(field).join(',')).join('\n')
}

function field(value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
