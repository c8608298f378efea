// What a terminal may be shown: colour, width, and tables whose columns line up.
import type { WriteStream } from 'node:tty'

type Stream = Pick<NodeJS.WriteStream, 'isTTY'> & Partial<Pick<WriteStream, 'columns'>>

/** True where cursor movements are understood: a terminal that is not `TERM=dumb`. */
export function isTerminal(stream: Stream): boolean {
  return stream.isTTY === true && process.env.TERM !== 'dumb'
}

/** True where colour is welcome: a terminal, and NO_COLOR (https://no-color.org) is unset or empty. */
export function isColourful(stream: Stream): boolean {
  return isTerminal(stream) && !process.env.NO_COLOR
}

/** Columns of the terminal; 80 where there is none. */
export function widthOf(stream: Stream): number {
  return stream.columns || 80
}

type Style = (text: string) => string

/** Styles for a stream; each leaves its text as it is where colour is not welcome. */
export function styles(stream: Stream): Record<'bold' | 'dim' | 'red' | 'green' | 'yellow', Style> {
  const on = isColourful(stream)
  const style =
    (open: number, close: number): Style =>
    (text) =>
      on ? `\x1b[${open}m${text}\x1b[${close}m` : text
  return { bold: style(1, 22), dim: style(2, 22), red: style(31, 39), green: style(32, 39), yellow: style(33, 39) }
}

/** Most text is this; it needs no closer look. */
const PLAIN = /^[ -~]*$/

/** Text from data made safe to print: control characters, which could move the cursor, become `\u001b` and the like. */
export function printable(text: string): string {
  if (PLAIN.test(text)) return text
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (c) => {
    const short = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[c]
    return short ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u

/** Columns that a text takes on a terminal: combining marks none, East Asian wide characters and emoji two. */
export function displayWidth(text: string): number {
  if (PLAIN.test(text)) return text.length
  let width = 0
  for (const character of text) {
    if (/[\p{M}\u200b-\u200d]/u.test(character)) continue
    width += WIDE.test(character) ? 2 : 1
  }
  return width
}

export interface TableOptions {
  /** One letter a column: `l` to the left, `r` to the right. Default: columns of numbers to the right. */
  align?: string
  /** Style of the head line. */
  head?: Style
  /** Spaces before each line. */
  indent?: number
}

const NUMBER = /^$|^([-+]?\d[\d.,]*(e[-+]?\d+)?|[-+]?inf(inity)?|nan|-)( *%)?$/i

/**
 * Lines of a table with a head, columns two spaces apart, nothing after the last cell of a line.
 * Cells are made printable; `undefined` and `null` are empty.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly unknown[])[],
  options: TableOptions = {},
): string {
  const cells = rows.map((row) => head.map((_, i) => cellText(row[i])))
  // No spread of the rows into Math.max: its arguments would overflow the stack.
  const widths = head.map((title, i) =>
    cells.reduce((most, row) => Math.max(most, displayWidth(row[i]!)), displayWidth(title)),
  )
  const right = head.map((_, i) =>
    options.align ? options.align[i] === 'r' : cells.length > 0 && cells.every((row) => NUMBER.test(row[i]!)),
  )
  const indent = ' '.repeat(options.indent ?? 0)
  const line = (row: readonly string[]) =>
    indent +
    row
      .map((text, i) => padded(text, widths[i]!, right[i]!))
      .join('  ')
      .trimEnd()
  return [(options.head ?? ((text: string) => text))(line(head)), ...cells.map(line)].join('\n')
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  return printable(typeof value === 'object' ? JSON.stringify(value) : String(value))
}

function padded(text: string, width: number, right: boolean): string {
  const fill = ' '.repeat(Math.max(0, width - displayWidth(text)))
  return right ? fill + text : text + fill
}

/** A paragraph broken at blanks to a width, following lines indented. */
export function wrap(text: string, width: number, indent = 0): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/)) {
    if (line && displayWidth(line) + 1 + displayWidth(word) > width - indent) {
      lines.push(line)
      line = word
    } else line = line ? `${line} ${word}` : word
  }
  lines.push(line)
  return lines.join(`\n${' '.repeat(indent)}`)
}
