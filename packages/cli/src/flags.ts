// Readers of single flags, for commander.
import { InvalidArgumentError } from 'commander'

/** A flag that may be given several times: all its values in order. */
export function collect(value: string, before: string[] = []): string[] {
  return [...before, value]
}

/** A whole number of at least `least`. */
export function whole(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= least && Number.isSafeInteger(value)) return value
    throw new InvalidArgumentError(`a whole number of at least ${least}`)
  }
}

/** A list with commas; given again, the flag goes on with it. */
export function list(text: string, before: string[] = []): string[] {
  return [...before, ...text.split(',').map((entry) => entry.trim())]
}
