// Names of columns: distinct, trimmed, and never taken from a column that truly has them.

/**
 * Gives every column a name of its own. A name that stands once, or the first that has it, keeps it; a later one becomes
 * `name_2`, `name_3`, ...; an empty one `column_4` by its place. Made-up names never collide with written ones.
 */
export function distinctNames(written: readonly string[]): { names: string[]; notes: string[] } {
  const trimmed = written.map((name, k) => (k === 0 ? name.replace(/^\ufeff+/, '') : name).trim())
  const taken = new Set(trimmed)
  const seen = new Set<string>()
  const notes: string[] = []
  const names = trimmed.map((name, k) => {
    if (name !== '' && !seen.has(name)) {
      seen.add(name)
      return name
    }
    const fresh = name === '' ? free(`column_${k + 1}`, taken) : numbered(name, taken)
    taken.add(fresh)
    const why = name === '' ? `column ${k + 1} has no name` : `column ${k + 1} has the name '${name}' of an earlier one`
    notes.push(`${why}: called '${fresh}'`)
    return fresh
  })
  return { names, notes }
}

function free(name: string, taken: ReadonlySet<string>): string {
  return taken.has(name) ? numbered(name, taken) : name
}

function numbered(name: string, taken: ReadonlySet<string>): string {
  let k = 2
  while (taken.has(`${name}_${k}`)) k++
  return `${name}_${k}`
}
