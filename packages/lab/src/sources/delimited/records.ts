// Records of delimited text (RFC 4180), cut from blocks of bytes: quotes, doubled quotes, any line end, exact line numbers.
// DuckDB's reader loses characters where line ends are mixed and can't name lines, so that fields are cut here.

import { plural, shown } from '../columns/words.js'
import { fileError } from '../problem.js'

/** The fields of one record: field k is `bytes[starts[k], ends[k])`. */
export interface Fields {
  bytes: Uint8Array
  count: number
  starts: Int32Array
  ends: Int32Array
  /** 1 where the field holds doubled quotes that still stand for one. */
  doubled: Uint8Array
  /** The line on which the record starts, counted from 1. */
  line: number
  /** Whether the file ends right after the record, without a line end. */
  open: boolean
}

const quote = 34
const lineFeed = 10
const carriageReturn = 13
const longestRecord = 1 << 26
/** A broken record may cost so many lines, no more. */
const mostLost = 100
const probeSize = 1 << 20

/** Lines left out since quotes in them are broken: from which one on, and how many. */
export interface LostLines {
  line: number
  lines: number
}

/** Cuts blocks into records and hands each to `sink`; the fields are only valid during the call. */
export class RecordScanner {
  readonly #path: string
  readonly #delimiter: number
  readonly #sink: (fields: Fields) => void
  readonly #fields: Fields
  /** What no record was cut from yet, its size, and from what size on it is worth trying. */
  #held: Uint8Array[] = []
  #size = 0
  #enough = 0
  #line: number
  // State of the record that is being cut.
  #start = 0
  #at = 0
  #lines = 0
  /** The names of the columns, once they are known. */
  header: readonly string[] = []
  /** Takes lines left out; without it, or where it is not sure what to leave out, broken quotes are an error. */
  lose: ((lost: LostLines) => void) | undefined

  /** @param line the number of the line that the first block starts with */
  constructor(path: string, delimiter: number, sink: (fields: Fields) => void, line = 1) {
    this.#line = line
    this.#path = path
    this.#delimiter = delimiter
    this.#sink = sink
    this.#fields = { bytes: new Uint8Array(0), count: 0, ...room(64), line: 1, open: false }
  }

  /** Takes the next block; `last` for the end of the file (the block may be empty). */
  push(block: Uint8Array, last: boolean): void {
    this.#held.push(block)
    this.#size += block.length
    if (this.#size < this.#enough && !last) return
    const bytes = this.#held.length === 1 ? block : Buffer.concat(this.#held)
    let start = 0
    while (start < bytes.length) {
      this.#start = start
      this.#at = start
      this.#lines = 0
      const cut = this.#cut(bytes, last)
      if (cut === 'more') break
      start = this.#at
      if (cut === 'whole') this.#sink(this.#fields)
      this.#line += this.#lines
    }
    const rest = bytes.subarray(start)
    if (rest.length > longestRecord) {
      const found = `a record of over ${longestRecord >> 20} MiB, from line ${this.#line} on`
      throw fileError(this.#path, found, 'shorter ones')
    }
    this.#held = rest.length > 0 ? [rest] : []
    this.#size = rest.length
    // A record longer than all of this is tried again once there is twice as much, so that the work stays linear.
    this.#enough = start === 0 ? Math.min(2 * rest.length, longestRecord + 1) : 0
  }

  /** Cuts one record, or leaves a broken one out if it is safe to tell where the next one starts. */
  #cut(bytes: Uint8Array, last: boolean): 'whole' | 'more' | 'lost' {
    try {
      return this.#record(bytes, last) ? 'whole' : 'more'
    } catch (error) {
      const found = this.lose ? this.#resume(bytes, last) : undefined
      if (found === undefined) throw error
      if (found === 'more') return found
      this.lose?.({ line: this.#line, lines: found.lines })
      this.#at = found.at
      this.#lines = found.lines
      return 'lost'
    }
  }

  /** After how many lines whole records follow again: several of the header's width in a row. */
  #resume(bytes: Uint8Array, last: boolean): { at: number; lines: number } | 'more' | undefined {
    if (this.header.length < 2) return undefined
    let at = this.#start
    for (let lines = 1; lines <= mostLost; lines++) {
      at = lineEnd(bytes, at)
      if (at >= bytes.length) return last ? { at: bytes.length, lines } : 'more'
      const sound = this.#isSound(bytes.subarray(at, at + probeSize), last && at + probeSize >= bytes.length)
      if (sound === undefined) return 'more'
      if (sound) return { at, lines }
    }
    return undefined
  }

  /** Whether bytes start with records of the header's width; undefined if there are too few of them to tell. */
  #isSound(bytes: Uint8Array, last: boolean): boolean | undefined {
    const width = this.header.length
    const enough = Math.max(3, Math.ceil(12 / width))
    const good: boolean[] = []
    const probe = new RecordScanner(this.#path, this.#delimiter, (fields) => {
      if (good.length < enough && !isBlankRecord(fields)) good.push(fields.count === width)
    })
    let broken = false
    try {
      probe.push(bytes, last)
    } catch {
      broken = true
    }
    if (!good.every(Boolean)) return false
    if (good.length === enough) return true
    // The next broken record may follow soon: what stands between is taken if it can hardly be chance.
    if (broken) return good.length > 0 && width > 2
    if (last) return true
    return bytes.length < probeSize ? undefined : false
  }

