// Where the program's text goes: data on stdout, notes for people on stderr, and readers that leave early are no error.

/** What every command takes. */
export interface Common {
  json?: boolean
  quiet?: boolean
}

const closed = new Set<NodeJS.WriteStream>()

/**
 * Make a reader that leaves early (`| head -1`) harmless: what is still to be written is dropped and the command goes on,
 * so that results on disk are whole. Any other failure to write (a full disk) ends the program with code 1.
 */
export function guardStreams(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (closed.has(stream)) return
      closed.add(stream)
      if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') return
      process.exitCode = 1
      if (stream === process.stdout) note(`error: stdout: expected to be writable, got ${error.code ?? error.message}`)
    })
  }
}

/** True once nobody reads stdout any more. */
export function isStdoutClosed(): boolean {
  return closed.has(process.stdout)
}

/** Write a text and a line end to stdout. */
export function print(text: string): void {
  write(process.stdout, text)
}

/** Write a text and a line end to stderr. */
export function note(text: string): void {
  write(process.stderr, text)
}

/** The one JSON document of a command. Infinity and NaN have no JSON form and become null; a BigInt beyond 2^53 becomes a string. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, toJson))
}

function toJson(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array)
  return value
}

function write(stream: NodeJS.WriteStream, text: string): void {
  if (!closed.has(stream)) stream.write(text.endsWith('\n') ? text : `${text}\n`)
}
