// Names of the columns that an audit's run records: readable in SQL, each once.

/** Hands out names: what is no letter or digit becomes `_`, and a name that is taken gets a number. */
export class Names {
  readonly #taken = new Set<string>()

  /** @example names.of('share', 'race', 'hispanic') // 'share_race_hispanic' */
  of(...parts: readonly string[]): string {
    const name = parts.map(word).join('_')
    let free = name
    for (let i = 2; this.#taken.has(free); i++) free = `${name}_${i}`
    this.#taken.add(free)
    return free
  }
}

/** Letters and digits of every script stay; capitals become small, because SQL does not tell them apart. */
function word(text: string): string {
  const plain = text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '_')
  return plain.replace(/^_+|_+$/g, '').slice(0, 40) || 'x'
}
