// The character between fields: the given one, or the one that cuts the first records most evenly.

import { optionError } from '../problem.js'
import { RecordScanner } from './records.js'

/** What is known before the first line is read. */
export interface DialectHints {
  /** The delimiter that the user gave. */
  delimiter?: string | undefined
  /** The file's name says that tabulators separate. */
  tabs: boolean
  /** The comma is the decimal point, so that it seldom separates fields. */
  decimalComma: boolean
}

const candidates = [';', '\t', '|']

const words: Readonly<Record<string, string>> = {
  '\\t': '\t',
  tab: '\t',
  comma: ',',
  semicolon: ';',
  pipe: '|',
  space: ' ',
  colon: ':',
}

/** A given delimiter as a byte. `\t` and `tab` mean the tabulator; `comma`, `semicolon`, `pipe`, `space` and `colon` what they say. */
export function delimiterByte(given: string): number {
  const plain = words[given.toLowerCase()] ?? given
  const byte = plain.charCodeAt(0)
  if (plain.length !== 1 || byte > 127 || plain === '"' || plain === '\n' || plain === '\r') {
    throw optionError(
      'delimiter',
      given,
      "one ASCII character such as ',', ';', '\\t' or '|', not a quote or a line end",
    )
  }
  return byte
}

/**
 * Finds the delimiter from the start of the file.
 *
 * @param sample the first bytes; a record that is cut off at their end does not count
 * @param whole whether the sample is the whole file
 * @param hints what else is known; its delimiter is not looked at
 */
export function findDelimiter(path: string, sample: Uint8Array, whole: boolean, hints: DialectHints): number {
  if (hints.tabs) return 9
  const order = hints.decimalComma ? [...candidates, ','] : [',', ...candidates]
  let best = order[0]!
  let most = 0
  for (const candidate of order) {
    const score = evenness(path, sample, whole, candidate.charCodeAt(0))
    if (score > most) {
      best = candidate
      most = score
    }
  }
  return best.charCodeAt(0)
}

/** The share of records with as many fields as the first, a little more for more fields; 0 if the first has only one. */
function evenness(path: string, sample: Uint8Array, whole: boolean, delimiter: number): number {
  const counts: number[] = []
  const scanner = new RecordScanner(path, delimiter, (fields) => {
    if (counts.length < 200) counts.push(fields.count)
  })
  try {
    scanner.push(sample, whole)
  } catch {
    // Quotes that don't fit this delimiter; what came before them still counts.
  }
  const first = counts[0] ?? 0
  if (first < 2) return 0
  return counts.filter((count) => count === first).length / counts.length + first * 1e-6
}
