// A file's bytes: opened with clear errors, hashed as they are read, decompressed as their first bytes say.

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { GenlossError } from '@genloss/models'
import { fileError, messageOf } from '../problem.js'
import type { Compression } from '../types.js'
import { isZstd, unzstd } from './zstd.js'

const chunkSize = 1 << 20

/** The first bytes of a regular file and its size. @throws GenlossError `input` if there is no such file to read. */
export async function openHead(path: string): Promise<{ head: Buffer; tail: Buffer; size: number }> {
  try {
    const about = await stat(path)
    if (about.isDirectory()) throw fileError(path, 'a folder', 'a file', 'name one file inside it')
    if (!about.isFile())
      throw fileError(path, 'a pipe or device', 'a regular file', 'save it to a file first: it is read twice')
    const file = await open(path)
    try {
      const head = Buffer.alloc(Math.min(about.size, 512))
      const tail = Buffer.alloc(Math.min(about.size, 8))
      await file.read(head, 0, head.length, 0)
      await file.read(tail, 0, tail.length, about.size - tail.length)
      return { head, tail, size: about.size }
    } finally {
      await file.close()
    }
  } catch (error) {
    throw explain(path, error)
  }
}

/** The compression that the first bytes show. */
export function compressionOf(head: Uint8Array): Compression | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip'
  if (isZstd(head)) return 'zstd'
  return undefined
}

/** A hash of the bytes of a file, filled while they stream past. */
export interface Digest {
  hex: string
}

/** The bytes of a file as they are. `digest.hex` is set once all have passed. */
export async function* rawBytes(path: string, digest?: Digest): AsyncGenerator<Buffer> {
  const hash = digest ? createHash('sha256') : undefined
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: chunkSize }) as AsyncIterable<Buffer>) {
      hash?.update(chunk)
      yield chunk
    }
  } catch (error) {
    throw explain(path, error)
  }
  if (digest && hash) digest.hex = hash.digest('hex')
}

/** The content of a file: its bytes, unpacked. A file that is cut off or damaged is an error, never a short read. */
export async function* content(
  path: string,
  compression: Compression | undefined,
  digest?: Digest,
): AsyncGenerator<Uint8Array> {
  const raw = rawBytes(path, digest)
  if (!compression) {
    yield* raw
    return
  }
  try {
    yield* compression === 'gzip' ? gunzip(raw) : unzstd(raw)
  } catch (error) {
    throw explainPacked(path, compression, error)
  }
  // Padding after the last member is not always read to its end.
  if (digest?.hex === '') digest.hex = await sha256Of(path)
}

/** All members of a gzip file. */
async function* gunzip(raw: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  const unpack = createGunzip({ chunkSize })
  let failure: unknown
  pipeline(Readable.from(raw, { objectMode: false, highWaterMark: chunkSize }), unpack, (error) => {
    failure = error
  })
  try {
    yield* unpack as AsyncIterable<Buffer>
  } catch (error) {
    throw failure ?? error
  }
}

/** The SHA-256 of a file's bytes, in hex. */
export async function sha256Of(path: string): Promise<string> {
  const digest: Digest = { hex: '' }
  for await (const _ of rawBytes(path, digest));
  return digest.hex
}

function explainPacked(path: string, compression: Compression, error: unknown): unknown {
  const code = String((error as { code?: string }).code)
  const zstd = compression === 'zstd' && error instanceof GenlossError && error.path === 'zstd'
  if (!zstd && !code.startsWith('Z_')) return error
  const cut = zstd ? error.value === 'cut' : code === 'Z_BUF_ERROR'
  const rule = `a whole ${compression} file`
  return cut
    ? fileError(path, 'one that is cut off', rule, 'the end is missing: copy or download it again', error)
    : fileError(path, 'one that is damaged', rule, `${messageOf(error)}: copy or download it again`, error)
}

/** Turns errors of the file system into ours; leaves others as they are. */
function explain(path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return fileError(path, 'nothing there', 'a file', `no such file; the current folder is ${process.cwd()}`, error)
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return fileError(path, 'no permission', 'a file that can be read', 'check its permissions', error)
  }
  if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) {
    return fileError(path, code, 'a file that can be read', messageOf(error), error)
  }
  return error
}
