// What was read of a file, in words.
import { type Kinds, type Prepared, writtenText } from '@genloss/lab'

/** `11 columns (7 numbers, 4 words)`; of one kind, only that. */
export function kindsText({ numbers, words }: Kinds): string {
  const all = numbers + words
  const columns = `${all} ${all === 1 ? 'column' : 'columns'}`
  if (numbers === 0 || words === 0) return `${columns} of ${words === 0 ? 'numbers' : 'words'}`
  return `${columns} (${numbers} of numbers, ${words} of words)`
}

const mostNotes = 8

/** One line a file that a run reads, and what there is to say about it. */
export function readLines(files: Prepared['files']): string[] {
  return files.flatMap(({ path, kinds, report }) => {
    const { rows, notes, skipped } = report
    const missing = Object.values(report.missing).reduce((sum, count) => sum + count, 0)
    const read = `read ${path}: ${rows} ${rows === 1 ? 'row' : 'rows'}, ${kindsText(kinds)}, ${missing} missing; ${writtenText(report)}`
    const passed = skipped.map(({ column, why }) => `${column}: ${why}`)
    const said = [...notes, ...passed]
    const more = said.length > mostNotes ? [`and ${said.length - mostNotes} more notes`] : []
    return [read, ...[...said.slice(0, mostNotes), ...more].map((text) => `  ${text}`)]
  })
}
