// One column while a file is read: fields go in as bytes, a typed column comes out.

import type { TableColumn } from '../types.js'
import { Dictionary } from './dictionary.js'
import { type Growing, growingCodes, growingNumbers } from './growing.js'
import type { Guess } from './guess.js'
import { type MissingWords, missingLabel } from './missing.js'
import { big, code, infinite, NumberReader, number } from './number.js'
import { addOddity, type Findings, isFew, judge, rowsOf, type Verdict } from './verdict.js'

/** The place in the file, moved by whoever reads it. */
export interface Cursor {
  line: number
}

/** What all columns of one read share. */
export interface Reading {
  cursor: Cursor
  numbers: NumberReader
  missing: MissingWords
  strict: boolean
  /** What the cursor counts: `line` or `row`. */
  unit: string
  /** How numbers are written another way, from values that all are some. */
  guess?: (labels: readonly string[]) => Guess | undefined
}

/** `any`: decide by the values; `careful`: the same, keeping every field as written until the end; `text`: never numbers. */
export type Wish = 'any' | 'careful' | 'text'

/** A finished column, or `again` if its fields were needed as written but only numbers were kept: read it once more. */
export type Finished = { again: true } | { again: false; column: TableColumn; verdict: Verdict; guess?: Guess }

const noCode = 0xffffffff
const firstLook = 1024
const mostOddities = 1000

/**
 * Starts as a dictionary of what the fields say. Once a good many rows are all numbers it keeps only numbers, and gives up
 * (`again`) if a later row proves that wrong: so no sample ever decides, and neither millions of numbers as text nor a
 * second reading are needed in the usual case.
 */
export class ColumnBuilder {
  readonly name: string
  rows = 0
  readonly #reading: Reading
  readonly #wish: Wish
  #dictionary: Dictionary | undefined = new Dictionary()
  #codes: Growing<Uint32Array> | undefined = growingCodes()
  #firstLines: number[] = []
  #numbers: Growing<Float64Array> | undefined
  #found: Findings = emptyFindings()
  #reader: NumberReader
  /** How its numbers are written, once values have proven it: from then on one that does not fit ends it. */
  #guess: Guess | undefined
  #bare: boolean
  #gaveUp = false
  #nextLook = firstLook

  /** @param bare whether fields stand without a type of their own (CSV), so that text may be numbers */
  constructor(name: string, reading: Reading, wish: Wish, bare: boolean) {
    this.name = name
    this.#reading = reading
    this.#reader = reading.numbers
    this.#wish = wish
    this.#bare = bare
  }

