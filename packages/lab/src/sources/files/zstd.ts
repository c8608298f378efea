// Zstandard content: unpacked by the native core, since Node has no decoder of its own before version 22.

import { fromNative } from '@genloss/models'
import { native } from '../../native.js'

/** Whether bytes start a Zstandard frame, or one to be skipped before it. */
export function isZstd(bytes: Uint8Array): boolean {
  const skipped = (bytes[0]! & 0xf0) === 0x50 && bytes[1] === 0x2a && bytes[2] === 0x4d && bytes[3] === 0x18
  if (skipped) return true
  return bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd
}

/** The content of all frames. @throws GenlossError with value `cut` or `damaged`. */
export async function* unzstd(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    const unpacker = new (native().Unpacker)()
    for await (const chunk of chunks) {
      const piece = unpacker.push(chunk)
      if (piece.length > 0) yield piece
    }
    unpacker.end()
  } catch (error) {
    throw fromNative(error)
  }
}
