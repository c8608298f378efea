// The members of a JSON object as bytes: `JSON.parse` says whether a line is valid, this finds where its values stand.
// Needed because parsed numbers lose digits: 9007199254740993 would become ...992.

/** One member; NaN and Infinity are numbers here; its value is `bytes[start, end)`, for strings without quotes and escapes. */
export interface Member {
  kind: 'string' | 'number' | 'word' | 'null' | 'nested'
  bytes: Uint8Array
  start: number
  end: number
  /** The key; `guess` is returned as it is if the bytes say the same. */
  key: (guess: string | undefined) => string
}

/** Calls `visit` for every member of the one object in `line`, which must be valid JSON. */
export function members(line: Buffer, visit: (member: Member) => void): void {
  let at = line.indexOf(123) + 1
  let keyStart = 0
  let keyEnd = 0
  const member: Member = { kind: 'null', bytes: line, start: 0, end: 0, key: keyOf }
  for (;;) {
    at = skip(line, at)
    if (line[at] === 44) at = skip(line, at + 1)
    if (at >= line.length || line[at] === 125) return
    keyStart = at + 1
    keyEnd = stringEnd(line, keyStart)
    at = skip(line, skip(line, keyEnd + 1) + 1)
    at = readValue(line, at, member)
    visit(member)
  }

  function keyOf(guess: string | undefined): string {
    if (guess !== undefined && isPlain(guess, line, keyStart, keyEnd)) return guess
    return JSON.parse(line.toString('utf8', keyStart - 1, keyEnd + 1)) as string
  }
}

/** Sets the member's value from `at` and returns the byte after it. */
function readValue(line: Buffer, at: number, member: Member): number {
  const first = line[at]!
  member.bytes = line
  member.start = at
  if (first === 34) return readString(line, at + 1, member)
  if (first === 123 || first === 91) {
    member.kind = 'nested'
    return nestedEnd(line, at)
  }
  let end = at
  while (end < line.length && !isEnd(line[end]!)) end++
  member.end = end
  member.kind = first === 110 ? 'null' : first === 116 || first === 102 ? 'word' : 'number'
  return end
}

function readString(line: Buffer, start: number, member: Member): number {
  const end = stringEnd(line, start)
  member.kind = 'string'
  member.start = start
  member.end = end
  const slash = line.indexOf(92, start)
  if (slash >= 0 && slash < end) {
    member.bytes = Buffer.from(JSON.parse(line.toString('utf8', start - 1, end + 1)) as string)
    member.start = 0
    member.end = member.bytes.length
  }
  return end + 1
}

/** The closing quote of a string that starts at `start`. */
function stringEnd(line: Buffer, start: number): number {
  let at = start
  while (line[at] !== 34) at += line[at] === 92 ? 2 : 1
  return at
}

/** The byte after an object or list that starts at `start`. */
function nestedEnd(line: Buffer, start: number): number {
  let depth = 0
  for (let at = start; at < line.length; at++) {
    const byte = line[at]!
    if (byte === 34) at = stringEnd(line, at + 1)
    else if (byte === 123 || byte === 91) depth++
    else if ((byte === 125 || byte === 93) && --depth === 0) return at + 1
  }
  return line.length
}

function skip(line: Buffer, start: number): number {
  let at = start
  while (line[at] === 32 || line[at] === 9 || line[at] === 13) at++
  return at
}

function isEnd(byte: number): boolean {
  return byte === 44 || byte === 125 || byte === 32 || byte === 9 || byte === 13
}

/** Whether an ASCII key stands at `[start, end)` as it is. */
function isPlain(key: string, line: Buffer, start: number, end: number): boolean {
  if (key.length !== end - start) return false
  for (let k = 0; k < key.length; k++) {
    const unit = key.charCodeAt(k)
    if (unit !== line[start + k] || unit > 127 || unit === 92) return false
  }
  return true
}
