// Readers of single flags, for commander.
import { InvalidArgumentError, Option } from 'commander'

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

/** `--threads`. */
export function threadsFlag(): Option {
  return new Option('--threads <number>', 'threads; default all that this process may use').argParser(whole(1))
}

/** A number between 0 and 1. */
export function share(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value > 0 && value < 1) return value
  throw new InvalidArgumentError('expected a number between 0 and 1.')
}

/** A number above 0. */
export function above(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value > 0 && Number.isFinite(value)) return value
  throw new InvalidArgumentError('expected a number above 0.')
}

/** A number above 0 and at most 1. */
export function upToOne(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value > 0 && value <= 1) return value
  throw new InvalidArgumentError('expected a number above 0 and at most 1.')
}

/** A list with commas; given again, the flag goes on with it. */
export function list(text: string, before: string[] = []): string[] {
  return [...before, ...text.split(',').map((entry) => entry.trim())]
}
