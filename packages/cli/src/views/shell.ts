// Text made safe to paste into a shell.

/** A word as a POSIX shell reads it back: in single quotes where it needs them. */
export function shellWord(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
