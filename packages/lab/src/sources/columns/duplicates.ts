// How many rows equal an earlier row, exactly, by hashing and then comparing.

import type { TableColumn } from '../types.js'

/** Counts rows that equal an earlier one in every column. Missing equals missing. */
export function countDuplicates(columns: readonly TableColumn[], rows: number): number {
  return columns.length === 0 ? 0 : rows - firstRows(columns, hashRows(columns, rows), rows).distinct
}

/** The rows from `first` on that equal one of the rows before `first` in every column, in order. Missing equals missing. */
export function copiedRows(columns: readonly TableColumn[], first: number, rows: number): number[] {
  if (columns.length === 0) return []
  const hashes = hashRows(columns, rows)
  const { slots } = firstRows(columns, hashes, first)
  const copies: number[] = []
  for (let row = first; row < rows; row++) if (slots[findSlot(slots, hashes, columns, row)] !== 0) copies.push(row)
  return copies
}

/** The rows that equal no earlier one, in order. Missing equals missing. */
export function firstOfKind(columns: readonly TableColumn[], rows: number): Uint32Array {
  if (columns.length === 0) return Uint32Array.from({ length: rows }, (_, row) => row)
  const { slots } = firstRows(columns, hashRows(columns, rows), rows)
  return Uint32Array.from(slots.filter((held) => held !== 0))
    .map((held) => held - 1)
    .sort()
}

/** The first row of each kind among the first `rows`, at its slot (its number plus 1; 0 is an empty slot). */
function firstRows(columns: readonly TableColumn[], hashes: Int32Array, rows: number) {
  let slots = new Int32Array(1024)
  let distinct = 0
  for (let row = 0; row < rows; row++) {
    const slot = findSlot(slots, hashes, columns, row)
    if (slots[slot] !== 0) continue
    slots[slot] = row + 1
    distinct++
    if (distinct * 2 > slots.length) slots = widen(slots, hashes)
  }
  return { slots, distinct }
}

/** The slot of the first row that equals `row`, or the empty one where it belongs. */
function findSlot(slots: Int32Array, hashes: Int32Array, columns: readonly TableColumn[], row: number): number {
  const mask = slots.length - 1
  let slot = hashes[row]! & mask
  for (let found = slots[slot]!; found !== 0; found = slots[slot]!) {
    if (hashes[found - 1] === hashes[row] && sameRow(columns, found - 1, row)) return slot
    slot = (slot + 1) & mask
  }
  return slot
}

function widen(old: Int32Array, hashes: Int32Array): Int32Array<ArrayBuffer> {
  const slots = new Int32Array(old.length * 2)
  const mask = slots.length - 1
  for (const held of old) {
    if (held === 0) continue
    let slot = hashes[held - 1]! & mask
    while (slots[slot] !== 0) slot = (slot + 1) & mask
    slots[slot] = held
  }
  return slots
}

function sameRow(columns: readonly TableColumn[], a: number, b: number): boolean {
  for (const column of columns) {
    if (column.kind === 'text') {
      if (column.codes[a] !== column.codes[b]) return false
    } else {
      const x = column.values[a]!
      const y = column.values[b]!
      if (x !== y && !(Number.isNaN(x) && Number.isNaN(y))) return false
    }
  }
  return true
}

/** One hash a row, column by column. */
function hashRows(columns: readonly TableColumn[], rows: number): Int32Array {
  const hashes = new Int32Array(rows).fill(0x2545f491)
  for (const column of columns) {
    if (column.kind === 'text') {
      const { codes } = column
      for (let row = 0; row < rows; row++) hashes[row] = mix(hashes[row]!, codes[row]!)
      continue
    }
    const { values } = column
    const halves = new Uint32Array(values.buffer, values.byteOffset, 2 * rows)
    for (let row = 0; row < rows; row++) {
      // All NaNs are one, whatever their bits.
      const missing = Number.isNaN(values[row])
      const low = missing ? 1 : halves[2 * row]!
      const high = missing ? 0x7ff80000 : halves[2 * row + 1]!
      hashes[row] = mix(mix(hashes[row]!, low), high)
    }
  }
  return hashes
}

function mix(hash: number, value: number): number {
  const h = Math.imul(hash ^ value, 0x9e3779b1)
  return Math.imul(h ^ (h >>> 15), 0x85ebca6b) ^ (h >>> 13)
}
