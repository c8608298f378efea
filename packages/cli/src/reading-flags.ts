// The flags that say how a file is read, the same for every command that reads one.
import type { TableReading } from '@genloss/models'
import { type Command, InvalidArgumentError } from 'commander'
import { list } from './flags.js'

/** What the flags hold. */
export interface ReadingOptions extends TableReading {
  allowCode?: true
}

/** The flags by name, `allowCode` aside, which is no setting. */
export const READING_FLAGS = [
  'delimiter',
  'decimal',
  'thousands',
  'encoding',
  'missing',
  'header',
  'skipBroken',
  'strict',
  'table',
  'query',
] as const

/** Adds the flags to a command. */
export function readingFlags(command: Command): Command {
  return command
    .optionsGroup('How the file is read, where the guess is wrong (what was guessed is said):')
    .option('--delimiter <mark>', 'what separates fields: a character, or comma, semicolon, tab, pipe, space')
    .option('--decimal <mark>', 'the decimal mark: point or comma (also . and ,)')
    .option('--thousands <mark>', 'the mark between thousands: comma, point, apostrophe, space, underscore or none')
    .option('--encoding <name>', 'the encoding, such as latin1, utf-16le, windows-1251, shift_jis')
    .option('--missing <words>', 'words that mean missing, in every column, with commas', list)
    .option('--header <line>', 'the line that holds the names of the columns, or none', headerLine)
    .option('--skip-broken', 'leave out rows that do not fit, and say which, instead of stopping at them')
    .option('--strict', 'stop at odd values and cut-off ends instead of counting them as missing')
    .option('--table <name>', 'the table of a DuckDB file that has several')
    .option('--query <sql>', 'read the result of SQL, of a DuckDB file or of a Parquet file (its rows are named data)')
    .option(
      '--allow-code',
      'run that SQL, or a view of the file (it can read this file and nothing else), or a model of your own (module)',
    )
}

/** The flags for reading that were given, as the options of `readTable`. */
export function readingOptions(options: ReadingOptions): ReadingOptions {
  const given = [...READING_FLAGS, 'allowCode' as const].flatMap((name) =>
    options[name] === undefined ? [] : [[name, options[name]]],
  )
  return Object.fromEntries(given)
}

/** The same as settings of a table origin; `allowCode` is no setting. */
export function originSettings(options: ReadingOptions): Record<string, unknown> {
  return Object.fromEntries(
    READING_FLAGS.flatMap((name) => (options[name] === undefined ? [] : [[`origin.${name}`, options[name]]])),
  )
}

/** The words of a command line that say the same flags again. */
export function readingWords(options: ReadingOptions): string[] {
  return Object.entries(readingOptions(options)).flatMap(([name, value]) => {
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
    return value === true ? [flag] : [flag, String(value)]
  })
}

function headerLine(text: string): number | 'none' {
  if (text === 'none') return text
  if (/^[1-9]\d{0,2}$|^1000$/.test(text)) return Number(text)
  throw new InvalidArgumentError('the number of a line, or none')
}