  /** Adds a field as it is written; an empty one is missing. */
  add(bytes: Uint8Array, start: number, end: number): void {
    this.rows++
    if (this.#numbers) this.#addNumber(this.#numbers, bytes, start, end)
    else if (!this.#gaveUp) this.#addCode(start === end ? noCode : this.#codeOf(bytes, start, end))
  }

  /** Adds a field that its file marks as a number (JSON). */
  addBare(bytes: Uint8Array, start: number, end: number): void {
    this.#bare = true
    this.add(bytes, start, end)
  }

  addMissing(): void {
    this.rows++
    if (this.#numbers) this.#numbers.push(Number.NaN)
    else if (!this.#gaveUp) this.#addCode(noCode)
  }

  #codeOf(bytes: Uint8Array, start: number, end: number): number {
    const dictionary = this.#dictionary!
    const before = dictionary.size
    const found = dictionary.code(bytes, start, end)
    if (dictionary.size > before) this.#firstLines.push(this.#reading.cursor.line)
    return found
  }

  #addCode(value: number): void {
    this.#codes!.push(value)
    if (this.rows === this.#nextLook && this.#wish === 'any') this.#look()
  }

  #addNumber(numbers: Growing<Float64Array>, bytes: Uint8Array, start: number, end: number): void {
    const { missing } = this.#reading
    const reader = this.#reader
    const kind = start === end ? -1 : reader.read(bytes, start, end)
    const good = kind === number && !(missing.everywhere && missing.has(textOf(bytes, start, end)))
    numbers.push(good ? reader.value : Number.NaN)
    if (good) this.#found.good++
    else if (kind >= 0) this.#addOdd(kind, textOf(bytes, start, end))
  }

  /** A field that is no plain number among numbers: note it, or give up. */
  #addOdd(kind: number, text: string): void {
    const { missing, cursor } = this.#reading
    if (missing.has(text)) {
      addOddity(this.#found.missing, text, cursor.line)
      return
    }
    const { odd } = this.#found
    addOddity(kind === infinite ? this.#found.infinite : odd, text, cursor.line)
    const kinds = odd.size + this.#found.infinite.size
    const tooMany = kinds > mostOddities || rowsOf(odd) > 100 + 0.02 * this.rows
    const unfit = this.#guess !== undefined && kind !== infinite
    if (kind === code || kind === big || tooMany || unfit) this.#giveUp()
  }

  #giveUp(): void {
    this.#gaveUp = true
    this.#numbers = undefined
    this.#found = emptyFindings()
  }

  /** After 1024, 2048, ... rows: goes over to numbers if nearly all fields are. */
  #look(): void {
    this.#nextLook *= 2
    if (!this.#bare) return
    const codes = this.#codes!.done()
    const { values, found } = this.#asNumbers(codes) ?? {}
    if (!values || !found) return
    const numbers = growingNumbers()
    for (const each of codes) numbers.push(each === noCode ? Number.NaN : values[each]!)
    this.#numbers = numbers
    this.#found = found
    this.#dictionary = undefined
    this.#codes = undefined
    this.#firstLines = []
  }

  /** What the rows hold if nearly all are numbers, in the usual way or in the one that they prove. */
  #asNumbers(codes: Uint32Array): { values: Float64Array; found: Findings } | undefined {
    const usual = this.#survey(codes)
    const { found } = usual
    if (found.codes.size > 0 || found.big.size > 0) return undefined
    if (isFew(rowsOf(found.odd), found.good)) return usual
    const dictionary = this.#dictionary!
    const labels = Array.from({ length: Math.min(dictionary.size, firstLook) }, (_, each) => dictionary.label(each))
    const guess = this.#reading.guess?.(labels)
    if (guess?.proof === undefined) return undefined
    this.#reader = new NumberReader(guess.style)
    const guessed = this.#survey(codes)
    if (guessed.found.odd.size + guessed.found.codes.size + guessed.found.big.size > 0) {
      this.#reader = this.#reading.numbers
      return undefined
    }
    this.#guess = guess
    return guessed
  }

  /** Reads every label once: its number (NaN if none), and what the rows hold. */
  #survey(codes: Uint32Array): { values: Float64Array; found: Findings } {
    const dictionary = this.#dictionary!
    const { missing } = this.#reading
    const numbers = this.#reader
    const counts = new Float64Array(dictionary.size)
    for (const each of codes) if (each !== noCode) counts[each]!++
    const values = new Float64Array(dictionary.size).fill(Number.NaN)
    const found = emptyFindings()
    dictionary.each((each, bytes, start, end) => {
      const kind = numbers.read(bytes, start, end)
      const text = kind === number && !missing.everywhere ? '' : bytes.toString('utf8', start, end)
      const place = [text, this.#firstLines[each]!, counts[each]!] as const
      if (missing.has(text) && (kind !== number || missing.everywhere)) addOddity(found.missing, ...place)
      else if (kind === number) {
        values[each] = numbers.value
        found.good += counts[each]!
      } else addOddity(placeOf(kind, found), ...place)
    })
    return { values, found }
  }

  /** Decides and hands the column over; the builder is empty afterwards. */
  finish(): Finished {
    if (this.#gaveUp) return { again: true }
    return this.#numbers ? this.#finishNumbers(this.#numbers) : this.#finishCodes()
  }

  #finishNumbers(numbers: Growing<Float64Array>): Finished {
    const verdict = judge(this.#found, this.#reading.strict, this.#reading.unit)
    if (verdict.kind === 'text') return { again: true }
    const guess = this.#guess === undefined ? {} : { guess: this.#guess }
    return { again: false, column: numberColumn(this.name, numbers.done()), verdict, ...guess }
  }

  #finishCodes(): Finished {
    const codes = this.#codes!.done()
    const { values, found } = this.#survey(codes)
    const open = this.#wish !== 'text' && this.#bare
    const verdict: Verdict = open ? judge(found, this.#reading.strict, this.#reading.unit) : { kind: 'text', notes: [] }
    if (verdict.kind !== 'text') {
      const all = Float64Array.from(codes, (each) => (each === noCode ? Number.NaN : values[each]!))
      return { again: false, column: numberColumn(this.name, all), verdict }
    }
    const exact = verdict.exact ? { exact: 'integer beyond 2^53 kept as text' as const } : {}
    return { again: false, column: { ...this.#textColumn(codes), ...exact }, verdict }
  }

  /** Codes without gaps; missing ones get the last label. */
  #textColumn(codes: Uint32Array): TableColumn & { kind: 'text' } {
    const { missing } = this.#reading
    const dictionary = this.#dictionary!
    const labels: string[] = []
    const recode = new Uint32Array(dictionary.size)
    for (let each = 0; each < dictionary.size; each++) {
      const label = dictionary.label(each)
      recode[each] = missing.everywhere && missing.has(label) ? noCode : labels.push(label) - 1
    }
    let count = 0
    for (let row = 0; row < codes.length; row++) {
      const each = codes[row]! === noCode ? noCode : recode[codes[row]!]!
      codes[row] = each === noCode ? labels.length : each
      if (each === noCode) count++
    }
    if (count > 0) labels.push(missingLabel(labels))
    return { name: this.name, kind: 'text', codes, labels, missing: count }
  }
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')
}

/** Where a field that is no plain number is counted. */
function placeOf(kind: number, found: Findings): Findings['odd'] {
  if (kind === code) return found.codes
  if (kind === big) return found.big
  return kind === infinite ? found.infinite : found.odd
}

function emptyFindings(): Findings {
  return { good: 0, missing: new Map(), odd: new Map(), codes: new Map(), big: new Map(), infinite: new Map() }
}

/** A column of numbers from its values; NaN = missing. */
export function numberColumn(name: string, values: Float64Array): TableColumn & { kind: 'number' } {
  let missing = 0
  let integer = true
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!
    if (Number.isNaN(value)) missing++
    else if (integer && !Number.isInteger(value)) integer = false
  }
  return { name, kind: 'number', values, missing, integer: integer && missing < values.length }
}