  /** Cuts one record at `#at`; false if the block ends inside it. */
  #record(bytes: Uint8Array, last: boolean): boolean {
    const fields = this.#fields
    fields.bytes = bytes
    fields.count = 0
    fields.line = this.#line
    fields.open = false
    for (;;) {
      const quoted = this.#quoteAt(bytes)
      if (!(quoted < 0 ? this.#plainField(bytes) : this.#quotedField(bytes, quoted, last))) return false
      const at = this.#at
      if (at >= bytes.length) {
        fields.open = last
        this.#lines++
        return last
      }
      this.#at++
      // What follows a delimiter or a carriage return may stand in the next block.
      if (this.#at >= bytes.length && !last && bytes[at] !== lineFeed) return false
      if (bytes[at] === this.#delimiter) continue
      if (bytes[at] === carriageReturn && bytes[this.#at] === lineFeed) this.#at++
      this.#lines++
      return true
    }
  }

  /** Where the opening quote of a field at `#at` stands, blanks before it allowed; -1 if the field has none. */
  #quoteAt(bytes: Uint8Array): number {
    let at = this.#at
    while (at < bytes.length && (bytes[at] === 32 || bytes[at] === 9) && bytes[at] !== this.#delimiter) at++
    return bytes[at] === quote ? at : -1
  }

  #plainField(bytes: Uint8Array): boolean {
    const delimiter = this.#delimiter
    const start = this.#at
    const end = bytes.length
    let at = start
    while (at < end) {
      const byte = bytes[at]!
      if (byte === delimiter || byte === lineFeed || byte === carriageReturn) break
      at++
    }
    this.#at = at
    this.#store(start, at, 0)
    return true
  }

  #quotedField(bytes: Uint8Array, opening: number, last: boolean): boolean {
    const end = bytes.length
    const start = opening + 1
    const opened = this.#line + this.#lines
    let doubled = 0
    let at = start
    for (; ; at++) {
      if (at >= end && !last && end - this.#start <= longestRecord) return false
      if (at >= end) throw this.#unclosed(opened)
      const byte = bytes[at]!
      if (byte === lineFeed || (byte === carriageReturn && bytes[at + 1] !== lineFeed)) this.#lines++
      if (byte !== quote) continue
      if (at + 1 >= end && !last) return false
      if (bytes[at + 1] !== quote) break
      doubled = 1
      at++
    }
    this.#store(start, at, doubled)
    at++
    while (at < end && (bytes[at] === 32 || bytes[at] === 9) && bytes[at] !== this.#delimiter) at++
    this.#at = at
    if (at >= end) return true
    const byte = bytes[at]
    if (byte === this.#delimiter || byte === lineFeed || byte === carriageReturn) return true
    throw this.#textBehind(bytes, at)
  }

  #textBehind(bytes: Uint8Array, at: number): Error {
    const behind = bytes.subarray(at, Math.min(lineEnd(bytes, at), at + 80))
    const text = Buffer.from(behind).toString('utf8').trimEnd()
    const since = this.#lines > 0 ? `; its record starts at line ${this.#line}` : ''
    return fileError(
      this.#path,
      `${this.#place(this.#line + this.#lines, this.#fields.count - 1)} with "${shown(text).slice(1, -1)}" after a closing quote`,
      'a delimiter or a line end there',
      `write a quote inside quotes as two, ${this.#advice}${since}`,
    )
  }

  #unclosed(line: number): Error {
    const found = `${this.#place(line, this.#fields.count)} with a quote that is never closed`
    return fileError(
      this.#path,
      found,
      'a closing quote',
      `close it, or put the field in quotes and write its own as two, ${this.#advice}`,
    )
  }

  get #advice(): string {
    return this.lose
      ? 'or take the line out: where the next row starts is not safe to tell'
      : 'or leave such rows out with skipBroken'
  }

  /** `line 7, column size` */
  #place(line: number, field: number): string {
    const name = this.header[field]
    return `line ${line}, ${name === undefined ? `field ${field + 1}` : `column ${shown(name).slice(1, -1)}`}`
  }

  #store(start: number, end: number, doubled: number): void {
    const fields = this.#fields
    if (fields.count === fields.starts.length) {
      const { starts, ends, doubled: marks } = fields
      Object.assign(fields, room(starts.length * 2))
      fields.starts.set(starts)
      fields.ends.set(ends)
      fields.doubled.set(marks)
    }
    fields.starts[fields.count] = start
    fields.ends[fields.count] = end
    fields.doubled[fields.count++] = doubled
  }
}

/** Where the line after that at `at` starts; the end of the bytes if there is none. */
function lineEnd(bytes: Uint8Array, at: number): number {
  let end = at
  while (end < bytes.length && bytes[end] !== lineFeed && bytes[end] !== carriageReturn) end++
  return end + (bytes[end] === carriageReturn && bytes[end + 1] === lineFeed ? 2 : 1)
}

/** In words: `2 rows left out, whose quotes are broken (line 5, lines 9 to 11)`. */
export function lostText(lost: readonly LostLines[]): string {
  const place = ({ line, lines }: LostLines) => (lines === 1 ? `line ${line}` : `lines ${line} to ${line + lines - 1}`)
  const places = lost.slice(0, 3).map(place).join(', ')
  const which = lost.length > 3 ? `${places}, ...` : places
  return `${plural(lost.length, 'row', 'rows')} left out, whose quotes are broken (${which})`
}

function room(size: number): { starts: Int32Array; ends: Int32Array; doubled: Uint8Array } {
  return { starts: new Int32Array(size), ends: new Int32Array(size), doubled: new Uint8Array(size) }
}

/** The bytes of a field with doubled quotes made single. */
export function unquoted(fields: Fields, k: number): Uint8Array {
  const { bytes } = fields
  const out = new Uint8Array(fields.ends[k]! - fields.starts[k]!)
  let size = 0
  for (let at = fields.starts[k]!; at < fields.ends[k]!; at++) {
    out[size++] = bytes[at]!
    if (bytes[at] === quote) at++
  }
  return out.subarray(0, size)
}

/** A field as text. */
export function textOf(fields: Fields, k: number): string {
  const bytes = fields.doubled[k] === 1 ? unquoted(fields, k) : fields.bytes.subarray(fields.starts[k], fields.ends[k])
  return Buffer.from(bytes).toString('utf8')
}

/** Whether a record is an empty line, or one of blanks only. */
export function isBlankRecord(fields: Fields): boolean {
  if (fields.count !== 1) return false
  for (let at = fields.starts[0]!; at < fields.ends[0]!; at++) {
    if (fields.bytes[at] !== 32 && fields.bytes[at] !== 9) return false
  }
  // A pair of quotes is a value that someone wrote.
  return fields.starts[0] === 0 || fields.bytes[fields.starts[0]! - 1] !== quote
}
