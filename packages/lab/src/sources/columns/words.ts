// Small pieces of sentences for notes.

/** `1 row is`, `3 rows are`. */
export function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}

/** A field as a note shows it: in quotes, control characters made visible, long ones cut. */
export function shown(text: string): string {
  const visible = text.replace(/\p{Cc}/gu, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)
  return `'${visible.length > 40 ? `${visible.slice(0, 37)}...` : visible}'`
}
