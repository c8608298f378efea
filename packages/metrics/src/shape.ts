/** The shape of one cell's column, and the one way in which this package refuses an argument. */

/**
 * The shape of one cell's column: row-major `[replicate][generation]`, so that observation (r, i) stands at
 * `values[r * generations + i]`.
 */
export interface Shape {
  /** Number of chains. */
  replicates: number
  /** Number of recorded generations of a chain, generation 0 among them (G + 1 where every generation is recorded). */
  generations: number
}

/** Throws a RangeError in the wording of all errors: `path: expected <rule>, got <value>`. */
export function refuse(path: string, rule: string, value: unknown): never {
  throw new RangeError(`${path}: expected ${rule}, got ${String(value)}`)
}

/** Refuses what is not a whole number of at least `least`. */
export function checkWhole(path: string, value: number, least: number): void {
  if (!(Number.isSafeInteger(value) && value >= least)) refuse(path, `a whole number of at least ${least}`, value)
}

/** Refuses what does not lie strictly between 0 and 1. */
export function checkConfidence(confidence: number): void {
  if (!(confidence > 0 && confidence < 1)) refuse('confidence', 'a number strictly between 0 and 1', confidence)
}

/** Refuses a shape that does not describe `values`. */
export function checkShape(values: { readonly length: number }, shape: Shape): void {
  checkWhole('shape.replicates', shape.replicates, 0)
  checkWhole('shape.generations', shape.generations, 0)
  const size = shape.replicates * shape.generations
  if (values.length !== size) refuse('values.length', `${size} (replicates x generations)`, values.length)
}
