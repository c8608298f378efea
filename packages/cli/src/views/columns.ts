// The list of columns: one entry for each name and meaning, with the models that have it.

/** What the native core says of its families. */
export interface Family {
  kind: string
  columns: readonly { name: string; doc: string }[]
}

export interface Column {
  name: string
  doc: string
  models: string[]
}

/** Columns in order of first appearance; a name that means something else in another model is listed again. */
export function columnList(families: readonly Family[]): Column[] {
  const found = new Map<string, Column>()
  for (const { kind, columns } of families) {
    for (const { name, doc } of columns) {
      const key = `${name}\n${doc}`
      const column = found.get(key) ?? { name, doc, models: [] }
      column.models.push(kind)
      found.set(key, column)
    }
  }
  return [...found.values()]
}
