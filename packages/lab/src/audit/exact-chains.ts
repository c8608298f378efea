// Exact laws of a count from round to round, for tests: powers of Wright and Fisher's matrix and its kin.

/** Chances of 0..n successes in n trials. */
export function binomial(n: number, p: number): number[] {
  const law = [1]
  for (let trial = 0; trial < n; trial++) {
    for (let k = trial + 1; k >= 0; k--) law[k] = (law[k] ?? 0) * (1 - p) + (k > 0 ? law[k - 1]! * p : 0)
  }
  return law
}

/** The laws of a count at rounds 1, 2, ...: `next(count, round)` is that of the next round's, given the count at `round`. */
export function exactChain(
  rounds: number,
  start: number,
  next: (count: number, round: number) => number[],
): number[][] {
  const laws: number[][] = []
  let law = [...new Array(start).fill(0), 1]
  for (let round = 0; round < rounds; round++) {
    const after: number[] = []
    for (const [count, chance] of law.entries()) {
      if (chance === 0) continue
      for (const [k, p] of next(count, round).entries()) after[k] = (after[k] ?? 0) + chance * p
    }
    law = Array.from(after, (chance) => chance ?? 0)
    laws.push(law)
  }
  return laws
}

/** The law of a count that is larger by a constant. */
export function shifted(law: number[], by: number): number[] {
  return [...new Array(by).fill(0), ...law]
}

/** The law of the sum of two independent counts. */
export function convolve(a: number[], b: number[]): number[] {
  const sum: number[] = new Array(a.length + b.length - 1).fill(0)
  for (const [i, x] of a.entries()) for (const [j, y] of b.entries()) sum[i + j]! += x * y
  return sum
}

/** The chance of at most `most`. */
export function atMost(law: number[], most: number): number {
  return law.slice(0, most + 1).reduce((sum, chance) => sum + chance, 0)
}
