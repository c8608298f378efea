// Columns of text that are numbers all the same: decimal commas, marks between thousands, signs of currencies, percentages.

import { allowed, asNumbers, fits, type Guess, guessNote, guessStyle } from './columns/guess.js'
import type { NumberStyle } from './columns/number.js'
import { type Bare, marksThousands, openNote, signNote, withoutSigns } from './columns/signs.js'
import { styleOf, type ToldStyle } from './options.js'
import type { Found, TableColumn, TextColumn } from './types.js'

/** Columns that are done, and what there is to say about each. */
export interface Settled {
  columns: Map<string, TableColumn>
  notes: Map<string, string[]>
  /** How numbers are written in columns that proved it while they were read. */
  guesses: Map<string, Guess>
  /** What counts as missing in columns of numbers. */
  words: Set<string>
}

/** The columns of a text, and how to read some of them once more as they are written. */
export interface StyledText {
  told: ToldStyle
  /** The column that stays one of words. */
  group: string | undefined
  settled: Settled
  asWritten: (names: ReadonlySet<string>) => Promise<Iterable<TableColumn>>
}

/** How numbers are written in at least one column, where it is not the usual way. */
export type Restyled = Pick<Found, 'decimal' | 'thousands'>

/** What a column of text may be: numbers written another way, with or without signs. */
interface Candidate {
  column: TextColumn
  guess: Guess
  bare: Bare | undefined
}

/**
 * Turns columns of text into numbers where all their values are numbers written another way and at least one can mean
 * nothing else. What one column proves holds for others of the file that leave it open.
 */
export class Restyling {
  readonly #text: StyledText
  readonly #open: Candidate[] = []
  readonly #proven: NumberStyle[]
  readonly #taken: Set<string>

  constructor(text: StyledText) {
    this.#text = text
    const { guesses } = text.settled
    this.#proven = [...guesses.values()].map(({ style }) => style)
    this.#taken = new Set(guesses.keys())
  }

  /** @returns how numbers are written in at least one column, where it is not the usual way */
  async run(names: readonly string[]): Promise<Restyled> {
    for (const name of names) {
      const column = this.#text.settled.columns.get(name)!
      if (column.kind === 'text' && name !== this.#text.group) this.#look(column)
    }
    const decimals = new Set(this.#proven.map(({ decimal }) => decimal))
    if (decimals.size !== 1) return {}
    const { decimal } = this.#proven[0]!
    const because = ', as in other columns'
    for (const { column, bare } of this.#open) {
      const style = stylesOf(decimal, this.#text.told).find((each) => fits(column, each))
      if (style) this.#take({ column, guess: { style }, bare }, because)
    }
    if (decimal === ',') await this.#takePointed(names, because)
    const thousands = [...new Set(this.#proven.flatMap((style) => style.thousands ?? []))]
    return { ...(decimal === ',' ? { decimal } : {}), ...(thousands.length === 1 ? { thousands: thousands[0]! } : {}) }
  }

  #look(written: TextColumn): void {
    const { columns, notes } = this.#text.settled
    const { name } = written
    const { told } = this.#text
    const signs = withoutSigns(written)
    if (signs && 'note' in signs) notes.set(name, [signs.note])
    const bare = signs && 'column' in signs ? signs : undefined
    const usual = bare && asUsual(bare, told)
    if (usual) {
      columns.set(name, usual)
      notes.set(name, [signNote(bare)])
      return
    }
    const column = bare?.column ?? written
    const guess = guessStyle(column, told)
    if (!guess) return
    const style: NumberStyle = { decimal: '.', thousands: ',' }
    const dollars = bare && marksThousands(bare) && allowed(style, told) && fits(column, style)
    if (guess.proof !== undefined) this.#take({ column, guess, bare })
    else if (dollars) this.#take({ column, guess: { style }, bare }, `, as is usual with ${bare.sign}`)
    else this.#open.push({ column, guess, bare })
    if (bare?.open && !this.#taken.has(name)) notes.set(name, [openNote(bare)])
  }

  #take({ column, guess, bare }: Candidate, because?: string): void {
    const numbers = asNumbers(column, guess.style)
    if (!numbers) return
    this.#text.settled.columns.set(column.name, numbers)
    this.#text.settled.notes.set(column.name, [...(bare ? [signNote(bare)] : []), guessNote(guess, because)])
    this.#proven.push(guess.style)
    this.#taken.add(column.name)
  }

  /** 1.234 is 1234 where other columns have decimal commas. */
  async #takePointed(names: readonly string[], because: string): Promise<void> {
    const { told, settled, asWritten } = this.#text
    const pointed = names
      .map((name) => settled.columns.get(name)!)
      .filter((column) => !this.#taken.has(column.name) && isPointed(column, told))
    if (pointed.length === 0) return
    const style: NumberStyle = { decimal: ',', thousands: '.' }
    for (const column of await asWritten(new Set(pointed.map(({ name }) => name))))
      if (column.kind === 'text' && fits(column, style))
        this.#take({ column, guess: { style }, bare: undefined }, because)
  }
}

/** Numbers with a sign, written in the usual way or in the one that a person told, if that leaves no doubt. */
function asUsual({ column, open }: Bare, told: ToldStyle): TableColumn | undefined {
  const said = told.decimal !== undefined || told.thousands !== undefined
  return open && !said ? undefined : asNumbers(column, styleOf(told))
}

/** The ways to write numbers that go with a decimal mark, no marks between thousands first for a comma. */
function stylesOf(decimal: '.' | ',', { thousands }: ToldStyle): NumberStyle[] {
  const all = decimal === ',' ? [undefined, '.', ' '] : [',', ' ']
  return all
    .filter((mark) => thousands === undefined || thousands === (mark ?? ''))
    .map((mark) => ({ decimal, thousands: mark }))
}

/** Numbers of which each has at most three decimals, some of them any, and nobody said that a point is one. */
function isPointed(column: TableColumn, told: ToldStyle): boolean {
  if (column.kind !== 'number' || column.integer || told.decimal !== undefined) return false
  if (told.thousands !== undefined && told.thousands !== '.') return false
  return column.values.every((value) => Number.isNaN(value) || Math.abs(value * 1000 - Math.round(value * 1000)) < 1e-6)
}
