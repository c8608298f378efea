// The numbers of real rows that the curve shows.

/** Shares of a scale; those above one half are shown where the answer lies there. */
const shares = [0, 0.05, 0.1, 0.2, 0.25, 0.35, 0.5]
const high = [0.75, 0.9, 1]

/**
 * Numbers of rows from 0 on, ascending, such that the answers lie among them: of the whole table, or of a half, a fifth,
 * a tenth ... of it where little is needed.
 *
 * @param most real rows that there can be
 * @param needed the larger answer; null where no number is enough
 */
export function gridOf(most: number, needed: number | null): number[] {
  const scale = needed === null ? most : scaleOf(most, needed)
  const shown = needed === null || needed > scale / 2 ? [...shares, ...high] : shares
  return [...new Set(shown.map((share) => Math.round(share * scale)))]
}

function scaleOf(most: number, needed: number): number {
  const parts = [1, 2, 5]
  for (let power = 1; ; power *= 10) {
    for (const [i, part] of parts.entries()) {
      const next = i < 2 ? parts[i + 1]! * power : 10 * power
      // The next smaller scale would leave the answer out.
      if (needed > most / next / 2 || most / next < 20) return Math.round(most / (part * power))
    }
  }
}
