// Text in whatever encoding -> blocks of valid UTF-8, with an error that names the line and the option where it is not.

import { isUtf8 } from 'node:buffer'
import { TextDecoder } from 'node:util'
import { shown } from '../columns/words.js'
import { fileError, messageOf, optionError } from '../problem.js'

/** A stream of UTF-8 and the name of the encoding that it came in. */
export interface Utf8 {
  blocks: AsyncIterable<Buffer>
  /** Set once the first block has arrived. */
  encoding: string
  /** What is wrong, where the bytes were not UTF-8 and no encoding was given: an encoding that they show, or just `other`. */
  failed?: 'utf-16le' | 'utf-16be' | 'other'
}

/** Decodes a file's content. Byte order marks are taken away; without `encoding` only they say what is not UTF-8. */
export function toUtf8(path: string, chunks: AsyncIterable<Uint8Array>, encoding?: string): Utf8 {
  const decoder = encoding === undefined ? undefined : makeDecoder(encoding)
  const result: Utf8 = { encoding: decoder?.encoding ?? 'utf-8', blocks: decode() }
  const fail = (why: Exclude<Utf8['failed'], undefined>): void => {
    if (!decoder) result.failed = why
  }
  return result

  async function* decode(): AsyncGenerator<Buffer> {
    const source = chunks[Symbol.asyncIterator]()
    try {
      const first = await firstBytes(source)
      const marked = markOf(first)
      const name = marked ?? result.encoding
      if (decoder && marked && !sameFamily(marked, decoder.encoding)) {
        throw optionError(
          'encoding',
          encoding,
          `'${marked}', as the first bytes of ${path} say`,
          'leave the option out',
        )
      }
      result.encoding = name
      if (!marked && name === 'utf-8') refuseWide(path, first, fail)
      const all = chain(first, source)
      yield* name === 'utf-8' ? checked(path, all, fail) : recoded(path, all, makeDecoder(name))
    } finally {
      await source.return?.()
    }
  }
}

function makeDecoder(label: string): TextDecoder {
  const plain = /^utf-?16$/i.test(label) ? 'utf-16le' : label
  try {
    return new TextDecoder(plain, { fatal: true, ignoreBOM: true })
  } catch (error) {
    throw optionError(
      'encoding',
      label,
      "an encoding such as 'utf-8', 'latin1', 'utf-16le' or 'shift_jis'",
      messageOf(error),
    )
  }
}

/** The encoding that a byte order mark names. */
function markOf(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return undefined
}

function sameFamily(marked: string, given: string): boolean {
  return marked === given || (marked.startsWith('utf-16') && given.startsWith('utf-16'))
}

/** The first chunk, at least 4 bytes where there are as many. */
async function firstBytes(source: AsyncIterator<Uint8Array>): Promise<Buffer> {
  let first = Buffer.alloc(0)
  while (first.length < 4) {
    const next = await source.next()
    if (next.done) break
    first = Buffer.concat([first, next.value])
  }
  return first
}

async function* chain(first: Buffer, source: AsyncIterator<Uint8Array>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first
  for (let next = await source.next(); !next.done; next = await source.next()) yield asBuffer(next.value)
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** UTF-16 without a mark shows as a zero in every other byte. */
function refuseWide(path: string, first: Uint8Array, fail: (why: 'utf-16le' | 'utf-16be') => void): void {
  const counts = [0, 0]
  const size = Math.min(first.length, 4096) & ~1
  for (let k = 0; k < size; k++) if (first[k] === 0) counts[k & 1]!++
  const [even, odd] = counts as [number, number]
  if (size < 4 || Math.max(even, odd) < size * 0.2 || Math.min(even, odd) > size * 0.05) return
  const guess = odd > even ? 'utf-16le' : 'utf-16be'
  fail(guess)
  throw fileError(path, 'a zero in every other byte', 'UTF-8 text', `it looks like UTF-16: set encoding to '${guess}'`)
}

/** Passes UTF-8 on after a check; a character cut by a block's end waits for the next block. */
async function* checked(
  path: string,
  chunks: AsyncIterable<Buffer>,
  fail: (why: 'other') => void,
): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0)
  let lines = 0
  let started = false
  for await (const chunk of chunks) {
    let bytes = held.length > 0 ? Buffer.concat([held, chunk]) : chunk
    if (!started) bytes = withoutMarks(bytes)
    started = true
    const whole = bytes.length - openCharacter(bytes)
    held = bytes.subarray(whole)
    const block = bytes.subarray(0, whole)
    if (!isUtf8(block)) {
      fail('other')
      throw notUtf8(path, block, lines)
    }
    lines += countLines(block)
    yield block
  }
  if (held.length > 0) {
    fail('other')
    throw notUtf8(path, held, lines)
  }
}

function withoutMarks(bytes: Buffer): Buffer {
  let at = 0
  while (markOf(bytes.subarray(at)) === 'utf-8') at += 3
  return bytes.subarray(at)
}

/** How many bytes at the end start a character that is not complete. */
function openCharacter(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes.at(-back)!
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0
  }
  return 0
}

function countLines(block: Buffer): number {
  let count = 0
  for (let at = block.indexOf(10); at >= 0; at = block.indexOf(10, at + 1)) count++
  return count
}

function notUtf8(path: string, block: Buffer, before: number): Error {
  let line = before + 1
  let start = 0
  let end = block.indexOf(10)
  while (end >= 0 && isUtf8(block.subarray(start, end))) {
    start = end + 1
    line++
    end = block.indexOf(10, start)
  }
  const text = block.toString('latin1', start, Math.min(end < 0 ? block.length : end, start + 60)).trim()
  const hint = `set encoding; as 'latin1' (Western Europe) the line starts ${shown(text)}; others are 'windows-1250', 'windows-1251', 'shift_jis', 'gb18030', 'utf-16le'`
  return fileError(path, `line ${line} with other bytes`, 'UTF-8 text', hint)
}

/** Recodes any other encoding. */
async function* recoded(path: string, chunks: AsyncIterable<Buffer>, decoder: TextDecoder): AsyncGenerator<Buffer> {
  let lines = 1
  let started = false
  const block = (text: string): Buffer => {
    const bytes = Buffer.from(started ? text : text.replace(/^\ufeff+/, ''))
    started ||= text.length > 0
    lines += countLines(bytes)
    return bytes
  }
  try {
    for await (const chunk of chunks) yield block(decoder.decode(chunk, { stream: true }))
    yield block(decoder.decode())
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw fileError(
      path,
      `other bytes after line ${lines}`,
      `text in ${decoder.encoding}`,
      'set encoding to the right one',
      error,
    )
  }
}
