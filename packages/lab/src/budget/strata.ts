// How many real rows each group has in a set that is stratified: its proportion, rounded by largest remainder.

/** The rows of groups of a table. */
export class Strata {
  readonly #counts: readonly number[]
  readonly #rows: number

  /** @param counts rows of every group, whole numbers */
  constructor(counts: readonly number[]) {
    this.#counts = counts
    this.#rows = counts.reduce((sum, count) => sum + count, 0)
  }

  /** Rows of a group in a set of `size`; equal remainders go to the earlier group. */
  rowsOf(group: number, size: number): number {
    const own = this.#rest(this.#counts[group]!, size)
    let all = 0
    let before = 0
    for (const [other, count] of this.#counts.entries()) {
      const rest = this.#rest(count, size)
      all += rest
      if (rest > own || (rest === own && other < group)) before++
    }
    const whole = (this.#counts[group]! * size - own) / this.#rows
    // All remainders make up the rows that proportions rounded down leave over.
    return Math.round(whole) + (before < Math.round(all / this.#rows) ? 1 : 0)
  }

  /** The remainder of count times size by all rows, exact where the product is beyond 2^53, too. */
  #rest(count: number, size: number): number {
    const product = count * size
    if (product <= Number.MAX_SAFE_INTEGER) return product % this.#rows
    return Number((BigInt(count) * BigInt(size)) % BigInt(this.#rows))
  }

  /**
   * The largest size, up to `most`, of which a group has at most so many rows. Smaller ones may have more of it: largest
   * remainders go up and down while the group's own proportion grows.
   */
  lastSizeOf(group: number, rows: number, most: number): number {
    const count = this.#counts[group]!
    if (rows >= count) return most
    // Proportions are rounded up or down: from here on the group has more than `rows` rows for certain.
    let size = Math.min(most, Math.ceil(((rows + 1) * this.#rows) / count))
    while (this.rowsOf(group, size) > rows) size--
    return size
  }
}
