/** Dates from a column: when a value first comes to a bound, such as a share to 0, and stays there. */
import { checkShape, checkWhole, refuse, type Shape } from './shape.js'

/** What dates a chain: its value at or beyond a bound. */
export interface Bound {
  /** The value is at or below this. */
  atMost?: number
  /** The value is at or above this. */
  atLeast?: number
  /** Generations in a row that it takes; default 1, the first passage. */
  sustain?: number
}

function holdsOf({ atMost, atLeast }: Bound): (value: number) => boolean {
  if ((atMost === undefined) === (atLeast === undefined))
    refuse('bound', "either 'atMost' or 'atLeast'", 'both or none')
  const [name, bound] = atMost === undefined ? ['atLeast', atLeast!] : ['atMost', atMost]
  if (Number.isNaN(bound)) refuse(`bound.${name}`, 'a number', bound)
  return name === 'atMost' ? (value) => value <= bound : (value) => value >= bound
}

function checkRecorded(recorded: ArrayLike<number>, { generations }: Shape, sustain: number): void {
  if (recorded.length !== generations) {
    refuse('recorded.length', `${generations} (the generations of the shape)`, recorded.length)
  }
  if (sustain === 1) return
  for (let i = 1; i < generations; i++) {
    const next = recorded[i - 1]! + 1
    if (recorded[i] !== next) refuse(`recorded[${i}]`, `${next}, since generations in a row are asked for`, recorded[i])
  }
}

/**
 * Dates each chain by one of its columns, row-major `[replicate][generation]`: the first recorded generation that opens
 * `sustain` consecutive ones with the value at or beyond the bound, -1 where none does. NaN (undefined) is not beyond.
 *
 * For a class's share and `atMost: 0` these are its loss times. With few generations recorded a date is the first one
 * that shows it: exact where what is lost stays lost and the question is about a recorded generation. `recorded` are the
 * generation numbers; left out, 0, 1, 2, ... Throws RangeError for lengths that do not fit, a bound that is none or
 * two, and `sustain` above 1 over generations that do not follow each other.
 */
export function passage(values: Float64Array, shape: Shape, bound: Bound, recorded?: ArrayLike<number>): Int32Array {
  checkShape(values, shape)
  const { sustain = 1 } = bound
  checkWhole('bound.sustain', sustain, 1)
  const holds = holdsOf(bound)
  if (recorded) checkRecorded(recorded, shape, sustain)
  const { replicates, generations } = shape
  const found = new Int32Array(replicates).fill(-1)
  for (let replicate = 0; replicate < replicates; replicate++) {
    const row = replicate * generations
    let run = 0
    for (let i = 0; i < generations && run < sustain; i++) {
      run = holds(values[row + i]!) ? run + 1 : 0
      if (run === sustain) found[replicate] = recorded?.[i - sustain + 1] ?? i - sustain + 1
    }
  }
  return found
}
