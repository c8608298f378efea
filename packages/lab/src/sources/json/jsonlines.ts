// JSON Lines: one object a line, keys become columns; numbers keep every digit that the file has.

import type { ColumnBuilder, Cursor } from '../columns/builder.js'
import { plural } from '../columns/words.js'
import { fileError } from '../problem.js'
import { type Member, members } from './members.js'

const longestLine = 1 << 26
const mostColumns = 10_000

/** What the reader needs; `column` makes the builder of a key when it first appears, undefined to pass over it. */
export interface JsonInput {
  path: string
  blocks: AsyncIterable<Buffer>
  cursor: Cursor
  strict: boolean
  /** Leave broken lines out wherever they stand. */
  skipBroken: boolean
  column: (name: string) => ColumnBuilder | undefined
}

/** What was read. `nested` names keys whose values are objects or lists, with the first line of each. */
export interface JsonResult {
  rows: number
  names: string[]
  nested: Map<string, number>
  notes: string[]
}

/** Reads JSON Lines. @throws GenlossError `input` for lines that are no objects; a broken last line only if strict. */
export async function readJsonLines(input: JsonInput): Promise<JsonResult> {
  const rows = new Rows(input)
  // The pieces of a line that has not ended yet.
  let held: Buffer[] = []
  for await (const block of input.blocks) {
    let start = 0
    for (let end = block.indexOf(10); end >= 0; end = block.indexOf(10, start)) {
      rows.line(joined(held, block.subarray(start, end)))
      held = []
      start = end + 1
    }
    held.push(block.subarray(start))
    if (sizeOf(held) > longestLine) throw fileError(input.path, 'a line of over 64 MiB', 'one JSON object a line')
  }
  rows.line(Buffer.concat(held))
  return rows.finish()
}

function joined(held: Buffer[], end: Buffer): Buffer {
  return held.length === 0 ? end : Buffer.concat([...held, end])
}

function sizeOf(pieces: Buffer[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0)
}

const bare = /"(?:[^"\\]|\\.)*"|\bNaN\b|-?\bInfinity\b/g

/** A line as JSON; NaN and Infinity, which Python writes although JSON has none, are let pass. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error
    return JSON.parse(text.replace(bare, (found) => (found[0] === '"' ? found : 'null')))
  }
}

class Rows {
  readonly #input: JsonInput
  readonly #columns = new Map<string, ColumnBuilder | undefined>()
  readonly #nested = new Map<string, number>()
  /** The members of the last line, which the next one most often repeats. */
  #expected: { key: string; builder: ColumnBuilder | undefined }[] = []
  #rows = 0
  #broken: { line: number; why: string } | undefined
  /** Broken lines left out. */
  readonly #left: number[] = []

  constructor(input: JsonInput) {
    this.#input = input
  }

  line(bytes: Buffer): void {
    this.#input.cursor.line++
    const text = bytes.toString('utf8').trim()
    if (text === '') return
    if (this.#broken) {
      if (!this.#input.skipBroken) throw this.#brokenError(this.#broken)
      this.#left.push(this.#broken.line)
      this.#broken = undefined
    }
    try {
      this.#check(parsed(text))
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      this.#broken = { line: this.#input.cursor.line, why: error.message }
      return
    }
    this.#row(bytes)
  }

  #check(value: unknown): void {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return
    const kind = Array.isArray(value) ? 'a list' : value === null ? 'null' : `a ${typeof value}`
    throw fileError(this.#input.path, `line ${this.#input.cursor.line} with ${kind}`, 'one JSON object a line')
  }

  #row(bytes: Buffer): void {
    let place = 0
    members(bytes, (member) => {
      const known = this.#expected[place]
      const key = member.key(known?.key)
      if (known?.key !== key) this.#expected[place] = { key, builder: this.#column(key) }
      this.#add(this.#expected[place++]!.builder, key, member)
    })
    this.#rows++
    for (const builder of this.#columns.values()) {
      if (builder && builder.rows < this.#rows) builder.addMissing()
    }
  }

  #column(key: string): ColumnBuilder | undefined {
    if (this.#columns.has(key)) return this.#columns.get(key)
    if (this.#columns.size >= mostColumns) {
      throw fileError(this.#input.path, `more than ${mostColumns} different keys`, 'the same keys in every line')
    }
    const builder = this.#input.column(key)
    this.#columns.set(key, builder)
    for (let k = 0; builder && k < this.#rows; k++) builder.addMissing()
    return builder
  }

  #add(builder: ColumnBuilder | undefined, key: string, member: Member): void {
    const { line } = this.#input.cursor
    if (member.kind === 'nested' && !this.#nested.has(key)) this.#nested.set(key, line)
    if (!builder) return
    if (builder.rows > this.#rows) {
      throw fileError(this.#input.path, `line ${line} with '${key}' twice`, 'every key once in a line')
    }
    if (member.kind === 'nested' || member.kind === 'null') builder.addMissing()
    else if (member.kind === 'number') builder.addBare(member.bytes, member.start, member.end)
    else builder.add(member.bytes, member.start, member.end)
  }

  #brokenError(broken: { line: number; why: string }): Error {
    const hint = `${broken.why}; if objects span several lines: jq -c . in.json > out.jsonl; to leave such lines out, set skipBroken`
    return fileError(this.#input.path, `line ${broken.line} incomplete`, 'one whole JSON object a line', hint)
  }

  finish(): JsonResult {
    if (this.#broken && (this.#input.strict || this.#rows === 0)) throw this.#brokenError(this.#broken)
    const notes = this.#broken ? [`line ${this.#broken.line} incomplete: left out, the file seems to be cut off`] : []
    if (this.#left.length > 0) {
      const lines = this.#left.slice(0, 3).join(', ') + (this.#left.length > 3 ? ', ...' : '')
      notes.push(`${plural(this.#left.length, 'broken line', 'broken lines')} left out (line ${lines})`)
    }
    return { rows: this.#rows, names: [...this.#columns.keys()], nested: this.#nested, notes }
  }
}
