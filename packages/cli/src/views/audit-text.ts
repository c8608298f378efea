// Text for the audit's screen: columns of a fixed width and numbers in few figures; never wider than 80.
import type { Assumption } from '@genloss/lab'
import { displayWidth, printable } from '../terminal.js'
import { count } from './numbers.js'

/** The widest line of the screen. */
export const WIDTH = 80

/** Text of data made safe, cut to a width with a mark, and filled up with blanks on the right. */
export function left(text: string, width: number): string {
  const shown = cut(printable(text), width)
  return shown + ' '.repeat(width - displayWidth(shown))
}

/** Text filled up with blanks on the left; too long is left as it is. */
export function right(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text
}

/** The width of the widest text. */
export function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(displayWidth))
}

/** Text cut to a width, with two points where something is missing. */
export function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  const characters = [...text]
  while (characters.length > 0 && displayWidth(characters.join('')) > width - 2) characters.pop()
  return `${characters.join('')}..`
}

/**
 * Text of data made safe and broken into lines of at most `WIDTH`: `first` stands before the first of them, `next` before
 * the others. No line ends between a number and its percent sign.
 */
export function paragraph(first: string, next: string, text: string): string[] {
  const lines = [first]
  let empty = true
  for (const word of printable(text)
    .replace(/\s+/g, ' ')
    .split(/ (?!%)/)) {
    const line = lines.at(-1)!
    const longer = empty ? line + word : `${line} ${word}`
    if (empty || displayWidth(longer) <= WIDTH) lines[lines.length - 1] = longer
    else lines.push(next + word)
    empty = false
  }
  return lines
}

/** A measured number in three figures: `7.28`, `1,240`, `0.00412`. */
export function figures(value: number): string {
  const size = Math.abs(value)
  if (size === 0) return '0'
  if (size >= 1e7 || size < 1e-4) return value.toPrecision(3)
  if (size >= 100) return Math.round(value).toLocaleString('en-US')
  return String(Number(value.toPrecision(3)))
}

/** A difference with its sign, in two figures: `+0.55`, `-2.0`, `+13`. */
export function signed(value: number): string {
  const size = Math.abs(value)
  if (size === 0) return '0'
  const text = size >= 0.001 && size < 100 ? size.toPrecision(2) : figures(size)
  return `${value > 0 ? '+' : '-'}${text}`
}

/**
 * Percent of a share of real rows with its interval, `5.1 (3.5-7.3)`: whole from 10 on, one decimal below, more where it
 * is rarer still or the interval is narrow.
 */
export function shareWithInterval(share: number, low: number, high: number): string {
  const value = 100 * share
  const least = value >= 10 ? 0 : value >= 0.1 ? 1 : 2
  const shown = (places: number) =>
    [share, low, high].map((part) => (100 * part).toFixed(places)) as [string, string, string]
  const places = [least, least + 1, least + 2].find((places) => new Set(shown(places)).size === 3) ?? least + 2
  const [first, second, third] = shown(places)
  return `${first} (${second}-${third})`
}

/** One line of what an answer takes for granted, and how to change it. */
export function assumptionLine({ name, value, source, option, effect }: Assumption): string[] {
  const shown = typeof value === 'number' ? count(value) : value
  const from = source === 'default' ? '' : `, ${source}`
  const how = option ? ` (${option})` : ''
  return paragraph('  ', '    ', `${name}: ${shown}${from}${how}. ${effect[0]!.toUpperCase()}${effect.slice(1)}.`)
}
