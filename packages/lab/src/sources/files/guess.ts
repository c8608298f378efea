// The encoding of text that is not UTF-8, where its bytes leave little doubt.

import type { Compression } from '../types.js'
import { content } from './bytes.js'

/** Windows-1252 gives these five no meaning. */
const undefined1252 = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d])
/** The ones between 0x80 and 0x9f that people write: euro, dots, S and Z with a caron, ligatures, quotes, dashes. */
const usual1252 = new Set([
  0x80, 0x84, 0x85, 0x8a, 0x8c, 0x8e, 0x91, 0x92, 0x93, 0x94, 0x96, 0x97, 0x99, 0x9a, 0x9c, 0x9e,
])
/** Signs that it has and people do not write: a broken bar, a cedilla by itself, ... */
const rareSigns = new Set([0xa4, 0xa5, 0xa6, 0xa8, 0xac, 0xad, 0xaf, 0xb6, 0xb8, 0xb9])

/** How the bytes above 0x7f stand. */
interface High {
  count: number
  /** Those right after another one: rare in Western Europe's words, the rule in Cyrillic, Greek and East Asian text. */
  paired: number
  /** Those that Western European text seldom or never has, control characters included. */
  unlikely: number
  /** Those that are part of whole UTF-8 characters. */
  utf8: number
}

/**
 * `windows-1252` (latin1 with the euro sign) if the file reads like Western European text; undefined for anything that
 * could as well be another encoding, or UTF-8 with damage.
 */
export async function guessEncoding(path: string, compression: Compression | undefined): Promise<string | undefined> {
  const high: High = { count: 0, paired: 0, unlikely: 0, utf8: 0 }
  for await (const chunk of content(path, compression)) survey(chunk, high)
  const { count, paired, unlikely, utf8 } = high
  const western = count > 0 && paired <= 0.3 * count && unlikely <= 0.05 * count && utf8 <= 0.1 * count
  return western ? 'windows-1252' : undefined
}

function survey(bytes: Uint8Array, high: High): void {
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (byte < 0x80) {
      if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) high.unlikely++
      continue
    }
    high.count++
    // A German sharp s often follows an umlaut.
    if (byte !== 0xdf && at > 0 && bytes[at - 1]! >= 0x80) high.paired++
    if (undefined1252.has(byte)) high.unlikely += high.count
    else if ((byte < 0xa0 && !usual1252.has(byte)) || rareSigns.has(byte)) high.unlikely++
    const next = bytes[at + 1] ?? 0
    // Two bytes are enough to tell: longer characters of UTF-8 are pairs as well.
    if (byte >= 0xc3 && byte <= 0xdf && next >= 0x80 && next < 0xc0) high.utf8 += 2
  }
}
