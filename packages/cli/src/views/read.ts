// What was read of a file, in words.
import { type FileAnswer, type Kinds, writtenText } from '@genloss/lab'
import { note } from '../output.js'

/** `11 columns (7 numbers, 4 words)`; of one kind, only that. */
export function kindsText({ numbers, words }: Kinds): string {
  const all = numbers + words
  const columns = `${all} ${all === 1 ? 'column' : 'columns'}`
  if (numbers === 0 || words === 0) return `${columns} of ${words === 0 ? 'numbers' : 'words'}`
  return `${columns} (${numbers} of numbers, ${words} of words)`
}

const mostNotes = 8

/** Says of each file that a command reads how it was read, one line, and what there is to say about it. */
export function tellFiles(files: readonly FileAnswer[]): void {
  for (const { file, rows, kinds, written, missing, notes, skipped } of files) {
    const gone = Object.values(missing).reduce((sum, count) => sum + count, 0)
    const size = `${rows} ${rows === 1 ? 'row' : 'rows'}, ${kindsText(kinds)}`
    note(`read ${file}: ${size}, ${gone} missing; ${writtenText(written)}`)
    const said = [...notes, ...skipped.map(({ column, why }) => `${column}: ${why}`)]
    for (const text of said.slice(0, mostNotes)) note(`  ${text}`)
    if (said.length > mostNotes) note(`  and ${said.length - mostNotes} more notes`)
  }
}
